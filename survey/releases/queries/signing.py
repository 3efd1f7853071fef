"""Signatures under what leaves, and what they are held against."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from privacy.signing import Signature
from survey.db import connection

from ..domain.makeup import MakeupLine, digest_of
from ..domain.parts import Filed, Held, Person
from ..domain.signing import Kept, Kind, Subject

# The database's own spelling of all that a client reads of a report and that nobody may change, which is read back the
# same for as long as nobody does. Not in it: what may change (its window, a hold, a later version, a recall) and what
# goes with time, which is signed apart (pictures, the names of a client's staff). A column that comes later does not
# belong here: whoever adds one to this list makes every older signature fail.
_CONTENT = """encode(sha256(convert_to(jsonb_build_array(r.client_name, r.report_ref, r.version, r.shop_id, r.node_path,
    r.node_level, r.node_code, r.node_name, r.trail, r.campaign_id, r.campaign_name, r.wave_id, r.wave_label,
    r.wave_starts_on, r.is_competitor, r.time_shown, r.score, r.score_before, r.is_failed, r.snapshot, r.section_titles,
    r.section_scores, r.question_ids, r.question_shares, r.released_on)::text, 'UTF8')), 'hex')"""
_SINCE = "SELECT (value #>> '{}')::timestamptz FROM ops.setting WHERE name = 'releases.signed_since'"

_CONTENT_OF = f"SELECT {_CONTENT} FROM release.shop_report r WHERE r.id = $1"  # noqa: S608 - a constant

_INSERT = """
INSERT INTO release.signature (subject_id, affiliate_id, client_id, statement, signed_by, signature, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# What left before anything was signed is left out; whatever has a signature is looked at, whenever it left.
_RELEASES = """
SELECT r.id, r.client_id, r.digest, '' AS content, s.statement, s.signed_by, s.signature
  FROM release.release r
  LEFT JOIN release.signature s ON s.subject_id = r.id
 WHERE r.affiliate_id = $1
   AND (s.subject_id IS NOT NULL OR r.released_at >= $2)
"""
# Names are hashed where they lie: whoever looks at signatures is not given them.
_STAFF = """(SELECT jsonb_agg(jsonb_build_array(e.token, e.role, e.purge_after, CASE
               WHEN e.name IS NULL AND e.description IS NULL THEN ''
               WHEN e.salt IS NULL THEN 'without its salt'
               ELSE encode(sha256(e.salt || convert_to(jsonb_build_array(e.name, e.description)::text, 'UTF8')), 'hex')
           END) ORDER BY e.token)
          FROM release.shop_employee e
         WHERE e.report_id = r.id)"""
_STAFF_OF = f"SELECT {_STAFF} FROM release.shop_report r WHERE r.id = $1"  # noqa: S608 - a constant

# When pictures may be gone is said as the sweeps of pictures say it.
_REPORTS = f"""
SELECT r.id, r.client_id, r.digest, {_CONTENT} AS content, s.statement, s.signed_by, s.signature,
       {_STAFF} AS staff,
       (SELECT jsonb_agg(jsonb_build_array(p.id, p.position, p.kind, p.media_key) ORDER BY p.position, p.id)
          FROM release.shop_picture p
         WHERE p.report_id = r.id) AS pictures,
       coalesce(r.released_on < ($3 AT TIME ZONE 'UTC')::date OR r.withdrawn_at < $4, false)
           OR (r.is_superseded AND EXISTS (
               SELECT FROM release.shop_report later
                WHERE later.report_ref = r.report_ref
                  AND later.version > r.version
                  AND later.released_on < ($4 AT TIME ZONE 'UTC')::date)) AS is_over
  FROM release.shop_report r
  LEFT JOIN release.signature s ON s.subject_id = r.id
 WHERE r.affiliate_id = $1
   AND (s.subject_id IS NOT NULL OR r.released_at >= $2)
"""  # noqa: S608 - a constant
# Another choice each day, so that in time each is read.
_CHOSEN = """
SELECT p.id
  FROM release.shop_picture p
 WHERE p.affiliate_id = $1
 ORDER BY md5(p.id::text || $2::date::text), p.id
 LIMIT $3
"""
_MAKEUPS = """
SELECT m.wave_id AS id, m.client_id, s.statement, s.signed_by, s.signature,
       array_agg(m.question ORDER BY m.position) AS questions, array_agg(m.band ORDER BY m.position) AS bands,
       array_agg(m.people ORDER BY m.position) AS people
  FROM release.wave_makeup m
  LEFT JOIN release.signature s ON s.subject_id = m.wave_id
 WHERE m.affiliate_id = $1
   AND (s.subject_id IS NOT NULL OR m.told_on > $2::timestamptz::date)
 GROUP BY m.wave_id, m.client_id, s.subject_id
"""

_WITHOUT_SUBJECT = """
SELECT s.subject_id
  FROM release.signature s
 WHERE s.affiliate_id = $1
   AND NOT EXISTS (SELECT FROM release.shop_report r WHERE r.id = s.subject_id)
   AND NOT EXISTS (SELECT FROM release.wave_makeup m WHERE m.wave_id = s.subject_id)
"""
_GONE = """
SELECT sought.id
  FROM unnest($1::uuid[]) AS sought (id)
 WHERE NOT EXISTS (SELECT FROM release.release r WHERE r.id = sought.id)
"""


async def signed_since() -> datetime:
    """From when on everything that leaves is signed. Role.WORKER."""
    found: datetime = await connection().fetchval(_SINCE)
    return found


async def content_of(report_id: UUID) -> str:
    """The digest of a report as it is stored, in hex. Role.STAFF or WORKER."""
    found: str = await connection().fetchval(_CONTENT_OF, report_id)
    return found


async def insert_signature(affiliate_id: UUID, subject: Subject, kept: Kept, now: datetime) -> None:
    """Keep a signature for good. Role.STAFF, RELEASER or WORKER."""
    await connection().execute(
        _INSERT,
        subject.id,
        affiliate_id,
        subject.client_id,
        kept.statement,
        kept.signature.key,
        kept.signature.value,
        now,
    )


async def signed_releases(affiliate_id: UUID, since: datetime) -> AsyncIterator[tuple[Subject, Kept | None]]:
    """Results of studies with their signatures. Role.RELEASER."""
    async for row in connection().cursor(_RELEASES, affiliate_id, since):
        yield _subject(Kind.RELEASE, row), _kept(row)


async def signed_reports(
    affiliate_id: UUID, since: datetime, kept_from: datetime, read_from: datetime
) -> AsyncIterator[tuple[Subject, Kept | None, Held]]:
    """Every version of reports of visits with their signatures and what is stored of their parts. Role.WORKER.

    kept_from: pictures that left before are gone by their time; read_from: those of reports that nobody reads since.
    """
    async for row in connection().cursor(_REPORTS, affiliate_id, since, kept_from, read_from):
        pictures = [Filed(UUID(id_), *others) for id_, *others in row["pictures"] or ()]
        yield _subject(Kind.SHOP_REPORT, row), _kept(row), Held(pictures, _staff(row["staff"]), row["is_over"])


async def staff_of(report_id: UUID) -> list[Person]:
    """Who is in a version, as it is stored. Role.STAFF or WORKER."""
    return _staff(await connection().fetchval(_STAFF_OF, report_id))


async def pictures_to_read(affiliate_id: UUID, today: date, count: int) -> set[UUID]:
    """The pictures whose files are to be read today, at most so many. Role.WORKER."""
    return {row["id"] for row in await connection().fetch(_CHOSEN, affiliate_id, today, count)}


async def signed_makeups(affiliate_id: UUID, since: datetime) -> AsyncIterator[tuple[Subject, Kept | None]]:
    """Who made the visits of waves, with the signatures under it. Role.WORKER."""
    async for row in connection().cursor(_MAKEUPS, affiliate_id, since):
        rows = zip(row["questions"], row["bands"], row["people"], strict=True)
        digest = digest_of([MakeupLine(*each) for each in rows])
        yield Subject(Kind.MAKEUP, row["id"], row["client_id"], digest), _kept(row)


async def signed_elsewhere(affiliate_id: UUID) -> list[UUID]:
    """What is signed and is neither the report of a visit nor who made the visits of a wave. Role.WORKER."""
    return [row["subject_id"] for row in await connection().fetch(_WITHOUT_SUBJECT, affiliate_id)]


async def no_releases(ids: Sequence[UUID]) -> list[UUID]:
    """Those of some ids that are no release of a study. Role.RELEASER."""
    return [row["id"] for row in await connection().fetch(_GONE, ids)]


def _staff(rows: Sequence[Sequence[str]] | None) -> list[Person]:
    return [Person(token, role, date.fromisoformat(purge_after), mark) for token, role, purge_after, mark in rows or ()]


def _subject(kind: Kind, row: Record) -> Subject:
    return Subject(kind, row["id"], row["client_id"], row["digest"], row["content"])


def _kept(row: Record) -> Kept | None:
    if row["statement"] is None:
        return None
    return Kept(row["statement"], Signature(row["signed_by"], row["signature"]))
