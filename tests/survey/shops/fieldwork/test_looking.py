"""The look through the words of a report before it is handed in: what its writer reads of it, and that it is all."""

import html
import re

import pytest

from survey.shops.reviews import service as reviews
from tests.shop_world import ShopWorld
from tests.web_client import Site

from .conftest import CLOSED_DOOR, Visit, visit_by

TOLD = "My server Jessica Miller gave me her number, 614-555-0199. Jessica was kind. I left at 12:43. Robin Marsh"
CLEAN = "The floor was dry, and the cashier smiled."
OVERALL = 4  # the section in which words are asked


def told(page: str) -> list[tuple[str, str]]:
    """What was found on the page, each with what it is said to be."""
    found = re.findall(r"<li><mark>([^<]+)</mark> ([^.]+)\.", page)
    return [(html.unescape(words), html.unescape(what)) for words, what in found]


async def with_words(visit: Visit, words: str) -> str:
    """The last check of a report that is whole, with these words in it."""
    await visit.fill_in()
    assert (await visit.answer(OVERALL, improve=words)).status_code == 303
    return (await visit.get("check")).text


async def test_names_and_numbers_are_said_with_a_way_to_their_question(visit: Visit) -> None:
    page = await with_words(visit, TOLD)
    assert told(page) == [
        ("Jessica Miller", "reads like a person’s name"),
        ("614-555-0199", "reads like a telephone number"),
        ("Jessica", "might be a name"),
        ("12:43", "is a time of day"),
        ("Robin Marsh", "is your own name"),
    ]
    [link] = re.findall(rf'href="({visit.base}/report/{OVERALL}\?check#improve)">“', page)
    assert 'id="improve"' in (await visit.browser.get(link)).text


async def test_words_that_name_nobody_are_passed_over_in_silence(visit: Visit) -> None:
    page = await with_words(visit, CLEAN)
    assert "Names, numbers" not in page
    assert told(page) == []


async def test_a_report_is_handed_in_with_names_and_numbers_in_it(visit: Visit) -> None:
    await with_words(visit, TOLD)
    assert (await visit.hand_in()).status_code == 303
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert "Names, numbers" not in (await visit.browser.get(f"{visit.base}/report")).text


async def test_what_was_found_is_said_again_where_the_declaration_is_missing(visit: Visit) -> None:
    await with_words(visit, TOLD)
    assert ("614-555-0199", "reads like a telephone number") in told((await visit.hand_in({})).text)


async def test_an_editor_finds_what_the_writer_was_told_of(visit: Visit, site: Site) -> None:
    page = await with_words(visit, TOLD)
    await visit.hand_in()
    editor = await site.signed_in(visit.there.affiliate_id, "editor")
    await editor.post(f"/reviews/{visit.shop_id}/pick-up", {})
    async with visit.there.transaction():
        found = await reviews.opened(visit.there.scope, visit.there.settings, visit.shop_id)
    assert {words for words, _ in told(page)} == {each.words for each in found.scanned}


async def test_nothing_of_what_was_found_is_kept(visit: Visit) -> None:
    await with_words(visit, TOLD)
    report = await visit.report()
    before = await visit.there.events(report["id"])
    await visit.get("check")
    assert await visit.there.events(report["id"]) == before
    kept = "SELECT count(*) FROM field.finding_left WHERE report_id = $1"
    assert await visit.there.owner.fetchval(kept, report["id"]) == 0


async def test_what_was_taken_out_is_said_no_more(visit: Visit) -> None:
    await with_words(visit, TOLD)
    await visit.answer(OVERALL, improve=CLEAN)
    assert told((await visit.get("check")).text) == []


@pytest.mark.parametrize(
    ("mode", "advice"), [("none", "like “the cashier”"), ("role", "like “the cashier”"), ("name", "You may leave")]
)
async def test_a_name_is_taken_out_unless_the_campaign_keeps_names(
    shops: ShopWorld, site: Site, mode: str, advice: str
) -> None:
    await shops.configure(employee_id_mode=mode)
    page = await with_words(await visit_by(shops, site), "My server Anna was kind.")
    [line] = re.findall(r"<li><mark>Anna</mark>(.+?)</li>", page)
    assert advice in html.unescape(line)


@pytest.mark.parametrize(
    ("set_as", "said"),
    [
        ({"time_precision": "daypart"}, ["12:43", "1 pm"]),
        ({"time_precision": "hour"}, ["12:43"]),
        ({"time_precision": "minute"}, []),
        ({"time_precision": "minute", "employee_id_mode": "none"}, ["12:43", "1 pm"]),
        ({"time_precision": "daypart", "is_narrative_shown": False}, []),
    ],
    ids=["daypart", "hour", "minute", "nothing of the staff", "words that no client reads"],
)
async def test_a_time_of_day_is_said_where_the_client_is_not_told_it_so_finely(
    shops: ShopWorld, site: Site, set_as: dict[str, object], said: list[str]
) -> None:
    await shops.configure(**{"employee_id_mode": "role"} | set_as)
    page = await with_words(await visit_by(shops, site), "At 12:43 it was full, and I left about 1 pm.")
    assert told(page) == [(words, "is a time of day") for words in said]


async def test_words_that_stand_there_twice_are_said_where_they_stand_first(visit: Visit) -> None:
    page = await with_words(visit, "Ask kim@store.example or lee@store.example, but kim@store.example first.")
    assert [words for words, _ in told(page)] == ["kim@store.example", "lee@store.example"]


async def test_words_about_a_closed_door_are_looked_through_as_well(visit: Visit) -> None:
    await visit.start()
    await visit.browser.post(visit.at("closed"), CLOSED_DOOR | {"words": "A notice says: write to kim@store.example"})
    page = (await visit.get("check")).text
    assert told(page) == [("kim@store.example", "is an e-mail address")]
    assert f'href="{visit.base}/report/closed#words">What you found' in page
