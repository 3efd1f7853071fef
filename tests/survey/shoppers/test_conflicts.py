"""Conflicts of interest: typed, matched without a word about it, kept under a seal, tied and recorded by staff."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.shoppers import service
from survey.shoppers.domain import ConflictKind, client_called
from survey.shoppers.service.conflicts import MOST
from tests.conftest import NOW, World
from tests.shop_world import insert
from tests.web_client import Browser, Site

from .conftest import Registered, actions, restrict

MINE = "/shopper/profile/conflicts"
TYPED = {"company": "Copperkettle", "kind": "household"}
COFFEE, HARBOR, KETTLE = uuid4(), uuid4(), uuid4()
CLIENTS = [(COFFEE, "Copperkettle Coffee, Inc."), (HARBOR, "Harbor & Pine Outfitters"), (KETTLE, "Kettle’s")]


@pytest.fixture
async def scheduler(site: Site, world: World) -> Browser:
    """A scheduler of the affiliate."""
    return await site.signed_in(world.alices.affiliate_id, "scheduler")


async def client(owner: asyncpg.Connection, affiliate_id: UUID, name: str) -> UUID:
    """A client of an affiliate."""
    client_id = uuid4()
    values = {"id": client_id, "affiliate_id": affiliate_id, "name": name, "created_at": NOW}
    await insert(owner, "field.client", values)
    return client_id


async def rows(owner: asyncpg.Connection, ada: Registered) -> list[asyncpg.Record]:
    """What is kept of a shopper, the oldest first."""
    found: list[asyncpg.Record] = await owner.fetch(
        "SELECT * FROM identity.conflict WHERE shopper_id = $1 ORDER BY created_at, id", ada.shopper_id
    )
    return found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("copperkettle coffee", COFFEE), ("The Copperkettle Coffee Company", COFFEE), ("Copperkettle", COFFEE),
        ("Copperkettle Coffee in Leeds", COFFEE), ("harbor and pine", HARBOR), ("Kettles", KETTLE), ("Cop", None),
        ("Pine", None), ("Coffee", None), ("Ltd.", None), ("", None), ("Somewhere else", None),
        ("my aunt sells kettles", None),
    ],
)  # fmt: skip
def test_a_name_is_found_as_people_write_it_and_nothing_is_guessed(typed: str, found: UUID | None) -> None:
    assert client_called(typed, CLIENTS) == found


def test_where_two_clients_would_do_neither_is_taken() -> None:
    two = [(COFFEE, "Harbor Foods"), (HARBOR, "Harbor Fuels")]
    assert client_called("Harbor", two) is None
    assert client_called("Harbor Fuels", two) == HARBOR


async def test_nobody_reads_who_the_clients_are(ada: Registered, world: World, superuser: asyncpg.Connection) -> None:
    await client(superuser, world.alices.affiliate_id, "Unheardof Bakers")
    assert "Unheardof" not in (await ada.browser.get(MINE)).text


@pytest.mark.parametrize(
    "typed", [{"company": "", "kind": "other"}, {"company": "x" * 121, "kind": "other"}, {"company": "Pine"}]
)
async def test_a_name_and_a_reason_are_asked_for(ada: Registered, typed: dict[str, str]) -> None:
    assert (await ada.browser.submit(MINE, typed)).status_code == 422


async def test_the_answer_is_the_same_whether_it_is_a_client_or_not(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    coffee = await client(superuser, world.alices.affiliate_id, "Copperkettle Coffee")
    pages = []
    for name in ("Copperkettle", "Nobodyknowsus"):
        await ada.browser.submit(MINE, {"company": name, "kind": "household"})
        pages.append((await ada.browser.get(MINE)).text)
        (held,) = await rows(superuser, ada)
        assert held["client_id"] == (coffee if name == "Copperkettle" else None)
        await ada.browser.post(f"{MINE}/withdraw", {"conflict": str(held["id"])})
    assert pages[0].count("Noted.") == pages[1].count("Noted.") == 1
    assert "Copperkettle Coffee" not in pages[0]


async def test_what_was_typed_is_sealed_and_the_same_again_changes_why(
    ada: Registered, superuser: asyncpg.Connection
) -> None:
    await ada.browser.submit(MINE, TYPED)
    await ada.browser.submit(MINE, {"company": "COPPERKETTLE ltd", "kind": "competitor"})
    (held,) = await rows(superuser, ada)
    assert held["kind"] == "competitor"
    assert b"opperkettle" not in held["company"]
    assert "<strong>Copperkettle</strong>" in (await ada.browser.get(MINE)).text
    assert (await actions(superuser, ada.shopper_id))[-2:] == ["shopper.conflict", "shopper.conflict"]


async def test_it_is_withdrawn_once_and_only_by_who_declared_it(
    ada: Registered, world: World, superuser: asyncpg.Connection, scheduler: Browser
) -> None:
    coffee = await client(superuser, world.alices.affiliate_id, "Copperkettle Coffee")
    await ada.browser.submit(MINE, TYPED)
    staffs = f"/shoppers/{ada.shopper_id}/conflicts"
    await scheduler.post(staffs, {"client": str(coffee), "kind": "competitor"})
    declared, recorded = sorted(await rows(superuser, ada), key=lambda row: row["source"])
    assert "Recorded by the company" in (await ada.browser.get(MINE)).text
    for browser, there, one, status in (
        (ada.browser, f"{MINE}/withdraw", recorded, 404), (ada.browser, f"{MINE}/withdraw", declared, 303),
        (ada.browser, f"{MINE}/withdraw", declared, 404), (scheduler, f"{staffs}/remove", declared, 404),
        (scheduler, f"{staffs}/remove", recorded, 303), (scheduler, f"{staffs}/remove", recorded, 404),
    ):  # fmt: skip
        assert (await browser.post(there, {"conflict": str(one["id"])})).status_code == status


async def test_a_list_of_guesses_comes_to_an_end(ada: Registered) -> None:
    async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id):
        ring = ada.browser.settings.keyring
        for number in range(MOST):
            await service.conflicts.declare(ada.scope, ring, f"Company {number}", ConflictKind.OTHER, NOW)
        with pytest.raises(service.conflicts.TooMany):
            await service.conflicts.declare(ada.scope, ring, "One more", ConflictKind.OTHER, NOW)


async def test_a_stranger_ties_nothing_and_a_scheduler_does_with_the_look_on_record(
    ada: Registered, world: World, superuser: asyncpg.Connection, scheduler: Browser, site: Site
) -> None:
    await ada.browser.submit(MINE, {"company": "The coffee place", "kind": "works_there"})
    (held,) = await rows(superuser, ada)
    there = f"/shoppers/{ada.shopper_id}/conflicts/{held['id']}"
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert (await stranger.get(there)).status_code == 404
    coffee = await client(superuser, world.alices.affiliate_id, "Copperkettle Coffee")
    foreign = await client(superuser, world.charlies.affiliate_id, "Copperkettle Coffee")
    assert there in (await scheduler.get("/shoppers/conflicts")).text
    assert "to be tied to a client" in (await scheduler.get("/shoppers")).text
    assert "The coffee place" in (await scheduler.get(there)).text
    assert (await scheduler.post(there, {"client": ""})).status_code == 422
    assert (await scheduler.post(there, {"client": str(foreign)})).status_code == 404
    assert (await scheduler.post(there, {"client": str(coffee)})).status_code == 303
    assert [row["client_id"] for row in await rows(superuser, ada)] == [coffee]
    assert (
        "check a qualification or a conflict of interest"
        in (await ada.browser.get("/shopper/profile/looks")).text.lower()
    )
    assert (await actions(superuser, ada.shopper_id))[-1] == "shopper.conflict_tie"
    assert there not in (await scheduler.get("/shoppers/conflicts")).text
    assert "Copperkettle" not in (await ada.browser.get(MINE)).text


async def test_what_somebody_typed_stays_shut_while_they_have_processing_restricted(
    ada: Registered, superuser: asyncpg.Connection, scheduler: Browser
) -> None:
    await ada.browser.submit(MINE, {"company": "The coffee place", "kind": "works_there"})
    (held,) = await rows(superuser, ada)
    await restrict(ada)
    refused = await scheduler.get(f"/shoppers/{ada.shopper_id}/conflicts/{held['id']}")
    assert (refused.status_code, "The coffee place" in refused.text) == (403, False)
    assert "to answer them and to pay them" in refused.text
    assert "shopper.conflict.read" not in await actions(superuser, ada.shopper_id)


async def test_what_stays_shut_is_tied_to_nobody_and_waits_in_no_queue(
    ada: Registered, world: World, superuser: asyncpg.Connection, scheduler: Browser
) -> None:
    await ada.browser.submit(MINE, {"company": "The coffee place", "kind": "works_there"})
    (held,) = await rows(superuser, ada)
    there = f"/shoppers/{ada.shopper_id}/conflicts/{held['id']}"
    assert there in (await scheduler.get("/shoppers/conflicts")).text
    await restrict(ada)
    coffee = await client(superuser, world.alices.affiliate_id, "Copperkettle Coffee")
    for typed in ({"client": str(coffee)}, {"decision": "none"}):
        assert (await scheduler.post(there, typed)).status_code == 403
    assert [(row["client_id"], row["checked_at"]) for row in await rows(superuser, ada)] == [(None, None)]
    assert there not in (await scheduler.get("/shoppers/conflicts")).text
    assert "to be tied to a client" not in (await scheduler.get("/shoppers")).text


async def test_what_is_none_of_the_clients_waits_no_more(
    ada: Registered, superuser: asyncpg.Connection, scheduler: Browser
) -> None:
    await ada.browser.submit(MINE, {"company": "A bakery", "kind": "works_there"})
    (held,) = await rows(superuser, ada)
    there = f"/shoppers/{ada.shopper_id}/conflicts/{held['id']}"
    await scheduler.post(there, {"decision": "none"})
    assert there not in (await scheduler.get("/shoppers/conflicts")).text
    assert "No client of yours" in (await scheduler.get(f"/shoppers/{ada.shopper_id}")).text


async def test_who_works_for_certain_clients_ties_to_these_and_dismisses_nothing(
    site: Site, ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    own, hidden = [await client(superuser, world.alices.affiliate_id, name) for name in ("Own Bakery", "Hidden Mill")]
    await ada.browser.post(MINE, {"company": "Somewhere in between", "kind": "household"})
    [row] = await rows(superuser, ada)
    limited = await site.limited(world.alices.affiliate_id, "scheduler", own)
    there = f"/shoppers/{ada.shopper_id}/conflicts/{row['id']}"
    page = await limited.get(there)
    assert ("Own Bakery" in page.text, "Hidden Mill" in page.text) == (True, False)
    assert "None of our clients" not in page.text
    dismissed = await limited.post(there, {"decision": "none"})
    assert (dismissed.status_code, "somebody who works for all clients" in dismissed.text) == (422, True)
    assert (await limited.post(there, {"client": str(hidden)})).status_code == 404
    assert [each["checked_at"] for each in await rows(superuser, ada)] == [None]
    assert (await limited.post(there, {"client": str(own)})).status_code == 303
    assert [each["client_id"] for each in await rows(superuser, ada)] == [own]
