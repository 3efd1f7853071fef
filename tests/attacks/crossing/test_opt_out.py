"""Whoever said stop gets nothing more, whoever asks and however the list comes back; and a scanner stops nobody."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from playwright.async_api import Route, async_playwright

from survey.contacts import service as contacts
from survey.db import Role, transaction
from survey.demo import queries as demo
from survey.demo.fieldwork import Ground, launch
from survey.demo.postbox import deliver
from survey.demo.stage import Stage
from survey.invitations import service as invitations
from tests.conftest import NOW, unheard_of
from tests.web_client import BASE_URL, Browser

from .affiliates import OPEN, Affiliate, Person, affiliate, another_client, bring_in
from .canary import LINK, OPT_OUT_LINK, found_in, written_to
from .world import Crossing, fingerprints

CHROMIUM = shutil.which("chromium") or ""
REMINDED = replace(
    OPEN,
    changes=(
        ("reminder_days", (3,)),
        ("reminder_subject", "There is still time"),
        ("reminder_body", "Hello {{first_name|there}}, we would still like to hear from you."),
    ),
)
ONE_CLICK = b"List-Unsubscribe=One-Click"
PARTS = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
Stop = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


async def by_button(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Press the button of the page."""
    return await client.post(path, data={"wish": "everything"})


