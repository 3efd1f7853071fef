"""The builder from outside: plain forms, no script."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from survey.db import Role, transaction
from survey.questionnaires import queries, service
from survey.questionnaires.domain import Condition, Operator, Version, item_in, store_visit
from tests.conftest import NOW, World
from tests.web_client import Browser, Site


@pytest.fixture
async def manager(site: Site, world: World) -> Browser:
    """A manager of alice's."""
    return await site.signed_in(world.alices.affiliate_id, "manager")


async def newest(world: World, questionnaire_id: UUID) -> Version:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        return await queries.latest_version_in(world.alices, questionnaire_id)


PAGES = (
    "",
    "/settings",
    "/sections/new",
    "/sections/visit",
    "/sections/visit/items/new?kind=single",
    "/items/clean",
    "/bench",
    "/preview",
    "/versions",
    "/versions/1",
    "/compare?from=1&to=1",
)


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_is_closed_to_strangers_to_clients_and_to_other_affiliates(
    site: Site, world: World, visit_id: UUID, page: str
) -> None:
    url = f"/questionnaires/{visit_id}{page}"
    stranger = await site.visitor()
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    assert (await stranger.get(url)).status_code == 303
    assert (await charlie.get(url)).status_code == 404
    assert (await (await site.signed_in(world.alices.affiliate_id, "manager")).get(url)).status_code == 200


@pytest.mark.parametrize("act", ["copy", "archive", "unarchive", "arrange", "settings", "items/clean", "preview"])
async def test_another_affiliate_cannot_send_any_form(site: Site, world: World, visit_id: UUID, act: str) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    fields = {"act": "item-up", "part": "clean", "name": "x", "title": "x", "kind": "scale", "revision": "1"}
    assert (await charlie.post(f"/questionnaires/{visit_id}/{act}", fields)).status_code == 404
    assert (await newest(world, visit_id)).definition == store_visit()


@pytest.mark.parametrize(
    "page",
    [
        "/items/ghost",
        "/sections/ghost",
        "/sections/ghost/items/new?kind=nps",
        "/sections/visit/items/new?kind=riddle",
        "/versions/9",
        "/compare?from=1&to=x",
        "/compare",
    ],
)
async def test_a_part_that_is_not_there_is_not_found(manager: Browser, visit_id: UUID, page: str) -> None:
    assert (await manager.get(f"/questionnaires/{visit_id}{page}")).status_code == 404


async def test_a_questionnaire_without_a_name_is_not_created(manager: Browser) -> None:
    answer = await manager.submit("/questionnaires/new", {"name": " ", "start": "blank"})
    assert answer.status_code == 422
    assert "Enter a name, so that you find it in the list" in answer.text


async def test_a_questionnaire_is_created_from_the_sample_and_listed(manager: Browser) -> None:
    answer = await manager.submit("/questionnaires/new", {"name": "Autumn <b>", "start": "store_visit"})
    assert answer.status_code == 303
    page = (await manager.get(answer.headers["location"])).text
    assert "20 questions" in page
    assert "Ready to use" in page
    assert "Autumn &lt;b&gt;" in (await manager.get("/questionnaires?q=autumn")).text


async def test_the_list_says_why_it_is_empty(manager: Browser) -> None:
    assert "No questionnaires yet" in (await manager.get("/questionnaires")).text
    assert "The archive is empty" in (await manager.get("/questionnaires?state=archived")).text
    assert "has “unicorn” in its name" in (await manager.get("/questionnaires?q=unicorn")).text


async def test_a_cursor_that_was_made_up_opens_nothing(manager: Browser) -> None:
    assert (await manager.get("/questionnaires?after=garbage")).status_code == 404


async def test_archiving_takes_a_questionnaire_out_of_the_list_and_back(manager: Browser, visit_id: UUID) -> None:
    await manager.post(f"/questionnaires/{visit_id}/archive")
    assert "Store visit" not in (await manager.get("/questionnaires")).text
    await manager.post(f"/questionnaires/{visit_id}/unarchive")
    assert "Store visit" in (await manager.get("/questionnaires")).text


NEW_ITEM = {"act": "save", "kind": "single", "title": "How was the weather?", "is_required": "yes"}


