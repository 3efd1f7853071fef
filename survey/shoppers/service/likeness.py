"""Keeping the fingerprints that shoppers are found and compared by in step with what they tell."""

from uuid import UUID

from asyncpg import Connection, Record

from privacy.vault import DataKey, data_keys
from survey.db import Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import Payout, PayoutKind, Reachable, Traits, payout_index, traits_of
from .sealing import HANDLE, opened_person, opened_text

BATCH = 200
FIRST = UUID(int=0)


async def follow(settings: Settings, affiliate_id: UUID, shopper_id: UUID, told: Reachable) -> None:
    """Somebody told who they are: what they are found by follows. Role.GATE or SHOPPER."""
    await queries.likeness.put_traits(affiliate_id, shopper_id, traits_of(settings.index_key, affiliate_id, told))


async def follow_payout(scope: Scope, settings: Settings, payout: Payout | None) -> None:
    """Somebody said where their money goes, or took it back. Role.SHOPPER."""
    index = payout_index(settings.index_key, scope.affiliate_id, payout) if payout else None
    await queries.likeness.put_payout(scope, index)


async def fill(settings: Settings, after: UUID) -> UUID | None:
    """Reckon a batch of fingerprints that are missing; where the next begins, None at the end. Role.WORKER.

    A profile whose key is gone has nothing that could be opened, and is passed over.
    """
    here: Connection = connection()
    rows = await queries.likeness.without_traits(here, after, BATCH)
    keys = await data_keys(here, settings.keyring, [row["id"] for row in rows])
    known = [row for row in rows if row["id"] in keys]
    found = [(row["id"], row["affiliate_id"], *_reckoned(settings, keys[row["id"]], row)) for row in known]
    await queries.likeness.put_many(here, found)
    return rows[-1]["id"] if rows else None


def _reckoned(settings: Settings, key: DataKey, row: Record) -> tuple[Traits, bytes | None]:
    person, affiliate_id = opened_person(key, row), row["affiliate_id"]
    traits = traits_of(settings.index_key, affiliate_id, person)
    if row["payout_handle"] is None:
        return traits, None
    payout = Payout(PayoutKind(row["payout_kind"]), opened_text(key, HANDLE, row["payout_handle"]))
    return traits, payout_index(settings.index_key, affiliate_id, payout)
