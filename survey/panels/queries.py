"""Every statement of panels. Staff see their own affiliate's; candour_desk acts for the member who holds the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.panels.domain import Member, Panel, PanelAudience, PanelAudienceCount, PanelDraft, Profile

_COLUMNS = "p.id, p.affiliate_id, p.name, p.slug, p.about, p.wording, p.wording_version, p.is_open, p.created_at"
_PANEL = f"SELECT {_COLUMNS} FROM field.panel p"  # noqa: S608  (made of constants)
_LISTED = f"""
SELECT {_COLUMNS},
       (SELECT count(*) FROM identity.panelist m WHERE m.panel_id = p.id AND m.status = 'active') AS active,
       (SELECT count(*) FROM identity.panelist m WHERE m.panel_id = p.id AND m.status = 'pending') AS pending
  FROM field.panel p
 WHERE p.affiliate_id = $1
"""  # noqa: S608  (made of constants)
_MEMBER = """
SELECT m.id, m.panel_id, m.status, m.language, m.age_band, m.gender, m.region, m.joined_at, m.confirmed_at
  FROM identity.panelist m
"""
# The same rule as in the suppression list: a stop holds until a later row lifts it. A panel belongs to no client.
_IS_SUPPRESSED = """EXISTS (
        SELECT FROM ledger.opt_out AS stop
        WHERE stop.suppression_key = m.suppression_key
          AND (stop.scope = 'everything' OR stop.client_id = {client}
               OR (stop.scope = 'affiliate' AND stop.sender_id = m.affiliate_id))
          AND stop.lifts IS NULL
          AND NOT EXISTS (SELECT FROM ledger.opt_out AS undo WHERE undo.lifts = stop.id)
    )"""
# An address that does not exist is told apart in the log; whoever has left is no member.
_ARE_MEMBERS = "m.status IN ('active', 'bounced')"
_BANDS = {"age_bands": "age_band", "genders": "gender", "regions": "region", "languages": "language"}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a statement and the values of its parameters, numbered from where the caller said."""

    sql: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A member's sealed fields."""

    email: bytes
    first_name: bytes | None


async def panels_of(scope: Scope, keyset: Keyset) -> Paged[Panel]:
    """One page of panels by name. Raises BadCursor."""
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(
        _LISTED
        + " AND ($2::text IS NULL OR (lower(p.name), p.id) > ($2, $3::uuid)) ORDER BY lower(p.name), p.id LIMIT $4",
        scope.affiliate_id,
        *after,
        keyset.rows_to_fetch,
    )
    return paged([Panel(**row) for row in rows], keyset, lambda panel: (panel.name.lower(), panel.id))


async def panel_in(scope: Scope, panel_id: UUID) -> Panel:
    """A panel. Raises NotFound."""
    row = await connection().fetchrow(_LISTED + " AND p.id = $2", scope.affiliate_id, panel_id)
    if row is None:
        raise NotFound("panel")
    return Panel(**row)


async def panel_called(slug: str) -> Panel:
    """The panel behind a public address, of whichever affiliate. Role.DESK. Raises NotFound."""
    row = await connection().fetchrow(_PANEL + " WHERE p.slug = $1", slug)
    if row is None:
        raise NotFound("panel")
    return Panel(**row)


async def slug_is_taken(slug: str, but: UUID | None) -> bool:
    """Whether another panel of this affiliate has the address; the unique key is the last word across affiliates."""
    taken: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT 1 FROM field.panel WHERE slug = $1 AND id IS DISTINCT FROM $2)", slug, but
    )
    return taken


async def insert_panel(scope: Scope, draft: PanelDraft, now: datetime) -> UUID | None:
    """Make a panel; None where its address is taken."""
    created: UUID | None = await connection().fetchval(
        "INSERT INTO field.panel (affiliate_id, name, slug, about, wording, is_open, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING RETURNING id",
        scope.affiliate_id,
        draft.name,
        draft.slug,
        draft.about,
        draft.wording,
        draft.is_open,
        now,
    )
    return created


