"""Action plans: written at the store, judged above it, read by nobody else."""

from datetime import timedelta

import pytest

from survey.appeals.domain import PLANS, PlanState, parts_of
from tests.conftest import NOW
from tests.survey.appeals.conftest import Case
from tests.web_client import Browser, Site

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
    assert "Overdue" not in (await case.store.get("/portal/plans")).text
    await case.one.there.owner.execute("UPDATE release.action_plan SET due_on = $1", (NOW - timedelta(days=1)).date())
    assert "Overdue" in (await case.store.get("/portal/plans")).text
