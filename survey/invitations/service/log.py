"""The send log for people: a CSV without addresses, and opening one address, which is recorded."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from survey.contacts import service as contacts
from survey.db import NotFound, Scope
from survey.panels import service as panels
from survey.settings import Settings
from survey.studies import service as studies
from survey.studies.domain import Study

from .. import queries
from ..domain import KIND_WORDS, LogFilter, listed_kinds

HEADINGS = ("message", "kind", "state", "reason", "attempts", "not before", "sent at")
PURPOSE = "look into the delivery of a message"


async def csv_of(scope: Scope, study: Study, wanted: LogFilter, now: datetime) -> AsyncIterator[bytes]:
    """The log as CSV, read through a cursor of the open transaction."""
    yield ("\ufeff" + _csv([HEADINGS])).encode()
    async for lines in queries.every_line(scope, study.id, wanted, now):
        yield _csv(
            (
                line.pseudonym,
                KIND_WORDS[line.kind],
                line.state_words,
                line.reason_words,
                str(line.attempts),
                line.not_before.isoformat(timespec="minutes"),
                line.sent_at.isoformat(timespec="minutes") if line.sent_at else "",
            )
            for line in lines
        ).encode()


async def open_address(scope: Scope, settings: Settings, study_id: UUID, delivery_id: UUID, now: datetime) -> str:
    """The address behind a line of the log. The look is recorded with its purpose. Raises NotFound."""
    study = await studies.study_in(scope, study_id)
    kinds = [kind.value for kind in listed_kinds(is_identified=study.is_identified)]
    who = await queries.who_in(scope, study_id, delivery_id, kinds)
    if who.contact_id is not None:
        safe = contacts.safe_of(settings)
        return (await contacts.open_contact(scope, safe, who.contact_id, PURPOSE, now)).person.email
    if who.panelist_id is not None:
        return (await panels.open_member(scope, settings.keyring, who.panelist_id, PURPOSE, now)).email
    raise NotFound("message")


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
