"""Action plans: written at the store, judged above it, read by nobody else."""

import re
from datetime import timedelta

import asyncpg
import pytest

from survey.appeals.domain import PLANS, PlanState, parts_of
from survey.db import Role, transaction
from tests.conftest import NOW
from tests.survey.appeals.conftest import Case
from tests.web_client import Browser, Site

LATE = r'class="badge[^>]*>(?:<svg.*?</svg>)?Overdue<'
WRITTEN = {"event": "submit", "cause": "A shift was short.", "action": "Two people at nine."}


async def write(browser: Browser, case: Case, fields: dict[str, str]) -> int:
    return (await browser.post(f"{case.url}/plan/write", fields)).status_code


def test_every_state_of_a_plan_is_reached_and_only_done_is_the_end() -> None:
    assert {PlanState.OPEN, *(target for target, _ in PLANS.values())} == set(PlanState)
    assert set(PlanState) - {state for state, _ in PLANS} == {PlanState.RESOLVED}


def test_nobody_judges_a_plan_of_their_own_place() -> None:
    assert parts_of("/a/b/", "/a/b/") == {"writer"}
    assert parts_of("/a/", "/a/b/") == {"writer", "judge"}


async def test_a_sibling_store_sees_no_plan(site: Site, case: Case) -> None:
    there = case.one.there
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    await case.store.post(f"{case.url}/plan")
    assert (await sibling.get(f"{case.url}/plan")).status_code == 404
    assert (await sibling.post(f"{case.url}/plan")).status_code == 404
    assert await write(sibling, case, WRITTEN) == 404
    assert "Riverside" not in (await sibling.get("/portal/plans")).text


async def test_a_plan_goes_from_the_store_to_whoever_is_above_and_back(case: Case) -> None:
    assert (await case.store.post(f"{case.url}/plan")).status_code == 303
    assert await write(case.store, case, WRITTEN) == 303
    assert await write(case.store, case, {"event": "take_up"}) == 422
    assert await write(case.head, case, {"event": "take_up"}) == 303
    assert await write(case.head, case, {"event": "return", "remark": "By whom?"}) == 303
    assert "By whom?" in (await case.store.get(f"{case.url}/plan")).text
    assert await write(case.store, case, WRITTEN | {"action": "Ada sees to it."}) == 303
    assert await write(case.head, case, {"event": "take_up"}) == 303
    assert await write(case.head, case, {"event": "resolve"}) == 303
    assert "Done" in (await case.store.get(case.url)).text


