"""A filter as SQL: conditions from the list below, values as parameters only."""

# ruff: noqa: S608  (put together from the constants here; every value is a parameter)

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from survey.clients.domain import box_of
from survey.shoppers.domain import code_typed

from ..domain import Filter
from .asking import Asked
from .risk import at_risk

DAY_KEY = "coalesce(s.planned_on, s.last_day)"


def where(asked: Asked, affiliate_id: UUID, wanted: Filter, now: datetime, *, with_states: bool = True) -> str:
    """The WHERE of shops `s`. with_states: False for what is counted by state."""
    tenant = asked(affiliate_id)
    clauses = [f"s.affiliate_id = {tenant}", *_plain(asked, wanted), *_places(asked, tenant, wanted)]
    if with_states and wanted.state:
        clauses.append(f"s.state = ANY({asked([state.value for state in wanted.state])}::text[])")
    if wanted.risk or wanted.why:
        clauses.append(at_risk(asked, tenant, now, wanted.why))
    if wanted.asked:
        clauses.append(asked_for(tenant))
    if wanted.shopper:
        clauses.append(_held_by(tenant, asked(code_typed(wanted.shopper))))
    return " AND ".join(clauses)


def asked_for(tenant: str) -> str:
    """Somebody asked for it and waits. Of a shop that somebody has nobody can be answered."""
    return (
        "s.state = 'OPEN' AND s.id IN (SELECT q.shop_id FROM identity.application q"
        f" WHERE q.affiliate_id = {tenant} AND q.state = 'SUBMITTED')"
    )


def _plain(asked: Asked, wanted: Filter) -> Iterator[str]:
    for column, value in (
        ("client_id", wanted.client),
        ("campaign_id", wanted.campaign),
        ("wave_id", wanted.wave),
        ("daypart", wanted.daypart),
    ):
        if value:
            yield f"s.{column} = {asked(value)}"
    if wanted.due_before:
        yield _due_by(asked(wanted.due_before))
    if wanted.from_day:
        yield f"{DAY_KEY} >= {asked(wanted.from_day)}"
    if wanted.flaked:
        yield "s.is_flaked"
    if wanted.hold:
        yield "s.is_on_hold"


def _due_by(day: str) -> str:
    """What is due on a day or before it, as each place counts days. Only near that day its clock has to be asked."""
    return (
        f"CASE WHEN s.due_at IS NULL THEN s.last_day <= {day}::date"
        f" WHEN s.due_at <= {day}::date + interval '10 hours' THEN true"
        f" WHEN s.due_at > {day}::date + interval '36 hours' THEN false"
        " ELSE (SELECT ((s.due_at - interval '1 microsecond') AT TIME ZONE x.time_zone)::date FROM field.location x"
        f" WHERE x.id = s.location_id) <= {day}::date END"
    )


def _places(asked: Asked, tenant: str, wanted: Filter) -> Iterator[str]:
    if wanted.node:
        node = asked(wanted.node)
        # IS TRUE keeps it from becoming a join: the first page then ends with its fiftieth row.
        yield (
            f"(s.location_id IN (SELECT x.id FROM field.location x WHERE x.affiliate_id = {tenant}"
            f" AND starts_with(x.path, (SELECT n.path FROM field.location n WHERE n.id = {node}"
            f" AND n.affiliate_id = {tenant})))) IS TRUE"
        )
    if box := box_of(wanted.box):
        south, west, north, east = (asked(edge) for edge in box)
        # A piece that reaches over the 180th meridian has its west in the east.
        yield (
            f"(s.location_id IN (SELECT x.id FROM field.location x WHERE x.affiliate_id = {tenant}"
            f" AND x.latitude BETWEEN {south} AND {north}"
            f" AND CASE WHEN {west}::float8 <= {east}::float8 THEN x.longitude BETWEEN {west} AND {east}"
            f" ELSE x.longitude >= {west} OR x.longitude <= {east} END)) IS TRUE"
        )
    if wanted.among:
        yield f"s.public_ref = ANY({asked(list(wanted.among))}::text[])"
    if wanted.q:
        begins, holds = asked(f"{_plain_words(wanted.q)}%"), asked(f"%{_plain_words(wanted.q)}%")
        # References are in capitals (campaigns.domain.refs_of): to fold the case of each of them costs most of a page.
        yield (
            f"(s.public_ref LIKE upper({begins}) OR s.location_id IN (SELECT x.id FROM field.location x"
            f" WHERE x.affiliate_id = {tenant}"
            f" AND (x.code ILIKE {begins} OR x.name ILIKE {holds} OR x.city ILIKE {holds})))"
        )


def _held_by(tenant: str, code: str) -> str:
    return (
        "s.id IN (SELECT a.shop_id FROM identity.shopper p JOIN identity.assignment a ON a.shopper_id = p.id"
        f" AND a.state IN ('offered', 'held', 'done') WHERE p.affiliate_id = {tenant} AND p.display_code = {code})"
    )


def _plain_words(text: str) -> str:
    """What was typed is looked for as it is: a per cent sign is a per cent sign."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
