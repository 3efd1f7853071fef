"""One sign-in, several affiliates, none of which learns of another; agreements before work; answers to decisions."""

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.shoppers import service
from survey.shoppers.domain import DeactivationCode
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import OF_AGE, PASSWORD, Post, Registered, actions, adopt, register, registered


@pytest.fixture
async def both(site: Site, post: Post, world: World, other_door: str, ada: Registered) -> Registered:
    """Ada at charlie's, with the sign-in she has from alice's."""
    return await registered(site, post, world.charlies, other_door, email=ada.email, name="Ada at Charlie’s")


async def signed_in_anew(site: Site, who: Registered) -> Browser:
    """Another browser of the same person."""
    browser = await site.visitor()
    await browser.submit("/sign-in", {"email": who.email, "password": PASSWORD})
    return adopt(browser)


async def test_nobody_opens_a_shoppers_page_without_signing_in(site: Site) -> None:
    for path in ("/shopper", "/shopper/profile", "/shopper/affiliates"):
        assert (await (await site.visitor()).get(path)).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", ["affiliate_admin", "manager", "scheduler", "editor", "payroll", "provider"])
async def test_staff_open_no_shoppers_page(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get("/shopper/profile")).status_code == 403


async def test_a_single_profile_is_chosen_by_itself(site: Site, ada: Registered) -> None:
    browser = await signed_in_anew(site, ada)
    assert (await browser.get("/shopper")).headers["location"] == "/shopper/affiliates"
    assert (await browser.get("/shopper/affiliates")).headers["location"] == "/shopper"
    assert (await browser.get("/shopper")).status_code == 200


async def test_with_two_one_chooses_and_the_session_stays_there(site: Site, ada: Registered, both: Registered) -> None:
    browser = await signed_in_anew(site, ada)
    page = (await browser.get("/shopper/affiliates")).text
    assert "alice&#39;s" in page
    assert "charlie&#39;s" in page
    await browser.post("/shopper/affiliates", {"profile": str(both.shopper_id)})
    assert "Ada at Charlie’s" in (await browser.get("/shopper")).text
    await browser.post("/shopper/affiliates", {"profile": str(ada.shopper_id)})
    assert "Hello Ada Quillfeather" in (await browser.get("/shopper")).text


async def test_another_persons_profile_is_one_that_nobody_has(
    site: Site, post: Post, world: World, door: str, ada: Registered
) -> None:
    stranger = await registered(site, post, world.alices, door)
    for path in ("/agreement", "/contest"):
        answer = await stranger.browser.post(f"/shopper/affiliates/{ada.shopper_id}{path}", {"words": "x"})
        assert answer.status_code == 404
    answer = await stranger.browser.post("/shopper/affiliates", {"profile": str(ada.shopper_id)})
    assert answer.status_code == 404
    assert (await stranger.browser.get(f"/shopper/affiliates/{ada.shopper_id}/agreement")).status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.SHOPPER])
async def test_one_affiliate_reads_no_row_of_the_other_and_no_column_that_ties_them(
    database: Database, ada: Registered, both: Registered, role: Role
) -> None:
    async with transaction(role, affiliate=both.scope.affiliate_id, shopper=both.shopper_id) as here:
        seen = await here.fetch("SELECT id FROM identity.shopper")
        assert {row["id"] for row in seen} == {both.shopper_id}
    # The control: the same question, asked by the affiliate it concerns, has an answer.
    async with transaction(role, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id) as here:
        seen = await here.fetch("SELECT id FROM identity.shopper")
        assert {row["id"] for row in seen} == {ada.shopper_id}


async def test_staff_cannot_ask_for_the_sign_in_behind_a_profile(both: Registered) -> None:
    async with transaction(Role.STAFF, affiliate=both.scope.affiliate_id) as here:
        assert await here.fetch("SELECT display_code FROM identity.shopper")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=both.scope.affiliate_id) as here:
            await here.fetch("SELECT account_id FROM identity.shopper")


async def test_what_an_affiliate_sees_of_a_newcomer_does_not_tell_whether_she_is_new(
    site: Site, post: Post, world: World, other_door: str, ada: Registered, superuser: asyncpg.Connection
) -> None:
    await register(await site.visitor(), other_door, ada.email)
    await register(await site.visitor(), other_door, "never.seen@people.test")
    letters = await post.letters(world.charlies.affiliate_id)
    rows = await superuser.fetch(
        "SELECT kind, context, is_bulk, not_after FROM ops.delivery WHERE affiliate_id = $1",
        world.charlies.affiliate_id,
    )
    events = await superuser.fetch(
        "SELECT action, detail FROM ledger.event WHERE affiliate_id = $1 AND subject_id IS NOT NULL",
        world.charlies.affiliate_id,
    )
    assert letters[0].letter == letters[1].letter
    assert rows[0] == rows[1]
    assert events[0] == events[1]


async def test_neither_affiliates_pages_name_the_other(ada: Registered, both: Registered) -> None:
    for path in ("/shopper", "/shopper/profile", "/shopper/profile/agreement", "/shopper/profile/looks"):
        assert "alice" not in (await both.browser.get(path)).text
        assert "charlie" not in (await ada.browser.get(path)).text


async def test_a_new_version_of_the_agreement_is_asked_at_the_next_sign_in(site: Site, ada: Registered) -> None:
    await _publish(ada, "Version two, in other words.")
    browser = await signed_in_anew(site, ada)
    there = f"/shopper/affiliates/{ada.shopper_id}/agreement"
    assert (await browser.get("/shopper/affiliates")).headers["location"] == there
    assert (await browser.get("/shopper")).status_code == 303
    assert "Version two" in (await browser.get(there)).text
    assert (await browser.submit(there, {})).status_code == 422
    assert (await browser.submit(there, {"agreement": "1"})).status_code == 422
    assert (await browser.get("/shopper/profile")).status_code == 303


