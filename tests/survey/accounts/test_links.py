"""Links from mails: invitations and forgotten passwords. Each works once, for a while, and says why it does not."""

import re
from datetime import timedelta

import asyncpg
import pytest

from privacy.crypto import random_id
from privacy.tokens import Purpose, sign
from survey.settings import Settings
from tests.conftest import NOW
from tests.web_client import Browser, Site

from .conftest import OTHER_PASSWORD, PASSWORD, Mailbox, Someone, adopt, events, signs_in

INVITEE = {"name": "Noa New", "role": "manager", "works_for": "all"}


@pytest.fixture
async def invited(office: Browser, administrator: Someone, superuser: asyncpg.Connection) -> Someone:
    """Somebody whom the administrator has just invited."""
    email = f"new.colleague.{administrator.id.hex}@people.test"
    assert (await office.submit("/users/invite", INVITEE | {"email": email})).headers["location"] == "/users"
    account_id = await superuser.fetchval(
        "SELECT id FROM identity.account WHERE status = 'invited' AND affiliate_id = $1", administrator.affiliate_id
    )
    return Someone(account_id, email, PASSWORD, administrator.affiliate_id)


async def reset_link(site: Site, who: Someone, mailbox: Mailbox) -> str:
    """What the mail of a forgotten password leads to."""
    await (await site.visitor()).submit("/forgot", {"email": who.email})
    return await mailbox.link(who.id)


async def test_a_link_of_our_own_signing_to_a_mail_that_never_was_leads_nowhere(site: Site, settings: Settings) -> None:
    for path, purpose in (("welcome", Purpose.ACCOUNT_INVITE), ("reset", Purpose.PASSWORD_RESET)):
        answer = await (await site.visitor()).get(f"/{path}/{sign(settings.token_keys, purpose, random_id())}")
        assert (answer.status_code, "no longer known" in answer.text) == (410, True)


async def test_a_made_up_link_leads_nowhere(site: Site) -> None:
    assert (await (await site.visitor()).get("/welcome/abcdefgh")).status_code == 404


async def test_an_invitation_cannot_be_used_as_a_reset(
    site: Site, settings: Settings, invited: Someone, superuser: asyncpg.Connection
) -> None:
    delivery_id = await superuser.fetchval("SELECT id FROM ops.delivery WHERE recipient_id = $1", invited.id)
    token = sign(settings.token_keys, Purpose.PASSWORD_RESET, delivery_id)
    assert (await (await site.visitor()).get(f"/reset/{token}")).status_code == 410


async def test_looking_at_an_invitation_does_not_use_it_up(site: Site, invited: Someone, mailbox: Mailbox) -> None:
    link, browser = await mailbox.link(invited.id), await site.visitor()
    for _ in range(3):
        assert (await browser.get(link)).status_code == 200


