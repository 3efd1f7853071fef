"""The fast way of making a message gives what the slow one gives, whatever the words; and refuses what it must."""

from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.tokens import Purpose, sign
from survey.mail.addresses import BadAddress, addressed
from survey.mail.checking import code_of
from survey.mail.domain import (
    BadLetter,
    EnvelopeIncomplete,
    HeaderInjection,
    Letter,
    Outgoing,
    Paragraph,
    Transactional,
    slot,
)
from survey.mail.domain.letters import SLOT, cleaned, filled
from survey.mail.envelope import footer_of
from survey.mail.rendering import html_of, text_of
from survey.mail.skeleton import message_of

from .letters import BULK, INVITATION, LETTERHEAD, NOW, SENDER, TRANSACTIONAL, VALUES, account_row, claimed, invitation

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"]), max_size=200)
LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def _raw(outgoing: Outgoing) -> bytes:
    return message_of(outgoing, LETTERHEAD, NOW, is_to_people=not outgoing.row.is_asked).content


def _parsed(outgoing: Outgoing) -> EmailMessage:
    return message_from_bytes(_raw(outgoing), policy=default)


def _slowly(outgoing: Outgoing) -> EmailMessage:
    """The same message, made by the standard library from beginning to end."""
    row, letter, frame = outgoing.row, outgoing.letter, outgoing.frame
    assert row.opt_out_link_id is not None
    url = f"https://testserver.local/o/{sign(LETTERHEAD.token_keys, Purpose.OPT_OUT, row.opt_out_link_id)}"
    values = {**outgoing.values, "opt_out_url": url, "check_code": code_of(LETTERHEAD.index_key, row.message_id)}
    footer = footer_of(frame, LETTERHEAD.base_url)
    html = html_of(letter, frame, footer)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(frame.from_name, addr_spec="surveys@candour.test")
    message["To"] = outgoing.to
    message["Subject"] = filled(letter.subject, values)
    message["Message-ID"] = f"<{row.message_id}>"
    message["Date"] = format_datetime(NOW)
    message.set_content(filled(text_of(letter, frame, footer), _clean(values)), cte="quoted-printable")
    html = SLOT.sub(lambda found: escape(cleaned(values[found[1]])), html)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message_from_bytes(message.as_bytes(), policy=default)


def _clean(values: dict[str, str]) -> dict[str, str]:
    return {name: cleaned(value) for name, value in values.items()}


def _texts(message: EmailMessage) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]


@given(first_name=LINES, place=WORDS, closing=LINES)
def test_a_message_reads_back_as_the_slow_one(first_name: str, place: str, closing: str) -> None:
    letter = replace(
        INVITATION, blocks=(*INVITATION.blocks, Paragraph(cleaned(closing) or "x"), Paragraph(place or "x"))
    )
    outgoing = Outgoing(claimed(), "ann@example.test", letter, BULK, VALUES | {"first_name": first_name})
    fast, slow = _parsed(outgoing), _slowly(outgoing)
    for name in ("From", "To", "Subject", "Message-ID", "Date"):
        assert fast[name] == slow[name]
    # The standard library ends a part with one line break of its own.
    assert [text.rstrip("\n") for text in _texts(fast)] == [text.rstrip("\n") for text in _texts(slow)]
    assert fast.defects == []


@given(subject=WORDS.filter(str.strip), name=WORDS)
def test_any_subject_reads_back(subject: str, name: str) -> None:
    fixed = Outgoing(claimed(), "a@example.test", replace(INVITATION, subject=subject), BULK, VALUES)
    own = replace(INVITATION, subject=f"{slot('first_name')}, how was it?")
    personal = Outgoing(claimed(), "a@example.test", own, BULK, VALUES | {"first_name": name})
    assert _squeezed(_parsed(fixed)["Subject"]) == _squeezed(subject)
    assert _squeezed(_parsed(personal)["Subject"]) == _squeezed(f"{name}, how was it?")


def _squeezed(text: str) -> str:
    # A header does not keep how wide its white space was.
    return "".join(str(text).split())


