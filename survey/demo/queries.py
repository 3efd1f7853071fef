"""The few things the demo looks up that no service tells, because nobody but a demo may know them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from survey.db import Scope, connection


async def doors_of(scope: Scope, study_id: UUID, state: str = "new") -> list[tuple[UUID, UUID | None]]:
    """Doors of a study in one state, in the order of their random ids, each with its location. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT id, location_id FROM field.entry WHERE affiliate_id = $1 AND study_id = $2 AND state = $3 ORDER BY id",
        scope.affiliate_id,
        study_id,
        state,
    )
    return [(row["id"], row["location_id"]) for row in rows]


async def find_open_door() -> UUID | None:
    """A door of a live study that nobody has gone through: the survey that visitors may try. Role.WORKER."""
    found: UUID | None = await connection().fetchval(
        "SELECT e.id FROM field.entry e JOIN field.study s ON s.id = e.study_id"
        " WHERE s.status = 'live' AND e.state = 'new' AND s.opens_at <= now() AND s.closes_at > now()"
        " ORDER BY s.opens_at DESC, e.id LIMIT 1"
    )
    return found


async def opt_out_links(scope: Scope, study_id: UUID, indexes: Sequence[bytes]) -> dict[bytes, UUID]:
    """The links behind the opt-outs of a study's invitations, by the index of whom they invite. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT c.email_index, i.opt_out_link_id FROM identity.invitation i"
        " JOIN identity.contact c ON c.id = i.contact_id"
        " WHERE i.affiliate_id = $1 AND i.study_id = $2 AND c.email_index = ANY($3::bytea[]) ORDER BY c.email_index",
        scope.affiliate_id,
        study_id,
        indexes,
    )
    return {row["email_index"]: row["opt_out_link_id"] for row in rows}


async def unsent(campaign_ids: Sequence[UUID]) -> int:
    """How much mail of these campaigns is still to go out. Role.WORKER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM ops.delivery WHERE campaign_id = ANY($1::uuid[]) AND state IN ('queued', 'sending')",
        list(campaign_ids),
    )
    return found


async def unsent_to_members(panel_id: UUID) -> int:
    """How much mail to the members of a panel is still to go out. Role.WORKER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM ops.delivery d JOIN identity.panelist p ON p.id = d.recipient_id"
        " WHERE p.panel_id = $1 AND d.state IN ('queued', 'sending')",
        panel_id,
    )
    return found


async def pending_members(panel_id: UUID) -> list[UUID]:
    """Members who have asked to join and not confirmed yet. Role.WORKER."""
    rows = await connection().fetch(
        "SELECT id FROM identity.panelist WHERE panel_id = $1 AND status = 'pending' ORDER BY id", panel_id
    )
    return [row["id"] for row in rows]


async def unsent_to_people() -> int:
    """How much mail that is no bulk mail is still to go out. Role.WORKER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM ops.delivery WHERE NOT is_bulk AND state IN ('queued', 'sending')"
    )
    return found


async def shoppers_by_index(scope: Scope) -> dict[bytes, tuple[UUID, str]]:
    """Id and display code of an affiliate's shoppers, by the index of their address. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT id, display_code, email_index FROM identity.shopper WHERE affiliate_id = $1 ORDER BY id",
        scope.affiliate_id,
    )
    return {row["email_index"]: (row["id"], row["display_code"]) for row in rows}


async def shops_of_wave(scope: Scope, wave_id: UUID) -> list[dict[str, Any]]:
    """The shops of a wave by the code of their location: id, code, time zone. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT s.id, l.code AS location_code, l.time_zone"
        " FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        " WHERE s.affiliate_id = $1 AND s.wave_id = $2 ORDER BY l.code, s.id",
        scope.affiliate_id,
        wave_id,
    )
    return [dict(row) for row in rows]


async def codes_in_batch(scope: Scope, batch_id: UUID) -> list[str]:
    """The display codes of the shoppers in a batch. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT DISTINCT s.display_code FROM identity.pay_item p JOIN identity.shopper s ON s.id = p.shopper_id"
        " WHERE p.affiliate_id = $1 AND p.batch_id = $2 ORDER BY s.display_code",
        scope.affiliate_id,
        batch_id,
    )
    return [row["display_code"] for row in rows]


async def items_in_batch(scope: Scope, batch_id: UUID) -> list[UUID]:
    """The items of a batch. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT id FROM identity.pay_item WHERE affiliate_id = $1 AND batch_id = $2 ORDER BY visited_on, id",
        scope.affiliate_id,
        batch_id,
    )
    return [row["id"] for row in rows]


async def guideline_of(scope: Scope, campaign_id: UUID) -> UUID:
    """The guideline of a campaign that is in force. Role.STAFF."""
    found: UUID = await connection().fetchval(
        "SELECT guideline_id FROM field.campaign WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, campaign_id
    )
    return found


async def report_ref_of(scope: Scope, shop_id: UUID) -> UUID:
    """Under which reference a client reads a shop's report. Role.STAFF."""
    found: UUID = await connection().fetchval(
        "SELECT report_ref FROM release.shop_report WHERE affiliate_id = $1 AND shop_id = $2"
        " ORDER BY version DESC LIMIT 1",
        scope.affiliate_id,
        shop_id,
    )
    return found


async def pictures_for_client(scope: Scope, shop_id: UUID) -> list[UUID]:
    """Photographs of a shop's report that its client is to see once somebody has looked at them. Role.STAFF."""
    rows = await connection().fetch(
        "SELECT e.id FROM field.evidence e JOIN field.report r ON r.id = e.report_id"
        " JOIN field.shop s ON s.id = r.shop_id"
        " JOIN field.campaign c ON c.id = s.campaign_id"
        " WHERE s.affiliate_id = $1 AND s.id = $2 AND e.kind = 'photo' AND c.picture_mode = 'redacted' ORDER BY e.id",
        scope.affiliate_id,
        shop_id,
    )
    return [row["id"] for row in rows]


async def find_report_at(code: str) -> UUID | None:
    """A shop at a place whose report waits for an editor, or is being read. Role.WORKER."""
    found: UUID | None = await connection().fetchval(
        "SELECT s.id FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        " WHERE l.code = $1 AND s.state IN ('SUBMITTED', 'IN_REVIEW', 'RETURNED', 'APPROVED')"
        " ORDER BY s.window_end DESC, s.id LIMIT 1",
        code,
    )
    return found


async def find_released_wave() -> UUID | None:
    """The newest wave of which many reports were released. Role.WORKER."""
    found: UUID | None = await connection().fetchval(
        "SELECT w.id FROM field.wave w JOIN field.shop s ON s.wave_id = w.id AND s.state IN ('RELEASED', 'CLOSED')"
        " GROUP BY w.id HAVING count(*) > 20 ORDER BY w.starts_on DESC, w.id LIMIT 1"
    )
    return found
