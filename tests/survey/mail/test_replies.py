"""The table of what a relay's answers mean (RFC 5321, RFC 3463), line by line."""

import pytest

from survey.mail.domain import Phase, Reply, Verdict, judge, kept

CONNECT, MAIL, RCPT, DATA, DOT = Phase.CONNECT, Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT

TABLE = [
    # Nobody answers, or the greeting sends us away: the relay rests, nobody's attempt counts.
    (CONNECT, 0, "", Verdict.PAUSE_RELAY),
    (CONNECT, 421, "4.3.2 too many connections", Verdict.PAUSE_RELAY),
    (CONNECT, 554, "5.7.1 no service for you", Verdict.PAUSE_RELAY),
    (CONNECT, 535, "5.7.8 bad credentials", Verdict.PAUSE_RELAY),
    # MAIL: about us, never about the person.
    (MAIL, 421, "4.7.0 closing", Verdict.RETRY_NOW),
    (MAIL, 451, "4.3.0 try later", Verdict.RETRY),
    (MAIL, 452, "4.3.1 out of storage", Verdict.RETRY),
    (MAIL, 550, "5.7.1 sender rejected", Verdict.PAUSE_RELAY),
    (MAIL, 553, "5.1.8 bad sender domain", Verdict.PAUSE_RELAY),
    (MAIL, 530, "5.7.0 must issue STARTTLS first", Verdict.PAUSE_RELAY),
    # RCPT, temporary.
    (RCPT, 421, "4.4.2 timeout", Verdict.RETRY_NOW),
    (RCPT, 450, "4.2.1 mailbox busy", Verdict.RETRY),
    (RCPT, 450, "4.7.1 come back later", Verdict.GREYLISTED),
    (RCPT, 451, "4.7.1 greylisted for 300 s", Verdict.GREYLISTED),
    (RCPT, 451, "Greylisting in action", Verdict.GREYLISTED),
    (RCPT, 452, "4.2.2 mailbox full", Verdict.RETRY),
    (RCPT, 454, "4.7.0 throttled", Verdict.THROTTLE),
    # RCPT, permanent, by the enhanced code.
    (RCPT, 550, "5.1.1 user unknown", Verdict.BOUNCE),
    (RCPT, 550, "5.1.2 no such domain", Verdict.BOUNCE),
    (RCPT, 553, "5.1.3 bad address syntax", Verdict.BOUNCE),
    (RCPT, 551, "5.1.6 moved", Verdict.BOUNCE),
    (RCPT, 556, "5.1.10 null MX", Verdict.BOUNCE),
    (RCPT, 550, "5.1.7 bad sender syntax", Verdict.PAUSE_RELAY),
    (RCPT, 550, "5.1.8 bad sender system", Verdict.PAUSE_RELAY),
    (RCPT, 550, "5.2.1 mailbox disabled", Verdict.BOUNCE),
    (RCPT, 552, "5.2.2 mailbox full", Verdict.RETRY),
    (RCPT, 552, "5.2.3 message too long", Verdict.PAUSE_CAMPAIGN),
    (RCPT, 550, "5.2.0 something with the mailbox", Verdict.FAIL),
    (RCPT, 550, "5.3.0 something with the system", Verdict.FAIL),
    (RCPT, 552, "5.3.4 message too big", Verdict.PAUSE_CAMPAIGN),
    (RCPT, 550, "5.4.1 no answer from host", Verdict.RETRY),
    (RCPT, 554, "5.4.4 unable to route", Verdict.RETRY),
    (RCPT, 550, "5.5.1 invalid command", Verdict.PAUSE_RELAY),
    (RCPT, 550, "5.7.1 blocked by policy", Verdict.PAUSE_CAMPAIGN),
    (RCPT, 550, "5.0.0 no reason", Verdict.BOUNCE),
    # The two codes disagree: the milder one is believed.
    (RCPT, 550, "4.1.1 user unknown for now", Verdict.RETRY),
    # RCPT, permanent, without an enhanced code.
    (RCPT, 550, "No such user", Verdict.BOUNCE),
    (RCPT, 551, "not local", Verdict.BOUNCE),
    (RCPT, 553, "mailbox name not allowed", Verdict.BOUNCE),
    (RCPT, 521, "does not accept mail", Verdict.BOUNCE),
    (RCPT, 552, "over quota", Verdict.RETRY),
    (RCPT, 554, "relay access denied", Verdict.PAUSE_CAMPAIGN),
    (RCPT, 501, "syntax error in argument", Verdict.FAIL),
    (RCPT, 503, "need MAIL first", Verdict.PAUSE_RELAY),
    # DATA and the answer to the message.
    (DATA, 451, "4.3.0 later", Verdict.RETRY),
    (DATA, 452, "4.3.1 no storage", Verdict.RETRY),
    (DATA, 454, "Throttling failure: maximum sending rate exceeded", Verdict.THROTTLE),
    (DATA, 450, "4.7.1 later", Verdict.RETRY),
    (DATA, 550, "5.1.1 user unknown after all", Verdict.BOUNCE),
    (DATA, 552, "5.3.4 too big", Verdict.PAUSE_CAMPAIGN),
    (DATA, 554, "5.6.0 malformed", Verdict.PAUSE_CAMPAIGN),
    (DATA, 554, "5.7.1 spam", Verdict.PAUSE_CAMPAIGN),
    (DATA, 550, "this looks like spam", Verdict.PAUSE_CAMPAIGN),
    (DATA, 552, "too much", Verdict.PAUSE_CAMPAIGN),
    (DATA, 554, "transaction failed", Verdict.PAUSE_CAMPAIGN),
    (DATA, 571, "who knows", Verdict.FAIL),
    # The connection ends: before the dot nothing has happened, after it nobody knows.
    (MAIL, 0, "", Verdict.RETRY_NOW),
    (RCPT, 0, "", Verdict.RETRY_NOW),
    (DATA, 0, "", Verdict.RETRY_NOW),
    (DOT, 0, "", Verdict.IN_DOUBT),
]


@pytest.mark.parametrize(("phase", "code", "text", "verdict"), TABLE)
def test_each_answer_has_one_meaning(phase: Phase, code: int, text: str, verdict: Verdict) -> None:
    assert judge(Reply(phase, code, text)) is verdict


def test_no_answer_at_mail_strikes_off_a_person() -> None:
    codes = [(code, f"{kind}.{subject}.1 x") for code in range(400, 600) for kind in "45" for subject in range(8)]
    verdicts = {judge(Reply(MAIL, code, text)) for code, text in codes}
    assert Verdict.BOUNCE not in verdicts


def test_only_what_has_no_answer_after_the_dot_is_in_doubt() -> None:
    replies = [Reply(phase, code) for phase in (MAIL, RCPT, DATA) for code in (0, *range(400, 600))]
    assert Verdict.IN_DOUBT not in {judge(reply) for reply in replies}


def test_what_is_kept_of_an_answer_names_nobody() -> None:
    said = "250 2.1.5 <ann.canary@example.test> ok, ann.canary@example.test\r\n queued as 4XYZ" + "x" * 400
    assert "canary" not in kept(said)
    assert "queued as 4XYZ" in kept(said)
    assert len(kept(said)) == 200
    assert "\n" not in kept(said)


def test_a_label_holds_codes_and_no_words() -> None:
    assert Reply(RCPT, 550, "5.1.1 <ann@example.test> unknown").label == "rcpt 550 5.1.1"
    assert Reply(DOT).label == "dot no answer"
