"""A report as a shopper writes it, in a browser without scripts."""

from datetime import timedelta

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, shop_world
from tests.web_client import Site

from .conftest import Visit, visit_by, words_of

PLACES = ("", "/guideline", "/report", "/report/1", "/report/visit", "/report/evidence", "/report/check")
POSTS = ("/start", "/report/1", "/report/visit", "/report/evidence", "/report/closed", "/report/check")


async def test_a_shop_of_another_shopper_is_not_there(visit: Visit, shops: ShopWorld, site: Site) -> None:
    await visit.fill_in()
    stranger = await shops.signed_in(site, await shops.shopper())
    for place in PLACES:
        assert (await stranger.get(f"{visit.base}{place}")).status_code == 404, place
    for place in POSTS:
        assert (await stranger.post(f"{visit.base}{place}", {"declared": "yes"})).status_code == 404, place


async def test_an_open_shop_that_nobody_has_given_out_is_not_there(visit: Visit) -> None:
    visit.shop_id = await visit.there.shop("OPEN")
    assert (await visit.get()).status_code == 404
    assert (await visit.start()).status_code == 404


async def test_a_shop_of_another_affiliate_is_not_there(
    visit: Visit, site: Site, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    elsewhere = await shop_world(superuser, settings, world.charlies.affiliate_id)
    # The same person, at another affiliate: one sign-in, two profiles that know nothing of each other.
    other = await elsewhere.shopper(account_id=visit.shopper.account_id)
    theirs = await visit_by(elsewhere, site, other)
    here = visit.browser
    assert (await here.get(theirs.base)).status_code == 404
    assert (await here.post(f"{theirs.base}/start", {"then": "report"})).status_code == 404


async def test_staff_do_not_open_a_shoppers_pages(visit: Visit, site: Site) -> None:
    editor = await site.signed_in(visit.there.affiliate_id, "editor")
    assert (await editor.get(visit.base)).status_code == 403


async def test_a_visit_does_not_begin_before_its_window(shops: ShopWorld, site: Site) -> None:
    early = await visit_by(shops, site, window_start=NOW + timedelta(hours=2))
    page = await early.get()
    assert "Start the visit" not in page.text
    assert "The visit may begin" in page.text
    assert (await early.start()).headers["location"] == early.base
    assert await shops.state_of(early.shop_id) == "ASSIGNED"


async def test_an_offer_cannot_be_started(visit: Visit) -> None:
    visit.shop_id = await visit.there.shop("OFFERED", visit.shopper)
    assert (await visit.start()).headers["location"] == visit.base
    assert await visit.there.state_of(visit.shop_id) == "OFFERED"


async def test_an_expired_shop_is_not_there(visit: Visit) -> None:
    visit.shop_id = await visit.there.shop("EXPIRED")
    await visit.there.assignment(visit.shop_id, visit.shopper, "taken_back")
    assert (await visit.get()).status_code == 404


async def test_the_page_says_where_when_and_for_how_much(visit: Visit) -> None:
    page = words_of(await visit.get())
    for words in ("Riverside", "1 High Street", "USD 12.00", "up to USD 8.00", "USD 4.00 for the attempt", "Any time"):
        assert words in page, words
    assert "Order a drink. Count the seconds." in page
    assert "Monday to Sunday 07:00 to 21:00" in page


async def test_a_visit_that_is_made_before_its_planned_day_is_taken_to_be_todays(visit: Visit) -> None:
    await visit.start()
    for planned, shown in ((NOW.date() + 2 * DAY, NOW.date()), (NOW.date() - DAY, NOW.date() - DAY)):
        await visit.there.owner.execute("UPDATE field.shop SET planned_on = $2 WHERE id = $1", visit.shop_id, planned)
        for place in ("visit", "closed"):
            assert f'value="{shown.isoformat()}"' in (await visit.get(place)).text


async def test_the_page_says_from_the_start_by_when_it_is_paid(visit: Visit) -> None:
    await visit.there.configure(pay_days=30)
    await visit.there.owner.execute(
        "UPDATE field.shop SET planned_on = $2, due_at = $3, bonus_cents = 300 WHERE id = $1",
        visit.shop_id,
        NOW.date(),
        NOW + DAY,
    )
    page = words_of(await visit.get())
    promise = "Paid by Tuesday 22 December 2026, if you go on Sunday 22 November and hand in by Mon 23 November, 09:30"
    for words in (promise, "USD 15.00 (with a bonus of USD 3.00)", "up to USD 8.00"):
        assert words in page, words


async def test_once_the_report_is_in_the_promise_stands_without_conditions(visit: Visit) -> None:
    await visit.there.configure(pay_days=30)
    await visit.fill_in()
    await visit.hand_in()
    promised = await visit.there.owner.fetchval(
        "SELECT promised_on FROM identity.pay_item WHERE shop_id = $1", visit.shop_id
    )
    page = words_of(await visit.get())
    assert f"Paid by {promised:%A} {promised.day} {promised:%B %Y}" in page
    assert "if you go on" not in page


async def test_a_whole_report_can_be_written_and_handed_in(visit: Visit) -> None:
    assert "Start the visit" in (await visit.get()).text
    await visit.fill_in()
    assert "Before you can hand it in" not in (await visit.get("check")).text
    sent = await visit.hand_in()
    assert sent.headers["location"] == f"{visit.base}/report"
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    page = words_of(await visit.browser.get(f"{visit.base}/report"))
    assert "Handed in" in page
    assert "USD 6.95" in page


async def test_starting_is_recorded_once_though_it_is_pressed_twice(visit: Visit) -> None:
    await visit.start()
    first = await visit.report()
    await visit.start()
    assert (await visit.report())["id"] == first["id"]
    events = await visit.there.events(visit.shop_id)
    assert [(event["action"], event["actor_kind"]) for event in events] == [("shop.start", "shopper")]


async def test_what_is_coded_stands_apart_from_words_that_are_sealed(visit: Visit) -> None:
    await visit.start()
    await visit.answer(1, reason="other", **{"reason-other": "Heard of CANARY-7731"})
    report = await visit.report()
    assert '"reason": "other"' in report["coded"]
    texts = await visit.there.owner.fetch("SELECT * FROM field.report_text WHERE report_id = $1", report["id"])
    assert [text["question_id"] for text in texts] == ["reason-other"]
    assert b"CANARY" not in texts[0]["sealed"]
    assert "CANARY-7731" in (await visit.get("1")).text


async def test_no_word_of_a_report_is_readable_anywhere_in_the_database(visit: Visit) -> None:
    await visit.answer_all()
    await visit.answer(4, improve="CANARY-4418 should smile")
    await visit.times()
    await visit.picture()
    await visit.hand_in()
    tables = await visit.there.owner.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname IN ('field', 'identity', 'ledger', 'ops', 'release', 'vault')"
    )
    for table in tables:
        found = await visit.there.owner.fetchval(
            f"SELECT count(*) FROM {table['name']} t"
            " WHERE t::text LIKE '%CANARY-4418%' OR t::text LIKE '%' || encode('CANARY-4418', 'hex') || '%'"
        )
        assert found == 0, table["name"]


