"""Changes of the address that somebody signs in with. Role.GATE but for the letters and the sweeping."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Connection, Record

from survey.db import NotFound, connection

from ..domain import AddressChange, TakenAddress

_CHANGE = """
SELECT c.id,
       c.affiliate_id,
       c.account_id,
       c.email,
       c.email_index,
       c.old_email,
       c.old_email_index,
       c.asked_at,
       c.taken_at,
       c.stopped_at,
       NOT EXISTS (SELECT
                     FROM identity.sign_in_change later
                    WHERE later.account_id = c.account_id
                      AND (later.asked_at, later.id) > (c.asked_at, c.id)) AS is_latest
  FROM identity.sign_in_change c
"""

_INSERT = """
INSERT INTO identity.sign_in_change
       (id, affiliate_id, account_id, email, email_index, old_email, old_email_index, asked_at)
SELECT $1, a.affiliate_id, a.id, $3, $4, $5, a.email_index, $6
  FROM identity.account a
 WHERE a.id = $2
"""

# An address from which a change can still be stopped is kept free for whoever had it.
_IN_USE = """
SELECT c.id
  FROM identity.sign_in_change c
 WHERE c.id = ANY($1::uuid[])
   AND (EXISTS (SELECT
                  FROM identity.account a
                 WHERE a.affiliate_id = c.affiliate_id
                   AND a.email_index = c.email_index
                   AND a.id <> c.account_id)
        OR EXISTS (SELECT
                     FROM identity.sign_in_change kept
                    WHERE kept.affiliate_id = c.affiliate_id
                      AND kept.old_email_index = c.email_index
                      AND kept.account_id <> c.account_id
                      AND kept.taken_at IS NOT NULL
                      AND kept.stopped_at IS NULL
                      AND kept.asked_at > $2))
"""


async def lock_account(account_id: UUID) -> None:
    """Let other changes of the account wait."""
    await connection().execute("SELECT FROM identity.account WHERE id = $1 FOR UPDATE", account_id)


async def insert_change(
    change_id: UUID, account_id: UUID, sealed: tuple[bytes, bytes], email_index: bytes, now: datetime
) -> None:
    """A wish. sealed: the new address and the present one."""
    new, old = sealed
    await connection().execute(_INSERT, change_id, account_id, new, email_index, old, now)


async def change_in(change_id: UUID) -> AddressChange:
    """A change. Raises NotFound once it was forgotten."""
    row = await connection().fetchrow(_CHANGE + " WHERE c.id = $1", change_id)
    if row is None:
        raise NotFound("change of address")
    return AddressChange(**row)


async def was_just_asked(account_id: UUID, email_index: bytes, since: datetime) -> bool:
    """Whether the latest wish of the account is for this address, and so young that the button was pressed twice."""
    found: bool = await connection().fetchval(
        "SELECT coalesce((SELECT email_index = $2 AND asked_at > $3 AND taken_at IS NULL AND stopped_at IS NULL"
        " FROM identity.sign_in_change WHERE account_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1), false)",
        account_id,
        email_index,
        since,
    )
    return found


async def is_blocked(account_id: UUID, since: datetime) -> bool:
    """Whether the old mailbox has stopped a change since."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM identity.sign_in_change WHERE account_id = $1 AND stopped_at > $2)",
        account_id,
        since,
    )
    return found


async def in_use(here: Connection, change_ids: Sequence[UUID], since: datetime) -> set[UUID]:
    """Changes to addresses that are somebody else's in the same tenant, or kept for them. Role.GATE or WORKER."""
    return {row["id"] for row in await here.fetch(_IN_USE, list(change_ids), since)}


async def has_moved(change: AddressChange) -> bool:
    """Whether the account has another address now than when this change was asked for."""
    found: bool = await connection().fetchval(
        "SELECT email_index <> $2 FROM identity.account WHERE id = $1", change.account_id, change.old_email_index
    )
    return found


async def mark_taken(change_id: UUID, now: datetime) -> None:
    """The new mailbox has answered."""
    await connection().execute("UPDATE identity.sign_in_change SET taken_at = $2 WHERE id = $1", change_id, now)


async def mark_stopped(change: AddressChange, now: datetime) -> None:
    """The old mailbox has said no: to this change and to whatever came after it."""
    await connection().execute(
        "UPDATE identity.sign_in_change SET stopped_at = $3"
        " WHERE account_id = $1 AND asked_at >= $2 AND stopped_at IS NULL",
        change.account_id,
        change.asked_at,
        now,
    )


async def put_address(account_id: UUID, email: bytes, email_index: bytes) -> None:
    """Another address to sign in with. Raises TakenAddress."""
    try:
        await connection().execute(
            "UPDATE identity.account SET email = $2, email_index = $3 WHERE id = $1", account_id, email, email_index
        )
    except asyncpg.UniqueViolationError:
        raise TakenAddress from None


async def changes_in(here: Connection, change_ids: Sequence[UUID]) -> dict[UUID, AddressChange]:
    """Changes by id, sealed, for the letters about them. Role.WORKER."""
    rows = await here.fetch(_CHANGE + " WHERE c.id = ANY($1::uuid[])", list(change_ids))
    return {row["id"]: AddressChange(**row) for row in rows}


async def forget_changes(here: Connection, before: datetime, limit: int) -> list[Record]:
    """Remove changes that nobody can do anything about any more; a batch. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "DELETE FROM identity.sign_in_change WHERE id IN (SELECT id FROM identity.sign_in_change WHERE asked_at < $1"
        " ORDER BY asked_at, id LIMIT $2) RETURNING id",
        before,
        limit,
    )
    return rows