async def test_whoever_keeps_a_draft_reads_that_it_is_kept_and_not_handed_in(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    told = "A draft is kept; it is not handed in yet."
    for event, is_told in (("save", True), ("submit", False)):
        await write(case.store, case, WRITTEN | {"event": event})
        assert (told in (await case.store.get(f"{case.url}/plan")).text) is is_told


@pytest.mark.parametrize("fields", [{"cause": ""}, {"action": ""}, {"event": "x"}])
async def test_an_empty_plan_is_not_handed_in(case: Case, fields: dict[str, str]) -> None:
    await case.store.post(f"{case.url}/plan")
    assert await write(case.store, case, WRITTEN | fields) == 422


async def test_opening_a_plan_twice_is_once(case: Case) -> None:
    for _ in range(2):
        assert (await case.store.post(f"{case.url}/plan")).status_code == 303
    assert (await case.head.get("/portal/plans")).text.count(f"{case.url}/plan") == 1


async def test_a_plan_that_is_late_says_so(site: Site, case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    assert not re.search(LATE, (await case.store.get("/portal/plans")).text)
    await case.one.there.owner.execute("UPDATE release.action_plan SET due_on = $1", (NOW - timedelta(days=1)).date())
    assert re.search(LATE, (await case.store.get("/portal/plans")).text)


async def test_only_a_day_within_the_limit_is_chosen(case: Case) -> None:
    for day in ((NOW - timedelta(days=1)).date(), (NOW + timedelta(days=61)).date(), "soon"):
        answer = await case.store.post(f"{case.url}/plan", {"due_on": str(day)})
        assert answer.status_code == 422
    assert "Open an action plan" in (await case.store.get(f"{case.url}/plan")).text
    last = (NOW + timedelta(days=60)).date()
    assert (await case.store.post(f"{case.url}/plan", {"due_on": str(last)})).status_code == 303
    assert f'value="{last}"' in (await case.store.get(f"{case.url}/plan")).text


async def test_a_draft_waits_for_its_writer_and_is_handed_to_nobody(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    day = (NOW + timedelta(days=30)).date()
    draft = {"event": "save", "cause": "A shift was short.", "action": "", "due_on": str(day)}
    assert await write(case.store, case, draft) == 303
    page = (await case.store.get(f"{case.url}/plan")).text
    assert "A shift was short.</textarea>" in page
    assert f'value="{day}"' in page
    assert await write(case.head, case, {"event": "take_up"}) == 422
    assert "To be written" in page


async def test_a_draft_by_somebody_else_meanwhile_is_not_written_over(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    seen = {"seen": "2026-11-01T00:00:00+00:00"}
    answer = await case.store.post(f"{case.url}/plan/write", WRITTEN | seen | {"cause": "Mine."})
    assert answer.status_code == 422
    assert "Mine.</textarea>" in answer.text
    assert "To be written" in answer.text


async def test_what_was_typed_into_a_plan_that_has_moved_is_shown_to_be_copied(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    await write(case.store, case, WRITTEN)
    answer = await case.store.post(f"{case.url}/plan/write", WRITTEN | {"action": "Three people at eight."})
    assert answer.status_code == 422
    assert "Three people at eight." in answer.text


async def test_a_remark_has_its_day_and_is_marked_once_it_was_answered(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    for browser, fields in (
        (case.store, WRITTEN),
        (case.head, {"event": "take_up"}),
        (case.head, {"event": "return", "remark": "By whom?"}),
    ):
        assert await write(browser, case, fields) == 303
    page = (await case.store.get(f"{case.url}/plan")).text
    assert re.search(r"<h2>Remark</h2><p class=\"quiet\">22 November 2026</p>", page)
    await write(case.store, case, WRITTEN)
    assert "Earlier remark, answered since" in (await case.store.get(f"{case.url}/plan")).text
    await write(case.head, case, {"event": "take_up"})
    assert "By whom?</textarea>" not in (await case.head.get(f"{case.url}/plan")).text
    await write(case.head, case, {"event": "resolve", "remark": "Thank you."})
    page = (await case.store.get(f"{case.url}/plan")).text
    assert "Earlier remark" not in page
    assert page.index("Thank you.") < page.index("By whom?"), "what is over stands in the history alone"


async def test_the_history_says_what_was_done_and_by_whose_people(site: Site, case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    draft = (case.store, WRITTEN | {"event": "save"})
    for minutes, (browser, fields) in enumerate(
        (draft, draft, (case.store, WRITTEN), (case.head, {"event": "take_up"})), start=1
    ):
        site.clock.now = NOW + timedelta(minutes=minutes)
        assert await write(browser, case, fields) == 303
    page = (await case.store.get(f"{case.url}/plan")).text
    history = page[page.index("History</caption>") :]
    for words in ("Opened", "Draft saved", "Handed in", "Taken up", "Riverside", "above the location"):
        assert words in history, words
    assert history.count("Draft saved") == 1, "of two drafts one after the other the last is told"


async def test_a_sibling_reads_no_history_even_in_the_database(case: Case) -> None:
    there = case.one.there
    await case.store.post(f"{case.url}/plan")
    sibling = await there.owner.fetchval(
        "SELECT path FROM field.location WHERE id = $1", await there.location("CK-044")
    )
    own = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.store_id)
    read = []
    for node in (sibling, own):
        async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=node) as here:
            read.append(await here.fetchval("SELECT count(*) FROM (SELECT id FROM release.action_plan_event) AS e"))
    assert read == [0, 1]


async def test_nobody_writes_history_in_the_name_of_another_place(case: Case) -> None:
    there = case.one.there
    await case.store.post(f"{case.url}/plan")
    plan_id = await there.owner.fetchval("SELECT id FROM release.action_plan WHERE report_ref = $1", case.report_ref)
    own = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.store_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=own) as here:
            await here.execute(
                "INSERT INTO release.action_plan_event (id, affiliate_id, plan_id, event, at, by_path)"
                " VALUES (gen_random_uuid(), $1, $2, 'resolve', now(), $3)",
                there.affiliate_id,
                plan_id,
                f"/{there.root_id.hex}/",
            )


@pytest.mark.parametrize(
    ("show", "is_listed"), [("overdue", False), ("write", True), ("judge", False), ("done", False)]
)
async def test_the_url_narrows_the_list_of_plans(case: Case, show: str, is_listed: bool) -> None:
    await case.store.post(f"{case.url}/plan")
    assert (f"{case.url}/plan" in (await case.head.get(f"/portal/plans?show={show}")).text) is is_listed


async def test_overdue_plans_are_counted_above_the_list_and_led_to(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    await case.one.there.owner.execute(
        "UPDATE release.action_plan SET due_on = $1 WHERE report_ref = $2",
        (NOW - timedelta(days=1)).date(),
        case.report_ref,
    )
    assert "1 is overdue" in (await case.head.get("/portal/plans")).text
    assert f"{case.url}/plan" in (await case.head.get("/portal/plans?show=overdue")).text
