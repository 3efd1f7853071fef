"""Narrowing the contacts of a client: for lists, for counts, and for the statement that launches a study."""

from dataclasses import dataclass
from uuid import UUID

from survey.db import Scope, connection

from ..domain import Audience, AudienceCount, ContactFilter, Shown

COUNTED_AT_MOST = 100_000

# The same rule as in the suppression list: a stop holds until a later row lifts it.
IS_SUPPRESSED = """EXISTS (
        SELECT FROM ledger.opt_out AS stop
        WHERE stop.suppression_key = c.suppression_key
          AND (stop.scope = 'everything' OR stop.client_id = c.client_id
               OR (stop.scope = 'affiliate' AND stop.sender_id = c.affiliate_id))
          AND stop.lifts IS NULL
          AND NOT EXISTS (SELECT FROM ledger.opt_out AS undo WHERE undo.lifts = stop.id)
    )"""
CONDITIONS = {
    "node_path": """c.location_id IN (
        SELECT l.id FROM field.location AS l WHERE l.client_id = c.client_id AND starts_with(l.path, {value})
    )""",
    "language": "c.language = {value}",
    "visited_from": "c.visited_on >= {value}",
    "visited_until": "c.visited_on <= {value}",
    "import_id": "c.import_id = {value}",
}
SHOWN = {
    Shown.INVITABLE: f"c.status = 'active' AND NOT {IS_SUPPRESSED}",
    Shown.OPTED_OUT: f"c.status = 'active' AND {IS_SUPPRESSED}",
    Shown.BOUNCED: "c.status = 'bounced'",
    Shown.RESTRICTED: "c.status = 'restricted'",
}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a statement and the values of its parameters, numbered from where the caller said."""

    sql: str
    values: tuple[object, ...]


def conditions(scope: Scope, client_id: UUID, wanted: ContactFilter | Audience, first_parameter: int = 1) -> Fragment:
    """WHERE conditions on `identity.contact AS c`. Values are parameters, never text of the statement."""
    parts = [f"c.affiliate_id = ${first_parameter}", f"c.client_id = ${first_parameter + 1}"]
    values: list[object] = [scope.affiliate_id, client_id]
    for name, condition in CONDITIONS.items():
        if (value := getattr(wanted, name, None)) is not None:
            parts.append(condition.format(value=f"${first_parameter + len(values)}"))
            values.append(value)
    if isinstance(wanted, Audience):
        parts.append("c.status IN ('active', 'bounced')")
    elif wanted.shown:
        parts.append(SHOWN[wanted.shown])
    return Fragment("\n      AND ".join(parts), tuple(values))


def audience_fragment(scope: Scope, client_id: UUID, audience: Audience, first_parameter: int) -> Fragment:
    """See `service.audience_sql`."""
    where = conditions(scope, client_id, audience, first_parameter)
    sql = f"""
    SELECT c.id AS contact_id, c.affiliate_id, c.client_id, c.suppression_key, c.location_id, c.language,
        c.visited_on, c.status, {IS_SUPPRESSED} AS is_suppressed
    FROM identity.contact AS c
    WHERE {where.sql}
    """  # noqa: S608  (made of constants; values are parameters)
    return Fragment(sql, where.values)


async def count_audience(scope: Scope, client_id: UUID, audience: Audience) -> AudienceCount:
    """How many an audience has, and how many of them are suppressed."""
    found = audience_fragment(scope, client_id, audience, 1)
    counts = "count(*), count(*) FILTER (WHERE a.is_suppressed)"
    query = f"SELECT {counts} FROM ({found.sql}) AS a WHERE a.status = 'active'"  # noqa: S608
    return AudienceCount(*await connection().fetchrow(query, *found.values))


async def count_contacts(scope: Scope, client_id: UUID, wanted: ContactFilter) -> int:
    """How many contacts a narrowed list has; counting stops at COUNTED_AT_MOST."""
    where = conditions(scope, client_id, wanted)
    query = f"""
    SELECT count(*)
    FROM (SELECT FROM identity.contact AS c WHERE {where.sql} LIMIT {COUNTED_AT_MOST}) AS found
    """  # noqa: S608  (made of constants; values are parameters)
    return int(await connection().fetchval(query, *where.values))
