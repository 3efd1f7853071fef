"""The second factor: setting up, signing in with it, losing it."""

import re
from datetime import timedelta

import asyncpg
import httpx
import pyotp
import pytest

from tests.conftest import NOW
from tests.web_client import Browser, Site

from .conftest import PASSWORD, Mailbox, Someone, adopt, events, signs_in, with_factor

CODES = "SELECT count(*) FROM identity.recovery_code WHERE account_id = $1"
NEXT_STEP = timedelta(seconds=30)


@pytest.fixture
async def browser(site: Site, manager: Someone) -> Browser:
    """The manager's browser, signed in with the password."""
    found = await site.visitor()
    await signs_in(found, manager)
    return adopt(found)


@pytest.fixture
async def secret(browser: Browser) -> str:
    """The secret of the manager's second factor, which was set up just now and used once."""
    return await with_factor(browser, NOW)


async def at_the_second_step(site: Site, manager: Someone) -> Browser:
    """Another browser, in which the password was right."""
    found = await site.visitor()
    answer = await signs_in(found, manager, next="/clients")
    assert answer.headers["location"] == "/sign-in/second-factor?next=/clients"
    return adopt(found)


async def test_a_wrong_first_code_switches_nothing_on(browser: Browser, manager: Someone) -> None:
    await browser.submit("/account/second-factor")
    answer = await browser.submit("/account/second-factor/app", {"code": "000000"})
    assert answer.status_code == 422
    assert "does not fit" in answer.text
    assert "Off" in (await browser.get("/account")).text


async def test_the_drawing_obeys_the_policy_of_the_page(browser: Browser) -> None:
    await browser.submit("/account/second-factor")
    page = (await browser.get("/account/second-factor/app")).text
    drawing = re.search(r"<svg xmlns.*?</svg>", page, re.DOTALL)
    assert drawing
    assert "style=" not in drawing[0]
    assert "script" not in drawing[0]


