"""Every statement about sessions and throttles. All run as candour_gate, except the portal's own look-up."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from survey.db import connection

# A counter is found only with the salt of its day, and no window is longer than one.
THROTTLE_LIFE = timedelta(days=2)


def clients_of(account: str) -> str:
    """For which clients an account works, as an expression: NULL for all of them. account: its table's name."""
    ticked = f"SELECT k.client_id FROM identity.account_client k WHERE k.account_id = {account}.id"  # noqa: S608
    return f"CASE WHEN {account}.is_limited THEN ARRAY({ticked}) END"


# One statement decides: the session's own end, the affiliate's session length as it is now, idleness (a quarter of
# that, at least 15 minutes), and whether the account and the affiliate are still active. Viewers are not idle: the
# portal may not write, so nobody knows when they last looked, and they must be able to sign out after hours of reading.
_SESSION = f"""
SELECT s.id_hash,
       s.account_id,
       s.affiliate_id,
       s.stage,
       s.flash,
       s.created_at,
       s.seen_at,
       s.is_lent,
       a.role,
       a.client_id,
       l.path AS node_path,
       {clients_of("a")} AS clients,
       p.id AS shopper_id,
       p.affiliate_id AS shopper_affiliate_id,
       field.brand_of(t) AS brand
  FROM ops.session s
  JOIN identity.account a ON a.id = s.account_id AND a.affiliate_id = s.affiliate_id
  JOIN field.affiliate f ON f.id = s.affiliate_id
  LEFT JOIN field.location l ON l.id = a.location_id
  LEFT JOIN (
    identity.shopper p JOIN field.affiliate t ON t.id = p.affiliate_id AND t.status = 'active'
  ) ON p.id = s.shopper_id AND p.account_id = s.account_id AND p.status IN ('active', 'paused')
 WHERE s.id_hash = $1
   AND s.expires_at > $2
   AND s.created_at + make_interval(mins => f.session_minutes) > $2
   AND (
        a.role = 'client_viewer'
        OR s.seen_at + make_interval(mins => least(f.session_minutes, greatest(15, f.session_minutes / 4))) > $2
   )
   AND a.status = 'active'
   AND f.status = 'active'
"""  # noqa: S608  (made of constants)

# A session that is lent to a search ends with it; where a search is killed, soon after.
_INSERT_SESSION = """
INSERT INTO ops.session (id_hash, affiliate_id, account_id, stage, device, created_at, seen_at, expires_at, is_lent)
SELECT $1, a.affiliate_id, a.id, $3, $4, $5, $5,
       $5::timestamptz + make_interval(mins => CASE WHEN $6 THEN 10 ELSE f.session_minutes END), $6
  FROM identity.account a
  JOIN field.affiliate f ON f.id = a.affiliate_id
 WHERE a.id = $2
"""

_INSERT_PORTAL_SESSION = """
INSERT INTO ops.portal_session (id_hash, affiliate_id, client_id, node_path, expires_at, brand)
SELECT s.id_hash, s.affiliate_id, a.client_id, l.path, s.expires_at, field.brand_of(f) || '{"accent": null}'
  FROM ops.session s
  JOIN identity.account a ON a.id = s.account_id
  JOIN field.affiliate f ON f.id = s.affiliate_id
  JOIN field.location l ON l.id = a.location_id
 WHERE s.id_hash = $1
   AND s.stage = 'full'
   AND a.role = 'client_viewer'
"""

_DELETE_SESSIONS = """
WITH gone AS (
    DELETE FROM ops.session
     WHERE account_id = $1
       AND ($2::bytea IS NULL OR id_hash = $2)
       AND ($3::bytea IS NULL OR id_hash <> $3)
    RETURNING id_hash
), portal AS (
    DELETE FROM ops.portal_session
     WHERE id_hash IN (SELECT id_hash FROM gone)
)
SELECT count(*) FROM gone
"""

_DELETE_LENT = """
WITH gone AS (
    DELETE FROM ops.session
     WHERE is_lent
       AND device = $1
    RETURNING id_hash
)
DELETE FROM ops.portal_session
 WHERE id_hash IN (SELECT id_hash FROM gone)
"""

_BIND_PORTAL = """
SELECT affiliate_id,
       client_id,
       node_path,
       brand,
       set_config('app.affiliate', affiliate_id::text, true),
       set_config('app.client', client_id::text, true),
       set_config('app.node', node_path, true)
  FROM ops.portal_session
 WHERE id_hash = $1
   AND expires_at > $2
"""

_SHORTEN_PORTAL = """
UPDATE ops.portal_session p
   SET expires_at = least(p.expires_at, s.created_at + make_interval(mins => f.session_minutes))
  FROM ops.session s
  JOIN field.affiliate f ON f.id = s.affiliate_id
 WHERE s.id_hash = p.id_hash
   AND p.affiliate_id = $1
"""

