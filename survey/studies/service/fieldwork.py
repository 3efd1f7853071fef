"""A study in the field: pause, go on, stay open for longer. Closing belongs to releases, launching to invitations."""

from datetime import datetime
from uuid import UUID

from survey.db import Scope, connection
from survey.mail import service as mail

from .. import queries
from ..domain import LONGEST_FIELD, BadChange, Status, Study
from .notes import note


async def pause(scope: Scope, study_id: UUID, now: datetime) -> None:
    """Hold the mail that has not gone out. Whoever has a link may still answer. Raises BadChange, NotFound."""
    study = await queries.study_in(scope, study_id, lock=True)
    if study.status is Status.PAUSED:
        return
    if study.status is not Status.LIVE:
        raise BadChange("Only a study that is being sent can be paused.")
    await queries.set_status(scope, study_id, Status.PAUSED)
    held = await mail.hold(connection(), study_id)
    await note(scope, "study.pause", study_id, now, held=held)


async def resume(scope: Scope, study_id: UUID, now: datetime) -> None:
    """Go on sending. Raises BadChange, NotFound."""
    study = await queries.study_in(scope, study_id, lock=True)
    if study.status is Status.LIVE:
        return
    if study.status is not Status.PAUSED:
        raise BadChange("Only a paused study can go on.")
    await queries.set_status(scope, study_id, Status.LIVE)
    queued = await mail.resume(connection(), study_id)
    await note(scope, "study.resume", study_id, now, queued=queued)


async def extend(scope: Scope, study_id: UUID, closes_at: datetime, now: datetime) -> None:
    """Keep a study open for longer. Raises BadChange where it would become shorter or too long, NotFound."""
    study = await queries.study_in(scope, study_id, lock=True)
    refusal = _refusal(study, closes_at)
    if refusal:
        raise BadChange(refusal)
    await queries.set_closing(scope, study_id, closes_at)
    await note(scope, "study.extend", study_id, now, closes_at=closes_at.isoformat())


async def mark_launched(scope: Scope, study: Study, version_id: UUID, now: datetime) -> None:
    """From a draft to a study in the field; the caller has invited its people in the same transaction."""
    await queries.mark_launched(scope, study.id, version_id, now)


def _refusal(study: Study, closes_at: datetime) -> str:
    if not study.is_in_field:
        return "Only a study in the field can be extended."
    if closes_at <= study.closes_at:
        return "People were told that it is open until then. Choose a later day, or close it on the release page."
    if closes_at - max(study.opens_at, study.launched_at or study.opens_at) > LONGEST_FIELD:
        return f"A study is open for {LONGEST_FIELD.days} days at most."
    if study.is_identified and (study.authorised_until is None or study.authorised_until < closes_at.date()):
        return "The client’s permission for names ends before that day."
    return ""
