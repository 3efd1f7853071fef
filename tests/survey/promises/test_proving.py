"""Runs of the proof over the demo world: clean as it is, a planted leak is found, a blind control proves nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from privacy.vault import Place, data_key, unseal_text
from survey.db import Role, Scope, transaction
from survey.demo import cast
from survey.promises.checks import proof
from survey.promises.domain.proof import Eye, EyeState, Hit, Kind, RunState, Seen
from survey.promises.domain.spelling import Needles
from survey.promises.service import proving
from survey.promises.service.eyes import lookers
from survey.promises.service.looking_for import target, told
from survey.shoppers.domain import NAME
from survey.web.front import Front
from survey.web.sessions import lend_session
from tests.attacks.crossing.world import fingerprints
from tests.demo_world import Played

from .conftest import PageAs
from .test_checks import broken, look

# What a run may change: its own rows and sessions, and the ledger, which says what it has opened.
OWN = {"ops.proof_run", "ops.proof_eye", "ops.proof_hit", "ledger.event"}
CLIENTS = (Eye.STRANGER, Eye.HEAD_OFFICE, Eye.REGION, Eye.STORE, Eye.OTHER_CLIENT, Eye.OTHER_COMPANY)
SHOWN = """
SELECT r.id, a.shopper_id
  FROM release.shop_report r
  JOIN identity.assignment a ON a.shop_id = r.shop_id AND a.state = 'done'
 WHERE r.client_id = $1 AND r.node_path = $2 AND NOT r.is_superseded AND r.withdrawn_at IS NULL
 ORDER BY r.released_at DESC
 LIMIT 1
