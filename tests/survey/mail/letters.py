"""Letters, frames and claimed rows for tests of mail."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from survey.mail.domain import (
    Act,
    Bulk,
    Claimed,
    Code,
    Facts,
    Heading,
    Letter,
    Link,
    Outgoing,
    Paragraph,
    Sender,
    Transactional,
    slot,
)
from survey.mail.envelope import Letterhead

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SENDER = Sender("Kestrel Field Research", "Kestrel House\n1 High Street\nTestford TF1 1AA", "office@kestrel.test")
LETTERHEAD = Letterhead(
    "https://testserver.local", "candour.test", "surveys@candour.test", "service@candour.test", (b"k" * 32,), b"i" * 32
)
INVITATION = Letter(
    subject="How was your visit?",
    preview="Nine questions, three minutes",
    blocks=(
        Heading("How was your visit?"),
        Paragraph(f"Hello {slot('first_name')},\nthank you for coming to Brightwater & Sons."),
        Act("Answer 9 questions", slot("survey_url")),
        Link("See an example", "https://testserver.local/example"),
        Facts((("Closes on", slot("closes_on")), ("Takes", "3 minutes"))),
        Code("AB12"),
    ),
)
BULK = Bulk(
    SENDER,
    source=f"Brightwater gave us your address on {slot('given_on')}, as a customer.",
    from_name="Brightwater Coffee via Kestrel",
    list_name="Brightwater Coffee surveys",
    list_id=UUID("11111111-1111-4111-8111-111111111111"),
)
TRANSACTIONAL = Transactional(SENDER, "You get this because you asked for it.")
VALUES = {
    "first_name": "Zoë <b>&",
    "survey_url": "https://testserver.local/s/abc?x=1&y=2",
    "closes_on": "1 December",
    "given_on": "2 October",
}


def claimed(*, is_bulk: bool = True, opt_out_link_id: UUID | None = None, kind: str = "invitation") -> Claimed:
    """A claimed row."""
    return Claimed(
        id=uuid4(),
        affiliate_id=uuid4(),
        campaign_id=uuid4(),
        recipient_id=uuid4(),
        kind=kind,
        is_bulk=is_bulk,
        client_id=uuid4(),
        opt_out_link_id=opt_out_link_id or uuid4(),
        context={},
        message_id=f"{uuid4()}@candour.test",
        attempts=0,
        in_doubt=0,
        claims=1,
    )


def account_row() -> Claimed:
    """A row to somebody with an account who asked for it a moment ago."""
    return replace(claimed(is_bulk=False), is_asked=True)


def invitation(to: str = "ann@example.test", **values: str) -> Outgoing:
    """An invitation to one person."""
    return Outgoing(claimed(), to, INVITATION, BULK, VALUES | values)
