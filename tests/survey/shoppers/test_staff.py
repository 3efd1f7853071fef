"""The staff's side: a list of codes, a person only with a purpose, decisions with reasons, rules of the affiliate."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from survey.db import Keyset, Role, transaction
from survey.shoppers import service
from survey.shoppers.domain import ListFilter
from survey.shoppers.forms.staff import list_filter
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import Post, Registered, a_kind, actions

ACTS = ("", "/deactivate", "/reactivate", "/uphold", "/qualifications", "/conflicts", "/conflicts/remove", "/limit")
WHY = {"code": "no_shows", "reason": "Two shops in May were not done."}
QUESTION = {
    "label": "Your age",
    "code": "age_band",
    "reason": "some shops need it",
    "bands": "young Under 40\nold Over 40",
}


@pytest.mark.parametrize("role", ["editor", "payroll", "provider"])
async def test_who_schedules_nothing_sees_no_list(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get("/shoppers")).status_code == 403


@pytest.mark.parametrize("act", ACTS)
async def test_another_affiliates_shopper_is_one_that_nobody_has(
    site: Site, world: World, ada: Registered, superuser: asyncpg.Connection, act: str
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    client_id = await _client(superuser, world.charlies.affiliate_id)
    before = list(await actions(superuser, ada.shopper_id))
    sent = WHY | {"purpose": "reach", "client": str(client_id), "kind": "other", "qualification": "own_car",
                  "source": "hand", "limit": "7"}  # fmt: skip
    assert (await stranger.get(f"/shoppers/{ada.shopper_id}")).status_code == 404
    assert (await stranger.post(f"/shoppers/{ada.shopper_id}{act}", sent)).status_code == 404
    assert list(await actions(superuser, ada.shopper_id)) == before


async def test_the_list_and_the_page_name_nobody(scheduler: Browser, ada: Registered) -> None:
    for path in ("/shoppers", f"/shoppers/{ada.shopper_id}"):
        page = (await scheduler.get(path)).text
        assert "S-" in page
        for words in ("Quillfeather", ada.email, "Wrenfield", "555 0134"):
            assert words not in page


async def test_one_opens_a_person_only_with_a_purpose(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection
) -> None:
    answer = await scheduler.submit(f"/shoppers/{ada.shopper_id}", {})
    assert answer.status_code == 422
    assert "Quillfeather" not in answer.text
    assert "shopper.read" not in await actions(superuser, ada.shopper_id)


async def test_an_opened_person_is_shown_and_the_look_is_on_record(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection
) -> None:
    page = (await scheduler.submit(f"/shoppers/{ada.shopper_id}", {"purpose": "check"})).text
    row = await superuser.fetchrow(
        "SELECT actor_id, purpose FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.read'", ada.shopper_id
    )
    for words in ("Ada Quillfeather", ada.email, "12 Wrenfield Street"):
        assert words in page
    assert (row["actor_id"], row["purpose"]) == (
        scheduler.account_id, "check a qualification or a conflict of interest"
    )  # fmt: skip


async def test_the_list_is_narrowed_by_its_address(
    scheduler: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    codes = {
        "S-AAAA0001": ("active", "Ohio", 91), "S-AAAA0002": ("paused", "Ohio", 55),
        "S-BBBB0003": ("active", "Kent", None),
    }  # fmt: skip
    for code, values in codes.items():
        await _row(superuser, world.alices.affiliate_id, code, *values)
    for query, expected in (
        ("", set(codes)), ("?status=paused", {"S-AAAA0002"}), ("?code=S-AAAA", {"S-AAAA0001", "S-AAAA0002"}),
        ("?code=bbbb", {"S-BBBB0003"}), ("?region=Kent", {"S-BBBB0003"}), ("?grade=8", {"S-AAAA0001"}),
        ("?qualification=own_car", set()), ("?contested=yes", set()), ("?status=nonsense", set(codes)),
    ):  # fmt: skip
        page = (await scheduler.get(f"/shoppers{query}")).text
        assert {code for code in codes if f">{code}<" in page} == expected, query


async def test_the_list_is_paged_by_code_and_misses_nobody(world: World, superuser: asyncpg.Connection) -> None:
    for number in range(5):
        await _row(superuser, world.alices.affiliate_id, f"S-PAGE000{number}", "active", "Ohio", None)
    seen, cursor = [], None
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        while True:
            page = await service.staff.shoppers(world.alices, ListFilter(), NOW, Keyset.read(cursor, 2))
            seen += [row.display_code for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [f"S-PAGE000{number}" for number in range(5)]


def test_made_up_filters_ask_for_nothing() -> None:
    asked = {"status": "erased", "code": "'; --", "grade": "99", "qualification": "Has A Car", "contested": "maybe"}
    assert list_filter(asked) == ListFilter()


async def test_a_deactivation_needs_a_reason_in_words(scheduler: Browser, ada: Registered) -> None:
    for sent in ({}, WHY | {"reason": ""}, WHY | {"code": "whim"}):
        assert (await scheduler.submit(f"/shoppers/{ada.shopper_id}", sent, _at(ada, "deactivate"))).status_code == 422
    assert (await ada.browser.get("/shopper")).status_code == 200


async def test_a_deactivated_shopper_is_out_at_once_and_told_by_mail_without_the_reason(
    scheduler: Browser, ada: Registered, post: Post
) -> None:
    assert (await scheduler.post(_at(ada, "deactivate"), WHY)).status_code == 303
    letter = (await post.letters(ada.scope.affiliate_id))[-1]
    assert (await ada.browser.get("/shopper/profile")).status_code == 303
    assert letter.row.kind == "shopper.deactivated"
    assert "May" not in str(letter.letter)


async def test_a_decision_happens_once(scheduler: Browser, ada: Registered, superuser: asyncpg.Connection) -> None:
    assert (await scheduler.post(_at(ada, "reactivate"))).status_code == 403
    assert (await scheduler.post(_at(ada, "uphold"))).status_code == 403
    for expected in (303, 403):
        assert (await scheduler.post(_at(ada, "deactivate"), WHY)).status_code == expected
    for expected in (303, 403):
        assert (await scheduler.post(_at(ada, "uphold"))).status_code == expected
    for expected in (303, 403):
        assert (await scheduler.post(_at(ada, "reactivate"))).status_code == expected
    assert list(await actions(superuser, ada.shopper_id))[-3:] == [
        "shopper.deactivate", "shopper.uphold", "shopper.reactivate"
    ]  # fmt: skip


async def test_a_contest_is_read_by_staff_and_the_shopper_comes_back(scheduler: Browser, ada: Registered) -> None:
    await scheduler.post(_at(ada, "deactivate"), WHY)
    await ada.browser.post(f"/shopper/affiliates/{ada.shopper_id}/contest", {"words": "I was in hospital."})
    assert "Contested" in (await scheduler.get("/shoppers?contested=yes")).text
    assert "I was in hospital." in (await scheduler.get(f"/shoppers/{ada.shopper_id}")).text
    await scheduler.post(_at(ada, "reactivate"))
    await ada.browser.get("/shopper/affiliates")
    assert (await ada.browser.get("/shopper")).status_code == 200


async def test_a_qualification_is_recorded_by_hand_until_its_day(
    scheduler: Browser, ada: Registered, world: World
) -> None:
    await _kind(world)
    sent = {"qualification": "own_car", "source": "hand", "expires_on": "2027-06-30", "decision": "record",
            "qualification_reason": "Seen in the car park."}  # fmt: skip
    for wrong in ({"qualification": ""}, {"source": "rumour"}, {"expires_on": "2020-01-01"}, {"expires_on": "soon"},
                  {"qualification_reason": ""}):  # fmt: skip
        assert (await scheduler.post(_at(ada, "qualifications"), sent | wrong)).status_code == 422
    assert (await scheduler.post(_at(ada, "qualifications"), sent | {"qualification": "pilot"})).status_code == 404
    assert (await scheduler.post(_at(ada, "qualifications"), sent)).status_code == 303
    page = (await ada.browser.get("/shopper/profile/qualifications")).text
    assert "good until 30 June 2027" in page
    assert "Seen in the car park." in page
    assert ">S-" in (await scheduler.get("/shoppers?qualification=own_car")).text


async def test_a_qualification_that_ran_out_does_not_count(
    scheduler: Browser, site: Site, ada: Registered, world: World
) -> None:
    await _kind(world)
    sent = {"qualification": "own_car", "source": "hand", "expires_on": "2026-11-22", "qualification_reason": "Seen."}
    await scheduler.post(_at(ada, "qualifications"), sent)
    assert ">S-" in (await scheduler.get("/shoppers?qualification=own_car")).text
    site.clock.now = NOW + timedelta(days=1)
    tomorrow = await site.signed_in(world.alices.affiliate_id, "scheduler")
    assert ">S-" not in (await tomorrow.get("/shoppers?qualification=own_car")).text


async def test_the_limit_of_held_shops_is_a_number_within_reason(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection
) -> None:
    for wrong in ("", "-1", "101", "many"):
        assert (await scheduler.post(_at(ada, "limit"), {"limit": wrong})).status_code == 422
    await scheduler.post(_at(ada, "limit"), {"limit": "9"})
    assert await superuser.fetchval("SELECT held_limit FROM identity.shopper WHERE id = $1", ada.shopper_id) == 9


@pytest.mark.parametrize("role", ["manager", "scheduler", "shopper"])
async def test_only_administrators_make_the_rules(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get("/shoppers/rules")).status_code == 403
    assert (await browser.post("/shoppers/rules/agreement", {"body": "Anything"})).status_code == 403


async def test_the_way_in_opens_only_with_an_agreement_and_never_below_sixteen(admin: Browser) -> None:
    there = "/shoppers/rules/entrance"
    assert (await _rule(admin, there, takes_shoppers="yes", least_age="18")).status_code == 422
    await _rule(admin, "/shoppers/rules/agreement", body="I keep what I see to myself.")
    for age in ("15", "0", "", "abc"):
        assert (await _rule(admin, there, takes_shoppers="yes", least_age=age)).status_code == 422
    assert (await _rule(admin, there, takes_shoppers="yes", least_age="16")).status_code == 303
    assert "Open" in (await admin.get("/shoppers/rules")).text


async def test_the_database_itself_refuses_an_age_below_sixteen(world: World) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
            await service.rules.set_entrance(world.alices, True, 15, NOW)


async def test_the_same_words_again_are_no_new_version(admin: Browser, world: World) -> None:
    for body in ("First words.", "First words.", "Other words."):
        await _rule(admin, "/shoppers/rules/agreement", body=body)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        assert [one.number for one in await service.rules.agreements(world.alices)] == [2, 1]


async def test_a_version_is_never_changed(admin: Browser, world: World) -> None:
    await _rule(admin, "/shoppers/rules/agreement", body="First words.")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
            await here.execute("UPDATE field.agreement SET body = 'Other words.'")


async def test_a_question_needs_bands_and_a_reason(admin: Browser) -> None:
    there = "/shoppers/rules/questions/new"
    for wrong in ({"label": ""}, {"reason": ""}, {"bands": "one"}, {"bands": "a A\na B"}, {"bands": "A One\nB Two"},
                  {"code": "Age Band"}):  # fmt: skip
        assert (await admin.submit(there, QUESTION | wrong)).status_code == 422
    assert (await admin.submit(there, QUESTION)).status_code == 303
    assert (await admin.submit(there, QUESTION)).status_code == 422


async def test_a_question_keeps_its_code_and_can_be_retired(
    admin: Browser, ada: Registered, superuser: asyncpg.Connection
) -> None:
    await admin.submit("/shoppers/rules/questions/new", QUESTION)
    question_id = await superuser.fetchval(
        "SELECT id FROM field.band_question WHERE affiliate_id = $1", ada.scope.affiliate_id
    )
    assert "Your age" in (await ada.browser.get("/shopper/profile/questions")).text
    await admin.submit(f"/shoppers/rules/questions/{question_id}", QUESTION | {"code": "other", "is_asked": ""})
    row = await superuser.fetchrow("SELECT code, is_asked FROM field.band_question WHERE id = $1", question_id)
    assert tuple(row) == ("age_band", False)
    assert "Your age" not in (await ada.browser.get("/shopper/profile")).text


async def test_another_affiliates_question_is_not_found(
    site: Site, admin: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    await admin.submit("/shoppers/rules/questions/new", QUESTION)
    question_id = await superuser.fetchval(
        "SELECT id FROM field.band_question WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert (await stranger.get(f"/shoppers/rules/questions/{question_id}")).status_code == 404
    assert (await stranger.post(f"/shoppers/rules/questions/{question_id}", QUESTION)).status_code == 404


async def test_two_qualifications_have_two_codes(admin: Browser) -> None:
    sent = {"code": "own_car", "label": "Has a car"}
    assert (await _rule(admin, "/shoppers/rules/qualifications", **sent)).status_code == 303
    assert (await _rule(admin, "/shoppers/rules/qualifications", **sent)).status_code == 422


def _at(who: Registered, act: str) -> str:
    return f"/shoppers/{who.shopper_id}/{act}"


async def _rule(browser: Browser, there: str, **fields: str) -> httpx.Response:
    return await browser.submit("/shoppers/rules", fields, to=there)


async def _kind(world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_qualification_kind(world.alices, a_kind(), NOW)


async def _client(superuser: asyncpg.Connection, affiliate_id: UUID, name: str = "Copperkettle") -> UUID:
    found: UUID = await superuser.fetchval(
        "INSERT INTO field.client (affiliate_id, name, created_at) VALUES ($1, $2, $3) RETURNING id",
        affiliate_id, name, NOW,
    )  # fmt: skip
    return found


async def _row(
    superuser: asyncpg.Connection, affiliate_id: UUID, code: str, status: str, region: str, grade: int | None
) -> None:
    """A shopper of whom only what the list shows is there."""
    await superuser.execute(
        "WITH sign_in AS (INSERT INTO identity.account (affiliate_id, role, email, email_index, name, created_at)"
        " VALUES ((SELECT id FROM field.affiliate WHERE kind = 'provider' LIMIT 1), 'shopper', '',"
        " decode(md5(random()::text), 'hex'), '', $6) RETURNING id)"
        " INSERT INTO identity.shopper (affiliate_id, account_id, display_code, name, email, email_index, region,"
        " status, grade_tenths, created_at)"
        " SELECT $1, id, $2, '', '', decode(md5(random()::text), 'hex'), $3, $4, $5, $6 FROM sign_in",
        affiliate_id, code, region, status, grade, NOW,
    )  # fmt: skip