async def test_a_section_that_lacks_something_is_shown_again_and_keeps_the_rest(visit: Visit) -> None:
    await visit.start()
    answer = await visit.answer(1, reason="", wait="over_5")
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert 'value="over_5" checked' in (await visit.get("1")).text


async def test_a_draft_goes_on_where_it_was_left(visit: Visit) -> None:
    await visit.start()
    assert (await visit.answer(1)).headers["location"] == visit.at("2")
    page = await visit.get()
    assert words_of(page).count("To do") > words_of(page).count("Done") > 0
    assert (await visit.answer(2, go="back")).headers["location"] == visit.at("1")


async def test_a_page_that_saves_itself_says_so_by_the_clock_of_the_place(visit: Visit) -> None:
    await visit.start()
    answer = await visit.answer(1, autosave="1", reason="")
    assert answer.status_code == 200
    assert answer.text.strip() == "Saved 09:30"


async def test_a_section_that_does_not_exist_leads_on(visit: Visit) -> None:
    await visit.start()
    assert (await visit.get("9")).headers["location"] == visit.at("visit")
    assert (await visit.browser.post(visit.at("9"), {})).headers["location"] == visit.at("visit")


async def test_a_report_is_not_written_before_the_start(visit: Visit) -> None:
    assert (await visit.answer(1)).headers["location"] == visit.base
    assert await visit.report() is None


