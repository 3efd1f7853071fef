"""One's own account: name, password, sessions."""

import asyncpg
import pytest

from tests.web_client import Browser, Site

from .conftest import OTHER_PASSWORD, PASSWORD, Someone, adopt, events, signs_in


@pytest.fixture
async def browser(site: Site, manager: Someone) -> Browser:
    """The manager's browser, signed in."""
    found = await site.visitor(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    await signs_in(found, manager)
    return adopt(found)


@pytest.fixture
async def elsewhere(site: Site, manager: Someone) -> Browser:
    """Another browser of the same person."""
    found = await site.visitor(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS) Version/19 Safari/605"})
    await signs_in(found, manager)
    return adopt(found)


async def test_nobody_ends_somebody_elses_session(site: Site, browser: Browser, office: Browser) -> None:
    assert office.session_hash
    fields = {"session": office.session_hash.hex()}
    assert (await browser.post("/account/sessions/end", fields)).status_code == 404
    assert (await browser.post("/account/sessions/end", {"session": "not hexadecimal"})).status_code == 404
    assert (await office.get("/account")).status_code == 200


async def test_the_password_is_not_changed_without_the_present_one(browser: Browser) -> None:
    fields = {"present_password": "wrong", "new_password": OTHER_PASSWORD}
    page = await browser.post("/account/password", fields)
    assert (page.status_code, "not your present password" in page.text) == (422, True)


async def test_a_new_password_must_be_good_as_well(browser: Browser) -> None:
    page = await browser.post("/account/password", {"present_password": PASSWORD, "new_password": "short"})
    assert (page.status_code, "at least 12 characters" in page.text) == (422, True)


async def test_changing_the_password_ends_the_other_sessions(
    browser: Browser, elsewhere: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    fields = {"present_password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert (await browser.post("/account/password", fields)).status_code == 303
    assert (await browser.get("/account")).status_code == 200
    assert (await elsewhere.get("/account")).status_code == 303
    assert (await events(superuser, manager.id))[-1] == "account.password_change"


async def test_trying_present_passwords_in_a_stolen_session_is_limited(browser: Browser) -> None:
    fields = {"present_password": "wrong", "new_password": OTHER_PASSWORD}
    answers = [(await browser.post("/account/password", fields)).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


async def test_sessions_are_listed_by_kind_of_browser_without_an_address(browser: Browser, elsewhere: Browser) -> None:
    page = (await browser.get("/account")).text
    assert "Firefox on Linux" in page
    assert "Safari on an iPhone" in page
    assert "127.0.0.1" not in page


async def test_one_of_ones_sessions_is_ended(browser: Browser, elsewhere: Browser) -> None:
    assert elsewhere.session_hash
    await browser.post("/account/sessions/end", {"session": elsewhere.session_hash.hex()})
    assert (await elsewhere.get("/account")).status_code == 303
    assert (await browser.get("/account")).status_code == 200


async def test_all_sessions_but_this_one_are_ended(browser: Browser, elsewhere: Browser) -> None:
    await browser.post("/account/sessions/end-others")
    assert (await elsewhere.get("/account")).status_code == 303
    assert (await browser.get("/account")).status_code == 200


async def test_a_name_is_changed_and_the_record_does_not_quote_it(
    browser: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await browser.post("/account/name", {"name": "  Rosalind   Newname "})
    assert "Rosalind Newname" in (await browser.get("/account")).text
    rows = await superuser.fetch("SELECT detail::text FROM ledger.event WHERE subject_id = $1", manager.id)
    assert "Rosalind" not in " ".join(row["detail"] for row in rows)


async def test_staff_read_for_whom_they_work_and_who_sees_their_name(browser: Browser) -> None:
    page = (await browser.get("/account")).text
    assert ("Your colleagues see it" in page, "Company" in page) == (True, True)


async def test_the_front_page_is_for_everybody(site: Site) -> None:
    page = await (await site.visitor()).get("/")
    assert page.status_code == 200
    for way in ("/sign-in", "/privacy", "/promises", "/cookies"):
        assert f'href="{way}"' in page.text


async def test_whoever_reads_no_reports_has_nothing_to_choose(
    browser: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    assert "Mail about reports" not in (await browser.get("/account")).text
    await browser.post("/account/report-mail", {"report_mail": "hourly"})
    chosen = await superuser.fetchval("SELECT report_mail FROM identity.account WHERE id = $1", manager.id)
    assert chosen == "daily"
