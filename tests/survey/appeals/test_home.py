"""The first page of a shopper: what waits in all areas, nobody else's, and nothing that can still be undone."""

from uuid import UUID

import pytest

from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld, let_down, moment
from tests.survey.appeals.conftest import Case
from tests.web_client import Browser, Site

HOME = "/shopper"
NOTHING = "Nothing waits for you"


@pytest.fixture
async def me(there: ShopWorld) -> Shopper:
    """A shopper."""
    return await there.shopper()


@pytest.fixture
async def browser(site: Site, there: ShopWorld, me: Shopper) -> Browser:
    """That shopper's browser."""
    return await there.signed_in(site, me)


async def mine(there: ShopWorld, me: Shopper, state: str, days: int = 5) -> UUID:
    """A shop of the shopper's, for a day."""
    return await there.shop(state, me, planned_on=NOW.date() + days * DAY)


async def test_home_is_no_page_for_staff(site: Site, there: ShopWorld) -> None:
    scheduler = await site.signed_in(there.affiliate_id, "scheduler")
    assert (await scheduler.get(HOME)).status_code == 403


async def test_home_says_that_nothing_waits_where_nothing_does(browser: Browser, there: ShopWorld, me: Shopper) -> None:
    await mine(there, me, "ASSIGNED", days=5)
    await mine(there, me, "SUBMITTED", days=-1)
    assert NOTHING in (await browser.get(HOME)).text


async def test_another_shoppers_tasks_are_not_mine(browser: Browser, there: ShopWorld) -> None:
    somebody = await there.shopper("Kit Lowell")
    await mine(there, somebody, "OFFERED")
    await let_down(there, somebody)
    assert NOTHING in (await browser.get(HOME)).text


@pytest.mark.parametrize(
    ("state", "days", "words", "badge"),
    [
        ("OFFERED", 5, "Say whether you take", "Offered"), ("RETURNED", -1, "Change your report of", "Back with you"),
        ("ASSIGNED", -1, "Visit", "Late"), ("IN_PROGRESS", 0, "Visit", "Today"),
    ],
)  # fmt: skip
async def test_a_shop_that_cannot_wait_stands_on_home(
    browser: Browser, there: ShopWorld, me: Shopper, state: str, days: int, words: str, badge: str
) -> None:
    shop_id = await mine(there, me, state, days)
    page = (await browser.get(HOME)).text
    assert (str(shop_id) in page, words in page, badge in page, NOTHING in page) == (True, True, True, False)


async def test_an_offer_that_staff_can_still_take_back_is_not_on_home(
    browser: Browser, there: ShopWorld, me: Shopper
) -> None:
    shop_id = await mine(there, me, "OFFERED")
    await there.owner.execute(
        "UPDATE identity.assignment SET shown_from = $2 WHERE shop_id = $1", shop_id, moment(hours=1)
    )
    assert NOTHING in (await browser.get(HOME)).text


async def test_home_says_that_a_mark_is_proposed_until_it_is_answered(
    browser: Browser, there: ShopWorld, me: Shopper
) -> None:
    mark_id = await let_down(there, me)
    assert "before a mark is decided" in (await browser.get(HOME)).text
    await browser.post(f"/shopper/marks/{mark_id}", {"reason": "illness", "words": ""})
    assert NOTHING in (await browser.get(HOME)).text


async def test_a_question_about_a_visit_stands_on_home(case: Case) -> None:
    await case.act(await case.raised(), "ask_shopper", "Which table was it?")
    page = (await case.shopper.get(HOME)).text
    assert ("1 question waits" in page, "Which table" in page) == (True, False)


async def test_only_what_somebody_has_not_answered_yet_waits_on_home(case: Case) -> None:
    await case.act(await case.raised(), "ask_shopper", "Which table was it?")
    question_id = await case.one.there.owner.fetchval(
        "SELECT id FROM field.appeal_question WHERE report_id = $1", case.one.report_id
    )
    await case.shopper.post(f"/shopper/appeals/{question_id}", {"words": "The one by the door."})
    assert "asked about a visit" not in (await case.shopper.get(HOME)).text


async def test_home_asks_where_one_starts_from_as_something_that_one_may_tell(site: Site, there: ShopWorld) -> None:
    placeless = await there.signed_in(site, await there.shopper(latitude=None, longitude=None))
    page = (await placeless.get(HOME)).text
    assert ("/shopper/profile/start" in page, "If you like" in page) == (True, True)
