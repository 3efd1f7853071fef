"""Every statement that looks whether a promise holds, and the two that keep and tell what was found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from . import shoppers as shoppers

PLANES = ("field", "identity", "ledger", "ops", "release", "vault")

STOPPED = """
SELECT d.id
  FROM ops.delivery d
  JOIN ledger.opt_out stop
    ON stop.suppression_key = d.suppression_key
   AND stop.lifts IS NULL
   AND (stop.scope = 'everything' OR stop.client_id = d.client_id
        OR (stop.sender_id = d.affiliate_id
            AND (stop.scope = 'affiliate' OR (d.is_bulk AND d.client_id IS NULL))))
 WHERE NOT d.is_asked
   AND NOT EXISTS (SELECT FROM ledger.opt_out undo WHERE undo.lifts = stop.id)
"""

SAMPLE_OF_SEALED = """
SELECT t.{key} AS id, t.{part}::text AS part, t.{subject} AS subject, t.{column} AS sealed
  FROM {relation} t
 WHERE t.{column} IS NOT NULL
 ORDER BY t.{key}
 LIMIT $1
"""

UNFENCED = """
SELECT n.nspname || '.' || c.relname
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'affiliate_id'
 WHERE c.relkind IN ('r', 'p')
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
 ORDER BY 1
"""

OVERPOWERED = """
SELECT rolname
  FROM pg_roles
 WHERE rolname LIKE 'candour\\_%'
   AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)
 ORDER BY 1
"""

COLUMNS = """
SELECT n.nspname || '.' || c.relname || '.' || a.attname
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname = ANY ($1)
   AND c.relname !~ '^(pgqueuer|migration)'
   AND a.attnum > 0
   AND NOT a.attisdropped
"""

REMEMBERED_KEYS = "SELECT name FROM ops.setting WHERE starts_with(name, 'key.') ORDER BY name"
REMEMBER_KEYS = """
INSERT INTO ops.setting (name, value)
SELECT name, '{}'
  FROM unnest($1::text[]) AS fresh (name)
ON CONFLICT (name) DO NOTHING
"""
KEK_VERSIONS = "SELECT DISTINCT kek_version FROM vault.subject_key ORDER BY kek_version"

ERASABLE_EVIDENCE = """
SELECT r.rolname || ' may change ' || t.relation
  FROM pg_roles r
 CROSS JOIN unnest($1::text[]) AS t (relation)
 WHERE r.rolname LIKE 'candour\\_%'
   AND r.rolname <> 'candour_owner'
   AND (has_table_privilege(r.oid, t.relation, 'UPDATE') OR has_table_privilege(r.oid, t.relation, 'DELETE')
        OR has_table_privilege(r.oid, t.relation, 'TRUNCATE'))
 ORDER BY 1
