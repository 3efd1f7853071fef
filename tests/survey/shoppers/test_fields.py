"""An affiliate's own fields of a profile: what may be asked, what may be told, and who reads it."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.queue import JobContext
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import MOST_FIELDS, FieldKind, ProfileField, what_is_forbidden
from survey.shoppers.jobs import forget_erased
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import Post, Registered, actions, dump, registered

THERE = "/shopper/profile/fields"
RULES = "/shoppers/rules/fields"
ASKED = {"label": "Your usual shopping days", "kind": "text", "reason": "some visits are on market days"}


async def ask(
    world: World, kind: FieldKind = FieldKind.TEXT, label: str = "Usual days", **more: object
) -> ProfileField:
    """A field that alice's shoppers are asked."""
    made: dict[str, Any] = {"choices": (), "is_required": False, "reason": "market days"} | more
    one = ProfileField(uuid4(), label, kind, **made)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.fields.add(world.alices, one, NOW)
    return one


@pytest.mark.parametrize("role", ["manager", "scheduler", "editor"])
async def test_only_administrators_say_what_is_asked(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get(f"{RULES}/new")).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"label": ""}, "label"), ({"kind": "essay"}, "kind"), ({"reason": ""}, "reason"),
     ({"kind": "choice", "choices": "One"}, "choices"), ({"kind": "choice", "choices": "One\nOne"}, "choices"),
     ({"label": "Your social security number"}, "label"), ({"label": "Your religion"}, "label"),
     ({"label": "Do you have a disability?"}, "label"),
     ({"kind": "choice", "choices": "Pregnant\nNot pregnant"}, "label")],
)  # fmt: skip
async def test_what_may_not_be_asked_is_refused_beside_its_field(
    admin: Browser, wrong: dict[str, str], field: str
) -> None:
    answer = await admin.submit(f"{RULES}/new", ASKED | wrong)
    assert answer.status_code == 422
    assert f'id="{field}' in answer.text
    assert "error-summary" in answer.text


async def test_there_are_only_so_many_fields(admin: Browser, world: World) -> None:
    for number in range(MOST_FIELDS):
        await ask(world, label=f"Number {number}")
    answer = await admin.submit(f"{RULES}/new", ASKED)
    assert answer.status_code == 422
    assert "which is the most" in answer.text


async def test_another_affiliates_field_is_one_that_nobody_has(site: Site, world: World) -> None:
    one = await ask(world)
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert (await stranger.get(f"{RULES}/{one.id}")).status_code == 404
    assert (await stranger.post(f"{RULES}/{one.id}", ASKED)).status_code == 404


async def test_a_field_is_asked_with_its_reason(admin: Browser, ada: Registered) -> None:
    await admin.submit(f"{RULES}/new", ASKED | {"is_required": "yes"})
    page = (await ada.browser.get(THERE)).text
    assert "Your usual shopping days" in page
    assert "Required, because: some visits are on market days" in page
    assert "1 required field is open" in (await ada.browser.get("/shopper")).text


@pytest.mark.parametrize(
    ("told", "words"),
    [("4111 1111 1111 1111", "a card number"), ("ssn 219-09-9999", "social security number"),
     ("DE89 3704 0044 0532 0130 00", "a bank account number"), ("my diagnosis is asthma", "health"),
     ("my religion keeps me home on Sundays", "religion or belief"), ("x" * 201, "at most 200 characters"),
     ("", "Answer this")],
)  # fmt: skip
async def test_what_may_not_be_kept_is_refused_and_not_kept(
    ada: Registered, world: World, superuser: asyncpg.Connection, told: str, words: str
) -> None:
    one = await ask(world, is_required=True)
    answer = await ada.browser.submit(THERE, {one.name: told})
    assert answer.status_code == 422
    assert words in answer.text
    kept = "SELECT count(*) FROM identity.profile_answer WHERE field_id = $1"
    assert await superuser.fetchval(kept, one.id) == 0