_COUNT_ATTEMPT = """
INSERT INTO ops.throttle AS t (key, window_start, count)
VALUES ($1, $2, 1)
ON CONFLICT (key) DO UPDATE
   SET count = CASE WHEN t.window_start <= $3 THEN 1 ELSE t.count + 1 END,
       window_start = CASE WHEN t.window_start <= $3 THEN $2 ELSE t.window_start END
RETURNING count, window_start
"""


async def session_row(id_hash: bytes, now: datetime) -> Record | None:
    """The session if it is still good, with the role and place of its account."""
    return await connection().fetchrow(_SESSION, id_hash, now)


async def insert_session(
    id_hash: bytes, account_id: UUID, stage: str, device: str, now: datetime, *, is_lent: bool = False
) -> None:
    """A new session, as long as the account's affiliate allows; for a client's viewer also what the portal reads."""
    await connection().execute(_INSERT_SESSION, id_hash, account_id, stage, device, now, is_lent)
    await connection().execute(_INSERT_PORTAL_SESSION, id_hash)


async def delete_sessions(account_id: UUID, only: bytes | None = None, but: bytes | None = None) -> int:
    """Remove an account's sessions: all, `only` one, or all `but` one. Returns how many."""
    removed: int = await connection().fetchval(_DELETE_SESSIONS, account_id, only, but)
    return removed


async def delete_lent_sessions(search: str) -> None:
    """Remove the sessions that a search for leaks has opened for itself."""
    await connection().execute(_DELETE_LENT, search)


async def delete_sessions_of_affiliate(affiliate_id: UUID) -> None:
    """Remove the sessions of everybody at an affiliate, and what the portal knows of them."""
    await connection().execute("DELETE FROM ops.session WHERE affiliate_id = $1", affiliate_id)
    await connection().execute("DELETE FROM ops.portal_session WHERE affiliate_id = $1", affiliate_id)


async def shorten_portal_sessions(affiliate_id: UUID) -> None:
    """Let what the portal reads end when the affiliate's sessions do now; nothing becomes longer."""
    await connection().execute(_SHORTEN_PORTAL, affiliate_id)


async def sessions_of(account_id: UUID, now: datetime) -> list[Record]:
    """An account's open sessions, the latest first."""
    rows: list[Record] = await connection().fetch(
        "SELECT id_hash, stage, device, created_at, seen_at, expires_at FROM ops.session"
        " WHERE account_id = $1 AND expires_at > $2 AND NOT is_lent ORDER BY seen_at DESC, id_hash",
        account_id,
        now,
    )
    return rows


async def touch(id_hash: bytes, now: datetime) -> None:
    """Remember that the session was used."""
    await connection().execute("UPDATE ops.session SET seen_at = $2 WHERE id_hash = $1", id_hash, now)


async def keep_flashes(id_hash: bytes, flashes: list[tuple[str, str]], *, is_shown: bool) -> None:
    """Put messages by for the next page; those that were shown go."""
    await connection().execute(
        "UPDATE ops.session SET flash = CASE WHEN $3 THEN $2::jsonb ELSE flash || $2::jsonb END WHERE id_hash = $1",
        id_hash,
        [list(pair) for pair in flashes],
        is_shown,
    )


async def bind_portal(id_hash: bytes, now: datetime) -> Record | None:
    """Fence this transaction to the viewer's client and node, as the session's own row names them."""
    return await connection().fetchrow(_BIND_PORTAL, id_hash, now)


async def count_attempt(key: bytes, now: datetime, window_since: datetime) -> Record:
    """One more attempt; a window that began before `window_since` is over and starts anew."""
    return await connection().fetchrow(_COUNT_ATTEMPT, key, now, window_since)


async def attempts_since(key: bytes, since: datetime) -> int:
    """Attempts in the window, 0 where it is over."""
    found: int | None = await connection().fetchval(
        "SELECT count FROM ops.throttle WHERE key = $1 AND window_start > $2", key, since
    )
    return found or 0


async def forget_attempts(key: bytes) -> None:
    """Remove a counter."""
    await connection().execute("DELETE FROM ops.throttle WHERE key = $1", key)


async def sweep(now: datetime) -> None:
    """Remove what is over: sessions, the portal's, and counters of two days ago, whose salt is gone. Role.WORKER."""
    await connection().execute("DELETE FROM ops.session WHERE expires_at <= $1", now)
    await connection().execute("DELETE FROM ops.portal_session WHERE expires_at <= $1", now)
    await connection().execute("DELETE FROM ops.throttle WHERE window_start <= $1", now - THROTTLE_LIFE)
