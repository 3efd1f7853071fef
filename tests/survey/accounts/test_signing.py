"""Signing in and out: who gets in, what a stranger learns, and what is left on record."""

from datetime import timedelta

import asyncpg
import pytest

from survey.accounts.domain import AccountRole
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.web_client import Site

from .conftest import OTHER_PASSWORD, Mailbox, Someone, adopt, events, signs_in, someone


async def test_a_wrong_password_opens_nothing_and_is_on_record(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    answer = await signs_in(browser, manager, "not the password")
    assert answer.status_code == 422
    assert "do not fit together" in answer.text
    assert not answer.headers.get("set-cookie")
    assert await events(superuser, manager.id) == ["account.create", "account.sign_in_failed"]


async def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(site: Site, manager: Someone) -> None:
    browser = await site.visitor()
    known = await signs_in(browser, manager, "not the password")
    stranger = Someone(manager.id, manager.email.replace("@", "x@"), "not the password", manager.affiliate_id)
    unknown = await signs_in(browser, stranger)
    assert unknown.status_code == known.status_code
    assert _without_what_was_typed(unknown.text, stranger) == _without_what_was_typed(known.text, manager)


async def test_the_right_password_opens_the_work_and_is_on_record(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    answer = await signs_in(browser, manager)
    assert (answer.status_code, answer.headers["location"]) == (303, "/studies")
    assert (await browser.get("/account")).status_code == 200
    assert (await events(superuser, manager.id))[-1] == "account.sign_in"


async def test_spelling_the_address_in_capitals_is_as_good(site: Site, manager: Someone) -> None:
    loud = Someone(manager.id, f"  {manager.email.upper()} ", manager.password, manager.affiliate_id)
    assert (await signs_in(await site.visitor(), loud)).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/clients", "/clients"),
        ("https://evil.example/", "/studies"),
        ("//evil.example/", "/studies"),
        ("/\\evil.example", "/studies"),
        ("/portal", "/studies"),
        ("/sign-out", "/studies"),
    ],
)
async def test_signing_in_leads_on_only_to_our_own_pages(site: Site, manager: Someone, wanted: str, where: str) -> None:
    answer = await signs_in(await site.visitor(), manager, next=wanted)
    assert answer.headers["location"] == where


async def test_a_provider_lands_on_the_affiliates(site: Site, settings: Settings, world: World) -> None:
    provider = await someone(settings, world.alices.affiliate_id, AccountRole.PROVIDER)
    assert (await signs_in(await site.visitor(), provider)).headers["location"] == "/provider"