"""

# Messages that were sent before there were codes have none.
SENT_WITH_CODES = """
SELECT message_id
  FROM ops.delivery
 WHERE state = 'sent'
   AND message_id IS NOT NULL
   AND sent_at > $1
   AND sent_at > (SELECT (value #>> '{}')::timestamptz FROM ops.setting WHERE name = 'mail.codes_since')
 ORDER BY sent_at DESC, id
 LIMIT $2
"""

CODES_UNKNOWN = """
SELECT count(*)
  FROM unnest($1::bytea[]) AS wanted (code_index)
 WHERE NOT EXISTS (SELECT FROM ops.mail_code c WHERE c.code_index = wanted.code_index)
"""

LINKS_OF_CLOSED = """
SELECT count(*)
  FROM field.study s
 WHERE s.status IN ('closed', 'released')
   AND (EXISTS (SELECT FROM identity.response_link l WHERE l.study_id = s.id)
        OR EXISTS (SELECT FROM field.entry e WHERE e.study_id = s.id))
"""

UNHASHED = """
SELECT 'ops.session' WHERE EXISTS (SELECT FROM ops.session WHERE octet_length(id_hash) <> 32)
 UNION ALL
SELECT 'ops.answer_session' WHERE EXISTS (SELECT FROM ops.answer_session WHERE octet_length(id_hash) <> 32)
"""

PEOPLE_OF_RELEASE = """
SELECT n.node_id, n.path, n.people, r.threshold
  FROM release.node n
  JOIN release.release r ON r.id = n.release_id
 WHERE n.release_id = $1
"""

TOTALS_OF_RELEASE = """
SELECT item, node_id, node_path AS path, value
  FROM release.cell
 WHERE release_id = $1
   AND table_id = 'answers'
   AND category = 'total'
   AND value IS NOT NULL
"""

LATEST = """
SELECT promise,
       max(at) AS checked_at,
       (array_agg(is_held ORDER BY at DESC))[1] AS is_held,
       max(at) FILTER (WHERE is_held) AS last_held_at
  FROM ledger.promise_check
 GROUP BY promise
"""


async def keep(here: Connection, found: Sequence[tuple[str, bool, str]], now: datetime) -> None:
    """Write down what was found. Role.WORKER."""
    await here.executemany(
        "INSERT INTO ledger.promise_check (promise, is_held, finding, at) VALUES ($1, $2, $3, $4)",
        [(*one, now) for one in found],
    )


async def latest(here: Connection) -> dict[str, Record]:
    """The last look at each promise, and the last time it held. Role.GATE."""
    return {row["promise"]: row for row in await here.fetch(LATEST)}


async def sent_with_codes(here: Connection, after: datetime, limit: int) -> list[str]:
    """The Message-IDs of the messages sent last, after a moment."""
    return [row["message_id"] for row in await here.fetch(SENT_WITH_CODES, after, limit)]


async def codes_unknown(here: Connection, indexes: Sequence[bytes]) -> int:
    """How many of these codes nothing is known of."""
    found: int = await here.fetchval(CODES_UNKNOWN, list(indexes))
    return found


async def count(here: Connection, relation: str, condition: str = "true") -> int:
    """How many rows there are. Both texts are constants of the checks."""
    found: int = await here.fetchval(f"SELECT count(*) FROM {relation} WHERE {condition}")  # noqa: S608
    return found


async def names(here: Connection, statement: str, *arguments: object) -> list[str]:
    """The first column of a statement of this file."""
    return [row[0] for row in await here.fetch(statement, *arguments)]


async def remember(here: Connection, marks: Sequence[str]) -> None:
    """Keep the fingerprints of keys for good; what is there already stays."""
    await here.execute(REMEMBER_KEYS, marks)


async def kek_versions(here: Connection) -> list[int]:
    """The versions of the key-encryption keys that anybody's key is wrapped with. Role.WORKER."""
    return [row[0] for row in await here.fetch(KEK_VERSIONS)]


async def stopped_and_queued(here: Connection) -> int:
    """How much survey mail waits for somebody who has stopped it. Role.WORKER."""
    # What was queued before the wish is set aside in its transaction; nothing may be left.
    return len(await here.fetch(STOPPED + " AND d.state IN ('queued', 'held')"))


async def sent_after_stop(here: Connection) -> int:
    """How much survey mail has gone out after its receiver had stopped it; a minute is given to what was under way."""
    return len(await here.fetch(STOPPED + " AND d.sent_at > stop.at + interval '1 minute'"))


async def sealed_sample(here: Connection, column: tuple[str, str, str, str, str], limit: int) -> list[Record]:
    """Some values of a sealed column. column: relation, name, and what names the row, its part and its subject."""
    relation, name, key, part, subject = column
    statement = SAMPLE_OF_SEALED.format(relation=relation, column=name, key=key, part=part, subject=subject)
    found: list[Record] = await here.fetch(statement, limit)
    return found


async def contacts_with_stops(here: Connection, limit: int) -> list[Record]:
    """Some contacts whose address has been stopped: id, sealed address, and the key the stop is found by."""
    found: list[Record] = await here.fetch(
        "SELECT c.id, c.email, c.suppression_key FROM identity.contact c"
        " WHERE c.suppression_key IN (SELECT suppression_key FROM ledger.opt_out) ORDER BY c.id LIMIT $1",
        limit,
    )
    return found


async def affiliate_ids(here: Connection) -> list[UUID]:
    """Every tenant."""
    return [row["id"] for row in await here.fetch("SELECT id FROM field.affiliate ORDER BY id")]


async def provider_ids(here: Connection) -> list[UUID]:
    """Who runs the platform: what concerns all tenants is recorded there."""
    return [row["id"] for row in await here.fetch("SELECT id FROM field.affiliate WHERE kind = 'provider' ORDER BY id")]


async def release_ids(here: Connection) -> list[tuple[UUID, UUID]]:
    """Releases of the transaction's affiliate with their studies. Role.RELEASER."""
    rows = await here.fetch("SELECT id, study_id FROM release.release ORDER BY id")
    return [(row["id"], row["study_id"]) for row in rows]


async def people_of_release(here: Connection, release_id: UUID) -> list[Record]:
    """Places of a release and the people they show."""
    found: list[Record] = await here.fetch(PEOPLE_OF_RELEASE, release_id)
    return found


async def totals_of_release(here: Connection, release_id: UUID) -> list[Record]:
    """How many people a release shows to have answered each question, by place."""
    found: list[Record] = await here.fetch(TOTALS_OF_RELEASE, release_id)
    return found
