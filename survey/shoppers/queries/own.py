"""A shopper's own profile. Role.SHOPPER; row-level security knows no other row."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Agreement, Answers, Look, Status, Units

_PROFILE = """
SELECT id,
       display_code,
       status,
       email,
       name,
       phone,
       address,
       latitude,
       longitude,
       time_zone,
       units,
       bands,
       agreement_version,
       agreed_at,
       created_at
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND id = $2
"""

_PUT_DETAILS = """
UPDATE identity.shopper
   SET name = $3,
       phone = $4,
       address = $5,
       household_index = coalesce($6, household_index),
       region = $7,
       time_zone = $8,
       units = $9
 WHERE affiliate_id = $1
   AND id = $2
"""

_LOOKS = """
SELECT e.id,
       e.at,
       e.actor_kind,
       e.actor_role AS role,
       a.name AS company,
       e.action,
       e.purpose
  FROM ledger.event e
  JOIN field.affiliate a ON a.id = e.affiliate_id
 WHERE e.affiliate_id = $1
   AND e.subject_id = $2
   AND e.purpose IS NOT NULL
   AND ($3::timestamptz IS NULL OR (e.at, e.id) < ($3, $4::uuid))
 ORDER BY e.at DESC, e.id DESC
 LIMIT $5
"""


async def own_row(scope: Scope) -> Record:
    """The profile, sealed. Raises NotFound."""
    row = await connection().fetchrow(_PROFILE, scope.affiliate_id, scope.shopper_id)
    if row is None:
        raise NotFound("profile")
    return row


async def clock(scope: Scope) -> str:
    """The time zone in which somebody lives. Raises NotFound."""
    found: str | None = await connection().fetchval(
        "SELECT time_zone FROM identity.shopper WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    if found is None:
        raise NotFound("profile")
    return found


async def lock(scope: Scope) -> None:
    """Let one's own other requests wait: of two files sent at once one replaces the other. Role.SHOPPER."""
    await connection().execute(
        "SELECT FROM identity.shopper WHERE affiliate_id = $1 AND id = $2 FOR UPDATE",
        scope.affiliate_id,
        scope.shopper_id,
    )


async def put_details(
    scope: Scope, sealed: tuple[bytes, bytes, bytes, bytes | None], region: str, clock: tuple[str, Units]
) -> None:
    """Correct what is held.

    sealed: name, phone, address, and the household's index, None where it stays. clock: time zone and units.
    """
    await connection().execute(_PUT_DETAILS, scope.affiliate_id, scope.shopper_id, *sealed, region, *clock)


async def put_bands(scope: Scope, bands: Answers) -> None:
    """Replace what somebody tells of themselves."""
    await connection().execute(
        "UPDATE identity.shopper SET bands = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        scope.shopper_id,
        bands,
    )


async def move_status(scope: Scope, old: Status, new: Status) -> bool:
    """Pause or resume; False when it is so already."""
    return (
        await connection().fetchval(
            "UPDATE identity.shopper SET status = $4 WHERE affiliate_id = $1 AND id = $2 AND status = $3 RETURNING id",
            scope.affiliate_id,
            scope.shopper_id,
            old,
            new,
        )
        is not None
    )


async def accept(scope: Scope, number: int, now: datetime) -> bool:
    """Note the version that was accepted; False when it was before."""
    return (
        await connection().fetchval(
            "UPDATE identity.shopper SET agreement_version = $3, agreed_at = $4"
            " WHERE affiliate_id = $1 AND id = $2 AND agreement_version IS DISTINCT FROM $3 RETURNING id",
            scope.affiliate_id,
            scope.shopper_id,
            number,
            now,
        )
        is not None
    )


async def agreement_now(scope: Scope) -> Agreement:
    """The version in force. Role.SHOPPER or STAFF. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT number, body, created_at FROM field.agreement WHERE affiliate_id = $1 ORDER BY number DESC LIMIT 1",
        scope.affiliate_id,
    )
    if row is None:
        raise NotFound("agreement")
    return Agreement(**row)


async def agreement_numbered(scope: Scope, number: int) -> Agreement:
    """A version. Role.SHOPPER or STAFF. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT number, body, created_at FROM field.agreement WHERE affiliate_id = $1 AND number = $2",
        scope.affiliate_id,
        number,
    )
    if row is None:
        raise NotFound("agreement")
    return Agreement(**row)


async def looks_at(scope: Scope, keyset: Keyset) -> Paged[Look]:
    """Who looked at the profile, the latest first. Raises BadCursor."""
    after, after_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_LOOKS, scope.affiliate_id, scope.shopper_id, after, after_id, keyset.rows_to_fetch)
    page = paged(rows, keyset, lambda row: (row["at"], row["id"]))
    looks = [Look(**{name: value for name, value in row.items() if name != "id"}) for row in page.rows]
    return Paged(looks, page.next_cursor)
