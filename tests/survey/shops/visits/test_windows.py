"""The last day of a window: one rule, in Python for what is read and in the database for what is sorted by it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Role, transaction
from survey.shops.campaigns.domain import windows
from survey.shops.visits.domain import last_day, until_short, until_there, until_words, window_days
from tests.conftest import NOW
from tests.shop_world import ShopWorld

ZONES = (
    "UTC", "Europe/Amsterdam", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Santiago",
    "America/St_Johns", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut", "Australia/Lord_Howe",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12",
)  # fmt: skip
NOVEMBER = date(2026, 11, 29)


@given(st.sampled_from(ZONES), st.integers(0, 25 * 366 * 24 * 4))
def test_the_last_day_is_the_last_that_has_a_moment_of_the_window(zone: str, quarters: int) -> None:
    ends_at, there = datetime(2015, 1, 1, tzinfo=UTC) + quarters * timedelta(minutes=15), ZoneInfo(zone)
    day = last_day(ends_at, zone)
    assert (ends_at - timedelta(microseconds=1)).astimezone(there).date() == day
    assert ends_at.astimezone(there).date() in {day, day + timedelta(days=1)}


@given(st.sampled_from(ZONES), st.dates(date(2016, 1, 1), date(2039, 1, 1)), st.integers(0, 60))
def test_a_wave_ends_on_its_last_day_in_every_zone_and_at_every_change_of_clocks(
    zone: str, first: date, days: int
) -> None:
    last = first + timedelta(days=days)
    window = windows(first, last, [zone], ["any"])[0]
    assert window_days(window.opens, window.closes, zone) == (first, last)
    assert until_short(window.closes, zone) == f"{last:%a} {last.day} {last:%b}"


@pytest.mark.parametrize(
    ("ends_at", "zone", "short", "words"),
    [
        (datetime(2026, 11, 30, tzinfo=UTC), "UTC", "Sun 29 Nov", "the end of Sunday 29 November"),
        (datetime(2026, 11, 29, 23, tzinfo=UTC), "Europe/Amsterdam", "Sun 29 Nov", "the end of Sunday 29 November"),
        (datetime(2026, 11, 30, 8, tzinfo=UTC), "America/Los_Angeles", "Sun 29 Nov", "the end of Sunday 29 November"),
        (datetime(2026, 11, 29, 10, tzinfo=UTC), "UTC", "Sun 29 Nov 10:00", "Sunday 29 November, 10:00"),
        (datetime(2026, 9, 6, 4, tzinfo=UTC), "America/Santiago", "Sat 5 Sep", "the end of Saturday 5 September"),
    ],
)
def test_until_names_the_last_day_and_the_hour_only_where_the_window_ends_inside_one(
    ends_at: datetime, zone: str, short: str, words: str
) -> None:
    assert (until_short(ends_at, zone), until_words(ends_at, zone)) == (short, words)


def test_where_nothing_says_by_whose_clock_the_town_does_in_words() -> None:
    ends_at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert until_there(ends_at, "America/New_York") == "Monday 30 November, 03:00 (New York time)"


async def kept(shops: ShopWorld, shop_id: object) -> date:
    day: date = await shops.owner.fetchval("SELECT last_day FROM field.shop WHERE id = $1", shop_id)
    return day


def midnight(zone: str, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
async def test_the_database_keeps_the_same_day_as_the_rule(shops: ShopWorld, zone: str) -> None:
    place = await shops.location("ZONE", time_zone=zone)
    for hours in (0, 5, 11, 12, 13, 19, 24):
        ends_at = midnight(zone, NOVEMBER) + timedelta(hours=hours)
        shop_id = await shops.shop(location_id=place, window_end=ends_at)
        assert await kept(shops, shop_id) == last_day(ends_at, zone)


async def test_the_last_day_follows_the_window_and_the_clock_of_the_place(shops: ShopWorld) -> None:
    place = await shops.location("MOVES", time_zone="UTC")
    shop_id = await shops.shop(location_id=place, window_end=datetime(2026, 11, 30, tzinfo=UTC))
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id) as here:
        await here.execute("UPDATE field.shop SET window_end = window_end + interval '3 days' WHERE id = $1", shop_id)
    assert await kept(shops, shop_id) == date(2026, 12, 2)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id) as here:
        await here.execute("UPDATE field.location SET time_zone = 'Asia/Kolkata' WHERE id = $1", place)
    assert await kept(shops, shop_id) == date(2026, 12, 3)


async def test_nobody_can_write_another_last_day(shops: ShopWorld) -> None:
    shop_id = await shops.shop(window_end=NOW + timedelta(days=3))
    before = await kept(shops, shop_id)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id) as here:
        await here.execute("UPDATE field.shop SET last_day = '2030-01-01' WHERE id = $1", shop_id)
    assert await kept(shops, shop_id) == before
