"""One request, one transaction: what is kept, what is undone, and what survives."""

from traceback import format_exception
from uuid import uuid4

import asyncpg
import pytest
from litestar.types import Message, Receive, Send
from litestar.types import Scope as AsgiScope

from privacy.tokens import Purpose, sign
from survey.db import Database, Role
from survey.web.front import Interrupted
from tests.conftest import World
from tests.web_client import Browser, Site

from . import sample


async def names(site: Site, world: World) -> list[str]:
    """The clients that alice's affiliate has."""
    rows = await site.superuser.fetch(
        "SELECT name FROM field.client WHERE affiliate_id = $1 ORDER BY name", world.alices.affiliate_id
    )
    return [row["name"] for row in rows]


@pytest.fixture
async def manager(site: Site, world: World) -> Browser:
    """Alice's manager."""
    return await site.signed_in(world.alices.affiliate_id)


@pytest.mark.parametrize("status", ["400", "409", "422", "500"])
async def test_what_is_refused_is_undone(site: Site, world: World, manager: Browser, status: str) -> None:
    answer = await manager.post("/sample/client", {"name": "Northwind", "status": status})
    assert (answer.status_code, await names(site, world)) == (int(status), [])


@pytest.mark.parametrize("status", ["200", "303"])
async def test_what_succeeds_is_kept(site: Site, world: World, manager: Browser, status: str) -> None:
    await manager.post("/sample/client", {"name": "Northwind", "status": status})
    assert await names(site, world) == ["Northwind"]


async def test_the_row_is_there_before_the_answer_leaves(
    site: Site, world: World, manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    inner = site.front.rooms[-1][1]

    async def watched(scope: AsgiScope, receive: Receive, send: Send) -> None:
        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.extend(await names(site, world))
            await send(message)

        await inner(scope, receive, watch)

    monkeypatch.setattr(site.front, "rooms", (("/", watched),))
    await manager.post("/sample/client", {"name": "Northwind", "status": "303"})
    assert seen == ["Northwind"]


async def test_a_get_cannot_write(site: Site, world: World, manager: Browser) -> None:
    answer = await manager.get("/sample/secret-write")
    assert (answer.status_code, await names(site, world)) == (500, [])


async def test_a_get_that_says_why_may_write(site: Site, world: World, manager: Browser) -> None:
    assert (await manager.get("/sample/audited-read")).status_code == 200
    assert await names(site, world) == ["recorded"]


async def test_a_commit_that_fails_becomes_an_error_page_and_not_a_success(site: Site, manager: Browser) -> None:
    answer = await manager.post("/sample/swallow")
    assert answer.status_code == 500
    assert "It is our fault" in answer.text


async def test_after_a_failed_commit_nothing_is_announced(manager: Browser) -> None:
    await manager.post("/sample/swallow")
    assert "never said" not in (await manager.get("/sample/form")).text


async def test_a_note_survives_the_refusal_that_undoes_the_rest(site: Site, world: World, manager: Browser) -> None:
    answer = await manager.post("/sample/refused-with-note")
    assert (answer.status_code, await names(site, world)) == (403, ["survivor"])
    assert "Not like this." in answer.text


async def test_a_note_behind_a_link_is_fenced_to_it(site: Site) -> None:
    link = uuid4()
    token = sign(site.settings.token_keys, Purpose.SURVEY, link)
    assert (await (await site.visitor()).client.post(f"/sample/declined/{token}")).status_code == 404
    assert sample.NOTES[-1] == str(link)


async def test_half_a_file_is_not_passed_off_as_a_whole_one(manager: Browser) -> None:
    with pytest.raises(Interrupted) as found:
        await manager.get("/sample/broken-stream")
    assert "planted" not in "".join(format_exception(found.value))


async def test_every_connection_comes_back(site: Site, database: Database, manager: Browser) -> None:
    for url in ("/sample/refused-with-note", "/sample/swallow", "/sample/nothing"):
        for _ in range(8):
            await manager.post(url)
    assert [database.pool(role).held_count for role in (Role.STAFF, Role.GATE)] == [0, 0]
    assert (await manager.get("/sample/work")).status_code == 200


async def test_rows_are_streamed_from_the_open_transaction(manager: Browser) -> None:
    answer = await manager.get("/sample/stream")
    assert answer.text.splitlines() == [str(number) for number in range(1, 501)]
    assert "content-length" not in answer.headers


async def test_a_message_is_said_once_on_the_next_page(manager: Browser) -> None:
    await manager.post("/sample/client", {"name": "Northwind", "status": "303"})
    assert "It has been added." in (await manager.get("/sample/form")).text
    assert "It has been added." not in (await manager.get("/sample/form")).text


async def test_a_refused_form_announces_nothing(manager: Browser) -> None:
    await manager.post("/sample/client", {"name": "Northwind", "status": "409"})
    assert "It has been added." not in (await manager.get("/sample/form")).text


async def test_two_requests_of_two_tenants_do_not_mix(site: Site, world: World, superuser: asyncpg.Connection) -> None:
    alice = await site.signed_in(world.alices.affiliate_id)
    charlie = await site.signed_in(world.charlies.affiliate_id)
    await alice.post("/sample/client", {"name": "alice's", "status": "303"})
    assert (await charlie.get("/sample/work")).json()["clients"] == []
    assert (await alice.get("/sample/work")).json()["clients"] == ["alice's"]
