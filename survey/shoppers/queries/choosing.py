"""The profiles that one sign-in leads to, and which one a session uses. Role.GATE."""

from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, connection

from ..domain import OwnProfile

_PROFILES = """
SELECT s.id,
       s.affiliate_id,
       f.name AS affiliate_name,
       f.status AS affiliate_status,
       s.status,
       s.agreement_version,
       (SELECT max(a.number) FROM field.agreement a WHERE a.affiliate_id = s.affiliate_id) AS agreement_number
  FROM identity.shopper s
  JOIN field.affiliate f ON f.id = s.affiliate_id
 WHERE s.account_id = $1
   AND s.status IN ('active', 'paused', 'deactivated')
"""

_DECISIONS = """
SELECT d.id,
       d.affiliate_id,
       d.shopper_id,
       d.code,
       d.reason,
       d.decided_at,
       d.contest,
       d.contested_at,
       d.outcome
  FROM identity.deactivation d
  JOIN identity.shopper s ON s.id = d.shopper_id
 WHERE s.account_id = $1
   AND s.status = 'deactivated'
   AND d.outcome IS DISTINCT FROM 'lifted'
"""


async def profiles_of(account_id: UUID) -> list[OwnProfile]:
    """One's own profiles, by the affiliate's name. A person has few."""
    rows = await connection().fetch(_PROFILES + " ORDER BY lower(f.name), s.id LIMIT 100", account_id)
    return [OwnProfile(**row) for row in rows]


async def profile_of(account_id: UUID, shopper_id: UUID) -> OwnProfile:
    """One of one's own profiles. Raises NotFound."""
    row = await connection().fetchrow(_PROFILES + " AND s.id = $2", account_id, shopper_id)
    if row is None:
        raise NotFound("profile")
    return OwnProfile(**row)


async def use_profile(session_hash: bytes, account_id: UUID, shopper_id: UUID) -> None:
    """From now on the session is at this affiliate."""
    await connection().execute(
        "UPDATE ops.session SET shopper_id = $3 WHERE id_hash = $1 AND account_id = $2",
        session_hash,
        account_id,
        shopper_id,
    )


async def decisions_about(account_id: UUID) -> list[Record]:
    """The deactivations of one's own profiles that stand, sealed."""
    rows: list[Record] = await connection().fetch(_DECISIONS + " ORDER BY d.decided_at DESC, d.id", account_id)
    return rows


async def contest(decision_id: UUID, words: bytes, now: object) -> bool:
    """What the shopper says to a decision, once; False where it was said, or decided, before."""
    return (
        await connection().fetchval(
            "UPDATE identity.deactivation SET contest = $2, contested_at = $3"
            " WHERE id = $1 AND contest IS NULL AND outcome IS NULL RETURNING id",
            decision_id,
            words,
            now,
        )
        is not None
    )