async def test_a_disabled_account_is_told_so_only_with_the_right_password(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE identity.account SET status = 'disabled' WHERE id = $1", manager.id)
    browser = await site.visitor()
    assert "has been disabled" in (await signs_in(browser, manager)).text
    assert "has been disabled" not in (await signs_in(browser, manager, "not the password")).text


async def test_nobody_of_a_suspended_affiliate_signs_in(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.affiliate SET status = 'suspended' WHERE id = $1", manager.affiliate_id)
    answer = await signs_in(await site.visitor(), manager)
    assert answer.status_code == 422
    assert "suspended" in answer.text


async def test_an_invited_person_without_a_password_is_unknown_to_the_sign_in(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await superuser.execute(
        "UPDATE identity.account SET status = 'invited', password_hash = NULL WHERE id = $1", manager.id
    )
    answer = await signs_in(await site.visitor(), manager)
    assert (answer.status_code, "do not fit together" in answer.text) == (422, True)


async def test_one_address_at_two_companies_chooses_when_the_password_fits_both(
    site: Site, settings: Settings, world: World, manager: Someone
) -> None:
    await someone(settings, world.charlies.affiliate_id, email=manager.email)
    browser = await site.visitor()
    page = await signs_in(browser, manager)
    assert page.status_code == 200
    assert "alice&#39;s" in page.text
    assert "charlie&#39;s" in page.text
    token = page.text.split('value="')[-1].split('"')[0]
    answer = await browser.post("/sign-in/company", {"place": token})
    assert answer.headers["location"] == "/studies"
    assert "charlie&#39;s" in (await browser.get("/account")).text


async def test_a_made_up_choice_of_company_leads_back_to_the_sign_in(site: Site) -> None:
    browser = await site.visitor()
    assert (await browser.post("/sign-in/company", {"place": browser.csrf()})).headers["location"] == "/sign-in"


async def test_one_address_with_two_passwords_goes_where_the_password_fits(
    site: Site, settings: Settings, world: World, manager: Someone
) -> None:
    await someone(settings, world.charlies.affiliate_id, email=manager.email, password=OTHER_PASSWORD)
    browser = await site.visitor()
    await signs_in(browser, manager, OTHER_PASSWORD)
    assert "charlie&#39;s" in (await browser.get("/account")).text


async def test_after_signing_out_the_back_button_leads_to_the_sign_in(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    await signs_in(browser, manager)
    assert (await browser.get("/account")).headers["cache-control"] == "no-store"
    assert (await adopt(browser).post("/sign-out")).headers["location"] == "/sign-in?after=signed-out"
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"
    assert (await events(superuser, manager.id))[-1] == "account.sign_out"


async def test_signing_out_twice_in_two_tabs_is_no_error(site: Site, manager: Someone) -> None:
    browser = await site.visitor()
    await signs_in(browser, manager)
    await adopt(browser).post("/sign-out")
    assert (await browser.post("/sign-out")).headers["location"] == "/sign-in"


async def test_whoever_is_signed_in_is_not_asked_again(site: Site, manager: Someone) -> None:
    browser = await site.visitor()
    await signs_in(browser, manager)
    assert (await browser.get("/sign-in")).headers["location"] == "/studies"
    assert (await browser.get("/")).headers["location"] == "/studies"


async def test_an_unknown_browser_is_told_of_by_mail_and_a_known_one_is_not(
    site: Site, manager: Someone, mailbox: Mailbox
) -> None:
    browser = await site.visitor(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0"})
    await signs_in(browser, manager)
    (letter,) = await mailbox.letters(manager.id)
    assert (letter.row.kind, letter.to) == ("account.new_device", manager.email)
    assert letter.values["device"] == "Firefox on Windows"
    await adopt(browser).post("/sign-out")
    await signs_in(browser, manager)
    assert len(await mailbox.letters(manager.id)) == 1


async def test_guessing_slows_strangers_down_but_neither_the_owner_nor_their_reset(
    site: Site, manager: Someone, mailbox: Mailbox
) -> None:
    own = await site.visitor()
    await signs_in(own, manager)
    await adopt(own).post("/sign-out")
    stranger = await site.visitor()
    answers = [(await signs_in(stranger, manager, "a guess")).status_code for _ in range(11)]
    assert answers == [422] * 9 + [429] * 2
    assert (await signs_in(stranger, manager)).status_code == 429
    assert (await signs_in(own, manager)).status_code == 303


async def test_a_stranger_may_try_again_after_a_quarter_of_an_hour(site: Site, manager: Someone) -> None:
    browser = await site.visitor()
    for _ in range(11):
        answer = await signs_in(browser, manager, "a guess")
    assert "Wait 15 minutes" in answer.text
    assert answer.headers["retry-after"] == "900"
    site.clock.now = NOW + timedelta(minutes=16)
    assert (await signs_in(browser, manager)).status_code == 303


async def test_slowing_down_says_nothing_about_whether_the_address_is_known(site: Site, manager: Someone) -> None:
    stranger = Someone(manager.id, "nobody-here@people.test", "a guess", manager.affiliate_id)
    browser = await site.visitor()
    answers = [(await signs_in(browser, stranger)).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


async def test_a_device_cookie_of_another_account_is_worth_nothing(
    site: Site, settings: Settings, world: World, manager: Someone
) -> None:
    colleague = await someone(settings, world.alices.affiliate_id)
    browser = await site.visitor()
    await signs_in(browser, colleague)
    await adopt(browser).post("/sign-out")
    for _ in range(11):
        answer = await signs_in(browser, manager, "a guess")
    assert answer.status_code == 429


async def test_the_device_cookie_goes_to_the_sign_in_pages_alone(site: Site, manager: Someone) -> None:
    answer = await signs_in(await site.visitor(), manager)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if "browser" in one]
    assert "Path=/sign-in;" in cookie
    assert "Secure; HttpOnly; SameSite=Lax" in cookie


def _without_what_was_typed(page: str, who: Someone) -> str:
    lines = page.replace(who.email, "").splitlines()
    return "\n".join(line for line in lines if 'name="csrf"' not in line)