async def test_setting_up_shows_ten_recovery_codes_once_and_ends_other_sessions(
    site: Site, browser: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    other = await site.visitor()
    await signs_in(other, manager)
    await with_factor(browser, NOW)
    assert (await other.get("/account")).status_code == 303
    assert (await browser.get("/account")).status_code == 200
    assert await superuser.fetchval(CODES, manager.id) == 10
    assert "account.factor_on" in await events(superuser, manager.id)


async def test_the_password_alone_opens_nothing_any_more(site: Site, manager: Someone, secret: str) -> None:
    second = await at_the_second_step(site, manager)
    for page in ("/account", "/questionnaires", "/account/second-factor"):
        assert (await second.get(page)).headers["location"] == "/sign-in/second-factor"


async def test_a_wrong_code_is_refused_and_on_record(
    site: Site, manager: Someone, secret: str, superuser: asyncpg.Connection
) -> None:
    second = await at_the_second_step(site, manager)
    answer = await second.post("/sign-in/second-factor", {"code": "000000", "kind": "code"})
    assert answer.status_code == 422
    assert (await events(superuser, manager.id))[-1] == "account.code_failed"


async def test_a_code_that_was_used_is_refused(site: Site, manager: Someone, secret: str) -> None:
    second = await at_the_second_step(site, manager)
    answer = await second.post("/sign-in/second-factor", {"code": pyotp.TOTP(secret).at(NOW), "kind": "code"})
    assert answer.status_code == 422


async def test_the_next_code_leads_in_under_a_new_session(site: Site, manager: Someone, secret: str) -> None:
    second = await at_the_second_step(site, manager)
    before = second.session_hash
    site.clock.now = NOW + NEXT_STEP
    code = pyotp.TOTP(secret).at(site.clock.now)
    answer = await second.post("/sign-in/second-factor", {"code": code, "kind": "code", "next": "/clients"})
    assert answer.headers["location"] == "/clients"
    assert adopt(second).session_hash != before
    assert (await second.get("/account")).status_code == 200


async def test_guessing_codes_is_stopped_after_eight_even_from_several_browsers(
    site: Site, manager: Someone, secret: str
) -> None:
    answers = []
    for _ in range(3):
        second = await at_the_second_step(site, manager)
        answers += [
            (await second.post("/sign-in/second-factor", {"code": "000000", "kind": "code"})).status_code
            for _ in range(3)
        ]
    assert answers == [422] * 8 + [429]


async def test_whoever_guesses_codes_elsewhere_does_not_hold_up_the_owner(
    site: Site, browser: Browser, manager: Someone, secret: str
) -> None:
    await browser.post("/sign-out")
    second = await at_the_second_step(site, manager)
    guess = {"code": "000000", "kind": "code"}
    answers = [(await second.post("/sign-in/second-factor", guess)).status_code for _ in range(9)]
    assert answers[-1] == 429
    await signs_in(browser, manager)
    site.clock.now = NOW + NEXT_STEP
    right = {"code": pyotp.TOTP(secret).at(site.clock.now), "kind": "code"}
    assert (await second.post("/sign-in/second-factor", right)).status_code == 429
    assert (await adopt(browser).post("/sign-in/second-factor", right)).status_code == 303


async def test_guessing_codes_in_a_known_browser_is_stopped_too(
    browser: Browser, manager: Someone, secret: str
) -> None:
    await browser.post("/sign-out")
    await signs_in(browser, manager)
    adopt(browser)
    guess = {"code": "000000", "kind": "code"}
    answers = [(await browser.post("/sign-in/second-factor", guess)).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


async def test_a_recovery_code_leads_in_once(
    site: Site, browser: Browser, manager: Someone, secret: str, superuser: asyncpg.Connection
) -> None:
    page = await browser.post("/account/recovery-codes", {"codes_password": PASSWORD})
    codes = re.findall(r"<code>([^<]+)</code>", page.text)
    assert len(set(codes)) == 10
    fields = {"code": codes[3].lower().replace("-", " "), "kind": "recovery"}
    first = await at_the_second_step(site, manager)
    assert (await first.post("/sign-in/second-factor", fields)).headers["location"] == "/studies"
    second = await at_the_second_step(site, manager)
    assert (await second.post("/sign-in/second-factor", fields)).status_code == 422


async def test_new_recovery_codes_ask_for_the_password_and_kill_the_old_ones(
    site: Site, browser: Browser, manager: Someone, secret: str
) -> None:
    assert (await browser.post("/account/recovery-codes", {"codes_password": "wrong"})).status_code == 422
    old = re.findall(r"<code>([^<]+)</code>", (await _renew(browser)).text)
    await _renew(browser)
    second = await at_the_second_step(site, manager)
    answer = await second.post("/sign-in/second-factor", {"code": old[0], "kind": "recovery"})
    assert answer.status_code == 422


async def test_the_file_of_codes_holds_those_of_the_page_and_no_others(browser: Browser, secret: str) -> None:
    codes = re.findall(r"<code>([^<]+)</code>", (await _renew(browser)).text)
    file = await browser.post("/account/recovery-codes/file", {"codes": codes})
    assert file.headers["content-disposition"].startswith("attachment")
    assert all(code in file.text for code in codes)
    assert (await browser.post("/account/recovery-codes/file", {"codes": ["made up"]})).status_code == 403


async def test_switching_off_asks_for_the_password_and_is_told_of_by_mail(
    browser: Browser, manager: Someone, secret: str, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    refused = await browser.post("/account/second-factor/off", {"password": "wrong"})
    assert refused.status_code == 422
    answer = await browser.post("/account/second-factor/off", {"password": PASSWORD})
    assert answer.headers["location"] == "/account"
    assert (await mailbox.letters(manager.id))[-1].row.kind == "account.factor_off"
    assert (await events(superuser, manager.id))[-1] == "account.factor_off"
    assert await superuser.fetchval(CODES, manager.id) == 0


async def test_it_cannot_be_switched_off_where_the_company_requires_it(
    browser: Browser, manager: Someone, secret: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.affiliate SET require_totp = true WHERE id = $1", manager.affiliate_id)
    answer = await browser.post("/account/second-factor/off", {"password": PASSWORD})
    assert answer.status_code == 422
    assert "cannot be switched off" in answer.text


async def test_where_the_company_requires_it_the_first_sign_in_sets_it_up(
    site: Site, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.affiliate SET require_totp = true WHERE id = $1", manager.affiliate_id)
    fresh = await site.visitor()
    assert (await signs_in(fresh, manager)).headers["location"] == "/account/second-factor"
    assert (await adopt(fresh).get("/account")).headers["location"] == "/account/second-factor"
    await with_factor(fresh, NOW)
    assert (await fresh.get("/account")).status_code == 200


async def test_the_secret_and_the_codes_are_not_in_clear_in_the_database(
    manager: Someone, secret: str, superuser: asyncpg.Connection
) -> None:
    row = await superuser.fetchrow("SELECT * FROM identity.account WHERE id = $1", manager.id)
    dump = repr(dict(row))
    assert secret not in dump
    assert manager.email not in dump
    assert "Robin" not in dump
    assert PASSWORD not in dump


async def _renew(browser: Browser) -> httpx.Response:
    return await browser.post("/account/recovery-codes", {"codes_password": PASSWORD})
