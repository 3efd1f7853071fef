"""What hangs on a campaign, as rows: scenarios, waves, notices to staff."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import NoticeDraft, Place, Quota, Scenario, StaffNotice, Wave, WaveDraft

_WAVE = """
SELECT w.id, w.campaign_id, w.label, w.starts_on, w.ends_on, w.quota, w.published_at, w.created_at,
       (SELECT count(*) FROM field.shop s WHERE s.wave_id = w.id) AS shop_count,
       (SELECT count(*) FROM field.shop s WHERE s.wave_id = w.id AND s.state = 'DRAFT') AS draft_count
  FROM field.wave w
 WHERE w.affiliate_id = $1
"""


async def scenarios_of(scope: Scope, campaign_id: UUID) -> list[Scenario]:
    """A campaign's scenarios by name; there are few."""
    rows = await connection().fetch(
        "SELECT id, campaign_id, name, body FROM field.scenario WHERE affiliate_id = $1 AND campaign_id = $2"
        " ORDER BY lower(name), id LIMIT 100",
        scope.affiliate_id,
        campaign_id,
    )
    return [Scenario(**row) for row in rows]


async def scenario_in(scope: Scope, scenario_id: UUID) -> Scenario:
    """A scenario. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT id, campaign_id, name, body FROM field.scenario WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        scenario_id,
    )
    if row is None:
        raise NotFound("scenario")
    return Scenario(**row)


async def put_scenario(scope: Scope, scenario: Scenario) -> bool:
    """Enter a scenario or change it; False where another one has its name."""
    written: bool | None = await connection().fetchval(
        "INSERT INTO field.scenario (id, affiliate_id, campaign_id, name, body)"
        " SELECT $2, $1, $3, $4, $5"
        "  WHERE NOT EXISTS (SELECT FROM field.scenario WHERE campaign_id = $3 AND name = $4 AND id <> $2)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body RETURNING true",
        scope.affiliate_id,
        scenario.id,
        scenario.campaign_id,
        scenario.name,
        scenario.body,
    )
    return written is True


async def copy_scenarios(scope: Scope, source_id: UUID, campaign_id: UUID) -> None:
    """Give a campaign the scenarios of another one."""
    await connection().execute(
        "INSERT INTO field.scenario (affiliate_id, campaign_id, name, body)"
        " SELECT $1, $3, name, body FROM field.scenario WHERE affiliate_id = $1 AND campaign_id = $2",
        scope.affiliate_id,
        source_id,
        campaign_id,
    )


async def remove_scenario(scope: Scope, scenario_id: UUID) -> bool:
    """Remove a scenario that no shop plays; False where one does."""
    removed: bool | None = await connection().fetchval(
        "DELETE FROM field.scenario s WHERE s.affiliate_id = $1 AND s.id = $2"
        " AND NOT EXISTS (SELECT FROM field.shop p WHERE p.campaign_id = s.campaign_id AND p.scenario_id = s.id)"
        " RETURNING true",
        scope.affiliate_id,
        scenario_id,
    )
    return removed is True


async def waves_of(scope: Scope, campaign_id: UUID, keyset: Keyset) -> Paged[Wave]:
    """One page of a campaign's waves, the latest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        _WAVE + " AND w.campaign_id = $2 AND ($3::timestamptz IS NULL OR (w.created_at, w.id) < ($3, $4::uuid))"
        " ORDER BY w.created_at DESC, w.id DESC LIMIT $5",
        scope.affiliate_id,
        campaign_id,
        *after,
        keyset.rows_to_fetch,
    )
    return paged([_wave(row) for row in rows], keyset, lambda wave: (wave.created_at, wave.id))


async def wave_labels(scope: Scope, campaign_id: UUID) -> set[str]:
    """What a campaign's waves are called."""
    rows = await connection().fetch(
        "SELECT label FROM field.wave WHERE affiliate_id = $1 AND campaign_id = $2", scope.affiliate_id, campaign_id
    )
    return {row["label"] for row in rows}


async def wave_in(scope: Scope, wave_id: UUID, *, lock: bool = False) -> Wave:
    """A wave; with `lock` of two who publish it one waits for the other. Raises NotFound."""
    row = await connection().fetchrow(
        _WAVE + " AND w.id = $2" + (" FOR NO KEY UPDATE OF w" if lock else ""), scope.affiliate_id, wave_id
    )
    if row is None:
        raise NotFound("wave")
    return _wave(row)