async def test_a_question_is_added_at_the_end_of_its_section(manager: Browser, world: World, visit_id: UUID) -> None:
    url = f"/questionnaires/{visit_id}/sections/visit/items/new?kind=single"
    answer = await manager.submit(url, NEW_ITEM | {"more_choices": "Sunny\nRainy"}, to=url.split("?")[0])
    added = (await newest(world, visit_id)).definition.sections[0].items[-1]
    assert answer.headers["location"] == f"/questionnaires/{visit_id}#{added.id}"
    assert (added.id, [choice.code for choice in added.choices]) == ("weather", ["sunny", "rainy"])


async def test_a_question_without_words_is_not_added_and_keeps_its_choices(manager: Browser, visit_id: UUID) -> None:
    url = f"/questionnaires/{visit_id}/sections/visit/items/new"
    answer = await manager.post(url, NEW_ITEM | {"title": "", "more_choices": "Sunny\nRainy"})
    assert answer.status_code == 422
    assert "Enter the question" in answer.text
    assert 'value="Sunny"' in answer.text


async def test_a_button_of_the_form_changes_what_was_typed_and_writes_nothing(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    fields = NEW_ITEM | {"act": "choice-up:b", "choice_code": ["a", "b"], "choice_label": ["First", "Second"]}
    page = await manager.post(f"/questionnaires/{visit_id}/sections/visit/items/new", fields)
    assert page.status_code == 200
    assert page.text.index('value="Second"') < page.text.index('value="First"')
    assert (await newest(world, visit_id)).revision == 1


def typed(version: Version, item_id: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends when somebody opens the page of a scale and changes something."""
    item = item_in(version.definition, item_id)
    fields: dict[str, Any] = {
        "act": "save",
        "revision": version.revision,
        "kind": item.kind.value,
        "title": item.title,
        "phrase": item.phrase,
        "least_label": item.least_label,
        "most_label": item.most_label,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "is_required": "yes",
        "is_reported": "yes",
    }
    return fields | changes


async def test_saving_a_question_as_it_is_changes_nothing(manager: Browser, world: World, visit_id: UUID) -> None:
    version = await newest(world, visit_id)
    await manager.post(f"/questionnaires/{visit_id}/items/clean", typed(version, "clean"))
    assert (await newest(world, visit_id)).definition == store_visit()


async def test_the_second_of_two_windows_gets_a_conflict_that_keeps_what_was_typed(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    url = f"/questionnaires/{visit_id}/items/clean"
    opened = await newest(world, visit_id)
    assert (await manager.post(url, typed(opened, "clean", title="Theirs?"))).status_code == 303
    answer = await manager.post(url, typed(opened, "clean", title="My own words?"))
    assert answer.status_code == 409
    assert 'value="My own words?"' in answer.text
    assert item_in((await newest(world, visit_id)).definition, "clean").title == "Theirs?"
    revision = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert revision
    again = typed(opened, "clean", title="My own words?", revision=revision[1])
    assert (await manager.post(url, again)).status_code == 303
    assert item_in((await newest(world, visit_id)).definition, "clean").title == "My own words?"


async def test_a_question_removed_in_another_window_can_be_added_again(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    opened = await newest(world, visit_id)
    await manager.post(f"/questionnaires/{visit_id}/arrange", {"act": "item-remove", "part": "clean"})
    answer = await manager.post(f"/questionnaires/{visit_id}/items/clean", typed(opened, "clean", title="Mine?"))
    assert answer.status_code == 409
    assert f'action="/questionnaires/{visit_id}/sections/overall/items/new"' in answer.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("minimum", "low", "Enter a number, or leave this empty"),
        ("maximum", "4.5", "Enter a whole number"),
        ("minimum", "nan", "Enter a number, or leave this empty"),
        ("maximum", "1e99", "Enter a number, or leave this empty"),
    ],
)
async def test_a_limit_that_is_no_number_is_refused_and_shown_as_typed(
    manager: Browser, world: World, visit_id: UUID, field: str, value: str, message: str
) -> None:
    fields = typed(await newest(world, visit_id), "clean", **{field: value})
    answer = await manager.post(f"/questionnaires/{visit_id}/items/clean", fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{value}"' in answer.text


async def test_a_rule_is_built_row_by_row_without_a_script(manager: Browser, world: World, visit_id: UUID) -> None:
    url = f"/questionnaires/{visit_id}/items/clean"
    fields = typed(await newest(world, visit_id), "clean", condition_item=["found_all"])
    chosen = await manager.post(url, fields | {"act": "refresh"})
    assert "condition_operator-0" in chosen.text
    fields |= {"condition_operator-0": "is", "condition_value-0": "no"}
    assert (await manager.post(url, fields)).status_code == 303
    rule = item_in((await newest(world, visit_id)).definition, "clean").show_if
    assert rule is not None
    assert rule.conditions == (Condition("found_all", Operator.IS, "no"),)
    assert (
        "shown if “Did you find everything you wanted?” is “No”"
        in (await manager.get(f"/questionnaires/{visit_id}")).text
    )


async def test_a_time_and_an_amount_are_asked_read_by_a_rule_and_tried_out(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    base, section = f"/questionnaires/{visit_id}", "visit"
    for fields in (
        {"kind": "time", "title": "When did you join the queue?", "is_required": "yes"},
        {"kind": "money", "title": "What did you pay?", "unit": "eur", "maximum": "50"},
        {"kind": "text", "title": "Why so late?", "help": "Name nobody", "condition_item": "join_queue",
         "condition_operator-0": "at_least", "condition_value-0": "9.30 pm"},
    ):  # fmt: skip
        revision = (await newest(world, visit_id)).revision
        url = f"{base}/sections/{section}/items/new?kind={fields['kind']}"
        sent = await manager.submit(url, fields | {"act": "save", "revision": str(revision)})
        assert sent.status_code == 303, sent.text[:3000]
    definition = (await newest(world, visit_id)).definition
    assert (item_in(definition, "pay").unit, item_in(definition, "join_queue").is_reported) == ("EUR", False)
    (condition,) = item_in(definition, "late").show_if.conditions  # type: ignore[union-attr]
    assert condition == Condition("join_queue", Operator.AT_LEAST, "21:30")
    assert "is at or after" in (await manager.get(base)).text
    shown = (await manager.get(f"{base}/preview")).text
    assert 'name="join_queue" type="time"' in shown
    assert '<span class="affix">EUR</span>' in shown


async def test_a_rule_that_cannot_work_is_pointed_out_beside_its_question(manager: Browser, visit_id: UUID) -> None:
    await manager.post(f"/questionnaires/{visit_id}/arrange", {"act": "item-remove", "part": "departments"})
    page = (await manager.get(f"/questionnaires/{visit_id}")).text
    assert "1 to put right" in page
    assert "which is not a question here" in page


async def test_an_expert_rule_that_fails_when_unanswered_is_pointed_out(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    fields = typed(await newest(world, visit_id), "layout", expert="clean > 3")
    await manager.post(f"/questionnaires/{visit_id}/items/layout", fields)
    assert "compare it with null first" in (await manager.get(f"/questionnaires/{visit_id}/items/layout")).text


async def test_a_question_that_must_never_be_asked_blocks_the_questionnaire(manager: Browser, visit_id: UUID) -> None:
    url = f"/questionnaires/{visit_id}/sections/visit/items/new"
    await manager.post(url, {"act": "save", "kind": "text", "title": "Your passport number", "help": "x"})
    page = (await manager.get(f"/questionnaires/{visit_id}")).text
    assert "Never ask for a government identity number" in page
    assert "1 to put right" in page


async def arranged(manager: Browser, visit_id: UUID, **fields: str) -> int:
    answer = await manager.post(f"/questionnaires/{visit_id}/arrange", fields)
    return answer.status_code


async def test_an_unknown_act_or_part_changes_nothing(manager: Browser, world: World, visit_id: UUID) -> None:
    assert await arranged(manager, visit_id, act="explode", part="clean") == 404
    assert await arranged(manager, visit_id, act="item-up", part="ghost") == 404
    assert await arranged(manager, visit_id, act="item-put", part="clean", section="ghost") == 404
    assert (await newest(world, visit_id)).revision == 1


async def test_every_button_of_the_outline_works_and_what_was_removed_comes_back(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    assert await arranged(manager, visit_id, act="item-down", part="visit_date") == 303
    assert await arranged(manager, visit_id, act="item-put", part="age", section="visit", position="0") == 303
    assert await arranged(manager, visit_id, act="item-copy", part="clean") == 303
    assert await arranged(manager, visit_id, act="section-down", part="buying") == 303
    assert await arranged(manager, visit_id, act="section-put", part="buying", position="0") == 303
    assert await arranged(manager, visit_id, act="section-copy", part="buying") == 303
    assert await arranged(manager, visit_id, act="section-remove", part="buying") == 303
    definition = (await newest(world, visit_id)).definition
    assert [section.id for section in definition.sections] == ["bought", "visit", "store", "overall"]
    assert [item.id for item in definition.sections[1].items][:2] == ["age", "reason"]
    assert await arranged(manager, visit_id, act="restore", part="buying") == 303
    assert (await newest(world, visit_id)).definition.sections[0].id == "buying"


async def test_htmx_gets_the_outline_alone_and_an_announcement(manager: Browser, visit_id: UUID) -> None:
    answer = await manager.post(
        f"/questionnaires/{visit_id}/arrange",
        {"act": "item-up", "part": "reason"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="outline">')
    assert answer.headers["hx-trigger"] == '{"announce":"Moved up"}'
    assert answer.text.count("data-focus") == 1


async def test_the_first_change_of_a_frozen_questionnaire_begins_the_next_version(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    version = await newest(world, visit_id)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.freeze(world.alices, version.id, NOW)
    assert "is in use and cannot change" in (await manager.get(f"/questionnaires/{visit_id}")).text
    await manager.post(f"/questionnaires/{visit_id}/items/clean", typed(version, "clean", title="Was it clean?"))
    assert "this is version 2 now" in (await manager.get(f"/questionnaires/{visit_id}")).text
    comparison = (await manager.get(f"/questionnaires/{visit_id}/compare?from=1&to=2")).text
    assert "Was it clean?" in comparison
    assert "wording" in comparison
    assert "How clean was the store?" in (await manager.get(f"/questionnaires/{visit_id}/versions/1")).text


async def test_the_test_bench_shows_who_sees_what(manager: Browser, visit_id: UUID) -> None:
    bench = f"/questionnaires/{visit_id}/bench"
    nobody = (await manager.get(bench)).text
    asked = (await manager.get(f"{bench}?{urlencode({'found_all': 'no', 'departments': 'cafe'})}")).text
    assert nobody.count('aria-label="Hidden"') == 2
    assert asked.count('aria-label="Hidden"') == 0


async def test_settings_change_what_respondents_read_and_what_the_list_says(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    url = f"/questionnaires/{visit_id}/settings"
    refused = await manager.submit(url, {"name": "", "title": "", "language": "en", "revision": "1"})
    assert refused.status_code == 422
    await manager.submit(url, {"name": "Listed", "title": "Read", "language": "es", "revision": "1"})
    version = await newest(world, visit_id)
    assert (version.name, version.definition.title, version.definition.language) == ("Listed", "Read", "es")
    stale = await manager.submit(url, {"name": "Listed", "title": "Other", "language": "es", "revision": "1"})
    assert (stale.status_code, 'value="Other"' in stale.text) == (409, True)


async def test_a_section_is_added_and_changed(manager: Browser, world: World, visit_id: UUID) -> None:
    base = f"/questionnaires/{visit_id}/sections"
    assert (await manager.submit(f"{base}/new", {"act": "save", "title": ""})).status_code == 422
    await manager.submit(f"{base}/new", {"act": "save", "title": "About you"})
    added = (await newest(world, visit_id)).definition.sections[-1]
    fields = {"act": "save", "title": "You", "intro": "Last page", "revision": "2", "condition_item": "found_all"}
    fields |= {"condition_operator-0": "is", "condition_value-0": "yes"}
    assert (await manager.post(f"{base}/{added.id}", fields)).status_code == 303
    changed = (await newest(world, visit_id)).definition.sections[-1]
    assert (added.id, changed.title, changed.intro, changed.show_if is not None) == (
        "about_you",
        "You",
        "Last page",
        True,
    )
    assert (await manager.post(f"{base}/{added.id}", fields)).status_code == 409


OFFERED = ["visit_date", "reason", "found_all", "wait"]
FIRST_PAGE = {"at": "0", "go": "on", "shown": OFFERED, "reason": "other", "reason-other": "To look"}


async def test_the_preview_asks_with_the_real_rules_and_keeps_nothing(
    manager: Browser, world: World, visit_id: UUID
) -> None:
    url = f"/questionnaires/{visit_id}/preview"
    refused = await manager.post(url, FIRST_PAGE)
    assert refused.status_code == 422
    assert "Select an answer to “Did you find everything you wanted?”" in refused.text
    revealed = await manager.post(url, FIRST_PAGE | {"found_all": "no"})
    assert "What was missing?" in revealed.text
    onward = await manager.post(url, FIRST_PAGE | {"found_all": "yes"})
    assert "The store and the team" in onward.text
    assert 'name="reason-other" value="To look"' in onward.text
    back = await manager.post(url, FIRST_PAGE | {"found_all": "yes", "at": "1", "go": "back"})
    assert "Your visit</h1>" in back.text
    assert (await newest(world, visit_id)).revision == 1
