"""One shop with everything that its page shows."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.db import NotFound, Scope, beyond_clients, connection
from survey.shops.visits.domain import State, since_short, until_short

from ..domain import Happened, Person

HISTORY = 60
RELIABILITY_DAYS = 730


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop's facts. Moments in UTC; time_zone is the location's."""

    id: UUID
    public_ref: str
    state: State
    state_since: datetime
    is_on_hold: bool
    hold_reason: str
    is_flaked: bool
    unassign_count: int
    daypart: str
    window_start: datetime
    window_end: datetime
    stretched_from: datetime | None
    planned_on: date | None
    due_at: datetime | None
    fee_cents: int
    bonus_cents: int
    reimbursement_cap_cents: int
    currency: str
    client_id: UUID
    client: str
    campaign_id: UUID
    campaign: str
    guideline_id: UUID | None
    wave: str
    scenario: str | None
    code: str
    place: str
    street: str | None
    city: str | None
    time_zone: str
    latitude: float | None
    longitude: float | None
    shopper_id: UUID | None
    held_by: str | None
    assignment_state: str | None
    override_reason: str | None
    auto_offers: int | None
    auto_outcome: str | None
    auto_running: bool
    created_at: datetime

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it is, if that is known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def window(self) -> str:
        """Between when it can be made, by the location's clock, in words; hours only where a day is not whole."""
        return f"{since_short(self.window_start, self.time_zone)} to {self.until(self.window_end)}"

    def until(self, moment: datetime) -> str:
        """A last moment by the location's clock, in words."""
        return until_short(moment, self.time_zone)

    @property
    def zone(self) -> ZoneInfo:
        """The location's clock."""
        return ZoneInfo(self.time_zone)

    def local(self, moment: datetime | None) -> datetime | None:
        """A moment by the location's clock."""
        return moment.astimezone(ZoneInfo(self.time_zone)) if moment else None


class Asked(NamedTuple):
    """An application that waits."""

    id: UUID
    shopper_id: UUID
    proposed_on: date | None
    has_note: bool


_SHOP = """
SELECT s.id, s.public_ref, s.state, s.state_since, s.is_on_hold, s.hold_reason, s.is_flaked, s.unassign_count,
       s.daypart, s.window_start, s.window_end, s.stretched_from, s.planned_on, s.due_at, s.fee_cents, s.bonus_cents,
       s.reimbursement_cap_cents, s.currency, s.client_id, c.name AS client, s.campaign_id, g.name AS campaign,
       g.guideline_id, w.label AS wave, n.name AS scenario, l.code, l.name AS place, l.street, l.city, l.time_zone,
       l.latitude, l.longitude, a.shopper_id, p.display_code AS held_by, a.state AS assignment_state,
       a.override_reason, o.offers AS auto_offers, o.outcome AS auto_outcome,
       (o.shop_id IS NOT NULL AND o.ended_at IS NULL) AS auto_running, s.created_at
  FROM field.shop s
  JOIN field.client c ON c.id = s.client_id
  JOIN field.campaign g ON g.id = s.campaign_id
  JOIN field.wave w ON w.id = s.wave_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.scenario n ON n.id = s.scenario_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('offered', 'held', 'done')
  LEFT JOIN identity.shopper p ON p.id = a.shopper_id
  LEFT JOIN field.auto_offer o ON o.shop_id = s.id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

_HISTORY = """
SELECT e.at, e.actor_kind, e.actor_id, e.action, e.detail::text, p.display_code
  FROM ledger.event e
  LEFT JOIN identity.shopper p
         ON p.affiliate_id = e.affiliate_id
        AND p.id = coalesce(e.subject_id, (
            SELECT a.shopper_id
              FROM identity.assignment a
             WHERE a.shop_id = e.object_id
               AND a.assigned_at <= e.at
               AND (a.ended_at IS NULL OR a.ended_at >= e.at)
             ORDER BY a.assigned_at DESC
             LIMIT 1))
 WHERE e.affiliate_id = $1
   AND e.object_id = $2
   AND e.object_kind = 'shop'
 ORDER BY e.recorded_at DESC, e.id DESC
 LIMIT $3
