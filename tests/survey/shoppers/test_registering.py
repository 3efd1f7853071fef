"""The public way in: an age gate that keeps nothing, a form that tells nobody who is known, a link that ends."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from privacy.tokens import Purpose, sign_until
from survey.accounts import service as accounts
from survey.accounts.domain import AccountRole, Invitee
from survey.db import Role, Scope, transaction
from survey.rights.domain import COOKIES
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import Address, BirthMonth, household_index, is_of_age
from survey.web.cookies import cookie_name
from tests.conftest import NOW, World
from tests.web_client import Site

from .conftest import (
    OF_AGE,
    PASSWORD,
    TOO_YOUNG,
    TYPED,
    Post,
    Registered,
    actions,
    counts,
    open_door,
    register,
    registered,
)


async def test_an_unknown_company_has_no_door(site: Site) -> None:
    assert (await (await site.visitor()).get("/register/nobody")).status_code == 404


async def test_the_provider_itself_has_no_door(site: Site, superuser: asyncpg.Connection) -> None:
    slug = await superuser.fetchval("SELECT slug FROM field.affiliate WHERE kind = 'provider' LIMIT 1")
    assert (await (await site.visitor()).get(f"/register/{slug}")).status_code == 404


async def test_nobody_registers_where_the_door_is_closed(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    path = f"/register/tenant-{world.alices.affiliate_id.hex}"
    browser = await site.visitor()
    assert "Closed at present" in (await browser.get(path)).text
    assert (await browser.post(path, TYPED | {"email": "a@people.test"})).status_code == 303
    assert await _profiles(superuser, world.alices) == 0


async def test_the_form_is_not_shown_before_the_age_was_asked(site: Site, door: str) -> None:
    page = (await (await site.visitor()).get(door)).text
    assert "When were you born" in page
    assert 'name="email"' not in page
    main = HTMLParser(page).css_first("main")
    assert main
    assert "18" not in main.text()  # of the words: addresses and tokens hold any digits


async def test_somebody_too_young_leaves_no_row_in_any_table(
    site: Site, door: str, superuser: asyncpg.Connection
) -> None:
    before = await counts(superuser)
    browser = await site.visitor()
    await browser.submit(door, TOO_YOUNG, to=f"{door}/age")
    page = await browser.get(door)
    await browser.post(door, TYPED | {"email": "young@people.test"})
    after = await counts(superuser)
    assert "You cannot register" in page.text
    # Sending the form itself is counted, by a keyed hash of a network address that nobody can turn back.
    assert {name: number for name, number in after.items() if number != before[name]}.keys() <= {"ops.throttle"}


async def test_the_answer_to_the_age_alone_writes_nothing_at_all(
    site: Site, door: str, superuser: asyncpg.Connection
) -> None:
    before = await counts(superuser)
    for answer in (TOO_YOUNG, OF_AGE, {"month": "13", "year": "x"}):
        await (await site.visitor()).submit(door, answer, to=f"{door}/age")
    assert await counts(superuser) == before


async def test_going_back_and_trying_another_year_does_not_let_anybody_in(site: Site, door: str) -> None:
    browser = await site.visitor()
    await browser.submit(door, TOO_YOUNG, to=f"{door}/age")
    await browser.post(f"{door}/age", OF_AGE)
    page = (await browser.get(door)).text
    assert "You cannot register" in page
    assert 'name="email"' not in page


async def test_the_cookie_looks_the_same_whatever_was_answered(site: Site, door: str) -> None:
    cookies = []
    for answer in (TOO_YOUNG, OF_AGE):
        browser = await site.visitor()
        sent = (await browser.submit(door, answer, to=f"{door}/age")).headers["set-cookie"]
        name, _, rest = sent.partition("=")
        token, _, attributes = rest.partition(";")
        cookies.append((name, token.rpartition(".")[0], len(token), attributes))
    assert cookies[0] == cookies[1]
    assert f"Path={door}" in cookies[0][3]


async def test_the_cookie_is_declared_on_the_cookies_page(site: Site, door: str) -> None:
    browser = await site.visitor()
    sent = (await browser.submit(door, OF_AGE, to=f"{door}/age")).headers["set-cookie"]
    assert sent.partition("=")[0] in {cookie.name for cookie in COOKIES}


async def test_an_answer_given_at_one_door_is_worth_nothing_at_another(site: Site, door: str, other_door: str) -> None:
    browser = await site.visitor()
    sent = (await browser.submit(door, OF_AGE, to=f"{door}/age")).headers["set-cookie"]
    token = sent.partition("=")[2].partition(";")[0]
    stranger = await site.visitor(cookies={"__Secure-candour-register": token})
    assert 'name="email"' in (await stranger.get(door)).text
    assert "When were you born" in (await stranger.get(other_door)).text


@pytest.mark.parametrize(
    ("born", "least", "expected"),
    [
        (BirthMonth(2008, 10), 18, True),
        (BirthMonth(2008, 11), 18, False),
        (BirthMonth(2010, 10), 16, True),
        (BirthMonth(2010, 12), 16, False),
    ],
)
def test_the_birth_month_has_to_be_over(born: BirthMonth, least: int, expected: bool) -> None:
    assert is_of_age(born, least, NOW) is expected


@pytest.mark.parametrize("field", ["name", "email", "phone", "street", "city", "region", "postal_code", "country"])
async def test_each_field_says_what_is_missing(site: Site, door: str, field: str) -> None:
    browser = await site.visitor()
    await browser.submit(door, OF_AGE, to=f"{door}/age")
    answer = await browser.submit(door, TYPED | {"email": "somebody@people.test"} | {field: ""})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("phone", ["(614) 555-0177", "614-555-0177", "614.555.0177", "+1 (614) 555-0177"])
async def test_a_telephone_number_is_taken_as_people_write_it(site: Site, door: str, phone: str) -> None:
    browser = await site.visitor()
    await browser.submit(door, OF_AGE, to=f"{door}/age")
    answer = await browser.submit(door, TYPED | {"email": "phone@people.test", "phone": phone})
    assert (answer.status_code, "Look into your mailbox" in answer.text) == (200, True)


async def test_who_lives_in_a_state_with_two_time_zones_says_which(
    site: Site, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    await browser.submit(door, OF_AGE, to=f"{door}/age")
    typed = TYPED | {"email": "ten@people.test", "region": "Tennessee", "postal_code": "37209"}
    asked = await browser.submit(door, typed)
    assert (asked.status_code, 'id="time_zone-error"' in asked.text) == (422, True)
    assert (await browser.submit(door, typed | {"time_zone": "America/Chicago"})).status_code == 200
    zones = await superuser.fetch(
        "SELECT time_zone FROM identity.shopper WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    assert [row[0] for row in zones] == ["America/Chicago"]


async def test_nobody_registers_without_agreeing_to_the_version_in_force(
    site: Site, door: str, world: World, superuser: asyncpg.Connection
) -> None:
    for ticked in ("", "2", "yes"):
        assert (await register(await site.visitor(), door, "a@people.test", agreement=ticked)).status_code == 422
    assert await _profiles(superuser, world.alices) == 0


async def test_a_registration_waits_until_its_address_is_confirmed(
    site: Site, door: str, world: World, superuser: asyncpg.Connection
) -> None:
    answer = await register(await site.visitor(), door, "ada@people.test")
    row = await superuser.fetchrow(
        "SELECT s.status, a.status AS sign_in, a.role, a.affiliate_id, f.kind FROM identity.shopper s"
        " JOIN identity.account a ON a.id = s.account_id JOIN field.affiliate f ON f.id = a.affiliate_id"
        " WHERE s.affiliate_id = $1",
        world.alices.affiliate_id,
    )
    assert "Look into your mailbox" in answer.text
    assert (row["status"], row["sign_in"], row["role"], row["kind"]) == ("pending", "invited", "shopper", "provider")


async def test_the_link_and_a_password_make_a_shopper_who_is_signed_in(ada: Registered) -> None:
    page = await ada.browser.get("/shopper")
    assert page.status_code == 200
    assert "Hello Ada Quillfeather" in page.text


async def test_what_was_agreed_to_is_kept_word_for_word_with_its_time(
    ada: Registered, superuser: asyncpg.Connection
) -> None:
    row = await superuser.fetchrow("SELECT * FROM ledger.consent WHERE subject_id = $1", ada.shopper_id)
    assert (row["purpose"], row["wording_version"], row["is_given"]) == ("contractor agreement", 1, True)
    assert "independent contractor" in row["wording"]
    assert row["at"] == NOW


async def test_the_ledger_says_what_happened_and_names_no_sign_in(
    ada: Registered, superuser: asyncpg.Connection
) -> None:
    assert list(await actions(superuser, ada.shopper_id)) == ["shopper.register", "shopper.confirm"]
    told = await superuser.fetchval(
        "SELECT count(*) FROM ledger.event WHERE affiliate_id = $1 AND (actor_id = $2 OR object_id = $2)",
        ada.scope.affiliate_id,
        ada.account_id,
    )
    assert told == 0


async def test_a_link_of_the_wrong_kind_opens_nothing(site: Site, settings: Settings, ada: Registered) -> None:
    wrong = sign_until(settings.token_keys, Purpose.PANEL_CONFIRM, ada.shopper_id, now=NOW, seconds=60)
    browser = await site.visitor()
    for path in ("/registration/nonsense", f"/registration/{wrong}"):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(path, {"new_password": PASSWORD})).status_code == 404


async def test_a_link_is_over_after_a_week(site: Site, post: Post, world: World, door: str) -> None:
    browser = await site.visitor()
    await register(browser, door, "late@people.test")
    link = await post.link(world.alices.affiliate_id)
    site.clock.now = NOW + timedelta(days=7, seconds=-1)
    assert (await browser.get(link)).status_code == 200
    site.clock.now = NOW + timedelta(days=7)
    assert (await browser.get(link)).status_code == 404
    assert (await browser.post(link, {"new_password": PASSWORD})).status_code == 404


async def test_opening_the_link_confirms_nothing(
    site: Site, post: Post, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    await register(browser, door, "scanned@people.test")
    await browser.get(await post.link(world.alices.affiliate_id))
    status = await superuser.fetchval(
        "SELECT status FROM identity.shopper WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    assert status == "pending"


async def test_a_weak_password_is_refused_with_a_reason(site: Site, post: Post, world: World, door: str) -> None:
    browser = await site.visitor()
    await register(browser, door, "weak@people.test")
    answer = await browser.submit(await post.link(world.alices.affiliate_id), {"new_password": "short"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text


async def test_a_used_link_says_so(site: Site, post: Post, world: World, door: str) -> None:
    await registered(site, post, world.alices, door)
    letters = await post.letters(world.alices.affiliate_id)
    assert "link" not in letters[-1].values  # composed again, the letter leads to the sign-in
    token = sign_until(site.settings.token_keys, Purpose.SHOPPER_CONFIRM, letters[-1].row.recipient_id, now=NOW,
                       seconds=60)  # fmt: skip
    assert (await (await site.visitor()).get(f"/registration/{token}")).status_code == 410


async def test_registering_twice_is_one_profile_and_the_later_words_count(
    site: Site, post: Post, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    await register(await site.visitor(), door, "Twice@people.test", name="First Spelling")
    later = await registered(site, post, world.alices, door, email="twice@people.test", name="Second Spelling")
    assert await _profiles(superuser, world.alices) == 1
    assert "Second Spelling" in (await later.browser.get("/shopper/profile")).text


async def test_two_forms_sent_at_once_make_one_profile(
    site: Site, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    browsers = [await site.visitor() for _ in range(3)]
    answers = await asyncio.gather(*(register(browser, door, "atonce@people.test") for browser in browsers))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await _profiles(superuser, world.alices) == 1


async def test_the_page_says_the_same_to_known_and_unknown_addresses(site: Site, door: str, ada: Registered) -> None:
    pages = [
        (await register(await site.visitor(), door, address)).text for address in (ada.email, "stranger@people.test")
    ]
    assert pages[0] == pages[1]


async def test_who_is_registered_already_is_told_by_mail_and_nothing_changes(
    site: Site, post: Post, world: World, door: str, ada: Registered
) -> None:
    await register(await site.visitor(), door, ada.email, name="Somebody Else")
    letter = (await post.letters(world.alices.affiliate_id))[-1]
    assert "already" in letter.letter.subject
    assert "link" not in letter.values
    assert "Ada Quillfeather" in (await ada.browser.get("/shopper")).text


async def test_one_sign_in_serves_two_affiliates_with_the_password_it_has(
    site: Site, post: Post, world: World, other_door: str, ada: Registered
) -> None:
    browser = await site.visitor()
    await register(browser, other_door, ada.email)
    link = await post.link(world.charlies.affiliate_id)
    assert "There is a sign-in" in (await browser.get(link)).text
    assert (await browser.submit(link, {"password": "not the password"})).status_code == 422
    assert (await browser.submit(link, {"password": PASSWORD})).headers["location"] == "/shopper"


async def test_an_address_of_a_colleague_of_the_provider_makes_no_shopper(
    site: Site, settings: Settings, platform: object, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    provider = await superuser.fetchval(
        "SELECT id FROM field.affiliate WHERE kind = 'provider' ORDER BY created_at, id"
    )
    address = f"{uuid4().hex}@provider.test"
    async with transaction(Role.STAFF, affiliate=provider):
        new = accounts.NewAccount(Invitee(address, "Ines", AccountRole.PROVIDER), PASSWORD)
        await accounts.create_account(Scope(provider, None, "provider", "system"), settings, new, NOW)
    answer = await register(await site.visitor(), door, address)
    assert "Look into your mailbox" in answer.text
    assert await _profiles(superuser, world.alices) == 0


async def test_the_providers_second_factor_binds_no_shopper(
    site: Site, post: Post, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.affiliate SET require_totp = true WHERE kind = 'provider'")
    try:
        somebody = await registered(site, post, world.alices, door)
        assert (await somebody.browser.get("/shopper")).status_code == 200
    finally:
        await superuser.execute("UPDATE field.affiliate SET require_totp = false WHERE kind = 'provider'")


async def test_who_signs_in_lands_on_their_own_page(site: Site, ada: Registered) -> None:
    browser = await site.visitor()
    answer = await browser.submit("/sign-in", {"email": ada.email, "password": PASSWORD})
    assert answer.headers["location"] == "/shopper"
    assert cookie_name(site.settings.plain_http_cookies) in browser.client.cookies


async def test_an_unconfirmed_registration_is_forgotten_with_its_keys(
    site: Site, world: World, door: str, superuser: asyncpg.Connection
) -> None:
    await register(await site.visitor(), door, f"{uuid4().hex}@people.test")
    row = await superuser.fetchrow(
        "SELECT id, account_id FROM identity.shopper WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    async with transaction(Role.WORKER):
        await service.registering.forget_unconfirmed(NOW + timedelta(days=9))
    ids = [row["id"], row["account_id"]]
    for table in ("identity.shopper", "identity.account", "vault.subject_key"):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE id = ANY($1::uuid[])", ids) == 0


async def test_a_confirmed_shopper_is_not_forgotten(ada: Registered, superuser: asyncpg.Connection) -> None:
    async with transaction(Role.WORKER):
        await service.registering.forget_unconfirmed(NOW + timedelta(days=900))
    assert await superuser.fetchval("SELECT count(*) FROM identity.shopper WHERE id = $1", ada.shopper_id) == 1


def test_a_household_is_known_however_its_address_is_written(settings: Settings, world: World) -> None:
    def index(street: str, postal_code: str, scope: Scope = world.alices) -> bytes:
        place = Address(street, "Larkhollow", "Ohio", postal_code, "US")
        return household_index(settings.index_key, scope.affiliate_id, place)

    assert index("12 Wrenfield Street", "43004-1234") == index("12, wrenfield  ST.", "43004")
    assert index("12 Wrenfield Street", "43004") != index("14 Wrenfield Street", "43004")
    assert index("12 Wrenfield Street", "43004") != index("12 Wrenfield Street", "43004", world.charlies)


async def test_an_affiliate_may_take_people_from_sixteen_on(site: Site, world: World) -> None:
    path = await open_door(world.charlies, least_age=16)
    browser = await site.visitor()
    await browser.submit(path, {"month": "5", "year": "2009"}, to=f"{path}/age")
    assert 'name="email"' in (await browser.get(path)).text


async def _profiles(superuser: asyncpg.Connection, scope: Scope) -> int:
    found: int = await superuser.fetchval(
        "SELECT count(*) FROM identity.shopper WHERE affiliate_id = $1", scope.affiliate_id
    )
    return found
