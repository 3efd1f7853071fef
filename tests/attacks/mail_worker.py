"""The product's worker with one kind of mail; started, and killed, by test_crash_deliveries.py."""

import os
import sys
from collections.abc import Sequence
from uuid import UUID

import uvloop

from survey.mail.composing import Audience, Composing, composer
from survey.mail.dispatch import Tuning
from survey.mail.domain import Act, Bulk, Claimed, Letter, Outgoing, Paragraph, Sender, slot
from survey.settings import load
from survey.web.logs import configure_logs
from survey.worker import run_worker

CONNECTIONS = 5
LEASE_SECONDS = 2
TUNING = Tuning(connections=CONNECTIONS, lease_seconds=LEASE_SECONDS, in_doubt_seconds=0, poll_seconds=0.1)
LETTER = Letter("How was your visit?", (Paragraph("Hello,"), Act("Answer", slot("survey_url"))))
FRAME = Bulk(
    Sender("Kestrel", "1 High Street, Testford", "office@kestrel.test"),
    source="Brightwater gave us your address.",
    from_name="Brightwater via Kestrel",
    list_name="Brightwater surveys",
    list_id=UUID(int=1),
)


def address_of(recipient_id: UUID) -> str:
    """Where a recipient of this test gets mail."""
    return f"r{recipient_id.hex}@example.test"


@composer("invitation", to=Audience.PEOPLE, about="an invitation")
async def compose(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing]:
    """The same letter for everybody."""
    return [Outgoing(row, address_of(row.recipient_id), LETTER, FRAME, {"survey_url": row.id.hex}) for row in rows]


if __name__ == "__main__":
    configure_logs()
    uvloop.run(run_worker(load(os.environ), mail=[sys.modules[__name__]], tuning=TUNING))
