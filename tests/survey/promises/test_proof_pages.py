"""Who may start a search, who sees it, and what the pages say; the same visit seen twice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.db import Database, Role, transaction
from survey.promises.checks import proof
from survey.promises.checks.deployment import Deployment
from survey.promises.domain.proof import RunState
from survey.promises.jobs import forget_runs, prove, prove_all
from survey.promises.service import proving
from survey.queue import JobContext, Unretryable
from survey.settings import Settings
from survey.web.cookies import cookie_name
from survey.web.sessions import end_lent, lend_session, sessions_of
from tests.conftest import NOW, World
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]
PROOF = "/promises/proof"
INSERT = (
    "INSERT INTO ops.proof_run (id, affiliate_id, state, asked_role, asked_at, started_at, beat_at, finished_at)"
    " VALUES ($1, $2, $3, 'affiliate_admin', $4, $4, $4, $5)"
)


async def a_run(site: Site, affiliate_id: UUID, state: str = "CLEAN", ago: timedelta = timedelta()) -> UUID:
    """A run that was asked for some time ago."""
    run_id, at = uuid4(), site.clock.now - ago
    ended = None if state in ("WAITING", "RUNNING") else at + timedelta(seconds=12)
    await site.superuser.execute(INSERT, run_id, affiliate_id, state, at, ended)
    return run_id


async def states(site: Site, affiliate_id: UUID) -> list[str]:
    """The states of an affiliate's runs, the newest last."""
    rows = await site.superuser.fetch(
        "SELECT state FROM ops.proof_run WHERE affiliate_id = $1 ORDER BY asked_at, state", affiliate_id
    )
    return [row["state"] for row in rows]


async def test_a_stranger_is_asked_to_sign_in(site: Site) -> None:
    stranger = await site.visitor()
    for answer in (await stranger.get(PROOF), await stranger.post(PROOF)):
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_who_does_not_read_reports_sees_no_search(site: Site, world: World, role: str) -> None:
    someone = await site.signed_in(world.alices.affiliate_id, role)
    assert (await someone.get(PROOF)).status_code == 403
    assert (await someone.post(PROOF)).status_code == 403


@pytest.mark.parametrize("role", ["editor", "manager"])
async def test_who_reads_reports_sees_the_search_and_may_not_start_one(site: Site, world: World, role: str) -> None:
    someone = await site.signed_in(world.alices.affiliate_id, role)
    page = await someone.get(PROOF)
    assert (page.status_code, "Search now" in page.text) == (200, False)
    assert (await someone.post(PROOF)).status_code == 403
    assert await states(site, world.alices.affiliate_id) == []


async def test_the_run_of_another_company_is_not_there(site: Site, world: World) -> None:
    theirs = await a_run(site, world.charlies.affiliate_id)
    admin = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    assert (await admin.get(f"{PROOF}/{theirs}")).status_code == 404
    assert str(theirs) not in (await admin.get(PROOF)).text
    own = await site.signed_in(world.charlies.affiliate_id, "editor")
    assert (await own.get(f"{PROOF}/{theirs}")).status_code == 200