async def test_an_invitation_leads_to_a_password_and_into_the_work(
    site: Site, invited: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    link = await mailbox.link(invited.id)
    answer = await browser.submit(link, {"name": "Noa New", "new_password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/studies")
    assert "Noa New" in (await browser.get("/account")).text
    assert await events(superuser, invited.id) == ["account.invite", "account.welcome"]


async def test_a_weak_password_is_refused_in_plain_words(site: Site, invited: Someone, mailbox: Mailbox) -> None:
    browser, link = await site.visitor(), await mailbox.link(invited.id)
    short = await browser.submit(link, {"name": "Noa New", "new_password": "Tr0ub4dor"})
    easy = await browser.submit(link, {"name": "Noa New", "new_password": "passwordpassword"})
    own = await browser.submit(link, {"name": "Noa New", "new_password": invited.email})
    assert [page.status_code for page in (short, easy, own)] == [422] * 3
    assert "at least 12 characters" in short.text
    assert "too easy to guess" in easy.text
    assert "Others know your name" in own.text


async def test_an_invitation_works_once(site: Site, invited: Someone, mailbox: Mailbox) -> None:
    link = await mailbox.link(invited.id)
    await (await site.visitor()).submit(link, {"name": "Noa New", "new_password": PASSWORD})
    again = await (await site.visitor()).get(link)
    assert (again.status_code, "has been used" in again.text) == (410, True)


async def test_an_invitation_that_was_taken_up_in_another_tab_changes_nothing(
    site: Site, invited: Someone, mailbox: Mailbox
) -> None:
    link, late = await mailbox.link(invited.id), await site.visitor()
    token = re.search(r'name="csrf" value="([^"]+)"', (await late.get(link)).text)
    await (await site.visitor()).submit(link, {"name": "Noa New", "new_password": PASSWORD})
    fields = {"csrf": token[1], "name": "Eve", "new_password": OTHER_PASSWORD} if token else {}
    assert (await late.client.post(link, data=fields)).status_code == 410
    assert (await signs_in(late, invited)).status_code == 303


async def test_an_invitation_works_for_seven_days(site: Site, invited: Someone, mailbox: Mailbox) -> None:
    link, browser = await mailbox.link(invited.id), await site.visitor()
    site.clock.now = NOW + timedelta(days=7, seconds=-1)
    assert (await browser.get(link)).status_code == 200
    site.clock.now = NOW + timedelta(days=7)
    gone = await browser.get(link)
    assert (gone.status_code, "has expired" in gone.text) == (410, True)


async def test_whoever_lost_the_invitation_gets_it_again_by_asking_for_a_password(
    site: Site, invited: Someone, mailbox: Mailbox
) -> None:
    site.clock.now = NOW + timedelta(days=8)
    link = await reset_link(site, invited, mailbox)
    assert link.startswith("/welcome/")
    assert (await (await site.visitor()).get(link)).status_code == 200


async def test_a_withdrawn_invitation_says_so_and_can_be_sent_again(
    site: Site, office: Browser, invited: Someone, mailbox: Mailbox
) -> None:
    link = await mailbox.link(invited.id)
    await office.post(f"/users/{invited.id}/disable")
    gone = await (await site.visitor()).get(link)
    assert (gone.status_code, "was withdrawn" in gone.text) == (410, True)
    await office.post(f"/users/{invited.id}/enable")
    assert (await (await site.visitor()).get(await mailbox.link(invited.id))).status_code == 200


async def test_the_mail_of_an_invitation_names_the_company_and_where_the_address_comes_from(
    invited: Someone, mailbox: Mailbox
) -> None:
    (letter,) = await mailbox.letters(invited.id)
    assert letter.to == invited.email
    assert letter.frame.sender.name == "alice's"
    assert "an administrator of alice's entered your address" in letter.frame.source
    assert letter.values["name"] == "Noa New"


async def test_asking_for_a_password_answers_the_same_for_everybody(
    site: Site, manager: Someone, mailbox: Mailbox
) -> None:
    browser = await site.visitor()
    known = await browser.submit("/forgot", {"email": manager.email})
    unknown = await browser.submit("/forgot", {"email": "nobody@people.test"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(manager.email, "") == unknown.text.replace("nobody@people.test", "")
    assert len(await mailbox.letters(manager.id)) == 1


async def test_a_disabled_account_gets_no_reset(
    site: Site, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE identity.account SET status = 'disabled' WHERE id = $1", manager.id)
    await (await site.visitor()).submit("/forgot", {"email": manager.email})
    assert await mailbox.letters(manager.id) == []


async def test_a_reset_gives_a_new_password_and_ends_every_session(
    site: Site, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    old = await site.visitor()
    await signs_in(old, manager)
    link, browser = await reset_link(site, manager, mailbox), await site.visitor()
    answer = await browser.submit(link, {"new_password": OTHER_PASSWORD})
    assert answer.headers["location"] == "/sign-in?after=reset"
    assert (await old.get("/account")).status_code == 303
    assert (await signs_in(browser, manager)).status_code == 422
    assert (await signs_in(browser, manager, OTHER_PASSWORD)).status_code == 303
    assert "account.reset" in await events(superuser, manager.id)


async def test_a_reset_works_once_and_kills_the_other_links(site: Site, manager: Someone, mailbox: Mailbox) -> None:
    first = await reset_link(site, manager, mailbox)
    second = await reset_link(site, manager, mailbox)
    await (await site.visitor()).submit(second, {"new_password": OTHER_PASSWORD})
    for link in (first, second):
        gone = await (await site.visitor()).get(link)
        assert (gone.status_code, "has been used" in gone.text) == (410, True)


async def test_a_reset_dies_when_the_password_is_changed_otherwise(
    site: Site, manager: Someone, mailbox: Mailbox
) -> None:
    link, browser = await reset_link(site, manager, mailbox), await site.visitor()
    await signs_in(browser, manager)
    fields = {"present_password": PASSWORD, "new_password": OTHER_PASSWORD}
    assert (await adopt(browser).post("/account/password", fields)).status_code == 303
    assert (await (await site.visitor()).get(link)).status_code == 410


async def test_a_reset_works_for_an_hour(site: Site, manager: Someone, mailbox: Mailbox) -> None:
    link, browser = await reset_link(site, manager, mailbox), await site.visitor()
    site.clock.now = NOW + timedelta(minutes=60)
    gone = await browser.get(link)
    assert (gone.status_code, "has expired" in gone.text) == (410, True)


async def test_a_reset_makes_the_browser_known_so_that_guessing_does_not_hold_its_owner_up(
    site: Site, manager: Someone, mailbox: Mailbox
) -> None:
    stranger = await site.visitor()
    for _ in range(11):
        await signs_in(stranger, manager, "a guess")
    browser = await site.visitor()
    await browser.submit(await reset_link(site, manager, mailbox), {"new_password": OTHER_PASSWORD})
    assert (await signs_in(browser, manager, OTHER_PASSWORD)).status_code == 303


async def test_the_links_of_a_suspended_affiliate_say_so(
    site: Site, manager: Someone, mailbox: Mailbox, superuser: asyncpg.Connection
) -> None:
    link = await reset_link(site, manager, mailbox)
    await superuser.execute("UPDATE field.affiliate SET status = 'suspended' WHERE id = $1", manager.affiliate_id)
    gone = await (await site.visitor()).get(link)
    assert (gone.status_code, "suspended" in gone.text) == (410, True)


async def test_asking_for_passwords_of_one_address_is_limited(site: Site, manager: Someone) -> None:
    browser = await site.visitor()
    answers = [(await browser.submit("/forgot", {"email": manager.email})).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
