"""Use cases of questionnaires: begin, change, copy, put away, freeze. Each change is audited in its transaction."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from privacy.audit import Event, record
from survey.db import Conflict, Scope, connection

from . import queries
from .domain import (
    Definition,
    NotReady,
    Section,
    Usable,
    Version,
    add_section,
    problems,
)

Change = Callable[[Definition], Definition]


class StaleDraft(Conflict):
    """The questionnaire was changed in another window since this page was opened. `version` is how it is now."""

    def __init__(self, version: Version) -> None:
        super().__init__("the questionnaire was changed since this page was opened")
        self.version = version


async def create(scope: Scope, name: str, definition: Definition, now: datetime) -> UUID:
    """Begin a questionnaire; its id. One without sections gets a first one, so that there is a place for questions."""
    if not definition.sections:
        definition = add_section(definition, Section("", "Questions"))
    created = await queries.insert_questionnaire(scope, name, definition, now)
    await _note(scope, "questionnaire.create", created, now)
    return created


async def copy(scope: Scope, questionnaire_id: UUID, now: datetime) -> UUID:
    """A new questionnaire with the questions of the newest version; its id. Raises NotFound."""
    original = await queries.latest_version_in(scope, questionnaire_id)
    definition = replace(original.definition, removed=())
    created = await queries.insert_questionnaire(scope, f"{original.name} (copy)", definition, now)
    await _note(scope, "questionnaire.copy", created, now, copied_from=str(questionnaire_id))
    return created


async def archive(scope: Scope, questionnaire_id: UUID, now: datetime) -> None:
    """Put a questionnaire away; studies that use it go on. Raises NotFound."""
    await queries.put_away(scope, questionnaire_id, is_archived=True)
    await _note(scope, "questionnaire.archive", questionnaire_id, now)


async def unarchive(scope: Scope, questionnaire_id: UUID, now: datetime) -> None:
    """Bring a questionnaire back into the list. Raises NotFound."""
    await queries.put_away(scope, questionnaire_id, is_archived=False)
    await _note(scope, "questionnaire.unarchive", questionnaire_id, now)


async def rename(scope: Scope, questionnaire_id: UUID, name: str, now: datetime) -> None:
    """Give a questionnaire another name in the list. Respondents never see it."""
    await queries.rename(scope, questionnaire_id, name)
    await _note(scope, "questionnaire.rename", questionnaire_id, now)


async def arrange(scope: Scope, questionnaire_id: UUID, change: Change, now: datetime) -> Version:
    """Apply an operation to the questions as they are now: move, add, remove. Raises NotFound, UnknownPart."""
    version = await queries.latest_version_in(scope, questionnaire_id, lock=True)
    return await _apply(scope, version, change, now)


async def edit(scope: Scope, questionnaire_id: UUID, revision: int, change: Change, now: datetime) -> Version:
    """Apply what was typed on a page opened at `revision`. Raises StaleDraft if somebody changed something since."""
    version = await queries.latest_version_in(scope, questionnaire_id, lock=True)
    if version.revision != revision:
        raise StaleDraft(version)
    return await _apply(scope, version, change, now)


async def _apply(scope: Scope, version: Version, change: Change, now: datetime) -> Version:
    """Write a changed definition: into the draft, or as the next version where the newest one is frozen."""
    changed = change(version.definition)
    if changed == version.definition:
        return version
    if version.is_frozen:
        place = (version.number + 1, version.revision + 1)
        await queries.insert_version(scope, version.questionnaire_id, place, changed, now)
    elif not await queries.write_definition(scope, version.id, version.revision, changed):
        raise StaleDraft(await queries.latest_version_in(scope, version.questionnaire_id))
    await queries.touch(scope, version.questionnaire_id, now)
    written = await queries.latest_version_in(scope, version.questionnaire_id)
    await _note(
        scope, "questionnaire.change", version.questionnaire_id, now, version=written.number, revision=written.revision
    )
    return written


async def freeze(scope: Scope, version_id: UUID, now: datetime) -> Version:
    """Put a version into use for good, when a study is launched; freezing twice changes nothing.

    Raises NotReady with the problems that stand in the way, NotFound.
    """
    version = await queries.version_in(scope, version_id, lock=True)
    if version.is_frozen:
        return version
    found = problems(version.definition)
    if found:
        raise NotReady(found)
    await queries.freeze_version(scope, version_id, replace(version.definition, removed=()), now)
    await _note(scope, "questionnaire.freeze", version.questionnaire_id, now, version=version.number)
    return await queries.version_in(scope, version_id)


async def version_in(scope: Scope, version_id: UUID) -> Version:
    """A version by its id. Raises NotFound."""
    return await queries.version_in(scope, version_id)


async def usable_versions(scope: Scope) -> list[Usable]:
    """The versions a new study may choose from: the newest of each questionnaire that is not put away."""
    return await queries.usable_versions(scope)


async def _note(
    scope: Scope, action: str, questionnaire_id: UUID, now: datetime, **detail: str | int | bool | None
) -> None:
    event = Event(
        scope.affiliate_id,
        scope.actor_kind,
        scope.account_id,
        action,
        "questionnaire",
        questionnaire_id,
        detail=detail,
    )
    await record(connection(), event, now)
