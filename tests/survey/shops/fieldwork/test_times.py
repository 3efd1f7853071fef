"""Times of a visit by the clock of the place."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from survey.shops.fieldwork.domain import Held, Times, place_times, time_errors
from survey.shops.visits.domain import State

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def held(**changes: object) -> Held:
    """A shop in London that may be visited for three days."""
    values: dict[str, object] = {
        "id": uuid4(), "affiliate_id": uuid4(), "public_ref": "T-1", "state": State.IN_PROGRESS, "is_on_hold": False,
        "holds": True, "campaign": "Barista Welcome", "kind": "in_person", "client": "Copperkettle",
        "location": "Riverside", "address": (), "time_zone": "Europe/London", "daypart": "any",
        "window_start": datetime(2026, 11, 21, tzinfo=UTC), "window_end": datetime(2026, 11, 24, tzinfo=UTC),
        "planned_on": None, "due_at": None, "grace_hours": 24, "fee_cents": 1205, "bonus_cents": 300,
        "reimbursement_cap_cents": 0, "attempt_fee_cents": 0, "currency": "GBP", "pay_days": 30,
        "pay_state": None, "promised_on": None, "paid_on": None, "scenario": "", "scenario_body": "",
        "guideline_id": None, "guideline_in_force_id": None, "has_read_in_force": False,
        "recording_mode": "none", "region": "", "country": "GB",
        "version_id": None, "report_id": None, "shown_from": None,
    }  # fmt: skip
    return Held(**values | changes)  # type: ignore[arg-type]


def test_a_time_is_read_by_the_clock_of_the_place() -> None:
    found = place_times(DAY, time(8, 10), time(8, 25), "America/New_York")
    assert found.time_in == datetime(2026, 11, 22, 13, 10, tzinfo=UTC)


def test_who_comes_out_after_midnight_went_in_the_day_before() -> None:
    found = place_times(DAY, time(23, 40), time(0, 20), "Europe/London")
    assert found.time_in
    assert found.time_out
    assert found.time_out - found.time_in == timedelta(minutes=40)


def test_who_comes_out_a_little_before_going_in_has_slipped() -> None:
    found = place_times(DAY, time(12, 5), time(12, 3), "Europe/London")
    assert time_errors(held(), found, NOW) == {"time_out": "This must be later than when you went in: check both times"}


def test_nothing_is_made_of_half_a_moment() -> None:
    assert place_times(None, time(8), time(9), "Europe/London") == Times(None, None)
    assert place_times(DAY, None, None, "Europe/London") == Times(None, None)


@pytest.mark.parametrize(("hour", "is_within"), [(5, False), (6, True), (10, True), (11, False)])
def test_the_time_of_day_counts_by_the_hour_of_going_in(hour: int, is_within: bool) -> None:
    times = place_times(DAY, time(hour, 30), time(hour, 50), "Europe/London")
    assert (not time_errors(held(daypart="morning"), times, NOW)) is is_within


def test_the_window_counts_to_the_minute() -> None:
    edge = place_times(date(2026, 11, 20), time(23, 59), None, "Europe/London")
    assert "belongs between" in time_errors(held(), edge, NOW)["time_in"]
    inside = place_times(date(2026, 11, 21), time(0, 0), time(0, 10), "Europe/London")
    assert time_errors(held(), inside, NOW) == {}


def test_a_last_moment_at_midnight_belongs_to_the_day_that_ends() -> None:
    assert held().until(datetime(2026, 11, 24, tzinfo=UTC)) == "the end of Mon 23 November"
    assert held().until(NOW) == "Mon 23 November, 20:00"
    assert (
        held(time_zone="America/New_York").until(datetime(2026, 11, 24, 5, tzinfo=UTC)) == "the end of Mon 23 November"
    )
    assert held().until(None) == ""


def test_money_is_written_with_its_currency() -> None:
    assert held().money(1205) == "GBP 12.05"
    assert held().most_cents == 1505