async def test_an_agreement_is_shown_as_it_was_laid_out_and_carries_no_script(
    site: Site, ada: Registered, door: str
) -> None:
    await _publish(ada, "## What we agree on\n\n- I work *alone*.\n\n<script>alert(1)</script>")
    browser = await signed_in_anew(site, ada)
    asked = (await browser.get(f"/shopper/affiliates/{ada.shopper_id}/agreement")).text
    await browser.post(f"/shopper/affiliates/{ada.shopper_id}/agreement", {"agreement": "2"})
    own = (await browser.get("/shopper/profile/agreement")).text
    for page in (asked, own):
        assert "<h2>What we agree on</h2>" in page
        assert "<li>I work <em>alone</em>.</li>" in page
        assert "<script>alert" not in page
    newcomer = await site.visitor()
    await newcomer.submit(door, OF_AGE, to=f"{door}/age")
    assert "<h3>What we agree on</h3>" in (await newcomer.get(door)).text


async def test_accepting_it_opens_the_pages_and_leaves_evidence_once(
    site: Site, ada: Registered, superuser: asyncpg.Connection
) -> None:
    await _publish(ada, "Version two, in other words.")
    browser = await signed_in_anew(site, ada)
    for _ in range(2):
        await browser.post(f"/shopper/affiliates/{ada.shopper_id}/agreement", {"agreement": "2"})
    rows = await superuser.fetch(
        "SELECT wording_version, wording FROM ledger.consent WHERE subject_id = $1 ORDER BY wording_version",
        ada.shopper_id,
    )
    assert (await browser.get("/shopper")).status_code == 200
    assert [row["wording_version"] for row in rows] == [1, 2]
    assert rows[1]["wording"] == "Version two, in other words."
    assert list(await actions(superuser, ada.shopper_id)).count("shopper.agree") == 1


async def test_a_suspended_affiliate_cannot_be_chosen(
    site: Site, ada: Registered, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.affiliate SET status = 'suspended' WHERE id = $1", ada.scope.affiliate_id)
    browser = await signed_in_anew(site, ada)
    assert "Suspended" in (await browser.get("/shopper/affiliates")).text
    await browser.post("/shopper/affiliates", {"profile": str(ada.shopper_id)})
    assert (await browser.get("/shopper")).status_code == 303


async def test_who_was_deactivated_reads_why_and_answers_once(
    site: Site, ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    await _deactivate(site, ada, world)
    assert (await ada.browser.get("/shopper")).headers["location"] == "/shopper/affiliates"
    assert "Two shops in May" in (await ada.browser.get("/shopper/affiliates")).text
    there = f"/shopper/affiliates/{ada.shopper_id}/contest"
    assert (await ada.browser.post(there, {"words": ""})).status_code == 422
    assert (await ada.browser.post(there, {"words": "I was in hospital."})).status_code == 303
    assert (await ada.browser.post(there, {"words": "Again."})).status_code == 403
    contests = await superuser.fetch("SELECT contest FROM identity.deactivation WHERE shopper_id = $1", ada.shopper_id)
    assert len(contests) == 1
    assert b"hospital" not in contests[0]["contest"]


async def test_a_deactivated_profile_is_not_chosen(site: Site, ada: Registered, world: World) -> None:
    await _deactivate(site, ada, world)
    browser = await signed_in_anew(site, ada)
    await browser.post("/shopper/affiliates", {"profile": str(ada.shopper_id)})
    assert (await browser.get("/shopper/profile")).status_code == 303


async def test_nobody_makes_themselves_active_again(ada: Registered, site: Site, world: World) -> None:
    await _deactivate(site, ada, world)
    async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id) as here:
        assert await here.execute("UPDATE identity.shopper SET status = 'active'") == "UPDATE 0"


async def test_the_gate_makes_no_account_but_an_unconfirmed_shoppers(
    world: World, superuser: asyncpg.Connection, platform: object
) -> None:
    statement = (
        "INSERT INTO identity.account (affiliate_id, role, email, email_index, name, status, created_at)"
        " VALUES ($1, $2, '', decode(md5(random()::text), 'hex'), '', $3, now())"
    )
    for affiliate, role, status in (
        (platform, "provider", "invited"), (platform, "shopper", "active"),
        (world.alices.affiliate_id, "shopper", "invited"), (world.alices.affiliate_id, "affiliate_admin", "invited"),
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(Role.GATE) as here:
                await here.execute(statement, affiliate, role, status)
    async with transaction(Role.GATE) as here:
        assert await here.execute(statement, platform, "shopper", "invited") == "INSERT 0 1"


async def _publish(who: Registered, body: str) -> None:
    scope = who.scope
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await service.rules.publish_agreement(scope, body, NOW)


async def _deactivate(site: Site, who: Registered, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=who.scope.affiliate_id):
        why = (DeactivationCode.NO_SHOWS, "Two shops in May were not done.")
        await service.staff.deactivate(world.alices, site.settings, who.shopper_id, why, NOW)


async def test_the_page_of_a_sign_in_tells_a_shopper_of_no_company_and_no_colleagues(ada: Registered) -> None:
    page = (await ada.browser.get("/account")).text
    assert ("Your colleagues see it" in page, ">Company<" in page) == (False, False)
