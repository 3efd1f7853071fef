"""What every message carries, whoever wrote it: who sends it, why, how to make it stop, and how to check it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from privacy.tokens import Keys, Purpose, sign
from survey.settings import Settings

from .domain import Bulk, Claimed, EnvelopeIncomplete, Frame
from .domain.letters import CHECK_SLOT, OPT_OUT_SLOT, slot

FEEDBACK_SENDER = "candour"
STOP_WORDS = "Stop these e-mails"
DATA_WORDS = "How your data is used"
CHECK_WORDS = "Is this message really from us? Type {address} into your browser, and there this code:"
CHECK_PATH = "/check-mail"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What of a deployment is in every message: its addresses, and the keys of the way out and of the code."""

    base_url: str
    mail_domain: str
    survey_from: str
    service_from: str
    token_keys: Keys = field(repr=False)
    index_key: bytes = field(repr=False)

    def sender_of(self, frame: Frame) -> str:
        """Survey mail and mail about accounts have senders of their own, so that one's trouble is not the other's."""
        return self.survey_from if isinstance(frame, Bulk) else self.service_from


def letterhead_of(settings: Settings) -> Letterhead:
    """The letterhead of this deployment."""
    return Letterhead(
        settings.base_url,
        settings.mail_domain,
        settings.mail_from,
        settings.mail_service_from,
        settings.token_keys,
        settings.index_key,
    )


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link below the message."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands below every message, in the text as in the HTML. check: how to find out whether it is ours."""

    lines: tuple[str, ...]
    links: tuple[FooterLink, ...]
    check: str
    code: str


def footer_of(frame: Frame, base_url: str) -> Footer:
    """The source of the address, who writes and from where, and the way out (CAN-SPAM, 15 U.S.C. 7704(a)(3), (5))."""
    links = (FooterLink(STOP_WORDS, slot(OPT_OUT_SLOT)), FooterLink(DATA_WORDS, privacy_url(base_url)))
    sender = frame.sender
    lines = (frame.source, f"{sender.name}, {sender.postal_line}", f"Questions: {sender.contact_line}")
    return Footer(lines, links, CHECK_WORDS.format(address=typed_address(base_url)), slot(CHECK_SLOT))


def typed_address(base_url: str) -> str:
    """Where messages are checked, as one types it. No link: whoever forges a message forges its links as well."""
    return base_url.partition("://")[2] + CHECK_PATH


def privacy_url(base_url: str) -> str:
    """The page that says what is done with people's data."""
    return f"{base_url}/privacy"


def opt_out_url(base_url: str, token: str) -> str:
    """The page and the one-click address of one person's opt-out (RFC 8058)."""
    return f"{base_url}/o/{token}"


def opt_out_token(keys: Keys, link_id: UUID) -> str:
    """The signed form of an opt-out link. It never ends."""
    return sign(keys, Purpose.OPT_OUT, link_id)


def stopping_headers(frame: Frame, base_url: str, token: str) -> tuple[tuple[str, str], ...]:
    """What lets a mail program offer the way out itself (RFC 2369, RFC 8058 section 3.1).

    The mailto beside the one-click address goes to a person at the affiliate, with the token as the subject.
    """
    by_mail = f"mailto:{frame.sender.contact_email}?subject=opt-out%20{token}"
    return (
        ("List-Unsubscribe", f"<{opt_out_url(base_url, token)}>, <{by_mail}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def list_headers(frame: Bulk, row: Claimed, letterhead: Letterhead) -> tuple[tuple[str, str], ...]:
    """What marks survey mail, and names the campaign to complaint reports without naming a person."""
    feedback = ":".join((row.campaign_id.hex, (row.client_id or frame.list_id).hex, row.kind, FEEDBACK_SENDER))
    return (
        ("List-Help", f"<{privacy_url(letterhead.base_url)}>"),
        ("Feedback-ID", feedback),
        ("Precedence", "bulk"),
    )


def list_id_of(frame: Bulk, mail_domain: str) -> str:
    """The part of List-ID in angle brackets."""
    return f"{frame.list_id.hex}.lists.{mail_domain}"


def token_for(row: Claimed, letterhead: Letterhead) -> str:
    """The opt-out token of a message. Raises EnvelopeIncomplete where there is no link behind it."""
    if row.opt_out_link_id is None:
        raise EnvelopeIncomplete("every mail carries an opt-out link")
    return opt_out_token(letterhead.token_keys, row.opt_out_link_id)


def own_values(letterhead: Letterhead, token: str, code: str) -> Mapping[str, str]:
    """The slots that the envelope fills itself."""
    return {OPT_OUT_SLOT: opt_out_url(letterhead.base_url, token), CHECK_SLOT: code}
