"""Qualifications: what a shopper has, for how long, and why staff say so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from privacy.vault import DataKey, KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import NotFound, Scope, connection

from .. import queries
from ..domain import Qualification, QualificationStatus, Recorded, Retired
from .notes import note

REASON = "identity.qualification.reason"


async def of_shopper(scope: Scope, ring: KeyRing, shopper_id: UUID) -> list[Qualification]:
    """What a shopper has, asks for, or was refused, with the reasons. Role.SHOPPER for one's own, or STAFF."""
    rows = await queries.standing.qualifications_of(scope, shopper_id)
    keys = await data_keys(connection(), ring, [shopper_id] if any(row["reason"] for row in rows) else [])
    return _opened(rows, keys.get(shopper_id))


async def record(scope: Scope, ring: KeyRing, shopper_id: UUID, one: Recorded, now: datetime) -> None:
    """Record or refuse one, with a reason that the shopper reads. Role.STAFF. Raises NotFound, Retired.

    What is retired can be refused, and prolonged for whoever has it.
    """
    await queries.staff.shopper_in(scope, shopper_id)
    kind = next((kind for kind in await queries.rules.kinds_of(scope) if kind.code == one.code), None)
    if kind is None:
        raise NotFound("qualification")
    row = await queries.standing.qualification_row(scope, shopper_id, one.code, now)
    if kind.is_retired and one.status == QualificationStatus.HELD != row["status"]:
        raise Retired
    sealed = None
    if one.reason:
        key = await data_key(connection(), ring, shopper_id)
        sealed = seal(key, Place(REASON, row["id"], shopper_id), one.reason)
    await queries.standing.put_qualification(scope, row["id"], one, sealed, now)
    await note(
        scope, "shopper.qualification", shopper_id, now, code=one.code, source=one.source, status=one.status
    )  # fmt: skip


async def refuse_unless_held(scope: Scope, ring: KeyRing, shopper_id: UUID, one: Recorded, now: datetime) -> None:
    """Refuse one that was asked for; one that is held and has not run out stays as it is. Role.STAFF."""
    row = await queries.standing.qualification_row(scope, shopper_id, one.code, now)
    is_held = row["status"] == QualificationStatus.HELD
    if not is_held or (row["expires_on"] is not None and row["expires_on"] < now.date()):
        await record(scope, ring, shopper_id, one, now)


def _opened(rows: Sequence[Record], key: DataKey | None) -> list[Qualification]:
    return [
        Qualification(**dict(row) | {"reason": _words(key, row["id"], row["reason"])}) for row in rows
    ]  # fmt: skip


def _words(key: DataKey | None, qualification_id: UUID, sealed: bytes | None) -> str:
    if key is None or sealed is None:
        return ""
    return unseal_text(key, Place(REASON, qualification_id, key.subject_id), sealed)