async def by_form(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """A mail program's click, as most send it."""
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return await client.post(path, content=ONE_CLICK, headers=kind)


async def by_parts(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """A mail program's click, as some send it."""
    return await client.post(path, content=PARTS, headers={"content-type": "multipart/form-data; boundary=b"})


WAYS: dict[str, Stop] = {"button": by_button, "one-click": by_form, "one-click in parts": by_parts}


@dataclass(frozen=True, slots=True)
class Company:
    """A research company, and what it sends out."""

    one: Affiliate

    @property
    def stage(self) -> Stage:
        """Settings, mailbox and clock."""
        return self.one.stage

    async def ask(self, ground: Ground, *addresses: str) -> UUID:
        """Bring these addresses in as a list of this client, launch a study, and deliver its mail."""
        await bring_in(self.stage, ground, [Person(address).row() for address in addresses])
        return await launch(self.stage, ground, REMINDED)

    def letters_to(self, address: str) -> int:
        """How much mail an address has got."""
        return len(written_to(self.stage, address.lower()))


@pytest.fixture(scope="module")
async def company(crossing: Crossing) -> Company:
    """A company of this module's own."""
    return Company(await affiliate(crossing.ours.stage, crossing.owner, "merlin"))


@pytest.fixture(scope="module")
async def other(crossing: Crossing) -> Company:
    """Another company, which knows nothing of the first."""
    return Company(await affiliate(crossing.ours.stage, crossing.owner, "osprey"))


@pytest.fixture
def stopper() -> str:
    """Somebody who will say stop."""
    return f"stopper-{unheard_of()}@people.example"


@pytest.fixture
def bystander() -> str:
    """Somebody on the same lists who says nothing: the proof that mail does go out."""
    return f"bystander-{unheard_of()}@people.example"


@pytest.mark.parametrize("way", WAYS)
async def test_who_stopped_is_not_written_to_for_another_client_or_by_another_affiliate(
    crossing: Crossing, company: Company, other: Company, way: str, stopper: str, bystander: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    await company.ask(ground, stopper)
    assert company.letters_to(stopper) == 1
    await stop(crossing, company, stopper, way)
    # As another list would write it.
    again = stopper.title()
    for asker in (company, other):
        second = await another_client(asker.one, f"Client {uuid4().hex[:6]}")
        study_id = await asker.ask(second, again, f"{asker.one.name}.{bystander}")
        assert asker.letters_to(f"{asker.one.name}.{bystander}") == 1, "nobody was written to: it proves nothing"
        assert company.letters_to(stopper) == 1
        assert await said_in_log(crossing, asker, study_id) == {"Sent", "Not sent"}


async def test_a_stop_outlives_erasure_and_the_same_list_once_more(
    crossing: Crossing, company: Company, superuser: asyncpg.Connection, stopper: str, bystander: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    await company.ask(ground, stopper)
    await stop(crossing, company, stopper, "button")
    statement = "SELECT id FROM identity.contact WHERE client_id = $1"
    erased = await superuser.fetchval(statement, ground.client_id)
    async with transaction(Role.STAFF, affiliate=ground.scope.affiliate_id):
        await contacts.ask_erasure(ground.scope, erased, NOW)
    await contacts.erase_contact(ground.scope, erased, NOW)
    assert await superuser.fetchval(statement, ground.client_id) is None
    await company.ask(ground, stopper, bystander)
    assert await superuser.fetchval(f"SELECT count(*) FROM ({statement}) c", ground.client_id) == 2
    assert (company.letters_to(bystander), company.letters_to(stopper)) == (1, 1)


async def test_a_reminder_that_waits_dies_in_the_transaction_of_the_stop(
    crossing: Crossing, company: Company, superuser: asyncpg.Connection, stopper: str, bystander: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    study_id = await company.ask(ground, stopper, bystander)
    assert await invitations.plan_reminders(NOW) >= 2
    waiting = "SELECT state FROM ops.delivery WHERE campaign_id = $1 AND kind = 'reminder-1' ORDER BY state"
    assert [row["state"] for row in await superuser.fetch(waiting, study_id)] == ["queued", "queued"]
    await stop(crossing, company, stopper, "one-click")
    assert [row["state"] for row in await superuser.fetch(waiting, study_id)] == ["queued", "skipped"]
    await deliver(company.stage, NOW, partial(demo.unsent, [study_id]))
    assert (company.letters_to(bystander), company.letters_to(stopper)) == (2, 1)


async def test_the_fence_in_the_claim_holds_where_the_planning_was_got_round(
    crossing: Crossing, company: Company, superuser: asyncpg.Connection, stopper: str, bystander: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    study_id = await company.ask(ground, stopper, bystander)
    await stop(crossing, company, stopper, "button")
    await queue_again(superuser, study_id)
    await deliver(company.stage, NOW, partial(demo.unsent, [study_id]))
    assert (company.letters_to(bystander), company.letters_to(stopper)) == (2, 1)
    # The control: without the row of the stop the very same attack gets through.
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(
        "DELETE FROM ledger.opt_out WHERE suppression_key IN (SELECT suppression_key FROM ops.delivery"
        " WHERE campaign_id = $1)",
        study_id,
    )
    await superuser.execute("RESET session_replication_role")
    await queue_again(superuser, study_id)
    await deliver(company.stage, NOW, partial(demo.unsent, [study_id]))
    assert company.letters_to(stopper) == 2


async def queue_again(superuser: asyncpg.Connection, study_id: UUID) -> None:
    """The attack: put everything of a study back into the queue, whoever stopped with the rest."""
    await superuser.execute(
        "UPDATE ops.delivery SET state = 'queued', phase = 'none', reason = '', sent_at = NULL WHERE campaign_id = $1",
        study_id,
    )


async def test_a_scanner_that_follows_every_link_changes_no_table(
    crossing: Crossing, company: Company, superuser: asyncpg.Connection, stopper: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    await company.ask(ground, stopper)
    paths = set(LINK.findall(written_to(company.stage, stopper)[0]))
    assert {path.split("/")[1] for path in paths} >= {"s", "o"}
    before = await fingerprints(superuser)
    scanner = await crossing.site.visitor(follow_redirects=True)
    for path in paths:
        for method in ("GET", "HEAD"):
            answer = await scanner.client.request(method, path)
            assert answer.status_code == 200, path
            assert "set-cookie" not in answer.headers
    assert await fingerprints(superuser) == before
    await by_button(scanner.client, found_in(OPT_OUT_LINK, written_to(company.stage, stopper)[0]))
    assert await fingerprints(superuser) != before, "the fingerprint sees nothing: it proves nothing"


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: no scanner ran scripts")
async def test_a_scanner_that_runs_scripts_changes_no_table(
    crossing: Crossing, company: Company, superuser: asyncpg.Connection, stopper: str
) -> None:
    ground = await another_client(company.one, f"Client {uuid4().hex[:6]}")
    await company.ask(ground, stopper)
    paths = sorted(set(LINK.findall(written_to(company.stage, stopper)[0])))
    before = await fingerprints(superuser)
    async for visit in scanning(await crossing.site.visitor()):
        for path in paths:
            await visit(BASE_URL + path)
    assert await fingerprints(superuser) == before


async def scanning(visitor: Browser) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    """Chromium whose requests the site answers without a network; yields what opens an address and stays a while."""

    async def answer(route: Route) -> None:
        request = route.request
        headers = {"content-type": request.headers.get("content-type", ""), "origin": BASE_URL}
        given = await visitor.client.request(
            request.method, request.url, content=request.post_data_buffer, headers=headers
        )
        passed = {
            name: value for name, value in given.headers.items() if name not in {"content-encoding", "set-cookie"}
        }
        await route.fulfill(status=given.status_code, headers=passed, body=given.content)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page()
        await page.route("**/*", answer)

        async def visit(url: str) -> None:
            await page.goto(url, wait_until="networkidle")
            assert await page.title()
            await page.mouse.wheel(0, 2000)

        yield visit
        await browser.close()


async def stop(crossing: Crossing, company: Company, address: str, way: str) -> None:
    """Say stop in one of the ways, with the link of the newest message."""
    visitor = await crossing.site.visitor()
    path = found_in(OPT_OUT_LINK, written_to(company.stage, address)[0])
    answer = await WAYS[way](visitor.client, path)
    assert answer.status_code == (303 if way == "button" else 200)
    assert "set-cookie" not in answer.headers


async def said_in_log(crossing: Crossing, company: Company, study_id: UUID) -> set[str]:
    """The states that the study's send log shows to the manager; who is not written to has the reason beside it."""
    manager = await crossing.site.with_session(company.one.scope.affiliate_id, company.one.people["manager"])
    file = (await manager.get(f"/studies/{study_id}/log.csv")).text.splitlines()[1:]
    lines = [line.split(",") for line in file]
    assert all(line[3].startswith("suppressed: opted out") for line in lines if line[2] == "Not sent")
    page = await manager.get(f"/studies/{study_id}/log")
    assert "opted out" in page.text
    return {line[2] for line in lines}
