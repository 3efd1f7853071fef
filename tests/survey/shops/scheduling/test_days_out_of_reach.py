"""Days in a board's URL that no calendar page can be drawn around."""

import pytest

from survey.shops.scheduling.forms import view_of_query


@pytest.mark.parametrize("name", ["from_day", "due_before"])
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_out_of_reach_narrows_nothing(name: str, day: str) -> None:
    assert view_of_query(f"{name}={day}").filter.is_empty


@pytest.mark.parametrize("name", ["from_day", "due_before"])
@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_within_reach_narrow(name: str, day: str) -> None:
    assert str(getattr(view_of_query(f"{name}={day}").filter, name)) == day
