"""A scheduler ticks shops all over the board, with and without scripts: nothing is lost, nothing is added."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Browser, Locator

from survey.accounts.domain import AccountRole
from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM
from tests.shop_world import ShopWorld, shop_world

from .staff import sign_in
from .town import NAME, Town
from .walk import MANNERS, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
FIRST, SECOND, FAR = "KC-FIRST", "KC-SECOND", "KC-FAR"


@dataclass(frozen=True, slots=True)
class Board:
    """A company with more shops than one page shows, and its scheduler's address."""

    there: ShopWorld
    scheduler: str

    async def held(self) -> set[str]:
        """The references of what is on hold."""
        rows = await self.there.owner.fetch(
            "SELECT public_ref FROM field.shop WHERE affiliate_id = $1 AND is_on_hold", self.there.affiliate_id
        )
        return {row["public_ref"] for row in rows}


@pytest.fixture
async def board(town: Town, cluster: Cluster) -> AsyncIterator[Board]:
    """Two shops that end first, sixty that fill the page, and one elsewhere that ends last."""
    slug = f"choosing-{uuid4().hex}"
    company, now, day = await town.with_company(slug), datetime.now(UTC), timedelta(days=1)
    await company.account(AccountRole.SCHEDULER, f"scheduler@{slug}.example")
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    there = await shop_world(owner, town.settings, company.scope.affiliate_id)
    begins: dict[str, Any] = {"window_start": now - day, "created_at": now}
    for number, ref in enumerate((FIRST, SECOND), start=1):
        await there.shop(public_ref=ref, window_end=now + number * day, **begins)
    await there.shops(60, window_start=now - day, window_end=now + 5 * day)
    # As short as references are: those of the world are drawn, and too long for a table.
    await owner.execute(
        "UPDATE field.shop SET public_ref = 'T-' || upper(left(id::text, 6)) WHERE affiliate_id = $1"
        " AND public_ref LIKE 'T-%'",
        there.affiliate_id,
    )
    far = await there.location("CK-090", name="Harbour", latitude=53.9, longitude=-1.3)
    await there.shop(public_ref=FAR, location_id=far, window_end=now + 9 * day, **begins)
    yield Board(there, f"scheduler@{slug}.example")
    await owner.close()


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_ticks_go_along_through_pages_orders_filters_and_shapes(
    town: Town, browser: Browser, board: Board, manner: Manner
) -> None:
    async with walking(browser, town.origin, manner) as desk:
        await sign_in(desk, board.scheduler)
        await desk.open("/shops")
        await _tick(desk, FIRST)
        await _tick(desk, SECOND)
        await _onward(desk, manner, "Next", "Next page")
        await _says(desk, "2 chosen, 2 not on this page")
        await _tick(desk, FAR)
        await _onward(desk, manner, "By state", "By state")
        await _says(desk, "3 chosen, 1 not on this page")
        assert await _tick_of(desk, FIRST).is_checked()
        await _tick(desk, SECOND, wanted=False)
        await _onward(desk, manner, "Map", "Map")
        assert await desk.page.get_by_label("Select the shops at CK-090").is_checked()
        await _onward(desk, manner, "Table", "Table")
        words = desk.page.get_by_label("Reference, code, place or city")
        if not await words.is_visible():
            # On a phone the shops come first, and what narrows them is a tap away.
            await desk.page.get_by_text("Narrow the shops").click()
        await words.fill(FAR)
        await desk.press("Show", desk.page.get_by_role("search"))
        await _says(desk, "2 chosen, 1 not on this page, 1 outside your filter")
        await _hold_both(desk)
        assert await board.held() == {FIRST, FAR}
        assert desk.faults == []


@pytest.mark.parametrize("has_scripts", [True, False], ids=["desk-scripts", "desk-plain"])
async def test_what_is_chosen_is_shown_alone_and_cleared(
    town: Town, browser: Browser, board: Board, has_scripts: bool
) -> None:
    async with walking(browser, town.origin, Manner(MANNERS[0].size, has_scripts)) as desk:
        await sign_in(desk, board.scheduler)
        await desk.open("/shops")
        await _tick(desk, SECOND)
        await desk.press("Show chosen")
        assert await desk.page.locator("[data-row]").count() == 1
        await _says(desk, "1 chosen")
        await desk.press("Clear chosen")
        assert await desk.page.locator(".tick :checked").count() == 0
        assert desk.faults == []


async def test_going_back_brings_no_older_ticks(town: Town, browser: Browser, board: Board) -> None:
    async with walking(browser, town.origin, MANNERS[0]) as desk:
        await sign_in(desk, board.scheduler)
        await desk.open("/shops")
        await _tick(desk, FIRST)
        await desk.press("Next")
        await _tick(desk, FAR)
        await desk.page.go_back()
        await _says(desk, "2 chosen, 1 not on this page")
        await desk.page.reload()
        await _says(desk, "2 chosen, 1 not on this page")
        assert await _tick_of(desk, FIRST).is_checked()
        await desk.press("Clear chosen")
        await desk.page.reload()
        assert await desk.page.locator(".tick :checked").count() == 0
        assert desk.faults == []


def _tick_of(desk: Walk, ref: str) -> Locator:
    return desk.page.get_by_label(f"Select {ref}")


async def _tick(desk: Walk, ref: str, *, wanted: bool = True) -> None:
    await _tick_of(desk, ref).set_checked(wanted)


async def _onward(desk: Walk, manner: Manner, link: str, button: str) -> None:
    """By the link that is there with scripts, by the button without."""
    if manner.has_scripts:
        await desk.press(link, desk.page.locator(".tabs, .pager").filter(has_text=link))
    else:
        await desk.press(button, desk.page.locator(".onward"))


async def _says(desk: Walk, words: str) -> None:
    """What the bar says of the ticks."""
    await desk.page.locator(".bulk p", has_text=words).first.wait_for()


async def _hold_both(desk: Walk) -> None:
    """Both of them, the one that the filter hides by its name."""
    if await desk.page.locator(".bulk details:not([open]) summary").count():
        await desk.page.locator(".bulk summary").click()
    await desk.press("Hold", desk.page.locator(".bulk"))
    text = " ".join((await desk.page.inner_text("main")).split())
    assert "2 shops chosen." in text
    assert f"1 of them is outside your filter Chosen on another page, or changed since: {FIRST}." in text
    await desk.page.get_by_role("radio").first.check()
    await desk.press("Show the effects")
    await desk.press("Put on hold (2)")