async def is_wave(scope: Scope, wave_id: UUID) -> bool:
    """Whether a wave has this id."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM field.wave WHERE affiliate_id = $1 AND id = $2)", scope.affiliate_id, wave_id
    )
    return found


async def put_wave(scope: Scope, campaign_id: UUID, wave_id: UUID, draft: WaveDraft, now: datetime) -> bool:
    """Enter a wave or change one that is not published; False where its name is in use."""
    written: bool | None = await connection().fetchval(
        "INSERT INTO field.wave (id, affiliate_id, campaign_id, label, starts_on, ends_on, quota, created_at)"
        " SELECT $2, $1, $3, $4, $5, $6, $7, $8"
        "  WHERE NOT EXISTS (SELECT FROM field.wave WHERE campaign_id = $3 AND label = $4 AND id <> $2)"
        " ON CONFLICT (id) DO UPDATE SET label = excluded.label, starts_on = excluded.starts_on,"
        " ends_on = excluded.ends_on, quota = excluded.quota WHERE wave.published_at IS NULL RETURNING true",
        scope.affiliate_id,
        wave_id,
        campaign_id,
        draft.label,
        draft.starts_on,
        draft.ends_on,
        draft.quota,
        now,
    )
    return written is True


async def mark_published(scope: Scope, wave_id: UUID, now: datetime) -> None:
    """Note that a wave's shops have been made."""
    await connection().execute(
        "UPDATE field.wave SET published_at = $3 WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, wave_id, now
    )


async def remove_wave(scope: Scope, wave_id: UUID) -> bool:
    """Remove a wave that has not been published; False where it has."""
    removed: bool | None = await connection().fetchval(
        "DELETE FROM field.wave WHERE affiliate_id = $1 AND id = $2 AND published_at IS NULL RETURNING true",
        scope.affiliate_id,
        wave_id,
    )
    return removed is True


async def insert_notice(scope: Scope, client_id: UUID, draft: NoticeDraft, now: datetime) -> UUID:
    """Record that a client's staff were told; the notice's id."""
    created: UUID = await connection().fetchval(
        "INSERT INTO field.staff_notice (affiliate_id, client_id, told_on, body, channel, attested_by, jurisdictions,"
        " recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        scope.affiliate_id,
        client_id,
        draft.told_on,
        draft.body,
        draft.channel,
        draft.attested_by,
        list(draft.jurisdictions),
        scope.account_id,
        now,
    )
    return created


async def notices_of(scope: Scope, client_id: UUID) -> list[StaffNotice]:
    """A client's notices to its staff, the latest first; there are few."""
    rows = await connection().fetch(
        "SELECT id, client_id, told_on, body, channel, attested_by, jurisdictions, recorded_at FROM field.staff_notice"
        " WHERE affiliate_id = $1 AND client_id = $2 ORDER BY recorded_at DESC, id LIMIT 100",
        scope.affiliate_id,
        client_id,
    )
    return [StaffNotice(**(dict(row) | {"jurisdictions": tuple(row["jurisdictions"])})) for row in rows]


async def told_in(scope: Scope, notice_id: UUID | None) -> tuple[str, ...]:
    """Where a notice to staff was given; nowhere without one."""
    found = await connection().fetchval(
        "SELECT jurisdictions FROM field.staff_notice WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        notice_id,
    )
    return tuple(found or ())


async def shops_by_place(scope: Scope, campaign_id: UUID) -> dict[Place, int]:
    """How many shops of a campaign are out, drafts not counted, by region and country of their locations."""
    rows = await connection().fetch(
        "SELECT l.region, l.country, count(*) AS shops FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        " WHERE s.affiliate_id = $1 AND s.campaign_id = $2"
        " AND s.state <> ALL('{DRAFT,CLOSED,REJECTED,EXCLUDED,CANCELLED,EXPIRED}'::text[])"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        scope.affiliate_id,
        campaign_id,
    )
    return {(row["region"], row["country"]): row["shops"] for row in rows}


async def single_staffed(scope: Scope, client_id: UUID) -> int:
    """At how many of a client's stores one person works alone."""
    count: int = await connection().fetchval(
        "SELECT count(*) FROM field.location WHERE affiliate_id = $1 AND client_id = $2 AND level = 'store'"
        " AND status <> 'closed' AND is_single_staffed",
        scope.affiliate_id,
        client_id,
    )
    return count


async def regions_of(scope: Scope, client_id: UUID) -> list[Place]:
    """The regions and countries in which a client's stores lie."""
    rows = await connection().fetch(
        "SELECT DISTINCT region, country FROM field.location"
        " WHERE affiliate_id = $1 AND client_id = $2 AND level = 'store' AND status <> 'closed' ORDER BY 1, 2",
        scope.affiliate_id,
        client_id,
    )
    return [(row["region"], row["country"]) for row in rows]


def _wave(row: Record) -> Wave:
    return Wave(**(dict(row) | {"quota": msgspec.convert(row["quota"], Quota)}))


async def published_waves(scope: Scope, campaign_id: UUID) -> int:
    """How many waves of a campaign have shops."""
    count: int = await connection().fetchval(
        "SELECT count(*) FROM field.wave WHERE affiliate_id = $1 AND campaign_id = $2 AND published_at IS NOT NULL",
        scope.affiliate_id,
        campaign_id,
    )
    return count


async def places_among(scope: Scope, client_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these ids are locations of the client."""
    rows = await connection().fetch(
        "SELECT id FROM field.location WHERE affiliate_id = $1 AND client_id = $2 AND id = ANY($3::uuid[])",
        scope.affiliate_id,
        client_id,
        ids,
    )
    return {row["id"] for row in rows}
