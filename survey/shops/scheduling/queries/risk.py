"""Why shops are at risk, as SQL: one condition for each reason. Also what is told of those at risk, and full waves."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from survey.db import Scope, connection

from ..domain import RETURNED_DAYS, SOON_DAYS, Facts, Fill, Risk
from .asking import Asked

MOST_WAVES = 12

# What somebody can still do something about, and nobody has decided about already.
_IN_QUESTION = "s.state IN ('DRAFT', 'OPEN', 'OFFERED', 'ASSIGNED', 'IN_PROGRESS') AND NOT s.is_on_hold"
_WITH_SOMEBODY = "s.state IN ('ASSIGNED', 'IN_PROGRESS')"


def at_risk(asked: Asked, tenant: str, now: datetime, why: Risk | None = None) -> str:
    """The condition of shops `s` at risk: for one reason, or for any. tenant: the parameter of the affiliate."""
    chosen = REASONS[why](asked, tenant, now) if why else " OR ".join(reasons_of(asked, tenant, now).values())
    return f"({_IN_QUESTION} AND ({chosen}))"


def reasons_of(asked: Asked, tenant: str, now: datetime) -> dict[Risk, str]:
    """The condition of each reason, for shops that are in question."""
    return {risk: f"({condition(asked, tenant, now)})" for risk, condition in REASONS.items()}


# Few places are closed and few wishes wait: both are found once, not for each shop. As an array, an index can look for
# the places; every other reason begins with columns of an index, too, and what is at risk is found without the rest.
def _place_closed(asked: Asked, tenant: str, now: datetime) -> str:
    return (
        "s.location_id = ANY(ARRAY(SELECT x.id FROM field.location x"
        f" WHERE x.affiliate_id = {tenant} AND x.status <> 'open'))"
    )


# The place's clock is asked only where the day may be over: where no day is planned, the comparison alone is not false.
def _late(asked: Asked, tenant: str, now: datetime) -> str:
    here = f"{asked(now)}::timestamptz"
    return (
        f"{_WITH_SOMEBODY} AND s.due_at <= {here}"
        f" OR {_WITH_SOMEBODY} AND s.due_at IS NULL AND s.window_end <= {here}"
        f" OR s.state = 'ASSIGNED' AND s.planned_on IS NOT NULL AND s.planned_on <= ({here} AT TIME ZONE 'UTC')::date"
        " AND s.planned_on <"
        f" ({here} AT TIME ZONE (SELECT x.time_zone FROM field.location x WHERE x.id = s.location_id))::date"
    )


def _wish(asked: Asked, tenant: str, now: datetime) -> str:
    return (
        f"{_WITH_SOMEBODY} AND {_ends_soon(asked, now)} AND s.id IN (SELECT e.shop_id"
        " FROM identity.extension e JOIN identity.assignment a ON a.id = e.assignment_id AND a.state = 'held'"
        f" WHERE e.affiliate_id = {tenant} AND e.state = 'ASKED')"
    )


def _no_show(asked: Asked, tenant: str, now: datetime) -> str:
    return "s.state = 'OPEN' AND s.is_flaked"


def _came_back(asked: Asked, tenant: str, now: datetime) -> str:
    return f"s.state = 'OPEN' AND s.unassign_count > 0 AND s.window_end <= {asked(now + timedelta(days=RETURNED_DAYS))}"


def _nobody(asked: Asked, tenant: str, now: datetime) -> str:
    return f"s.state = 'OPEN' AND {_ends_soon(asked, now)}"


def _unanswered(asked: Asked, tenant: str, now: datetime) -> str:
    return f"s.state = 'OFFERED' AND {_ends_soon(asked, now)}"


def _draft(asked: Asked, tenant: str, now: datetime) -> str:
    return (
        f"s.state = 'DRAFT' AND ({_ends_soon(asked, now)} OR s.wave_id IN (SELECT x.id FROM field.wave x"
        f" WHERE x.affiliate_id = {tenant} AND x.starts_on <= {asked(now.date())}))"
    )


def _ends_soon(asked: Asked, now: datetime) -> str:
    return f"s.window_end <= {asked(now + timedelta(days=SOON_DAYS))}"


REASONS: Mapping[Risk, Callable[[Asked, str, datetime], str]] = {
    Risk.PLACE_CLOSED: _place_closed,
    Risk.LATE: _late,
    Risk.WISH: _wish,
    Risk.NO_SHOW: _no_show,
    Risk.CAME_BACK: _came_back,
    Risk.NOBODY: _nobody,
    Risk.UNANSWERED: _unanswered,
    Risk.DRAFT: _draft,
}


async def facts_of(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> dict[UUID, Facts]:
    """What is known of shops at risk, by shop: why, and when they came back and were offered again."""
    asked = Asked(scope.affiliate_id, list(shop_ids))
    reasons = reasons_of(asked, "$1", now)
    columns = ", ".join(f"({each}) IS TRUE AS {risk}" for risk, each in reasons.items())
    rows = await connection().fetch(
        f"SELECT s.id, {columns}, was.came_back_at, was.offered_at FROM field.shop s"
        # Together, not shop by shop: the latest of each would be looked for along all moments there are.
        " LEFT JOIN (SELECT a.shop_id,"
        " max(a.ended_at) FILTER (WHERE a.state IN ('given_back', 'taken_back', 'flaked')) AS came_back_at,"
        " max(a.assigned_at) FILTER (WHERE a.state = 'offered') AS offered_at"
        " FROM identity.assignment a WHERE a.affiliate_id = $1 AND a.shop_id = ANY($2::uuid[])"
        " GROUP BY a.shop_id) AS was ON was.shop_id = s.id"
        " WHERE s.affiliate_id = $1 AND s.id = ANY($2::uuid[])",
        *asked.values,
    )
    return {
        row["id"]: Facts(tuple(risk for risk in Risk if row[risk.value]), row["came_back_at"], row["offered_at"])
        for row in rows
    }


# Counted by wave and state an index is enough; what is at risk is little, and found by indexes of its own.
_FILLS = """
WITH risky AS MATERIALIZED (
    SELECT s.wave_id, count(*) AS shops
      FROM field.shop s
     WHERE s.affiliate_id = $1
       AND {at_risk}
     GROUP BY s.wave_id
), standing AS MATERIALIZED (
    SELECT s.wave_id, s.state, count(*) AS shops
      FROM field.shop s
     WHERE s.affiliate_id = $1
       AND s.state <> 'CANCELLED'
       AND s.wave_id = ANY(ARRAY(
           SELECT x.id
             FROM field.wave x
             JOIN field.campaign c ON c.id = x.campaign_id
            WHERE x.affiliate_id = $1
              AND $2::timestamptz::date BETWEEN x.starts_on AND x.ends_on
              AND ($4::uuid IS NULL OR c.client_id = $4)
              AND ($5::uuid IS NULL OR c.id = $5)
              AND ($6::uuid IS NULL OR x.id = $6)))
     GROUP BY s.wave_id, s.state
), filled AS (
    SELECT wave_id, sum(shops) FILTER (WHERE state <> 'DRAFT')::bigint AS shops,
           coalesce(sum(shops) FILTER (WHERE state = 'DRAFT'), 0)::bigint AS drafts,
           coalesce(sum(shops) FILTER (WHERE state NOT IN ('DRAFT', 'OPEN', 'OFFERED', 'EXPIRED')), 0)::bigint AS taken,
           coalesce(sum(shops) FILTER (
               WHERE state NOT IN ('DRAFT', 'OPEN', 'OFFERED', 'EXPIRED', 'ASSIGNED', 'IN_PROGRESS')), 0)::bigint
               AS reported
      FROM standing
     GROUP BY wave_id
    HAVING bool_or(state <> 'DRAFT')
)
SELECT w.campaign_id, w.id AS wave_id, g.name AS campaign, w.label AS wave, w.starts_on, w.ends_on,
       f.shops, f.drafts, f.taken, f.reported, coalesce(r.shops, 0) AS at_risk
  FROM filled f
  JOIN field.wave w ON w.id = f.wave_id
  JOIN field.campaign g ON g.id = w.campaign_id
  LEFT JOIN risky r ON r.wave_id = f.wave_id
 ORDER BY ($2::timestamptz::date - w.starts_on)::float8 / (w.ends_on - w.starts_on + 1)
          - f.taken::float8 / f.shops DESC,
          w.ends_on, w.id
 LIMIT $3
"""


async def fills_of(scope: Scope, among: tuple[UUID | None, UUID | None, UUID | None], now: datetime) -> list[Fill]:
    """How far the waves of these days have come, those first that lag behind their days most; at most MOST_WAVES.

    among: of a client, of a campaign, one wave; None narrows nothing. Of what was posted and not cancelled it is said
    how much is taken; drafts are counted beside it, since those of a wave that has begun are at risk too.
    """
    asked = Asked(scope.affiliate_id, now, MOST_WAVES, *among)
    rows = await connection().fetch(_FILLS.format(at_risk=at_risk(asked, "$1", now)), *asked.values)
    return [Fill(**dict(row)) for row in rows]