async def test_what_is_not_on_offer_counts_as_not_told(ada: Registered, world: World) -> None:
    one = await ask(world, FieldKind.YES_NO)
    await ada.browser.submit(THERE, {one.name: "maybe"})
    assert "Not told" in (await ada.browser.get("/shopper/profile")).text


async def test_answers_are_shown_to_their_owner_and_sealed_in_the_database(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    line, choice = await ask(world), await ask(world, FieldKind.CHOICE, "Size", choices=("Small", "Quite large"))
    told = {line.name: "Zebrafinch Saturdays", choice.name: "Quite large"}
    assert (await ada.browser.submit(THERE, told)).status_code == 303
    page = (await ada.browser.get("/shopper/profile")).text
    held = await dump(superuser)
    assert "Zebrafinch Saturdays" in page
    assert "Quite large" in page
    assert b"Zebrafinch" not in held
    assert b"Zebrafinch".hex().encode() not in held
    assert (await actions(superuser, ada.shopper_id))[-1] == "shopper.fields"


async def test_an_answer_that_is_emptied_is_gone(ada: Registered, world: World, superuser: asyncpg.Connection) -> None:
    one = await ask(world)
    for told in ("Saturdays", ""):
        await ada.browser.submit(THERE, {one.name: told})
    assert await superuser.fetchval("SELECT count(*) FROM identity.profile_answer WHERE field_id = $1", one.id) == 0


async def test_nobody_reads_the_answers_of_another(
    ada: Registered, site: Site, post: Post, world: World, door: str
) -> None:
    one = await ask(world)
    await ada.browser.submit(THERE, {one.name: "Zebrafinch"})
    colleague = await registered(site, post, world.alices, door)
    assert "Zebrafinch" not in (await colleague.browser.get("/shopper/profile")).text
    async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=colleague.shopper_id) as here:
        assert await here.fetchval("SELECT count(*) FROM identity.profile_answer") == 0
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id) as here:
        assert await here.fetchval("SELECT count(*) FROM identity.profile_answer") == 0


async def test_staff_read_them_with_the_name_for_a_reason_that_is_on_record(
    ada: Registered, world: World, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    one = await ask(world)
    await ada.browser.submit(THERE, {one.name: "Zebrafinch"})
    closed = (await scheduler.get(f"/shoppers/{ada.shopper_id}")).text
    opened = (await scheduler.submit(f"/shoppers/{ada.shopper_id}", {"purpose": "answer"})).text
    purpose = await superuser.fetchval(
        "SELECT purpose FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.fields_read'", ada.shopper_id
    )
    assert "Zebrafinch" not in closed
    assert "Zebrafinch" in opened
    assert purpose == "answer a question of the shopper"


async def test_a_field_that_is_asked_no_more_keeps_no_answers(
    ada: Registered, admin: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    one = await ask(world)
    await ada.browser.submit(THERE, {one.name: "Zebrafinch"})
    assert (await admin.submit(f"{RULES}/{one.id}", ASKED)).status_code == 303
    assert await superuser.fetchval("SELECT count(*) FROM identity.profile_answer WHERE field_id = $1", one.id) == 0
    assert one.label not in (await ada.browser.get("/shopper/profile")).text


async def test_who_is_erased_leaves_no_answers_behind(
    ada: Registered, world: World, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    one = await ask(world)
    await ada.browser.submit(THERE, {one.name: "Zebrafinch"})
    await superuser.execute("UPDATE identity.shopper SET status = 'erased' WHERE id = $1", ada.shopper_id)
    await forget_erased.handler(JobContext(settings, database, lambda: NOW), {})
    assert await superuser.fetchval("SELECT count(*) FROM identity.profile_answer WHERE field_id = $1", one.id) == 0


def test_harmless_words_and_numbers_pass() -> None:
    for text in ("Saturdays after 14:00", "I have 2 dogs and 3 children", "Size 42", "+1 614 555 0134"):
        assert what_is_forbidden(text) == ""