async def update_panel(scope: Scope, panel_id: UUID, draft: PanelDraft) -> None:
    """Change a panel; another wording is the next version of it."""
    await connection().execute(
        "UPDATE field.panel SET name = $3, about = $4, is_open = $6,"
        " wording_version = wording_version + (wording <> $5)::integer, wording = $5"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        panel_id,
        draft.name,
        draft.about,
        draft.wording,
        draft.is_open,
    )


async def members_of(scope: Scope, panel_id: UUID, status: str, keyset: Keyset) -> Paged[Member]:
    """One page of a panel's members, in the order of their random ids. Raises BadCursor."""
    after = keyset.after_as(tuple[UUID])
    rows = await connection().fetch(
        _MEMBER + " WHERE m.affiliate_id = $1 AND m.panel_id = $2 AND ($3 = '' OR m.status = $3)"
        " AND ($4::uuid IS NULL OR m.id > $4) ORDER BY m.id LIMIT $5",
        scope.affiliate_id,
        panel_id,
        status,
        after[0] if after else None,
        keyset.rows_to_fetch,
    )
    return paged([Member(**row) for row in rows], keyset, lambda member: (member.id,))


async def member_in(scope: Scope, member_id: UUID) -> Member:
    """A member. Raises NotFound."""
    row = await connection().fetchrow(
        _MEMBER + " WHERE m.affiliate_id = $1 AND m.id = $2", scope.affiliate_id, member_id
    )
    if row is None:
        raise NotFound("member")
    return Member(**row)


async def member_behind(member_id: UUID) -> Member:
    """The member who holds the link. Role.DESK. Raises NotFound."""
    row = await connection().fetchrow(_MEMBER + " WHERE m.id = $1", member_id)
    if row is None:
        raise NotFound("membership")
    return Member(**row)


async def panel_behind(panel_id: UUID) -> Panel:
    """A member's panel. Role.DESK or Role.WORKER."""
    return Panel(**await connection().fetchrow(_PANEL + " WHERE p.id = $1", panel_id))


async def find_member(panel_id: UUID, email_index: bytes) -> Record | None:
    """Id and status of the member with this address, if there is one. Role.DESK."""
    return await connection().fetchrow(
        "SELECT id, status FROM identity.panelist WHERE panel_id = $1 AND email_index = $2 FOR UPDATE",
        panel_id,
        email_index,
    )


async def insert_member(
    panel: Panel, member_id: UUID, sealed: Sealed, keys: tuple[bytes, bytes], profile: Profile, now: datetime
) -> None:
    """Note somebody who wants to join. keys: index of the address, suppression key. Role.DESK."""
    await connection().execute(
        "INSERT INTO identity.panelist (id, affiliate_id, panel_id, email, first_name, email_index, suppression_key,"
        " language, age_band, gender, region, joined_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), nullif($10, ''), nullif($11, ''), $12)",
        member_id,
        panel.affiliate_id,
        panel.id,
        sealed.email,
        sealed.first_name,
        *keys,
        profile.language,
        profile.age_band,
        profile.gender,
        profile.region,
        now,
    )


async def update_member(member_id: UUID, first_name: bytes | None, profile: Profile) -> None:
    """Correct what is held. Role.DESK."""
    await connection().execute(
        "UPDATE identity.panelist SET first_name = $2, language = $3, age_band = nullif($4, ''),"
        " gender = nullif($5, ''), region = nullif($6, '') WHERE id = $1",
        member_id,
        first_name,
        profile.language,
        profile.age_band,
        profile.gender,
        profile.region,
    )


async def confirm(member_id: UUID, now: datetime) -> bool:
    """Make a pending member active; False when it was done before. Role.DESK."""
    done = await connection().fetchval(
        "UPDATE identity.panelist SET status = 'active', confirmed_at = $2"
        " WHERE id = $1 AND status IN ('pending', 'left') RETURNING id",
        member_id,
        now,
    )
    return done is not None


async def leave(member_id: UUID) -> None:
    """Mark a member as gone. Role.DESK."""
    await connection().execute("UPDATE identity.panelist SET status = 'left' WHERE id = $1", member_id)


async def mark_bounced(here: Connection, member_ids: Sequence[UUID]) -> None:
    """The addresses of these members do not exist. Role.WORKER."""
    await here.execute("UPDATE identity.panelist SET status = 'bounced' WHERE id = ANY($1::uuid[])", list(member_ids))