"""


@dataclass(frozen=True)
class Ran:
    """A run that is over."""

    state: RunState
    seen: Sequence[Seen]
    hits: Sequence[Hit]
    run_id: UUID


@pytest.fixture(scope="module")
async def company(played: Played) -> AsyncIterator[UUID]:
    """Northlight, at which nothing waits; what the world itself has asked for waits again afterwards."""
    keep = "CREATE TABLE public.asked AS SELECT * FROM ops.proof_run; DELETE FROM ops.proof_run"
    await played.superuser.execute(keep)
    found = "SELECT id FROM field.affiliate WHERE name = $1"
    yield await played.superuser.fetchval(found, cast.NORTHLIGHT.name)
    back = "DELETE FROM ops.proof_run; INSERT INTO ops.proof_run SELECT * FROM public.asked; DROP TABLE public.asked"
    await played.superuser.execute(back)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


async def asked(played: Played, company: UUID) -> UUID:
    """An administrator asks for a run; its id."""
    async with transaction(Role.STAFF, affiliate=company):
        assert await proving.ask_for(Scope(company, None, "affiliate_admin"), company, now())
    found: UUID = await played.superuser.fetchval(
        "SELECT id FROM ops.proof_run WHERE affiliate_id = $1 AND state = 'WAITING'", company
    )
    return found


async def ran(played: Played, site: Front, company: UUID) -> Ran:
    """A whole run."""
    run_id = await asked(played, company)
    settings = replace(played.settings, plain_http_cookies=True)
    state = await proving.run(settings, site, run_id, now)
    async with transaction(Role.STAFF, affiliate=company):
        _, seen, hits = await proving.run_in(company, run_id)
    return Ran(state, seen, hits, run_id)


@pytest.fixture(scope="module")
async def before(played: Played, company: UUID) -> dict[str, str]:
    """Every table before the first run."""
    return await fingerprints(played.superuser)


@pytest.fixture(scope="module")
async def clean(played: Played, demo_site: Front, company: UUID, before: dict[str, str]) -> Ran:
    """A run over the world as the product has made it."""
    return await ran(played, demo_site, company)


@pytest.fixture(scope="module")
async def after(played: Played, clean: Ran) -> dict[str, str]:
    """Every table after it."""
    return await fingerprints(played.superuser)


async def test_nobody_outside_finds_anything_and_the_control_does(clean: Ran) -> None:
    assert clean.state is RunState.CLEAN
    assert {hit.eye for hit in clean.hits} == {Eye.CONTROL}
    assert {hit.kind for hit in clean.hits} >= {Kind.MOMENT, Kind.VISIT, Kind.EVIDENCE, Kind.EMPLOYEE, Kind.STORY}


async def test_all_seven_look_at_240_answers_each_and_open_files_and_pictures(clean: Ran) -> None:
    assert {one.eye: (one.state, one.tally.searched) for one in clean.seen} == dict.fromkeys(Eye, (EyeState.DONE, 240))
    by_eye = {one.eye: one.tally for one in clean.seen}
    assert all(by_eye[eye].shown > 30 for eye in CLIENTS)
    assert by_eye[Eye.HEAD_OFFICE].files > 5
    assert by_eye[Eye.HEAD_OFFICE].pictures > 0
    assert sum(tally.failed for tally in by_eye.values()) == 0


async def test_every_kind_of_value_is_looked_for(played: Played, clean: Ran) -> None:
    row = await played.superuser.fetchrow("SELECT * FROM ops.proof_run WHERE id = $1", clean.run_id)
    async with transaction(Role.WORKER) as here:
        tokens = await here.fetchval("SELECT tokens FROM ops.proof_run WHERE id = $1", clean.run_id)
    assert set(tokens) == {kind.value for kind in Kind}
    assert (row["shops"], row["asked_role"]) == (30, "affiliate_admin")
    assert row["shoppers"] > 20


async def test_a_hit_names_the_route_and_no_id(clean: Ran) -> None:
    assert {hit.route for hit in clean.hits} >= {"/reviews/{shop_id}", "/releases/{shop_id}"}
    assert [hit.route for hit in clean.hits if any(sign.isdigit() for sign in hit.route)] == []


async def test_a_run_changes_nothing_but_itself_and_the_ledger(
    clean: Ran, before: dict[str, str], after: dict[str, str]
) -> None:
    assert clean.state is RunState.CLEAN
    changed = {table for table, mark in after.items() if before[table] != mark}
    # That it was asked for is a job, until a worker has done it.
    assert changed - {"ops.job", "ops.job_log"} == OWN


async def test_it_fits_into_less_than_a_minute(played: Played, clean: Ran) -> None:
    took = await played.superuser.fetchval(
        "SELECT extract(epoch FROM finished_at - started_at) FROM ops.proof_run WHERE id = $1", clean.run_id
    )
    assert took < 60


async def test_asking_and_ending_are_on_record_and_so_is_everybody_whose_name_was_opened(
    played: Played, clean: Ran
) -> None:
    rows = await played.superuser.fetch(
        "SELECT action, detail->>'outcome' AS outcome FROM ledger.event WHERE object_id = $1 ORDER BY at", clean.run_id
    )
    assert [tuple(row) for row in rows] == [("proof.ask", None), ("proof.end", "CLEAN")]
    opened = await played.superuser.fetchval(
        "SELECT count(DISTINCT subject_id) FROM ledger.event WHERE actor_kind = 'search' AND action = 'shopper.read'"
        " AND purpose = 'search for it where nobody may find it'"
    )
    shoppers = await played.superuser.fetchval("SELECT shoppers FROM ops.proof_run WHERE id = $1", clean.run_id)
    assert opened == shoppers


async def test_what_the_control_reads_is_recorded_as_read_by_the_search_and_never_by_the_editor(
    played: Played, clean: Ran
) -> None:
    since = await played.superuser.fetchval("SELECT started_at FROM ops.proof_run WHERE id = $1", clean.run_id)
    rows = await played.superuser.fetch(
        "SELECT actor_kind, count(*) FROM ledger.event WHERE action = 'report.read' AND at >= $1 GROUP BY 1", since
    )
    assert {row["actor_kind"] for row in rows} == {"search"}


async def test_no_value_is_kept_anywhere_in_what_a_run_leaves_behind(played: Played, company: UUID, clean: Ran) -> None:
    async with transaction(Role.WORKER) as here:
        known = await told(here)
    async with transaction(Role.WORKER, affiliate=company) as here:
        found = await target(here, played.settings, (company, ()), known, now())
    tables = ("ops.proof_run", "ops.proof_eye", "ops.proof_hit", "ops.job", "ops.job_log")
    left = [str(row) for table in tables for row in await played.superuser.fetch(f"SELECT t::text FROM {table} t")]
    assert len(left) > len(tables)
    assert Needles(found.tokens).found_in("\n".join(left).encode()) == set()


async def test_no_session_is_left(played: Played, clean: Ran) -> None:
    assert await played.superuser.fetchval("SELECT count(*) FROM ops.session WHERE is_lent") == 0


@asynccontextmanager
async def leak(played: Played, company: UUID) -> AsyncIterator[None]:
    """A released snapshot with the shopper's name in a comment, put there as nobody but the database's owner could.

    It is of the store whose manager's eyes a run takes.
    """
    async with transaction(Role.WORKER) as here:
        store = (await lookers(here, company))[Eye.STORE]
    assert store
    row = await played.superuser.fetchrow(SHOWN, store.client_id, store.path)
    key = await data_key(played.superuser, played.settings.keyring, row["shopper_id"])
    sealed = await played.superuser.fetchval("SELECT name FROM identity.shopper WHERE id = $1", row["shopper_id"])
    name = unseal_text(key, Place(NAME, row["shopper_id"], row["shopper_id"]), sealed)
    kept = await played.superuser.fetchval("SELECT snapshot FROM release.shop_report WHERE id = $1", row["id"])
    comment = "jsonb_set(snapshot, '{answers,0,comment}', to_jsonb($2::text))"
    put = f"UPDATE release.shop_report SET snapshot = {comment} WHERE id = $1"
    await played.superuser.execute(put, row["id"], f"Seen by {name}.")
    try:
        yield
    finally:
        await played.superuser.execute("UPDATE release.shop_report SET snapshot = $2 WHERE id = $1", row["id"], kept)


@pytest.fixture(scope="module")
async def breach(played: Played, demo_site: Front, company: UUID, after: dict[str, str]) -> Ran:
    """A run made while the leak was there; by now it is not."""
    async with leak(played, company):
        return await ran(played, demo_site, company)


async def test_a_planted_leak_is_found_and_where(breach: Ran) -> None:
    assert breach.state is RunState.BREACH
    found = {(hit.eye, hit.route) for hit in breach.hits if hit.kind is Kind.NAME}
    for eye in (Eye.HEAD_OFFICE, Eye.STORE):
        assert (eye, "/portal/shops/{report_ref}") in found
        assert (eye, "/portal/shops/{report_ref}/files/{kind}") in found
    assert {eye for eye, _ in found} & {Eye.STRANGER, Eye.OTHER_CLIENT, Eye.OTHER_COMPANY} == set()


async def test_the_promise_is_broken_while_the_last_run_found_a_leak(played: Played, breach: Ran) -> None:
    assert breach.state is RunState.BREACH
    assert "could read something of a shopper" in (await look(played, proof.proven)).words


async def test_the_page_says_what_was_found_and_where(page_as: PageAs, breach: Ran) -> None:
    page = (await page_as(cast.ADMINISTRATOR, f"/promises/proof/{breach.run_id}")).text
    assert "Breach: something was found" in page
    assert "Shopper’s name, as “Client, head office”" in page
    assert "<code>/portal/shops/{report_ref}/files/{kind}</code>" in page
    assert 'class="number danger"' in page


async def test_without_the_leak_the_next_run_is_clean_and_the_promise_holds(
    played: Played, demo_site: Front, company: UUID, breach: Ran
) -> None:
    again = await ran(played, demo_site, company)
    assert (breach.state, again.state) == (RunState.BREACH, RunState.CLEAN)
    assert (await look(played, proof.proven)).faults == ()


async def test_a_control_that_may_not_read_makes_the_run_prove_nothing(
    played: Played, demo_site: Front, company: UUID, page_as: PageAs
) -> None:
    blind = "REVOKE SELECT ON field.report FROM candour_staff"
    async with broken(played, blind, "GRANT SELECT ON field.report TO candour_staff"):
        found = await ran(played, demo_site, company)
    assert found.state is RunState.BROKEN
    assert "proves nothing" in (await look(played, proof.proven)).words
    page = (await page_as(cast.ADMINISTRATOR, "/promises/proof")).text
    assert "The control did not find “Exact time of the visit”." in page
    assert "missed</span>" in page


async def test_a_run_that_lost_its_worker_is_marked_its_sessions_end_and_another_can_begin(
    played: Played, demo_site: Front, company: UUID
) -> None:
    run_id = await asked(played, company)
    account = await played.superuser.fetchval("SELECT id FROM identity.account WHERE role = 'editor' LIMIT 1")
    await played.superuser.execute(
        "UPDATE ops.proof_run SET state = 'RUNNING', started_at = now(), beat_at = now() WHERE id = $1", run_id
    )
    async with transaction(Role.GATE):
        await lend_session(account, run_id, now())
    assert await proving.run(played.settings, demo_site, run_id, now) is RunState.CUT_OFF
    assert await played.superuser.fetchval("SELECT state FROM ops.proof_run WHERE id = $1", run_id) == "CUT_OFF"
    assert await played.superuser.fetchval("SELECT count(*) FROM ops.session WHERE is_lent") == 0
    assert await asked(played, company) != run_id
    await played.superuser.execute("DELETE FROM ops.proof_run WHERE state = 'WAITING'")


async def test_a_run_that_is_cancelled_leaves_no_session_and_says_that_it_was_broken_off(
    played: Played, demo_site: Front, company: UUID
) -> None:
    run_id = await asked(played, company)
    running = asyncio.create_task(proving.run(played.settings, demo_site, run_id, now))
    while not await played.superuser.fetchval("SELECT count(*) FROM ops.session WHERE is_lent"):
        await asyncio.sleep(0.05)
        assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert await played.superuser.fetchval("SELECT count(*) FROM ops.session WHERE is_lent") == 0
    assert await played.superuser.fetchval("SELECT state FROM ops.proof_run WHERE id = $1", run_id) == "CUT_OFF"


async def test_eyes_that_nobody_has_are_left_out(played: Played, company: UUID) -> None:
    gone = (
        "UPDATE identity.account a SET status = 'disabled' FROM field.location l WHERE l.id = a.location_id"
        " AND l.level IN ('region', 'district')"
    )
    back = gone.replace("disabled", "active")
    async with broken(played, gone, back), transaction(Role.WORKER) as here:
        found = await lookers(here, company)
    assert found[Eye.REGION] is None
    assert {eye for eye, who in found.items() if who} == set(Eye) - {Eye.REGION}
