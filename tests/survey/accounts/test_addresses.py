"""Another address to sign in with: asked with password and code, confirmed from there, stopped from here."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pyotp
import pytest

from privacy.optouts import Source, StopScope, is_stopped, stop, suppression_key
from survey.accounts.domain import AccountRole
from survey.accounts.jobs import forget_changes
from survey.db import Database, Role, transaction
from survey.queue import JobContext
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.web_client import CSRF_FIELD, Browser, Site

from .conftest import PASSWORD, Mailbox, Someone, adopt, events, signs_in, someone, with_factor

THERE = "/account/address"


@pytest.fixture
async def browser(site: Site, manager: Someone) -> Browser:
    """The manager's browser, signed in."""
    found = await site.visitor()
    await signs_in(found, manager)
    return adopt(found)


def fresh() -> str:
    """An address that nobody has."""
    return f"{uuid4().hex}@moved.test"


async def ask(browser: Browser, address: str, **fields: str) -> httpx.Response:
    """Fill in the form and send it."""
    return await browser.submit(THERE, {"email": address, "password": PASSWORD} | fields)


async def links(mailbox: Mailbox, account_id: UUID) -> tuple[str, str]:
    """The latest links: the one in the new mailbox, and the one in the old."""
    letters = await mailbox.letters(account_id)
    found = {kind: letter.values[name] for letter in letters for kind, name in
             (("new", "link"), ("old", "stop")) if name in letter.values}  # fmt: skip
    base = mailbox.settings.base_url
    return found["new"].removeprefix(base), found["old"].removeprefix(base)


async def opens(site: Site, address: str) -> bool:
    """Whether this address signs in."""
    answer = await (await site.visitor()).submit("/sign-in", {"email": address, "password": PASSWORD})
    return answer.status_code == 303


async def test_nobody_changes_an_address_without_a_sign_in(site: Site) -> None:
    assert (await (await site.visitor()).get(THERE)).status_code == 303
    for path in ("/new-address/wrong", "/stop-address/wrong"):
        assert (await (await site.visitor()).get(path)).status_code == 404


async def test_the_password_is_asked_for(browser: Browser, manager: Someone, mailbox: Mailbox) -> None:
    for fields in ({"password": "wrong"}, {"password": ""}):
        answer = await ask(browser, fresh(), **fields)
        assert (answer.status_code, "not your present password" in answer.text) == (422, True)
    assert [letter for letter in await mailbox.letters(manager.id) if "address" in letter.row.kind] == []


async def test_where_there_is_a_second_factor_its_code_is_asked_for_and_works_once(
    site: Site, browser: Browser, manager: Someone
) -> None:
    secret = await with_factor(browser, NOW)
    site.clock.now = NOW + timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(site.clock.now)
    assert (await ask(browser, fresh())).status_code == 422
    assert (await ask(browser, fresh(), code="000000")).status_code == 422
    assert (await ask(browser, fresh(), code=code)).status_code == 303
    assert (await ask(browser, fresh(), code=code)).status_code == 422


@pytest.mark.parametrize("address", ["", "nobody", "a b@c.test"])
async def test_what_is_no_address_is_refused(browser: Browser, address: str) -> None:
    assert (await ask(browser, address)).status_code == 422


async def test_the_same_address_is_no_change(browser: Browser, manager: Someone) -> None:
    answer = await ask(browser, manager.email.upper())
    assert (answer.status_code, "sign in with now" in answer.text) == (422, True)


