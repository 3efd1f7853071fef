"""A file about visits says whose they are and what was left out: it is passed on without its page."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from survey.reports.domain import read_copy
from survey.reports.domain.covers import (
    FIRST,
    LATER,
    THEIRS,
    WHOLE,
    list_cover,
    overview_cover,
    part_of,
    place_words,
)
from survey.reports.domain.shops import BAND_WORDS, PlaceLine, ShopsWanted, WaveLine
from tests.shop_world import ShopWorld
from tests.survey.releases.shops import approved, release
from tests.web_client import Browser

from .test_shops import head, there

__all__ = ["head", "there"]

DAY = date(2026, 11, 1)
WAVE = WaveLine(UUID(int=1), UUID(int=2), "Till", "November", DAY, Decimal(80), 9)
BEFORE = WaveLine(UUID(int=3), UUID(int=2), "Till", "October", DAY, Decimal(70), 9)


@pytest.mark.parametrize("band", ["", *BAND_WORDS])
def test_a_list_that_leaves_visits_out_by_their_score_says_so(band: str) -> None:
    lines = list_cover("Northwind", ShopsWanted(band=band), ("North", WAVE), WHOLE, DAY).lines
    scores = f"Only visits by score: {BAND_WORDS[band]}" if band else "Visits of every score"
    assert lines[:4] == ("Northwind: Visits", "North, Till, November", scores, WHOLE)


def test_a_page_of_a_longer_list_is_not_taken_for_all_of_it() -> None:
    assert part_of(is_first=True, has_more=False) == WHOLE
    assert part_of(is_first=True, has_more=True) == FIRST
    assert {part_of(is_first=False, has_more=more) for more in (True, False)} == {LATER}


def test_what_a_wave_adds_up_to_says_where_and_beside_what() -> None:
    lines = overview_cover("Northwind", ShopsWanted(is_theirs=True), ("North", WAVE), BEFORE).lines
    assert lines[:4] == ("Northwind: Till, November", "North", THEIRS, "The wave before: Till, October")


def test_a_place_without_a_name_here_is_all_that_its_reader_may_see() -> None:
    places = [PlaceLine(UUID(int=5), "/a/", "North")]
    assert place_words(places, "/a/") == "North"
    assert place_words(places, "/") == "Every location its reader may see"


async def test_the_signed_copy_of_a_filtered_list_or_of_one_store_is_not_taken_for_the_whole(
    head: Browser, there: ShopWorld
) -> None:
    await release(await approved(there))
    keys = there.settings.known_token_keys

    async def lines(part: str) -> list[str]:
        said = read_copy((await head.get(f"/portal/shops{part}")).content, keys)
        assert said.released_on is None
        return list(said.lines)

    whole = await lines("/files/signed.json")
    assert any("Visits of every score" in line for line in whole)
    assert WHOLE in whole
    assert "Only visits by score: 80 and more" in await lines("/files/signed.json?score=high")
    store = f"place={there.store_id}"
    assert await lines(f"/overview/files/signed.json?{store}") != await lines("/overview/files/signed.json")
    assert any("Riverside" in line for line in await lines(f"/overview/files/signed.json?{store}"))