@given(first_name=LINES, from_name=WORDS.filter(str.strip), list_name=WORDS.filter(str.strip))
def test_every_line_is_short_ascii_and_ends_as_smtp_wants(first_name: str, from_name: str, list_name: str) -> None:
    frame = replace(BULK, from_name=from_name, list_name=list_name)
    raw = _raw(Outgoing(claimed(), "ann@example.test", INVITATION, frame, VALUES | {"first_name": first_name}))
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)
    body = lines[lines.index(b"") :]
    assert max(map(len, body)) <= 78
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\nBcc: x@example.test", "\x00"])
def test_a_line_break_in_a_header_is_refused(mark: str) -> None:
    with pytest.raises(HeaderInjection):
        replace(INVITATION, subject=f"Hello{mark}")
    with pytest.raises(HeaderInjection):
        replace(BULK, from_name=f"Brightwater{mark}")
    with pytest.raises(HeaderInjection):
        replace(SENDER, name=f"Kestrel{mark}")
    own = replace(INVITATION, subject=slot("first_name"))
    with pytest.raises(HeaderInjection) as refusal:
        _raw(Outgoing(claimed(), "a@example.test", own, BULK, VALUES | {"first_name": f"Ann{mark}"}))
    assert "Ann" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["", "annabel", "ann@", "@example.test", "ann@@example.test", "ann@example.test\r\nRCPT TO:<b@example.test>",
     "a b@c.de", "ann@example", "<ann@example.test>", "ann@example.test, bob@example.test", "ann@example..test",
     "ann@-x.test",
     "a" * 250 + "@example.test", "ann@exa\x00mple.test", "änn@example.test"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        addressed(address)
    assert not address or address not in str(refusal.value)


def test_a_domain_of_other_letters_goes_out_in_its_ascii_form() -> None:
    assert addressed("ann@bücher.example") == b"ann@xn--bcher-kva.example"


def test_a_value_that_is_missing_is_named_and_the_message_not_made() -> None:
    with pytest.raises(BadLetter, match="first_name"):
        _raw(
            Outgoing(
                claimed(), "ann@example.test", INVITATION, BULK, {name: "x" for name in VALUES if name != "first_name"}
            )
        )


def test_survey_mail_cannot_be_made_without_its_frame_or_its_way_out() -> None:
    with pytest.raises(EnvelopeIncomplete):
        Outgoing(claimed(), "ann@example.test", INVITATION, TRANSACTIONAL, VALUES)
    with pytest.raises(EnvelopeIncomplete):
        Outgoing(replace(claimed(), opt_out_link_id=None), "ann@example.test", INVITATION, BULK, VALUES)


@pytest.mark.parametrize("field", ["source", "from_name", "list_name"])
def test_a_frame_cannot_be_made_with_a_part_left_empty(field: str) -> None:
    with pytest.raises(EnvelopeIncomplete):
        replace(BULK, **{field: " "})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["name", "postal_address", "contact_email"])
def test_a_sender_cannot_be_made_with_a_part_left_empty(field: str) -> None:
    with pytest.raises(EnvelopeIncomplete):
        replace(SENDER, **{field: " "})


@pytest.mark.parametrize("is_to_people", [True, False])
def test_mail_without_a_way_out_is_refused_when_it_is_sent(*, is_to_people: bool) -> None:
    row = replace(account_row(), opt_out_link_id=None)
    outgoing = Outgoing(row, "ann@example.test", INVITATION, TRANSACTIONAL, VALUES)
    with pytest.raises(EnvelopeIncomplete):
        message_of(outgoing, LETTERHEAD, NOW, is_to_people=is_to_people)


def test_survey_mail_carries_everything_that_it_must() -> None:
    outgoing = invitation()
    message = _parsed(outgoing)
    assert outgoing.row.opt_out_link_id is not None
    token = sign(LETTERHEAD.token_keys, Purpose.OPT_OUT, outgoing.row.opt_out_link_id)
    assert message["List-Unsubscribe"] == (
        f"<https://testserver.local/o/{token}>, <mailto:office@kestrel.test?subject=opt-out%20{token}>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-ID"].endswith("<11111111111141118111111111111111.lists.candour.test>")
    assert message["Precedence"] == "bulk"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "ann" not in message["Feedback-ID"]
    for text in _texts(message):
        assert f"https://testserver.local/o/{token}" in text
        assert "Brightwater gave us your address on 2 October" in text
        assert "Kestrel Field Research, Kestrel House, 1 High Street, Testford TF1 1AA" in text


def test_mail_that_was_asked_for_carries_the_way_out_below_it_and_no_list_headers() -> None:
    message = _parsed(Outgoing(account_row(), "ann@example.test", INVITATION, TRANSACTIONAL, VALUES))
    assert [name for name in message if name.startswith("List-")] == []
    assert "service@candour.test" in message["From"]
    for text in _texts(message):
        assert "You get this because you asked for it." in text
        assert "Kestrel Field Research, Kestrel House" in text
        assert "https://testserver.local/o/" in text


def test_mail_about_a_membership_carries_the_way_out_too() -> None:
    row = claimed(is_bulk=False, kind="panel-welcome")
    message = _parsed(Outgoing(row, "ann@example.test", INVITATION, Transactional(SENDER, "You joined."), VALUES))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] is None
    assert all("/o/" in text for text in _texts(message))


def test_the_text_says_what_the_html_says() -> None:
    plain, html = _texts(_parsed(invitation()))
    for words in ("How was your visit?", "Answer 9 questions", "See an example", "Closes on: 1 December", "AB12"):
        assert words in plain
        assert words.split(": ")[0] in html
    assert "Hello Zoë <b>&,\nthank you for coming to Brightwater & Sons." in plain
    assert "Hello Zoë &lt;b&gt;&amp;,<br>" in html


def test_nothing_remote_is_in_the_html() -> None:
    html = _texts(_parsed(invitation()))[1]
    assert "<img" not in html
    assert "<link" not in html
    assert "url(" not in html


def test_one_letter_is_compiled_once_however_often_it_is_built() -> None:
    again = Letter(INVITATION.subject, INVITATION.blocks, INVITATION.preview)
    first, second = _raw(invitation()), _raw(replace(invitation(), letter=again))
    assert first.partition(b"boundary=")[2][:40] == second.partition(b"boundary=")[2][:40]
