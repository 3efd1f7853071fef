"""The demo world as its visitors find it: made by the services, its dates hang together, and nothing in it is real."""

from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from survey.app import routes_of
from survey.demo import cast
from survey.demo.customers import ListPlan, write_list
from survey.demo.geography import SHOWN_STORE, coffee_tree
from survey.mail.mailbox import folder_of, messages
from survey.settings import Environment
from tests.demo_world import Played

FIRST_PAGES = {
    "provider": "/provider",
    "scheduler": "/shops",
    "editor": "/reviews",
    "payroll": "/pay",
    "shopper": "/shopper",
    "client-hq": "/portal",
    "client-store": "/portal",
}
DAY = date(2026, 9, 1)
NOWHERE_ELSE = [each for each in Environment if each is not Environment.DEMO]


@pytest.mark.parametrize("environment", NOWHERE_ELSE)
def test_nobody_is_signed_in_by_one_click_anywhere_else(played: Played, environment: Environment) -> None:
    paths = {path for route in routes_of(replace(played.settings, environment=environment)) for path in route.paths}
    assert not any(path.startswith("/demo") for path in paths)


@pytest.mark.parametrize("environment", [Environment.PRODUCTION, Environment.TEST])
def test_a_deployment_for_real_people_has_no_mailbox(played: Played, environment: Environment) -> None:
    paths = {path for route in routes_of(replace(played.settings, environment=environment)) for path in route.paths}
    assert not any(path.startswith("/dev") for path in paths)


async def test_a_role_that_is_not_of_the_cast_is_not_found(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.post("/demo/as/root")).status_code == 404


@pytest.mark.parametrize("slug", cast.PLAYERS)
async def test_one_click_signs_in_and_opens_the_roles_first_page(visitor: httpx.AsyncClient, slug: str) -> None:
    answer = await visitor.post(f"/demo/as/{slug}")
    assert (answer.status_code, answer.headers["location"]) == (303, FIRST_PAGES.get(slug, "/studies"))
    assert (await visitor.get(answer.headers["location"])).status_code == 200


async def test_signing_in_by_one_click_is_on_record(played: Played, visitor: httpx.AsyncClient) -> None:
    await visitor.post("/demo/as/manager")
    how = await played.superuser.fetchval(
        "SELECT detail->>'how' FROM ledger.event WHERE action = 'account.sign_in' ORDER BY recorded_at DESC LIMIT 1"
    )
    assert "demo" in str(how)


async def test_the_entrance_offers_a_survey_that_opens(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/demo")).text
    path = page.split('href="/s/')[1].split('"')[0]
    assert (await visitor.get(f"/s/{path}")).status_code == 200


async def test_two_waves_are_released_and_one_is_open(played: Played) -> None:
    rows = await played.superuser.fetch(
        "SELECT s.status FROM field.study s JOIN field.client c ON c.id = s.client_id"
        " WHERE c.name = $1 ORDER BY s.opens_at",
        cast.COPPERKETTLE,
    )
    assert [row["status"] for row in rows] == ["released", "released", "live"]


async def test_everything_that_was_sent_lies_in_the_mailbox(played: Played) -> None:
    sent = await played.superuser.fetchval("SELECT count(*) FROM ops.delivery WHERE state = 'sent'")
    assert sent == len(messages(folder_of(played.settings))) > 0
    left = "SELECT count(*) FROM ops.delivery WHERE state IN ('queued', 'failed') AND not_before <= $1"
    assert not await played.superuser.fetchval(left, played.now)


async def test_nothing_was_sent_to_an_address_that_could_be_real(played: Played) -> None:
    assert all(caught.to.endswith(".example") for caught in messages(folder_of(played.settings)))


async def test_members_of_the_panel_have_confirmed_and_the_evidence_is_kept(played: Played) -> None:
    active = await played.superuser.fetchval("SELECT count(*) FROM identity.panelist WHERE status = 'active'")
    assert (
        active
        == await played.superuser.fetchval(
            "SELECT count(*) FROM ledger.consent c JOIN identity.panelist p ON p.id = c.subject_id WHERE is_given"
        )
        > 0
    )


async def test_whoever_stopped_all_mail_is_passed_over_by_another_client_too(played: Played) -> None:
    passed = await played.superuser.fetch(
        "SELECT d.client_id, o.at FROM ops.delivery d JOIN ledger.opt_out o USING (suppression_key)"
        " WHERE d.is_bulk AND d.state = 'skipped' AND o.scope = 'everything'"
    )
    (one,) = passed
    assert (played.now - one["at"]).days in (13, 14)
    assert one["client_id"] != await played.superuser.fetchval(
        "SELECT id FROM field.client WHERE name = $1", cast.COPPERKETTLE
    )


async def test_the_list_had_bad_rows_and_they_were_refused(played: Played) -> None:
    counts = await played.superuser.fetchval("SELECT counts FROM identity.contact_import ORDER BY created_at LIMIT 1")
    assert '"refused": 0' not in counts


async def test_what_was_built_is_told_with_its_time(played: Played) -> None:
    assert any("importing" in line and " done in " in line for line in played.said)


def test_the_tree_has_three_regions_eight_districts_and_forty_two_stores() -> None:
    drafts = coffee_tree()
    levels = [str(draft.level) for draft in drafts if not draft.code.startswith("RV")]
    assert [levels.count(level) for level in ("region", "district", "store")] == [3, 8, 42]
    assert SHOWN_STORE in {draft.code for draft in drafts}


def test_a_list_is_the_same_each_time(played: Played) -> None:
    today = played.settings.data_path / "today.csv"
    plan = ListPlan("coffee", 50, ["S01", "S02"], (DAY, DAY + timedelta(days=9)))
    write_list(today, plan)
    first = today.read_bytes()
    write_list(today, plan)
    assert today.read_bytes() == first