async def test_the_same_shop_keeps_nothing_of_its_former_shopper_for_the_next(
    visit: Visit, shops: ShopWorld, site: Site
) -> None:
    await visit.start()
    await visit.answer(1, reason="other", **{"reason-other": "CANARY of the first"})
    await shops.owner.execute("UPDATE identity.assignment SET state = 'given_back' WHERE shop_id = $1", visit.shop_id)
    await shops.owner.execute("UPDATE field.shop SET state = 'ASSIGNED' WHERE id = $1", visit.shop_id)
    second = await shops.shopper()
    await shops.assignment(visit.shop_id, second)
    after = Visit(shops, second, await shops.signed_in(site, second), visit.shop_id, visit.definition)
    await after.start()
    page = await after.get("1")
    assert page.status_code == 200
    assert "CANARY" not in page.text
    assert "CANARY of the first" in (await visit.get("1")).text


async def test_a_shop_that_went_back_keeps_the_draft_and_says_what_to_do(visit: Visit) -> None:
    await visit.fill_in()
    await _taken_back(visit)
    assert "went back to the board" in (await visit.get()).text
    assert (await visit.answer(1, reason="collect")).status_code == 303
    assert '"reason": "collect"' in (await visit.report())["coded"]
    answer = await visit.hand_in()
    assert answer.headers["location"] == visit.base
    assert "Your draft is kept" in (await visit.get()).text
    assert await visit.there.state_of(visit.shop_id) == "OPEN"


async def test_a_shop_given_again_to_the_same_shopper_goes_on_with_the_draft(visit: Visit) -> None:
    await visit.fill_in()
    before = await visit.report()
    await _taken_back(visit)
    await visit.there.owner.execute("UPDATE field.shop SET state = 'ASSIGNED' WHERE id = $1", visit.shop_id)
    await visit.there.assignment(visit.shop_id, visit.shopper)
    await visit.start()
    assert (await visit.report())["id"] == before["id"]
    assert (await visit.hand_in()).headers["location"] == f"{visit.base}/report"


async def test_on_hold_nothing_is_handed_in_and_nothing_lost(visit: Visit) -> None:
    await visit.fill_in()
    await visit.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", visit.shop_id)
    assert "on hold" in (await visit.get()).text
    assert (await visit.hand_in()).headers["location"] == visit.base
    assert (await visit.answer(1, reason="collect")).status_code == 303
    assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"


@pytest.mark.parametrize(("zone", "shown"), [("America/New_York", "04:30"), ("Asia/Tokyo", "18:30")])
async def test_times_are_those_of_the_place(visit: Visit, zone: str, shown: str) -> None:
    await visit.there.owner.execute(
        "UPDATE field.location SET time_zone = $1 WHERE id = $2", zone, visit.there.store_id
    )
    assert shown in (await visit.get()).text


async def _taken_back(visit: Visit) -> None:
    """What the timer does when a report is overdue."""
    await visit.there.owner.execute(
        "UPDATE identity.assignment SET state = 'taken_back' WHERE shop_id = $1", visit.shop_id
    )
    await visit.there.owner.execute("UPDATE field.shop SET state = 'OPEN' WHERE id = $1", visit.shop_id)