async def test_an_administrator_starts_a_run_which_is_on_record(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    admin = await site.signed_in(company, "affiliate_admin")
    assert "Nobody has searched yet" in (await admin.get(PROOF)).text
    answer = await admin.submit(PROOF)
    assert (answer.status_code, answer.headers["location"]) == (303, PROOF)
    assert await states(site, company) == ["WAITING"]
    run_id = await site.superuser.fetchval("SELECT id FROM ops.proof_run WHERE affiliate_id = $1", company)
    event = await site.superuser.fetchrow("SELECT * FROM ledger.event WHERE object_id = $1", run_id)
    assert (event["action"], event["actor_id"], event["affiliate_id"]) == ("proof.ask", admin.account_id, company)
    asked = await site.superuser.fetchval("SELECT count(*) FROM ops.job WHERE payload = $1", payload(run_id))
    assert asked == 1


def payload(run_id: UUID) -> bytes:
    """A job's arguments as they are stored."""
    return f'{{"run_id":"{run_id}"}}'.encode()


async def test_two_starts_at_once_are_one_run(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    admins = [await site.signed_in(company, "affiliate_admin") for _ in range(2)]
    for admin in admins:
        assert (await admin.post(PROOF)).status_code == 303
    assert await states(site, company) == ["WAITING"]
    assert "under way already" in (await admins[1].get(PROOF)).text


async def test_a_run_under_way_asks_for_itself_again_and_offers_no_second(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    await a_run(site, company, "RUNNING")
    admin = await site.signed_in(company, "affiliate_admin")
    whole = await admin.get(PROOF)
    assert f'hx-get="{PROOF}" hx-trigger="every 2s"' in whole.text
    assert "Search again" not in whole.text
    part = await admin.get(PROOF, headers={"hx-request": "true", "hx-request-type": "partial"})
    assert part.text.lstrip().startswith('<div id="run"')


async def test_a_run_whose_worker_is_gone_is_broken_off_and_another_begins(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    await a_run(site, company, "RUNNING", timedelta(minutes=5))
    admin = await site.signed_in(company, "affiliate_admin")
    page = (await admin.get(PROOF)).text
    assert "This search was broken off" in page
    assert "every 2s" not in page
    await admin.submit(PROOF)
    assert await states(site, company) == ["CUT_OFF", "WAITING"]


async def test_where_nothing_was_released_there_is_nothing_to_look_for(
    site: Site, world: World, settings: Settings
) -> None:
    company = world.alices.affiliate_id
    admin = await site.signed_in(company, "affiliate_admin")
    await admin.submit(PROOF)
    run_id = await site.superuser.fetchval("SELECT id FROM ops.proof_run WHERE affiliate_id = $1", company)
    assert await proving.run(settings, site.front, run_id, site.clock) is RunState.EMPTY
    assert "No visit has been released yet" in (await admin.get(PROOF)).text


async def test_the_runs_there_were_are_paged(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    runs = [await a_run(site, company, ago=timedelta(hours=hours)) for hours in range(52)]
    admin = await site.signed_in(company, "affiliate_admin")
    first = (await admin.get(PROOF)).text
    shown = [run for run in runs if f"{PROOF}/{run}" in first]
    assert shown == runs[:50]
    rest = (await admin.get(next_page(first))).text
    assert [run for run in runs if f'href="{PROOF}/{run}"' in rest] == runs[50:]


def next_page(page: str) -> str:
    """Where the second page of the runs is."""
    return PROOF + page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]


async def test_a_breach_breaks_the_promise_and_a_run_that_was_cut_off_says_nothing(
    site: Site, world: World, settings: Settings, database: Database
) -> None:
    deployment = Deployment(settings, database)
    await a_run(site, world.alices.affiliate_id, "BREACH", timedelta(hours=2))
    await a_run(site, world.alices.affiliate_id, "CUT_OFF", timedelta(hours=1))
    assert "could read something" in (await proof.proven(deployment)).words
    await a_run(site, world.alices.affiliate_id, "CLEAN")
    assert (await proof.proven(deployment)).faults == ()


async def provider(site: Site) -> Browser:
    """The operator of the platform."""
    company = uuid4()
    await site.superuser.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'affiliate', 'Lamp', $2, '1 High Street', 'office@lamp.test', $3)",
        company, f"tenant-{company.hex}", NOW,
    )  # fmt: skip
    return await site.signed_in(company, "provider")


async def test_the_providers_operator_starts_a_run_at_any_company(site: Site, world: World) -> None:
    company = world.alices.affiliate_id
    operator, page = await provider(site), f"/provider/{company}/proof"
    assert (await operator.submit(page)).status_code == 303
    row = await site.superuser.fetchrow("SELECT id, asked_role FROM ops.proof_run WHERE affiliate_id = $1", company)
    assert row["asked_role"] == "provider"
    assert "started by provider" in (await operator.get(page)).text
    assert (await operator.get(f"{page}/{row['id']}")).status_code == 200


async def test_a_company_that_is_not_there_has_no_search(site: Site, world: World) -> None:
    operator = await provider(site)
    assert (await operator.get(f"/provider/{uuid4()}/proof")).status_code == 404
    assert (await operator.post(f"/provider/{uuid4()}/proof")).status_code == 404
    run_id = await a_run(site, world.charlies.affiliate_id)
    assert (await operator.get(f"/provider/{world.alices.affiliate_id}/proof/{run_id}")).status_code == 404


async def test_an_administrator_is_no_operator(site: Site, world: World) -> None:
    admin = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    page = f"/provider/{world.charlies.affiliate_id}/proof"
    assert (await admin.get(page)).status_code == 403
    assert (await admin.post(page)).status_code == 403


async def test_a_session_that_a_search_has_opened_changes_nothing_and_is_in_nobodys_list(
    site: Site, world: World
) -> None:
    admin = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    assert admin.account_id
    run_id = uuid4()
    async with transaction(Role.GATE):
        token = await lend_session(admin.account_id, run_id, site.clock.now)
    lent = await site.visitor(cookies={cookie_name(site.settings.plain_http_cookies): token})
    assert (await lent.get(PROOF)).status_code == 200
    assert (await lent.client.post(PROOF, data={})).status_code == 403
    assert await states(site, world.alices.affiliate_id) == []
    async with transaction(Role.GATE):
        assert [each.device for each in await sessions_of(admin.account_id, site.clock.now)] == [""]
        await end_lent(run_id)
    assert (await lent.get(PROOF)).status_code == 303


async def test_a_worker_without_the_site_says_so_and_does_not_try_again(settings: Settings, database: Database) -> None:
    with pytest.raises(Unretryable):
        await prove(JobContext(settings, database, lambda: NOW), {"run_id": uuid4()})


async def test_the_job_does_the_run_with_the_site_that_the_worker_was_given(
    site: Site, world: World, settings: Settings, database: Database
) -> None:
    run_id = await a_run(site, world.alices.affiliate_id, "WAITING")
    await prove(JobContext(settings, database, lambda: NOW, site=lambda: site.front), {"run_id": run_id})
    assert await states(site, world.alices.affiliate_id) == ["EMPTY"]


async def test_every_night_a_run_is_asked_for_at_every_company(
    site: Site, world: World, settings: Settings, database: Database
) -> None:
    await prove_all(JobContext(settings, database, lambda: NOW), {})
    for company in (world.alices, world.charlies):
        assert await states(site, company.affiliate_id) == ["WAITING"]
    await site.superuser.execute("DELETE FROM ops.proof_run")


async def test_runs_go_after_a_year_with_all_they_found(
    site: Site, world: World, settings: Settings, database: Database
) -> None:
    kept = await a_run(site, world.alices.affiliate_id, ago=timedelta(days=364))
    gone = await a_run(site, world.alices.affiliate_id, ago=timedelta(days=366))
    await site.superuser.execute(
        "INSERT INTO ops.proof_eye (run_id, affiliate_id, eye, state) VALUES ($1, $2, 'stranger', 'DONE')",
        gone, world.alices.affiliate_id,
    )  # fmt: skip
    await forget_runs(JobContext(settings, database, lambda: NOW), {})
    rows = await site.superuser.fetch("SELECT id FROM ops.proof_run WHERE id = ANY ($1)", [kept, gone])
    assert [row["id"] for row in rows] == [kept]
