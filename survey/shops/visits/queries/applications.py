"""Applications as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from survey.db import NotFound, Scope, connection, savepoint

from ..domain import AlreadyApplied, Application, ApplicationState

_COLUMNS = "p.id, p.shop_id, p.shopper_id, p.proposed_on, p.state, p.reason, p.created_at, p.decided_at"

_INSERT = """
INSERT INTO identity.application (id, affiliate_id, shop_id, shopper_id, proposed_on, note, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_ONE = f"""
SELECT {_COLUMNS}
  FROM identity.application p
 WHERE p.affiliate_id = $1
   AND p.id = $2
   FOR NO KEY UPDATE
"""  # noqa: S608  (columns named above)

_WAITING = f"""
SELECT {_COLUMNS}
  FROM identity.application p
 WHERE p.affiliate_id = $1
   AND p.shop_id = $2
   AND p.shopper_id = $3
   AND p.state = 'SUBMITTED'
"""  # noqa: S608

_DECIDE = """
UPDATE identity.application
   SET state = $3, decided_at = $4{reason}
 WHERE affiliate_id = $1
   AND id = $2
"""

# A shopper's own page settles the shopper's own application; everybody else's is settled by a job, which may see them.
_SETTLE = """
UPDATE identity.application p
   SET state = CASE WHEN s.state IN ('CANCELLED', 'EXPIRED') THEN 'EXPIRED'
                    WHEN p.shopper_id = a.shopper_id THEN 'APPROVED'
                    ELSE 'SUPERSEDED' END,
       decided_at = $2
  FROM field.shop s
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
 WHERE s.id = ANY($1::uuid[])
   AND s.state NOT IN ('DRAFT', 'OPEN', 'OFFERED')
   AND p.shop_id = s.id
   AND p.state = 'SUBMITTED'
   AND (s.state IN ('CANCELLED', 'EXPIRED') OR a.shopper_id IS NOT NULL)
RETURNING p.id, p.affiliate_id, p.shop_id, p.shopper_id, p.state
"""


async def insert_application(
    scope: Scope, application_id: UUID, shop_id: UUID, terms: tuple[date | None, bytes | None], now: datetime
) -> None:
    """A new application of the scope's shopper; terms: proposed day and sealed note. Raises AlreadyApplied."""
    try:
        async with savepoint():
            await connection().execute(
                _INSERT, application_id, scope.affiliate_id, shop_id, scope.shopper_id, *terms, now
            )
    except UniqueViolationError as error:
        raise AlreadyApplied from error


async def application_in(scope: Scope, application_id: UUID) -> Application:
    """An application, locked. Raises NotFound."""
    row = await connection().fetchrow(_ONE, scope.affiliate_id, application_id)
    if row is None:
        raise NotFound("application")
    return _application(row)


async def find_waiting(scope: Scope, shop_id: UUID, shopper_id: UUID) -> Application | None:
    """The application of a shopper for a shop that nobody has decided."""
    row = await connection().fetchrow(_WAITING, scope.affiliate_id, shop_id, shopper_id)
    return None if row is None else _application(row)


async def decide_application(
    scope: Scope, application_id: UUID, state: ApplicationState, now: datetime, reason: str = ""
) -> None:
    """Write how an application ended; a shopper's role may not touch the reason."""
    if reason:
        await connection().execute(
            _DECIDE.format(reason=", reason = $5"), scope.affiliate_id, application_id, state, now, reason
        )
        return
    await connection().execute(_DECIDE.format(reason=""), scope.affiliate_id, application_id, state, now)


async def settle_applications(shop_ids: Sequence[UUID], now: datetime) -> list[Record]:
    """End the applications of shops that somebody has or nobody makes: id, affiliate_id, shop_id, shopper_id, state."""
    rows: list[Record] = await connection().fetch(_SETTLE, list(shop_ids), now)
    return rows


def _application(row: Record) -> Application:
    return Application(**(dict(row) | {"state": ApplicationState(row["state"])}))
