"""Days as spreadsheets write them."""

from datetime import date

import pytest

from survey.contacts.domain import DateOrder, visit_date
from survey.contacts.domain.visits import guessed_order

SECOND_OF_AUGUST = date(2026, 8, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "31/02/2026",
        "2026-02-30",
        "13/13/2026",
        "2026",
        "12345678",
        "1.1.1900",
        "2 Foo 2026",
        "99999",
        "2026-08-2x",
    ],
)
@pytest.mark.parametrize("order", DateOrder)
def test_what_is_no_day_is_none(text: str, order: DateOrder) -> None:
    assert visit_date(text, order) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-02",
        "2026/8/2",
        "2026.08.02",
        "20260802",
        "02/08/2026",
        "2/8/26",
        "02-08-2026",
        "02.08.2026",
        "2. 8. 2026",
        "2026-08-02 14:05:00",
        "2026-08-02T14:05:00Z",
        "02/08/2026 14:05",
        "46236",
        "46236.583",
        "2 August 2026",
        "02-Aug-2026",
        "2-aug-26",
        "2. August 2026",
        "2 de agosto de 2026",
        "2 août 2026",
        "August 2, 2026",
        "Aug 2 2026",
        "2nd Aug 2026",
    ],
)
def test_a_day_is_read_in_every_form_a_spreadsheet_writes(text: str) -> None:
    assert visit_date(text, DateOrder.DAY_FIRST) == SECOND_OF_AUGUST


def test_the_month_comes_first_where_staff_say_so_but_never_between_full_stops() -> None:
    read = [visit_date(text, DateOrder.MONTH_FIRST) for text in ("8/2/2026", "8/2/2026 2:05 PM", "02.08.2026")]
    assert read == [SECOND_OF_AUGUST] * 3


def test_the_order_is_guessed_from_days_that_can_only_be_read_one_way() -> None:
    assert guessed_order(["08/02/2026", "08/31/2026"]) is DateOrder.MONTH_FIRST
    assert guessed_order(["08/02/2026", "31/08/2026", "08/31/2026"]) is DateOrder.DAY_FIRST
    assert guessed_order(["08/02/2026"]) is DateOrder.DAY_FIRST
