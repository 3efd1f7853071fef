"""Finding a shopper by an address, a number or a family name, and the tabs and orders of the list."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import Keyset, Role, transaction
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import Address, Details, ListFilter, family_name, phone_in, traits_of
from survey.shoppers.service import likeness
from tests.conftest import NOW, World
from tests.shop_world import shop_world
from tests.web_client import Browser, Site

from .conftest import Post, Registered, registered, restrict

WHY = {"purpose": "answer"}
LOOKS = "SELECT purpose FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.find'"


@pytest.mark.parametrize("role", ["editor", "payroll", "provider"])
async def test_who_schedules_nothing_finds_nobody(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.post("/shoppers/find", {"by": "email", "words": "a@b.test"} | WHY)).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"by": "email", "words": "ada@people.test"},
        {"by": "email", "words": "ada"} | WHY,
        {"by": "phone", "words": "12"} | WHY,
        {"by": "family", "words": ""} | WHY,
        {"by": "shoe size", "words": "9"} | WHY,
    ],
    ids=["no purpose", "half an address", "half a number", "no name", "no way"],
)
async def test_a_search_without_purpose_or_words_is_refused(scheduler: Browser, sent: dict[str, str]) -> None:
    assert (await scheduler.submit("/shoppers/find", sent)).status_code == 422


async def test_another_affiliate_finds_nobody_by_the_same_words(site: Site, world: World, ada: Registered) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    for by, words in (("email", ada.email), ("phone", "+1 614 555 0134"), ("family", "Quillfeather")):
        assert "Nobody fits" in (await stranger.submit("/shoppers/find", {"by": by, "words": words} | WHY)).text


@pytest.mark.parametrize("purpose", ["reach", "check", "suspicion", "answer", "pay"])
async def test_who_has_processing_restricted_is_found_to_be_answered_or_paid_and_for_nothing_else(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection, purpose: str
) -> None:
    await restrict(ada)
    for by, words in (("email", ada.email), ("phone", "+1 614 555 0134"), ("family", "Quillfeather")):
        sent = {"by": by, "words": words, "purpose": purpose}
        page = (await scheduler.submit("/shoppers/find", sent)).text
        assert (str(ada.shopper_id) in page) is (purpose in {"answer", "pay"})
        assert ("found only to be answered or paid" in page) is (purpose not in {"answer", "pay"})
    assert len(await superuser.fetch(LOOKS, ada.shopper_id)) == (3 if purpose in {"answer", "pay"} else 0)


@pytest.mark.parametrize(
    ("by", "words"),
    [("email", ""), ("phone", "+1 (614) 555-0134"), ("phone", "614 555 0134"), ("phone", "001 614 555 0134"),
     ("family", "quillfeather"), ("family", "Ada Quillféather Jr.")],
    ids=["address", "number", "number at home", "number from abroad", "family name", "name as somebody writes it"],
)  # fmt: skip
async def test_what_somebody_says_of_themselves_leads_to_their_code_and_they_read_that_it_did(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection, by: str, words: str
) -> None:
    page = (await scheduler.submit("/shoppers/find", {"by": by, "words": words or ada.email.upper()} | WHY)).text
    assert f'href="/shoppers/{ada.shopper_id}"' in page
    assert "Quillfeather" not in page.replace(words, "")
    looks = await superuser.fetch(LOOKS, ada.shopper_id)
    assert [row["purpose"] for row in looks] == ["answer a question of the shopper"]
    assert "Your code, found by your name" in (await ada.browser.get("/shopper/profile/looks")).text


async def test_a_search_that_finds_nobody_is_on_record_without_its_words(
    scheduler: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    words = f"{uuid4().hex}@nowhere.test"
    await scheduler.submit("/shoppers/find", {"by": "email", "words": words} | WHY)
    row = await superuser.fetchrow(
        "SELECT detail::text AS said FROM ledger.event WHERE action = 'shoppers.find_none' AND affiliate_id = $1",
        world.alices.affiliate_id,
    )
    assert ("email" in row["said"], words in row["said"]) == (True, False)


async def test_whoever_corrects_their_name_is_found_by_the_new_one_alone(scheduler: Browser, ada: Registered) -> None:
    typed = {"name": "Ada Stonebridge", "phone": "", "street": "1 Elm Row", "city": "Larkhollow", "region": "Ohio",
             "postal_code": "43004", "country": "US", "time_zone": "America/New_York",
             "units": "mi"}  # fmt: skip
    assert (
        await ada.browser.submit("/shopper/profile/details", typed | {"phone": "+1 614 555 0199"})
    ).status_code == 303
    for name, is_found in (("Stonebridge", True), ("Quillfeather", False)):
        page = (await scheduler.submit("/shoppers/find", {"by": "family", "words": name} | WHY)).text
        assert (str(ada.shopper_id) in page) is is_found


async def test_profiles_that_are_older_than_the_search_are_found_after_a_night(
    scheduler: Browser, ada: Registered, superuser: asyncpg.Connection, settings: Settings
) -> None:
    before = await superuser.fetchrow("SELECT * FROM identity.likeness WHERE shopper_id = $1", ada.shopper_id)
    await superuser.execute("DELETE FROM identity.likeness WHERE shopper_id = $1", ada.shopper_id)
    after: UUID | None = likeness.FIRST
    while after is not None:
        async with transaction(Role.WORKER):
            after = await likeness.fill(settings, after)
    found = await superuser.fetchrow("SELECT * FROM identity.likeness WHERE shopper_id = $1", ada.shopper_id)
    assert dict(found) == dict(before)


def test_a_number_is_read_in_the_country_in_which_somebody_lives() -> None:
    assert {phone_in(text, "GB") for text in ("0113 496 0000", "+44 (0)113 496 0000", "0044 113 4960000")} == {
        "441134960000"
    }
    assert phone_in("614 555 0134", "US") == phone_in("1 614 555 0134", "US") == "16145550134"
    assert phone_in("none", "GB") == ""


@pytest.mark.parametrize(
    ("name", "family"),
    [("Ada Quillfeather", "quillfeather"), ("Zoë  Núñez-Vega ", "nunez-vega"), ("Tom Ash III", "ash"),
     ("Prince", "prince"), ("Jr", "jr"), ("", "")],
)  # fmt: skip
def test_the_family_name_is_the_last_word_in_one_spelling(name: str, family: str) -> None:
    assert family_name(name) == family


def test_fingerprints_of_two_affiliates_have_nothing_in_common() -> None:
    told = Details("Ada Ash", "+1 614 555 0134", Address("1 Elm", "Larkhollow", "Ohio", "43004-1", "US"), "UTC")
    here, there = (traits_of(b"k" * 32, uuid4(), told) for _ in range(2))
    assert not set(here) & set(there)
    assert None not in here


async def test_the_tabs_count_and_the_list_goes_by_what_is_asked(
    scheduler: Browser, ada: Registered, site: Site, post: Post, world: World, door: str
) -> None:
    bea = await registered(site, post, world.alices, door, name="Bea Ash", postal_code="43210", phone="+1 614 555 0777")
    await site.superuser.execute("UPDATE identity.shopper SET status = 'paused' WHERE id = $1", bea.shopper_id)
    await site.superuser.execute("UPDATE identity.shopper SET grade_tenths = 88 WHERE id = $1", bea.shopper_id)
    page = (await scheduler.get("/shoppers?sort=grade")).text
    assert all(words in page for words in ("All (2)", "Active (1)", "Paused (1)", "Left (0)", "May be the same (0)"))
    assert page.index(str(bea.shopper_id)) < page.index(str(ada.shopper_id))
    assert str(ada.shopper_id) not in (await scheduler.get("/shoppers?seen=30")).text
    assert str(ada.shopper_id) in (await scheduler.get("/shoppers?seen=not365")).text


@pytest.mark.parametrize(
    ("state", "is_seen"),
    [("offered", False), ("declined", False), ("taken_back", False), ("held", True), ("done", True),
     ("given_back", True), ("flaked", True)],
)  # fmt: skip
async def test_the_last_shop_is_one_that_somebody_took(
    settings: Settings, world: World, superuser: asyncpg.Connection, state: str, is_seen: bool
) -> None:
    shops = await shop_world(superuser, settings, world.alices.affiliate_id)
    shopper = await shops.shopper()
    await shops.assignment(await shops.shop(), shopper, state)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        page = await service.staff.shoppers(world.alices, ListFilter(), NOW, Keyset.read(None, 50))
    assert [row.last_shop_at for row in page.rows if row.id == shopper.id] == [NOW if is_seen else None]


async def test_whoever_works_for_other_clients_reads_the_same_numbers(
    settings: Settings, world: World, superuser: asyncpg.Connection
) -> None:
    shops = await shop_world(superuser, settings, world.alices.affiliate_id)
    shopper = await shops.shopper(display_code="S-BUSY0001")
    for state in ("held", "held", "done"):
        await shops.assignment(await shops.shop(), shopper, state)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id, clients=[uuid4()]) as here:
        assert await here.fetchval("SELECT count(*) FROM identity.assignment WHERE shopper_id = $1", shopper.id) == 0
        listed = await service.staff.shoppers(world.alices, ListFilter(code="S-BUSY"), NOW, Keyset.read(None, 50))
        idle = ListFilter(code="S-BUSY", idle_days=30)
        assert not (await service.staff.shoppers(world.alices, idle, NOW, Keyset.read(None, 50))).rows
    assert [(row.held_count, row.shop_count, row.last_shop_at) for row in listed.rows] == [(2, 1, NOW)]


async def row_of(
    superuser: asyncpg.Connection, affiliate_id: UUID, code: str, values: tuple[str, str, int | None]
) -> None:  # fmt: skip
    """A profile of which only the row counts."""
    await superuser.execute(
        "WITH sign_in AS (INSERT INTO identity.account (affiliate_id, role, email, email_index, name, created_at)"
        " SELECT id, 'shopper', $1, $1, $1, $2 FROM field.affiliate WHERE kind = 'provider' LIMIT 1 RETURNING id)"
        " INSERT INTO identity.shopper (affiliate_id, account_id, display_code, name, email, email_index, region,"
        " status, grade_tenths, created_at) SELECT $3, sign_in.id, $4, $1, $1, $1, $6, $5, $7, $2 FROM sign_in",
        uuid4().bytes, NOW, affiliate_id, code, *values,
    )  # fmt: skip


async def test_a_list_in_any_order_is_paged_and_misses_nobody(
    scheduler: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    for number in range(5):
        grade = (None, 70, 70, 91, None)[number]
        await row_of(superuser, world.alices.affiliate_id, f"S-SORT000{number}", ("active", "Ohio", grade))
    for sort, expected in (("grade", "31204"), ("since", "01234"), ("seen", "01234")):
        seen, cursor = "", None
        async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
            while True:
                page = await service.staff.shoppers(world.alices, ListFilter(sort=sort), NOW, Keyset.read(cursor, 2))
                seen += "".join(row.display_code[-1] for row in page.rows)
                cursor = page.next_cursor
                if cursor is None:
                    break
        assert seen == expected, sort
