"""A shopper's own profile: seen, corrected, sealed; money and tax numbers; who looked."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from privacy.errors import KeyShredded
from privacy.vault import data_key
from survey.db import NotFound, Role, transaction
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import BandQuestion, PayoutKind, TaxKind, is_bank_routing, is_iban, is_tax_number
from tests.chance import without_chance
from tests.conftest import NOW, World
from tests.web_client import Site

from .conftest import TYPED, Post, Registered, a_kind, actions, dump, registered

IBAN = "DE89 3704 0044 0532 0130 00"
SSN = "219-09-9999"
BANDS = (("under_25", "Under 25"), ("25_44", "25 to 44"), ("45_up", "45 or over"))
DETAILS: dict[str, str] = {
    **{name: value for name, value in TYPED.items() if name != "agreement"},
    "time_zone": "America/Chicago",
    "units": "mi",
}


async def test_a_profile_shows_everything_that_is_held(ada: Registered) -> None:
    page = (await ada.browser.get("/shopper/profile")).text
    for words in ("Ada Quillfeather", ada.email, "+1 614 555 0134", "12 Wrenfield Street", "Larkhollow", "Ohio", "S-"):
        assert words in page


async def test_a_shopper_never_sees_the_profile_of_another(
    site: Site, post: Post, world: World, door: str, ada: Registered
) -> None:
    other = await registered(site, post, world.alices, door, name="Berengar Holt")
    async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=other.shopper_id) as here:
        assert await here.fetchval("SELECT count(*) FROM identity.shopper WHERE id = $1", ada.shopper_id) == 0
        assert await here.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", ada.shopper_id) == 0
        assert await here.fetchval("SELECT count(*) FROM identity.shopper WHERE id = $1", other.shopper_id) == 1


async def test_details_are_corrected_and_only_what_changed_is_on_record(
    ada: Registered, superuser: asyncpg.Connection
) -> None:
    sent = DETAILS | {"name": "Ada Fernleigh"}
    assert (await ada.browser.submit("/shopper/profile/details", sent)).status_code == 303
    page = (await ada.browser.get("/shopper/profile")).text
    detail = await superuser.fetchval(
        "SELECT detail::text FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.correct'", ada.shopper_id
    )
    assert "Ada Fernleigh" in page
    assert {name for name in ("name", "phone", "address", "time_zone") if f"{name}.changed" in detail} == {
        "name", "time_zone"
    }  # fmt: skip
    assert "Fernleigh" not in detail


async def test_who_moves_is_asked_once_about_the_time_zone(ada: Registered, superuser: asyncpg.Connection) -> None:
    moved = DETAILS | {"region": "California", "time_zone": "America/New_York"}
    asked = await ada.browser.submit("/shopper/profile/details", moved)
    chosen = HTMLParser(asked.text).css_first('select[name="time_zone"] option[selected]')
    place = HTMLParser(asked.text).css_first('input[name="clock_of"]')
    assert (asked.status_code, chosen and chosen.attributes["value"]) == (422, "America/Los_Angeles")
    kept = moved | {"clock_of": place.attributes["value"] or "" if place else ""}
    assert (await ada.browser.submit("/shopper/profile/details", kept)).status_code == 303
    zone = await superuser.fetchval("SELECT time_zone FROM identity.shopper WHERE id = $1", ada.shopper_id)
    assert zone == "America/New_York"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("phone", "none"), ("time_zone", "Mars/Olympus"), ("units", "leagues"), ("country", "XX")],
)  # fmt: skip
async def test_wrong_details_are_refused_beside_their_field(ada: Registered, field: str, value: str) -> None:
    answer = await ada.browser.submit("/shopper/profile/details", DETAILS | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


async def test_a_new_address_counts_once_its_mailbox_has_answered(
    ada: Registered, site: Site, post: Post, superuser: asyncpg.Connection
) -> None:
    there = "/shopper/profile/address"
    assert (await ada.browser.submit(there, {"email": "nobody"})).status_code == 422
    for address in ("first@moved.test", "second@moved.test"):
        await ada.browser.submit(there, {"email": address})
    first, second = (await post.letters(ada.scope.affiliate_id))[-2:]
    assert (first.to, second.to) == ("second@moved.test", "second@moved.test")
    link = second.values["link"].removeprefix(site.settings.base_url)
    stranger = await site.visitor()
    assert ada.email in (await ada.browser.get("/shopper/profile")).text
    assert (await stranger.submit(link)).status_code == 200
    assert "second@moved.test" in (await ada.browser.get("/shopper/profile")).text
    assert (await stranger.get(link)).status_code == 404
    assert list(await actions(superuser, ada.shopper_id))[-1] == "shopper.address"


async def test_a_link_to_a_new_address_is_over_after_a_day_or_a_later_one(
    ada: Registered, site: Site, post: Post
) -> None:
    async def ask(address: str) -> str:
        await ada.browser.submit("/shopper/profile/address", {"email": address})
        values = (await post.letters(ada.scope.affiliate_id))[-1].values
        return values["link"].removeprefix(site.settings.base_url)

    stranger = await site.visitor()
    older, link = await ask("first@moved.test"), await ask("second@moved.test")
    assert (await stranger.get(older)).status_code == 404
    assert (await stranger.get(link)).status_code == 200
    site.clock.now = NOW + timedelta(days=1)
    assert (await stranger.get(link)).status_code == 404


async def test_an_address_of_another_profile_at_the_affiliate_is_not_taken(
    site: Site, post: Post, world: World, door: str, ada: Registered
) -> None:
    other = await registered(site, post, world.alices, door)
    await ada.browser.submit("/shopper/profile/address", {"email": other.email.upper()})
    link = (await post.letters(ada.scope.affiliate_id))[-1].values["link"].removeprefix(site.settings.base_url)
    assert (await (await site.visitor()).submit(link)).status_code == 403
    assert ada.email in (await ada.browser.get("/shopper/profile")).text


async def test_moving_house_moves_the_household(ada: Registered, superuser: asyncpg.Connection) -> None:
    read = "SELECT household_index FROM identity.shopper WHERE id = $1"
    before = await superuser.fetchval(read, ada.shopper_id)
    await ada.browser.submit("/shopper/profile/details", DETAILS | {"street": "12 wrenfield st"})
    assert await superuser.fetchval(read, ada.shopper_id) == before
    await ada.browser.submit("/shopper/profile/details", DETAILS | {"street": "3 Elm Lane"})
    assert await superuser.fetchval(read, ada.shopper_id) != before


async def test_only_what_the_affiliate_asks_is_shown_each_with_its_reason(ada: Registered, world: World) -> None:
    await _ask(world, "age_band", is_required=True)
    await _ask(world, "glasses", is_required=False)
    await _ask(world, "retired", is_required=False, is_asked=False)
    page = (await ada.browser.get("/shopper/profile/questions")).text
    assert "Required, because: a campaign needs age_band" in page
    assert "Why we ask: a campaign needs glasses" in page
    assert "retired" not in page
    assert "1 question is open" in (await ada.browser.get("/shopper")).text


async def test_bands_are_kept_as_codes_and_nothing_else_is(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    await _ask(world, "age_band", is_required=True)
    await _ask(world, "glasses", is_required=False)
    there = "/shopper/profile/questions"
    assert (await ada.browser.submit(there, {"glasses": "25_44"})).status_code == 422
    assert (await ada.browser.submit(there, {"age_band": "made up"})).status_code == 422
    await ada.browser.submit(there, {"age_band": "25_44", "glasses": "my own words", "shoe": "9"})
    kept = await superuser.fetchval("SELECT bands::text FROM identity.shopper WHERE id = $1", ada.shopper_id)
    assert kept == '{"age_band": "25_44"}'


async def test_a_qualification_is_asked_for_once_and_never_given_by_oneself(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_qualification_kind(world.alices, a_kind(), NOW)
    there = "/shopper/profile/qualifications"
    assert (await ada.browser.post(there, {"qualification": "pilot"})).status_code == 404
    for _ in range(2):
        await ada.browser.post(there, {"qualification": "own_car"})
    rows = await superuser.fetch("SELECT status FROM identity.qualification WHERE shopper_id = $1", ada.shopper_id)
    assert [row["status"] for row in rows] == ["asked"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id) as here:
            await here.execute(
                "INSERT INTO identity.qualification (affiliate_id, shopper_id, code, source, status, created_at)"
                " VALUES ($1, $2, 'pilot', 'hand', 'held', now())",
                ada.scope.affiliate_id,
                ada.shopper_id,
            )


async def test_pausing_and_coming_back_each_happen_once(ada: Registered, superuser: asyncpg.Connection) -> None:
    assert (await ada.browser.post("/shopper/profile/resume")).status_code == 403
    assert (await ada.browser.post("/shopper/profile/pause")).status_code == 303
    assert "You are paused" in (await ada.browser.get("/shopper")).text
    assert (await ada.browser.post("/shopper/profile/pause")).status_code == 403
    assert (await ada.browser.post("/shopper/profile/resume")).status_code == 303
    assert list(await actions(superuser, ada.shopper_id))[-2:] == ["shopper.pause", "shopper.resume"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "kind"), ({"kind": "iban", "iban": "DE89370400440532013001"}, "iban"),
     ({"kind": "us_bank", "routing": "123456789", "account": "12345678"}, "routing"),
     ({"kind": "us_bank", "routing": "021000021", "account": "1"}, "account"),
     ({"kind": "paypal", "paypal": "nobody"}, "paypal")],
)  # fmt: skip
async def test_a_payout_method_that_cannot_be_is_refused(ada: Registered, sent: dict[str, str], field: str) -> None:
    answer = await ada.browser.submit("/shopper/profile/payout", sent)
    assert answer.status_code == 422
    assert f'id="{field}-' in answer.text


async def test_a_payout_method_is_sealed_and_shown_by_its_end(ada: Registered, superuser: asyncpg.Connection) -> None:
    assert (await ada.browser.submit("/shopper/profile/payout", {"kind": "iban", "iban": IBAN})).status_code == 303
    page = (await ada.browser.get("/shopper/profile")).text
    handle = await superuser.fetchval("SELECT handle FROM identity.payout WHERE shopper_id = $1", ada.shopper_id)
    assert "ending in 3000" in page
    assert "37040044" not in page
    assert b"37040044" not in handle
    await ada.browser.post("/shopper/profile/payout/remove")
    assert "You have not said yet" in (await ada.browser.get("/shopper/profile")).text


async def test_payroll_opens_payout_methods_and_each_look_is_on_record(
    ada: Registered, world: World, settings: Settings
) -> None:
    await ada.browser.submit("/shopper/profile/payout", {"kind": "iban", "iban": IBAN})
    ids = [ada.shopper_id, uuid4()]
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        opened = await service.open_payouts(world.alices, settings.keyring, ids, "pay batch 7", NOW)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        assert await service.open_payouts(world.charlies, settings.keyring, ids, "pay batch 7", NOW) == {}
    assert (opened[ada.shopper_id].kind, opened[ada.shopper_id].handle) == (PayoutKind.IBAN, IBAN.replace(" ", ""))
    page = (await ada.browser.get("/shopper/profile/looks")).text
    assert "pay batch 7" in page
    assert "Your payout method" in page


async def test_no_tax_number_is_asked_for_before_there_is_something_to_pay(ada: Registered) -> None:
    assert (await ada.browser.get("/shopper/profile/tax-number")).status_code == 404
    answer = await ada.browser.post("/shopper/profile/tax-number", {"kind": "ssn", "number": SSN})
    assert answer.status_code == 404
    assert "Give your tax number" not in (await ada.browser.get("/shopper")).text


async def test_a_tax_number_is_sealed_with_a_key_of_its_own(
    ada: Registered, world: World, settings: Settings, superuser: asyncpg.Connection
) -> None:
    assert await _need_tax(world, ada) is True
    assert "Give your tax number" in (await ada.browser.get("/shopper")).text
    assert (await ada.browser.submit("/shopper/profile/tax-number", {"kind": "ssn", "number": "000-12-3456"})
            ).status_code == 422  # fmt: skip
    for _ in range(2):
        await ada.browser.submit("/shopper/profile/tax-number", {"kind": "ssn", "number": SSN})
    row = await superuser.fetchrow("SELECT * FROM identity.tax_identity WHERE shopper_id = $1", ada.shopper_id)
    keys = await superuser.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", row["id"])
    page = (await ada.browser.get("/shopper/profile")).text
    assert (row["last4"], keys, await _need_tax(world, ada)) == ("9999", 1, False)
    assert "ends in 9999" in page
    assert "219" not in without_chance(page).replace(ada.email, "")
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        opened = await service.open_tax_numbers(world.alices, settings.keyring, [ada.shopper_id], "1099", NOW)
    assert opened == {ada.shopper_id: (TaxKind.SSN, "219099999")}


async def test_a_tax_number_goes_on_its_day_and_its_key_with_it(
    ada: Registered, world: World, settings: Settings, superuser: asyncpg.Connection
) -> None:
    await _need_tax(world, ada)
    await ada.browser.submit("/shopper/profile/tax-number", {"kind": "ssn", "number": SSN})
    row = await superuser.fetchrow("SELECT id, purge_on FROM identity.tax_identity WHERE shopper_id = $1",
                                   ada.shopper_id)  # fmt: skip
    assert row["purge_on"] == date(2031, 1, 1)
    for day, left in ((date(2030, 12, 31), 1), (date(2031, 1, 1), 0)):
        async with transaction(Role.WORKER) as here:
            await service.money.purge_tax_numbers(here, day, NOW + timedelta(days=1))
        assert await superuser.fetchval("SELECT count(*) FROM identity.tax_identity WHERE id = $1", row["id"]) == left
    async with transaction(Role.WORKER) as here:
        with pytest.raises(KeyShredded):
            await data_key(here, settings.keyring, row["id"])


async def test_pay_of_a_later_year_moves_the_day(ada: Registered, world: World, superuser: asyncpg.Connection) -> None:
    for year in (2026, 2027, 2026):
        await _need_tax(world, ada, year)
    purge_on = await superuser.fetchval(
        "SELECT purge_on FROM identity.tax_identity WHERE shopper_id = $1", ada.shopper_id
    )
    assert purge_on == date(2032, 1, 1)
    assert list(await actions(superuser, ada.shopper_id)).count("shopper.tax_needed") == 2


async def test_another_shopper_reaches_neither_number_nor_key(
    site: Site, post: Post, world: World, door: str, ada: Registered
) -> None:
    await _need_tax(world, ada)
    await ada.browser.submit("/shopper/profile/tax-number", {"kind": "ssn", "number": SSN})
    other = await registered(site, post, world.alices, door)
    for who, seen in ((other, 0), (ada, 1)):
        async with transaction(Role.SHOPPER, affiliate=who.scope.affiliate_id, shopper=who.shopper_id) as here:
            assert await here.fetchval("SELECT count(*) FROM identity.tax_identity") == seen
            assert await here.fetchval("SELECT count(*) FROM vault.subject_key") == 1 + seen


async def test_a_number_that_nobody_asked_for_is_not_taken_by_the_service(ada: Registered, settings: Settings) -> None:
    async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id):
        with pytest.raises(NotFound):
            await service.money.set_tax_number(ada.scope, settings.keyring, TaxKind.SSN, "219099999", NOW)


async def test_nothing_that_is_sealed_can_be_read_in_a_dump(
    site: Site, post: Post, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    canary = {"name": "Zephyrine Canarybird", "street": "77 Plumage Parade", "city": "Nestingham",
              "postal_code": "98765-4321", "phone": "+1 415 555 0177"}  # fmt: skip
    somebody = await registered(site, post, world.alices, door, email="zephyrine@canarybird.test", **canary)
    await _need_tax(world, somebody)
    await somebody.browser.submit("/shopper/profile/tax-number", {"kind": "other", "number": "CANARYTAX77"})
    await somebody.browser.submit("/shopper/profile/payout", {"kind": "us_bank", "routing": "021000021",
                                                              "account": "777666555444"})  # fmt: skip
    whole = await dump(superuser)
    for value in (*canary.values(), "zephyrine@canarybird.test", "CANARYTAX77", "777666555444"):
        assert value.encode() not in whole
        assert value.encode().hex().encode() not in whole
    # The control: a dump does hold what is in the clear.
    assert b"Ohio" in whole


async def test_who_looked_is_listed_with_the_reason_and_without_a_name(
    site: Site, ada: Registered, world: World
) -> None:
    assert "Nobody yet" in (await ada.browser.get("/shopper/profile/looks")).text
    scheduler = await site.signed_in(world.alices.affiliate_id, "scheduler")
    await scheduler.submit(f"/shoppers/{ada.shopper_id}", {"purpose": "reach"})
    page = (await ada.browser.get("/shopper/profile/looks")).text
    assert "reach the shopper about a shop" in page
    assert "Your name and how to reach you" in page
    assert "A scheduler of" in page
    assert str(scheduler.account_id) not in page


@pytest.mark.parametrize(
    ("role", "who"),
    [("editor", "An editor of"), ("payroll", "Payroll of"), ("manager", "A manager of"), ("", "Staff of")],
)
async def test_a_look_says_the_role_and_the_company_where_it_was_recorded(
    ada: Registered, world: World, settings: Settings, role: str, who: str
) -> None:
    await ada.browser.submit("/shopper/profile/payout", {"kind": "iban", "iban": IBAN})
    looking = replace(world.alices, role=role)
    async with transaction(Role.STAFF, affiliate=looking.affiliate_id) as connection:
        company = await connection.fetchval("SELECT name FROM field.affiliate WHERE id = $1", looking.affiliate_id)
        await service.open_payouts(looking, settings.keyring, [ada.shopper_id], "pay batch 7", NOW)
    page = HTMLParser((await ada.browser.get("/shopper/profile/looks")).text)
    assert [cell.text() for cell in page.css("[data-label=Who]")] == [f"{who} {company}"]


async def test_of_what_is_recorded_beside_a_look_a_shopper_reads_the_role_alone(ada: Registered) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id) as here:
            await here.fetch("SELECT detail FROM ledger.event")


@pytest.mark.parametrize(
    ("text", "expected"), [("DE89370400440532013000", True), ("GB82WEST12345698765432", True),
                           ("DE89370400440532013001", False), ("", False), ("DE8", False)],
)  # fmt: skip
def test_an_ibans_check_digits_have_to_fit(text: str, expected: bool) -> None:
    assert is_iban(text) is expected


@pytest.mark.parametrize(("text", "expected"), [("021000021", True), ("021000022", False), ("02100002", False)])
def test_a_routing_numbers_check_digit_has_to_fit(text: str, expected: bool) -> None:
    assert is_bank_routing(text) is expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [(TaxKind.SSN, "219099999", True), (TaxKind.SSN, "666099999", False), (TaxKind.SSN, "219009999", False),
     (TaxKind.EIN, "123456789", True), (TaxKind.EIN, "12345678", False), (TaxKind.SIN, "130692544", True),
     (TaxKind.SIN, "130692545", False), (TaxKind.OTHER, "AB12", False), (TaxKind.OTHER, "DE123456789", True)],
)  # fmt: skip
def test_a_tax_number_has_to_be_one_of_its_kind(kind: TaxKind, text: str, expected: bool) -> None:
    assert is_tax_number(kind, text) is expected


async def _ask(world: World, code: str, *, is_required: bool, is_asked: bool = True) -> None:
    one = BandQuestion(uuid4(), code, f"Your {code}", BANDS, is_required, f"a campaign needs {code}")
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_question(world.alices, one, NOW)
        if not is_asked:
            gone = BandQuestion(one.id, code, one.label, BANDS, is_required, one.reason, is_asked=False)
            await service.rules.change_question(world.alices, gone, NOW)


async def _need_tax(world: World, who: Registered, year: int = 2026) -> bool:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        return await service.tax_number_needed(world.alices, who.shopper_id, year, NOW)


async def test_home_leads_on_to_the_shops(ada: Registered) -> None:
    page = (await ada.browser.get("/shopper")).text
    assert 'href="/shopper/board"' in page.split("<main")[1]
    assert 'href="/shopper/shops"' in page.split("<main")[1]
