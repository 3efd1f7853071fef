"""What a relay's answer means for the message, the person, the campaign and the relay.

Enhanced status codes (RFC 3463) are read first, the basic code (RFC 5321) where there is none.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_REPLY = 200
_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"<?[^\s<>@,;:\"'()]+@[^\s<>@,;:\"'()]+>?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Phase(StrEnum):
    """How far a message had come."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # after the recipient was accepted; the answer may be to DATA or to the message
    DOT = "dot"  # the message may have been taken, and no answer came


class Verdict(StrEnum):
    """What to do."""

    RETRY = "retry"  # later; counts as an attempt
    GREYLISTED = "greylisted"  # later, and not too soon
    THROTTLE = "throttle"  # later and slower
    RETRY_NOW = "retry now"  # on another connection; nobody's attempt
    BOUNCE = "bounce"  # the address does not exist
    FAIL = "fail"  # this message will never get there; the person is not to blame
    PAUSE_CAMPAIGN = "pause campaign"  # what we say is refused
    PAUSE_RELAY = "pause relay"  # we are refused, or nobody answers
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Reply:
    """A relay's answer. code 0: none came, the connection ended or timed out."""

    phase: Phase
    code: int = 0
    text: str = ""

    @property
    def enhanced(self) -> tuple[int, int, int] | None:
        """Class, subject and detail, if the answer has them."""
        found = _ENHANCED.match(self.text)
        return (int(found[1]), int(found[2]), int(found[3])) if found else None

    @property
    def label(self) -> str:
        """The codes alone, for logs and for the send log."""
        enhanced = ".".join(map(str, self.enhanced)) if self.enhanced else ""
        return " ".join(part for part in (self.phase, str(self.code or "no answer"), enhanced) if part)


SENDER_SYNTAX = (7, 8)  # 5.1.7 and 5.1.8 are about the sender's address, ours
NO_MAILBOX_CODES = frozenset({550, 551, 553, 521, 556})
OUR_FAULT_CODES = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
CONTENT_CODES = frozenset({550, 552, 554})
GREYLIST_CODES = frozenset({450, 451})
THROTTLE_CODE = 454
CLOSING_CODE = 421
FULL_CODE = 552


def judge(reply: Reply) -> Verdict:
    """What an answer other than acceptance means."""
    if reply.phase is Phase.CONNECT:
        return Verdict.PAUSE_RELAY
    if reply.code == 0:
        return Verdict.IN_DOUBT if reply.phase is Phase.DOT else Verdict.RETRY_NOW
    if reply.code == CLOSING_CODE:
        return Verdict.RETRY_NOW
    if _is_temporary(reply):
        return _temporary(reply)
    if reply.phase is Phase.MAIL or reply.code in OUR_FAULT_CODES:
        return Verdict.PAUSE_RELAY
    return _by_subject(reply) if reply.enhanced else _by_code(reply)


def _is_temporary(reply: Reply) -> bool:
    # Where the two codes disagree the milder one is believed: a person is not struck off by mistake.
    return reply.code < 500 or (reply.enhanced is not None and reply.enhanced[0] == 4)


def _temporary(reply: Reply) -> Verdict:
    if reply.code == THROTTLE_CODE:
        return Verdict.THROTTLE
    is_policy = reply.enhanced is not None and reply.enhanced[1:] == (7, 1)
    says_so = "greylist" in reply.text.lower() or "graylist" in reply.text.lower()
    if reply.phase is Phase.RCPT and reply.code in GREYLIST_CODES and (is_policy or says_so):
        return Verdict.GREYLISTED
    return Verdict.RETRY


def _by_subject(reply: Reply) -> Verdict:
    assert reply.enhanced is not None
    _, subject, detail = reply.enhanced
    if subject == 1:
        return Verdict.PAUSE_RELAY if detail in SENDER_SYNTAX else Verdict.BOUNCE
    if subject == 2:
        return {1: Verdict.BOUNCE, 2: Verdict.RETRY, 3: Verdict.PAUSE_CAMPAIGN}.get(detail, Verdict.FAIL)
    if subject == 3:
        return Verdict.PAUSE_CAMPAIGN if detail == 4 else Verdict.FAIL
    if subject == 4:
        return Verdict.RETRY
    if subject == 5:
        return Verdict.PAUSE_RELAY
    if subject in (6, 7):
        return Verdict.PAUSE_CAMPAIGN
    return _by_code(reply)


def _by_code(reply: Reply) -> Verdict:
    if reply.phase is Phase.RCPT:
        if reply.code in NO_MAILBOX_CODES:
            return Verdict.BOUNCE
        if reply.code == FULL_CODE:
            return Verdict.RETRY
        return Verdict.PAUSE_CAMPAIGN if reply.code == 554 else Verdict.FAIL
    return Verdict.PAUSE_CAMPAIGN if reply.code in CONTENT_CODES else Verdict.FAIL


def kept(text: str) -> str:
    """What we keep of a relay's words: short, one line, without addresses."""
    return _ADDRESS.sub("(address)", _CONTROL.sub(" ", text))[:LONGEST_REPLY]