"""

_APPLICATIONS = """
SELECT id, shopper_id, proposed_on, note IS NOT NULL AS has_note
  FROM identity.application
 WHERE affiliate_id = $1
   AND shop_id = $2
   AND state = 'SUBMITTED'
 ORDER BY created_at, id
 LIMIT 100
"""

_NOTE = """
SELECT shop_id, shopper_id, note
  FROM identity.application
 WHERE affiliate_id = $1
   AND id = $2
   AND note IS NOT NULL
"""

# How they have kept what they took on, counted for those who are compared and for nobody else.
_PEOPLE = """
SELECT p.id, p.display_code, p.status, p.grade_tenths, p.latitude, p.longitude,
       coalesce(v.held, 0) AS held, coalesce(v.made, 0) AS made, coalesce(v.let_down, 0) AS let_down
  FROM identity.shopper p
  LEFT JOIN (SELECT a.shopper_id,
                    count(*) FILTER (WHERE a.state IN ('offered', 'held')) AS held,
                    count(*) FILTER (WHERE a.state = 'done') AS made,
                    count(*) FILTER (WHERE a.state = 'flaked') AS let_down
               FROM identity.assignment a
              WHERE a.affiliate_id = $1
                AND ($2::uuid[] IS NULL OR a.shopper_id = ANY($2))
                AND a.assigned_at > $3
              GROUP BY a.shopper_id) AS v ON v.shopper_id = p.id
 WHERE p.affiliate_id = $1
   AND ($2::uuid[] IS NULL AND p.status = 'active' OR p.id = ANY($2))
"""

_WAS_ASKED = "SELECT DISTINCT shopper_id FROM identity.assignment WHERE affiliate_id = $1 AND shop_id = $2"


async def shop_page_in(scope: Scope, shop_id: UUID) -> ShopPage:
    """A shop with everything around it. Raises NotFound."""
    row = await connection().fetchrow(_SHOP, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("shop")
    return ShopPage(**(dict(row) | {"state": State(row["state"])}))


async def history_of(scope: Scope, shop_id: UUID) -> list[Happened]:
    """What has happened to a shop, the latest first, at most HISTORY lines."""
    rows = await connection().fetch(_HISTORY, scope.affiliate_id, shop_id, HISTORY)
    return [
        Happened(row["at"], row["actor_kind"], row["actor_id"], row["action"], json.loads(row["detail"]),
                 row["display_code"])
        for row in rows
    ]  # fmt: skip


async def waiting_applications(scope: Scope, shop_id: UUID) -> list[Asked]:
    """Applications for a shop that nobody has answered, the first first."""
    rows = await connection().fetch(_APPLICATIONS, scope.affiliate_id, shop_id)
    return [Asked(*row) for row in rows]


async def note_of(scope: Scope, application_id: UUID) -> tuple[UUID, UUID, bytes]:
    """The sealed note of an application, with its shop and its shopper. Raises NotFound, also where there is none."""
    row = await connection().fetchrow(_NOTE, scope.affiliate_id, application_id)
    if row is None:
        raise NotFound("note")
    return row["shop_id"], row["shopper_id"], row["note"]


async def people_of(scope: Scope, shopper_ids: Collection[UUID] | None, since: datetime) -> list[Person]:
    """Those of the shoppers (None: all who are active) who are here, with how they kept what they took on since."""
    chosen = None if shopper_ids is None else list(shopper_ids)
    # Like the grade, how somebody keeps their word is one for all clients; the counts name none.
    async with beyond_clients():
        rows = await connection().fetch(_PEOPLE, scope.affiliate_id, chosen, since)
    return [Person(*row) for row in rows]


async def was_asked(scope: Scope, shop_id: UUID) -> set[UUID]:
    """Shoppers who have had the shop, or an offer of it, already."""
    rows = await connection().fetch(_WAS_ASKED, scope.affiliate_id, shop_id)
    return {row["shopper_id"] for row in rows}
