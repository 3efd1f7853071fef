"""Drafts: begin, change, copy, throw away. Each change is audited in its transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from survey.clients import service as clients
from survey.db import Conflict, Scope
from survey.questionnaires import service as questionnaires

from .. import queries
from ..domain import (
    INVITATION_BODY,
    INVITATION_SUBJECT,
    REMINDER_BODY,
    REMINDER_SUBJECT,
    Draft,
    NotDraft,
    Study,
    usual_dates,
)
from .notes import note
from .owning import require_own

WORDS = (INVITATION_SUBJECT, INVITATION_BODY, REMINDER_SUBJECT, REMINDER_BODY)
LONGEST_NAME = 120


class StaleDraft(Conflict):
    """The study was changed in another window since this page was opened. `study` is how it is now."""

    def __init__(self, study: Study) -> None:
        super().__init__("the study was changed since this page was opened")
        self.study = study


async def create(scope: Scope, draft: Draft, now: datetime) -> UUID:
    """Begin a study, with usual dates and usual words; its id. Raises NotFound for a strange client or version."""
    await clients.client_in(scope, draft.client_id)
    await questionnaires.version_in(scope, draft.version_id)
    zone = (await clients.root_of(scope, draft.client_id)).time_zone
    study_id = await queries.insert(scope, draft, (*usual_dates(now, zone), zone), WORDS, now)
    await note(scope, "study.create", study_id, now)
    return study_id


async def edit(scope: Scope, study_id: UUID, revision: int, changes: Mapping[str, object], now: datetime) -> None:
    """Write what a page says, if the study is as it was when the page was opened. changes: columns and their values.

    Raises NotDraft, StaleDraft, BadChange, and NotFound also for a strange questionnaire, panel or location.
    """
    study = await queries.study_in(scope, study_id)
    if not study.is_draft:
        raise NotDraft
    await require_own(scope, study, changes, now)
    if _says_something_else(study, changes):
        # What was confirmed was confirmed of other words.
        changes = {"confirmed": [], **changes}
    if study.revision != revision or not await queries.write(scope, study_id, revision, changes):
        raise StaleDraft(await queries.study_in(scope, study_id))
    await note(scope, "study.change", study_id, now, changed=" ".join(sorted(changes)))


async def copy(scope: Scope, study_id: UUID, now: datetime) -> UUID:
    """A new draft with the same audience and words, for the next wave; its id. Raises NotFound."""
    study = await queries.study_in(scope, study_id)
    name = f"{study.name[: LONGEST_NAME - 7]} (copy)"
    created = await queries.copy(scope, study_id, name, usual_dates(now, study.time_zone), now)
    await note(scope, "study.copy", created, now, copied_from=str(study_id))
    return created


async def discard(scope: Scope, study_id: UUID, now: datetime) -> None:
    """Throw a draft away. Raises NotDraft where people have been asked already, NotFound."""
    await queries.study_in(scope, study_id)
    if not await queries.delete_draft(scope, study_id):
        raise NotDraft
    await note(scope, "study.discard", study_id, now)


def _says_something_else(study: Study, changes: Mapping[str, object]) -> bool:
    names = ("invitation_subject", "invitation_body")
    return any(name in changes and changes[name] != getattr(study, name) for name in names)
