"""A section with every question on it, for where nobody can say what is asked; what the server makes of it later."""

import json
import re

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.field_study import FORM, encoded
from tests.kiosk import KIOSK, ONLY_IF
from tests.shop_world import ShopWorld, shop_world
from tests.web_client import Site

from .conftest import TODAY, Visit, words_of

TEMPLATE = re.compile(r"<template.*?</template>", re.DOTALL)
TASTE = 'Of "rubber" & <b>tin</b>, it\'s CANARY-6617'
COMMENTED = {"is_comment_asked": True, "items": {"size": {"points_by": {"small": 1}}}}


@pytest.fixture
async def shops(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client, with a questionnaire of which the questions hang on one another."""
    return await shop_world(superuser, settings, world.alices.affiliate_id, KIOSK)


@pytest.fixture
async def visit(shops: ShopWorld, site: Site) -> Visit:
    """A visit that has begun."""
    shopper = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", shopper, planned_on=TODAY)
    visit = Visit(shops, shopper, await shops.signed_in(site, shopper), shop_id, KIOSK)
    await visit.start()
    return visit


async def send(visit: Visit, number: int, **fields: str):  # type: ignore[no-untyped-def]
    """Send a section as it is, nothing filled in of its own."""
    form = {"csrf": [visit.browser.csrf()]} | {name.replace("__", "-"): [value] for name, value in fields.items()}
    return await visit.browser.client.post(visit.at(str(number)), content=encoded(form), headers=FORM)


async def words_stored(visit: Visit) -> set[str]:
    """The fields of which the report has words."""
    rows = await visit.there.owner.fetch(
        "SELECT question_id FROM field.report_text WHERE report_id = $1", (await visit.report())["id"]
    )
    return {row["question_id"] for row in rows}


async def test_a_whole_section_is_for_the_holder_alone(visit: Visit, shops: ShopWorld, site: Site) -> None:
    stranger = await shops.signed_in(site, await shops.shopper())
    editor = await site.signed_in(shops.affiliate_id, "editor")
    assert (await stranger.get(f"{visit.at('2')}?whole")).status_code == 404
    assert (await stranger.post(visit.at("2"), {"whole": "1", "size": "large"})).status_code == 404
    assert (await editor.get(f"{visit.at('2')}?whole")).status_code == 403
    assert (await visit.report())["coded"] == "{}"


async def test_a_shop_of_another_affiliate_gives_no_whole_section(
    visit: Visit, site: Site, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    elsewhere = await shop_world(superuser, settings, world.charlies.affiliate_id, KIOSK)
    other = await elsewhere.shopper(account_id=visit.shopper.account_id)
    there = await elsewhere.signed_in(site, other)
    assert (await there.get(f"{visit.at('2')}?whole")).status_code == 404


async def test_a_report_that_is_not_to_be_written_gives_no_whole_section(visit: Visit) -> None:
    await visit.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", visit.shop_id)
    assert (await visit.get("2?whole")).headers["location"] == f"{visit.base}/report"


async def test_a_section_that_is_not_asked_leads_on_unless_it_is_asked_for_whole(visit: Visit) -> None:
    assert (await visit.get("2")).headers["location"] == visit.at("visit")
    page = await visit.get("2?whole")
    assert page.status_code == 200
    assert f"{ONLY_IF}. If that is not so, go on to the next section." in words_of(page)
    assert {"size", "taste"} <= set(re.findall(r'name="shown" value="(\w+)"', page.text))
    assert (await visit.get("9?whole")).headers["location"] == visit.at("visit")


async def test_what_is_not_asked_is_in_no_form_until_a_script_brings_it_out(visit: Visit) -> None:
    page = (await visit.get("1")).text
    assert 'name="bag"' in page
    plain = TEMPLATE.sub("", page)
    assert re.findall(r'name="shown" value="(\w+)"', plain) == ["bought"]
    for inert in ('name="bag"', 'name="whole"', "Only if"):
        assert inert not in plain, inert


async def test_the_list_of_sections_holds_those_that_are_not_asked_for_a_script_alone(visit: Visit) -> None:
    page = (await visit.get()).text
    assert f'href="{visit.at("2")}"' in page
    assert ONLY_IF in page
    plain = TEMPLATE.sub("", page)
    assert re.findall(r"/report/(\d)", plain) == ["1", "4"]
    assert "Only if" not in plain


async def test_a_page_names_its_version_and_what_it_hangs_on(visit: Visit) -> None:
    page = (await visit.get("2?whole")).text
    assert f'data-version="{visit.there.version_id}" data-reads="1" data-decides="3"' in page


async def test_an_answer_to_what_is_not_asked_is_told_and_not_stored(visit: Visit) -> None:
    await send(visit, 1, bought="no", shown="bought")
    answer = await send(visit, 2, size="large", taste=TASTE, whole="1", go="on")
    assert answer.status_code == 200
    assert f'data-onward="{visit.at("4")}"' in answer.text
    told = words_of(answer)
    assert "“Which size did you take?”: you answered “Large”. It is asked only if “Did you buy anything?”" in told
    assert (await visit.report())["coded"] == '{"bought": "no"}'
    assert await words_stored(visit) == set()


async def test_what_is_told_brings_its_fields_along_whatever_was_typed(visit: Visit) -> None:
    answer = await send(visit, 2, taste=TASTE, whole="1")
    values = re.search(r"data-unasked=\"([^\"]+)\" data-item=\"taste\" data-values='([^']+)'", answer.text)
    assert values
    assert values[1] == visit.at("2")
    assert json.loads(values[2]) == {"taste": [TASTE]}
    assert "<b>tin" not in answer.text


async def test_sent_after_the_answer_that_it_hangs_on_it_is_stored_and_nothing_is_told(visit: Visit) -> None:
    assert "data-unasked" not in (await send(visit, 1, bought="yes", bag="no", whole="1")).text
    assert "data-unasked" not in (await send(visit, 2, size="large", taste=TASTE, whole="1")).text
    assert json.loads((await visit.report())["coded"]) == {"bought": "yes", "bag": "no", "size": "large"}
    assert await words_stored(visit) == {"taste"}


async def test_a_changed_answer_tells_what_the_report_held_behind_it(visit: Visit) -> None:
    await send(visit, 1, bought="yes", bag="no")
    await send(visit, 2, size="large", taste=TASTE)
    answer = await send(visit, 1, bought="no", bag="no", whole="1", go="on")
    assert re.findall(r'data-item="(\w+)"', answer.text) == ["bag", "size", "taste"]
    assert (await visit.report())["coded"] == '{"bought": "no"}'


async def test_a_page_with_something_missing_tells_what_is_not_asked_too(visit: Visit) -> None:
    answer = await send(visit, 1, bag="no", whole="1", go="on", shown="bought")
    assert answer.status_code == 422
    assert re.findall(r'data-item="(\w+)"', answer.text) == ["bag"]


async def test_a_whole_page_that_saves_itself_says_saved_and_tells_the_rest(visit: Visit) -> None:
    answer = await send(visit, 1, bought="no", bag="yes", whole="1", autosave="1")
    assert words_of(answer).strip().startswith("Saved 09:30, but for what is not asked")
    assert re.findall(r'data-item="(\w+)"', answer.text) == ["bag"]


async def test_a_page_without_scripts_is_answered_as_ever(visit: Visit) -> None:
    answer = await send(visit, 2, size="large", go="on")
    assert answer.status_code == 303
    assert (await send(visit, 1, bought="no", bag="yes", autosave="1")).text.strip() == "Saved 09:30"


async def test_a_comment_on_what_is_not_asked_is_not_kept(visit: Visit) -> None:
    await visit.there.configure(scoring=COMMENTED)
    await send(visit, 1, bought="no", shown="bought")
    await send(visit, 2, size="large", size__comment="It was the last. CANARY-6618")
    assert await words_stored(visit) == set()
    await send(visit, 1, bought="yes", bag="no")
    await send(visit, 2, size="large", size__comment="It was the last.")
    assert await words_stored(visit) == {"size-comment"}


async def test_a_section_that_is_not_asked_takes_nobody_further(visit: Visit) -> None:
    await send(visit, 3, lid="It did not", whole="1")
    assert (await visit.report())["section"] == 0


async def test_what_is_not_asked_reaches_neither_the_last_check_nor_review(visit: Visit, site: Site) -> None:
    await send(visit, 1, bought="no", whole="1", shown="bought")
    for number, fields in ((2, {"size": "large", "taste": TASTE}), (3, {"lid": TASTE}), (4, {"story": "I waited"})):
        await send(visit, number, whole="1", **fields)
    await visit.times()
    await visit.picture()
    assert "CANARY" not in (await visit.get("check")).text
    assert (await visit.hand_in()).headers["location"] == f"{visit.base}/report"
    editor = await site.signed_in(visit.there.affiliate_id, "editor")
    page = await editor.get(f"/reviews/{visit.shop_id}")
    assert page.status_code == 200
    assert "I waited" in page.text
    assert "CANARY" not in page.text
    assert "Which size" not in page.text