async def sealed_of(here: Connection, member_ids: Sequence[UUID]) -> list[Record]:
    """Sealed fields, language, panel's name and joining day of members, for messages to them."""
    rows: list[Record] = await here.fetch(
        "SELECT m.id, m.email, m.first_name, m.language, m.status, p.name AS panel, m.joined_at, p.id AS panel_id"
        " FROM identity.panelist m JOIN field.panel p ON p.id = m.panel_id WHERE m.id = ANY($1::uuid[])",
        list(member_ids),
    )
    return rows


async def stale_pending(here: Connection, before: datetime) -> list[UUID]:
    """Members who never confirmed and joined before a moment; a batch. Role.WORKER."""
    rows = await here.fetch(
        "SELECT id FROM identity.panelist WHERE status = 'pending' AND joined_at < $1 ORDER BY id LIMIT 1000", before
    )
    return [row["id"] for row in rows]


async def affiliates_left(here: Connection) -> list[UUID]:
    """Affiliates with panels that somebody has left. Role.WORKER."""
    rows = await here.fetch("SELECT DISTINCT affiliate_id FROM identity.panelist WHERE status = 'left'")
    return [row["affiliate_id"] for row in rows]


async def long_left(here: Connection, affiliate_id: UUID, before: datetime) -> list[UUID]:
    """Members whose last word was to leave, before a moment; a batch. Role.WORKER of the affiliate."""
    rows = await here.fetch(
        "SELECT m.id FROM identity.panelist m WHERE m.affiliate_id = $1 AND m.status = 'left'"
        " AND (SELECT max(c.at) FROM ledger.consent c WHERE c.subject_id = m.id) < $2 ORDER BY m.id LIMIT 1000",
        affiliate_id,
        before,
    )
    return [row["id"] for row in rows]


async def delete_members(here: Connection, member_ids: Sequence[UUID]) -> list[tuple[UUID, bytes]]:
    """Remove members; the invitations that name them go along. Role.WORKER or Role.DESK.

    Returns the affiliate of each, and the suppression key of the address.
    """
    rows = await here.fetch(
        "DELETE FROM identity.panelist WHERE id = ANY($1::uuid[]) RETURNING affiliate_id, suppression_key",
        list(member_ids),
    )
    return [(row["affiliate_id"], row["suppression_key"]) for row in rows]


def audience_fragment(scope: Scope, ids: tuple[UUID, UUID], audience: PanelAudience, first_parameter: int) -> Fragment:
    """See `service.audience_sql`. ids: the panel's and the client's."""
    values: list[object] = [scope.affiliate_id, *ids]
    parts = [f"m.affiliate_id = ${first_parameter}", f"m.panel_id = ${first_parameter + 1}", _ARE_MEMBERS]
    for name, column in _BANDS.items():
        if bands := getattr(audience, name):
            parts.append(f"m.{column} = ANY(${first_parameter + len(values)}::text[])")
            values.append(list(bands))
    suppressed = _IS_SUPPRESSED.format(client=f"${first_parameter + 2}")
    sql = f"""
    SELECT m.id AS panelist_id, m.affiliate_id, m.suppression_key, m.language, m.status,
        jsonb_strip_nulls(jsonb_build_object('age_band', m.age_band, 'gender', m.gender, 'region', m.region))
            AS demographics,
        {suppressed} AS is_suppressed
    FROM identity.panelist AS m
    WHERE {" AND ".join(parts)}
    """  # noqa: S608  (made of constants; values are parameters)
    return Fragment(sql, tuple(values))


async def count_audience(scope: Scope, ids: tuple[UUID, UUID], audience: PanelAudience) -> PanelAudienceCount:
    """How many an audience has, and how many of them are suppressed."""
    found = audience_fragment(scope, ids, audience, 1)
    counts = "count(*), count(*) FILTER (WHERE a.is_suppressed)"
    query = f"SELECT {counts} FROM ({found.sql}) AS a WHERE a.status = 'active'"  # noqa: S608
    return PanelAudienceCount(*await connection().fetchrow(query, *found.values))