async def test_passwords_cannot_be_guessed_here(browser: Browser) -> None:
    answers = [(await browser.post(THERE, {"email": fresh(), "password": "wrong"})).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


async def test_until_the_new_mailbox_answers_the_old_address_counts(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    address = fresh()
    assert (await ask(browser, address)).status_code == 303
    new, old = (await mailbox.letters(manager.id))[-2:]
    link, _ = await links(mailbox, manager.id)
    assert {new.to, old.to} == {address, manager.email}
    assert address not in str((old.letter, old.values)) + str(new.values)
    assert (await (await site.visitor()).get(link)).status_code == 200
    assert (await opens(site, manager.email), await opens(site, address)) == (True, False)


async def test_with_the_link_the_new_address_counts_and_sessions_elsewhere_end(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    elsewhere, address = await site.visitor(), fresh()
    await signs_in(elsewhere, manager)
    await ask(browser, address)
    link, _ = await links(mailbox, manager.id)
    answer = await browser.submit(link)
    assert "Your new address counts" in answer.text
    assert address in (await browser.get("/account")).text
    assert (await elsewhere.get("/account")).status_code == 303
    assert (await opens(site, manager.email), await opens(site, address)) == (False, True)
    assert [one for one in await events(superuser, manager.id) if "address" in one] == [
        "account.address_ask", "account.address"
    ]  # fmt: skip


async def test_pressed_twice_it_is_changed_once(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    await ask(browser, fresh())
    link, _ = await links(mailbox, manager.id)
    stranger = await site.visitor()
    found = CSRF_FIELD.search((await stranger.get(link)).text)
    assert found
    first, second = [await stranger.client.post(link, data={"csrf": found[1]}) for _ in range(2)]
    assert ["Your new address counts" in answer.text for answer in (first, second)] == [True, True]
    assert (await events(superuser, manager.id)).count("account.address") == 1


async def test_a_wish_that_is_sent_twice_is_one(browser: Browser, manager: Someone, mailbox: Mailbox) -> None:
    address = fresh()
    for _ in range(2):
        assert (await ask(browser, address)).status_code == 303
    assert len([letter for letter in await mailbox.letters(manager.id) if letter.to == address]) == 1


async def test_a_link_is_over_after_a_day_or_a_later_wish(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    await ask(browser, fresh())
    first, _ = await links(mailbox, manager.id)
    site.clock.now = NOW + timedelta(minutes=10)
    await ask(browser, fresh())
    visitor = await site.visitor()
    letters = [letter for letter in await mailbox.letters(manager.id) if "link" in letter.values]
    second = letters[-1].values["link"].removeprefix(site.settings.base_url)
    assert "This link has expired" in (await visitor.get(first)).text
    assert "Shall this be your address" in (await visitor.get(second)).text
    site.clock.now = NOW + timedelta(hours=25)
    assert (await visitor.get(second)).status_code == 404


async def test_an_address_that_somebody_has_is_answered_like_any_other_and_stays_theirs(
    site: Site, browser: Browser, manager: Someone, settings: Settings, mailbox: Mailbox
) -> None:
    other = await someone(settings, manager.affiliate_id)
    free, taken = await ask(browser, fresh()), await ask(browser, other.email)
    assert (free.status_code, free.headers["location"]) == (taken.status_code, taken.headers["location"])
    letter = next(one for one in await mailbox.letters(manager.id) if one.to == other.email)
    assert letter.values == {}
    assert "Nothing was changed" in str(letter.letter)
    assert "Robin" not in str(letter.letter)
    assert (await opens(site, other.email), await opens(site, manager.email)) == (True, True)


async def test_an_address_that_was_taken_in_the_meantime_is_refused_to_whoever_holds_its_link(
    site: Site, browser: Browser, manager: Someone, settings: Settings, mailbox: Mailbox
) -> None:
    address = fresh()
    await ask(browser, address)
    link, _ = await links(mailbox, manager.id)
    visitor = await site.visitor()
    await visitor.get(link)
    await someone(settings, manager.affiliate_id, email=address)
    answer = await visitor.submit(link)
    assert (answer.status_code, "cannot be used" in answer.text) == (403, True)


async def test_the_same_address_may_sign_in_at_another_company(
    site: Site, browser: Browser, manager: Someone, world: World, settings: Settings, mailbox: Mailbox
) -> None:
    other = await someone(settings, world.charlies.affiliate_id, password="quite another word entirely")
    await ask(browser, other.email)
    link, _ = await links(mailbox, manager.id)
    await (await site.visitor()).submit(link)
    assert await opens(site, other.email)


async def test_what_was_mailed_to_the_old_mailbox_gives_no_new_password_once_the_address_has_changed(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    await (await site.visitor()).submit("/forgot", {"email": manager.email})
    reset = await mailbox.link(manager.id)
    assert (await (await site.visitor()).get(reset)).status_code == 200
    site.clock.now = NOW + timedelta(minutes=2)
    await ask(browser, fresh())
    link, _ = await links(mailbox, manager.id)
    await browser.submit(link)
    assert (await (await site.visitor()).get(reset)).status_code == 410


async def test_the_old_mailbox_stops_it_before_it_counts(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    address = fresh()
    await ask(browser, address)
    link, halt = await links(mailbox, manager.id)
    visitor = await site.visitor()
    assert "It was not you?" in (await visitor.get(halt)).text
    stopped = await visitor.submit(halt)
    assert "Stopped" in stopped.text
    assert (await browser.get("/account")).status_code == 303
    assert "This change was stopped" in (await visitor.get(link)).text
    assert (await opens(site, manager.email), await opens(site, address)) == (True, False)
    assert (await events(superuser, manager.id)).count("account.address_stop") == 1


async def test_the_old_mailbox_puts_its_address_back(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    address = fresh()
    await ask(browser, address)
    link, halt = await links(mailbox, manager.id)
    visitor = await site.visitor()
    await visitor.submit(link)
    site.clock.now = NOW + timedelta(days=6)
    await visitor.submit(halt)
    assert (await opens(site, manager.email), await opens(site, address)) == (True, False)


async def test_who_moved_the_address_twice_is_stopped_by_the_first_mailbox(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    first, second = fresh(), fresh()
    await ask(browser, first)
    _, halt = await links(mailbox, manager.id)
    site.clock.now = NOW + timedelta(minutes=10)
    await ask(browser, second)
    letters = [letter for letter in await mailbox.letters(manager.id) if letter.to == second]
    await browser.submit(letters[-1].values["link"].removeprefix(site.settings.base_url))
    assert await opens(site, second)
    await (await site.visitor()).submit(halt)
    assert (await opens(site, manager.email), await opens(site, second)) == (True, False)


async def test_after_a_stop_nobody_asks_again_for_a_week_and_stopping_twice_is_once(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    await ask(browser, fresh())
    _, halt = await links(mailbox, manager.id)
    visitor = await site.visitor()
    await visitor.submit(halt)
    assert "Stopped" in (await visitor.get(halt)).text
    again = await site.visitor()
    await signs_in(again, manager)
    answer = await ask(adopt(again), fresh())
    assert (answer.status_code, "stopped from its mailbox" in answer.text) == (422, True)
    await superuser.execute("UPDATE identity.sign_in_change SET stopped_at = stopped_at - interval '7 days'")
    assert (await ask(again, fresh())).status_code == 303


async def test_a_week_later_the_old_mailbox_has_no_say_any_more(
    site: Site, browser: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    await ask(browser, fresh())
    _, halt = await links(mailbox, manager.id)
    site.clock.now = NOW + timedelta(days=7)
    assert (await (await site.visitor()).get(halt)).status_code == 404


async def test_an_address_that_can_be_put_back_is_kept_free(
    site: Site, browser: Browser, manager: Someone, settings: Settings, mailbox: Mailbox
) -> None:
    await ask(browser, fresh())
    link, _ = await links(mailbox, manager.id)
    await (await site.visitor()).submit(link)
    other = await someone(settings, manager.affiliate_id)
    thief = await site.visitor()
    await signs_in(thief, other)
    assert (await ask(adopt(thief), manager.email)).status_code == 303
    letter = next(one for one in await mailbox.letters(other.id) if one.to == manager.email)
    assert "Nothing was changed" in str(letter.letter)


async def test_what_was_stopped_for_an_address_stays_stopped_for_both(
    site: Site, browser: Browser, manager: Someone, settings: Settings, mailbox: Mailbox
) -> None:
    address = fresh()
    keys = [suppression_key(settings.index_key, one) for one in (manager.email, address)]
    async with transaction(Role.DESK) as here:
        for key in keys:
            await stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    await ask(browser, address)
    link, halt = await links(mailbox, manager.id)
    for path in (link, halt):
        await (await site.visitor()).submit(path)
        async with transaction(Role.DESK) as here:
            assert [await is_stopped(here, key) for key in keys] == [True, True]


async def test_neither_address_lies_open_in_the_database(
    browser: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    address = fresh()
    await ask(browser, address)
    row = await superuser.fetchrow(
        "SELECT email, old_email, t::text AS whole FROM identity.sign_in_change t WHERE account_id = $1", manager.id
    )
    for text in (address, manager.email):
        assert text.encode() not in row["email"] + row["old_email"]
        assert text.encode().hex() not in row["whole"]


async def test_a_change_is_forgotten_when_nobody_can_do_anything_about_it(
    browser: Browser, manager: Someone, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    await ask(browser, fresh())
    count = "SELECT count(*) FROM identity.sign_in_change WHERE account_id = $1"
    for days, left in ((14, 1), (15, 0), (15, 0)):
        context = JobContext(settings, database, lambda days=days: NOW + timedelta(days=days))  # type: ignore[misc]
        await forget_changes.handler(context, {})
        assert await superuser.fetchval(count, manager.id) == left


@pytest.mark.parametrize("role", [AccountRole.SCHEDULER, AccountRole.AFFILIATE_ADMIN, AccountRole.PAYROLL])
async def test_every_kind_of_account_can_move(
    site: Site, settings: Settings, world: World, mailbox: Mailbox, role: AccountRole
) -> None:
    who, address = await someone(settings, world.alices.affiliate_id, role), fresh()
    found = await site.visitor()
    await signs_in(found, who)
    await ask(adopt(found), address)
    link, _ = await links(mailbox, who.id)
    await found.submit(link)
    assert await opens(site, address)
