"""An affiliate's own fields of a profile: defined by its administrators, answered by shoppers, read by its own staff.

Nothing here decides anything: no rule, list, report or client gets to see an answer.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.vault import DataKey, KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import Scope, connection

from .. import queries
from ..domain import MOST_FIELDS, ProfileField, ShopperProblem, Told
from .notes import note, note_look, own_id

SEALED = "identity.profile_answer.sealed"


class TooMany(ShopperProblem):
    """Who asks for everything about a person is given nothing that is true."""

    text = f"There are {MOST_FIELDS} fields already, which is the most. Stop asking one of them first."


async def fields(scope: Scope) -> list[ProfileField]:
    """Every field, also those that are not asked any more. Role.STAFF."""
    return await queries.fields.fields_of(scope)


async def field(scope: Scope, field_id: UUID) -> ProfileField:
    """One field. Role.STAFF. Raises NotFound."""
    return await queries.fields.field_in(scope, field_id)


async def add(scope: Scope, one: ProfileField, now: datetime) -> None:
    """Ask something more. Role.STAFF. Raises TooMany."""
    await _require_room(scope)
    await queries.fields.insert(scope, one, now)
    await _note(scope, "shoppers.field_add", one.id, now, kind=one.kind)


async def change(scope: Scope, one: ProfileField, now: datetime) -> None:
    """Change a field, or ask it no more: then what was told in it goes. Role.STAFF. Raises NotFound, TooMany."""
    old = await queries.fields.field_in(scope, one.id)
    if one.is_asked and not old.is_asked:
        await _require_room(scope)
    await queries.fields.put(scope, one)
    gone = 0 if one.is_asked else await queries.fields.drop_answers(scope, one.id)
    await _note(scope, "shoppers.field_change", one.id, now, is_asked=one.is_asked, answers_removed=gone)


async def asked(scope: Scope) -> list[ProfileField]:
    """What the affiliate asks at present. Role.SHOPPER or STAFF."""
    return [one for one in await queries.fields.fields_of(scope) if one.is_asked]


async def own_answers(scope: Scope, ring: KeyRing) -> Told:
    """What one tells, by field. Role.SHOPPER."""
    sealed = await queries.fields.answers_of(scope, own_id(scope))
    return _opened(await data_key(connection(), ring, own_id(scope)), sealed) if sealed else {}


async def tell(scope: Scope, ring: KeyRing, told: Told, now: datetime) -> None:
    """Tell this, and nothing else any more. told: answers by field; what is empty is not told. Role.SHOPPER."""
    key = await data_key(connection(), ring, own_id(scope))
    sealed = {one: seal(key, _place(key, one), words) for one, words in told.items() if words}
    await queries.fields.replace_answers(scope, sealed, now)
    await note(scope, "shopper.fields", own_id(scope), now, answers=len(sealed))


async def look_at(scope: Scope, ring: KeyRing, shopper_id: UUID, purpose: str, now: datetime) -> Told:
    """What a shopper tells. The look is recorded; the shopper reads it. Role.STAFF."""
    sealed = await queries.fields.answers_of(scope, shopper_id)
    keys = await data_keys(connection(), ring, [shopper_id] if sealed else [])
    if shopper_id not in keys:
        return {}
    await note_look(scope, "shopper.fields_read", shopper_id, purpose, now)
    return _opened(keys[shopper_id], sealed)


async def _require_room(scope: Scope) -> None:
    await queries.fields.lock(scope)
    if len(await asked(scope)) >= MOST_FIELDS:
        raise TooMany


def _opened(key: DataKey, sealed: Mapping[UUID, bytes]) -> dict[UUID, str]:
    return {one: unseal_text(key, _place(key, one), words) for one, words in sealed.items()}


def _place(key: DataKey, field_id: UUID) -> Place:
    # One shopper has many answers in one column: the field tells them apart.
    return Place(f"{SEALED}#{field_id}", key.subject_id, key.subject_id)


async def _note(scope: Scope, action: str, field_id: UUID, now: datetime, **detail: str | int | bool | None) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "shopper rules", field_id, detail=detail
    )  # fmt: skip
    await record(connection(), event, now)
