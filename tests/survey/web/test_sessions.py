"""Sessions: what is stored of them, when they end, and that ending is immediate."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.db import NotFound, Role, transaction
from survey.web.cookies import cookie_in, expired_cookie, session_cookie
from survey.web.sessions import (
    find_session,
    hash_of,
    open_session,
    revoke,
    revoke_all,
    sessions_of,
    sweep,
)
from tests.conftest import NOW, World
from tests.web_client import Browser, Site


@pytest.fixture
async def manager(site: Site, world: World) -> Browser:
    """Alice's manager."""
    return await site.signed_in(world.alices.affiliate_id)


async def opens(browser: Browser) -> bool:
    """Whether the session opens a page."""
    return (await browser.get("/sample/work")).status_code == 200


async def begun(account_id: UUID, stage: str = "full") -> str:
    """A session begun the way the sign-in does it."""
    async with transaction(Role.GATE):
        return await open_session(account_id, stage, "Firefox on Linux", NOW)


async def test_a_revoked_session_is_signed_out_with_its_next_request(site: Site, manager: Browser) -> None:
    assert await opens(manager)
    async with transaction(Role.GATE):
        await revoke(_id(manager), manager.session_hash or b"")
    assert not await opens(manager)


async def test_nobody_revokes_another_accounts_session(site: Site, world: World, manager: Browser) -> None:
    other = await site.signed_in(world.alices.affiliate_id)
    with pytest.raises(NotFound):
        async with transaction(Role.GATE):
            await revoke(_id(other), manager.session_hash or b"")
    assert await opens(manager)


@pytest.mark.parametrize("status", ["disabled", "invited"])
async def test_an_account_that_is_not_active_opens_nothing(site: Site, manager: Browser, status: str) -> None:
    await site.superuser.execute("UPDATE identity.account SET status = $2 WHERE id = $1", manager.account_id, status)
    assert not await opens(manager)


async def test_a_suspended_affiliate_opens_nothing(site: Site, world: World, manager: Browser) -> None:
    await site.superuser.execute(
        "UPDATE field.affiliate SET status = 'suspended' WHERE id = $1", world.alices.affiliate_id
    )
    assert not await opens(manager)


async def test_a_session_ends_after_the_affiliates_session_length(site: Site, manager: Browser) -> None:
    for hours in (1, 2, 3, 4, 5, 6, 7):
        site.clock.now = NOW + timedelta(hours=hours)
        assert await opens(manager)
    site.clock.now = NOW + timedelta(hours=8)
    assert not await opens(manager)


async def test_an_idle_session_ends_after_a_quarter_of_it(site: Site, manager: Browser) -> None:
    site.clock.now = NOW + timedelta(minutes=119)
    assert await opens(manager)
    site.clock.now = NOW + timedelta(minutes=119 + 120)
    assert not await opens(manager)


async def test_a_shorter_session_length_holds_for_sessions_that_are_open(
    site: Site, world: World, manager: Browser
) -> None:
    await site.superuser.execute(
        "UPDATE field.affiliate SET session_minutes = 30 WHERE id = $1", world.alices.affiliate_id
    )
    site.clock.now = NOW + timedelta(minutes=16)
    assert not await opens(manager)


async def test_use_is_noted_at_most_once_a_minute(site: Site, manager: Browser) -> None:
    for seconds in (0, 59, 61, 90):
        site.clock.now = NOW + timedelta(seconds=seconds)
        await opens(manager)
    seen_at = await site.superuser.fetchval("SELECT seen_at FROM ops.session WHERE id_hash = $1", manager.session_hash)
    assert seen_at == NOW + timedelta(seconds=61)


async def test_the_cookies_value_is_stored_nowhere(site: Site, manager: Browser) -> None:
    token = await begun(_id(manager))
    stored = await site.superuser.fetch("SELECT s::text AS row FROM ops.session s")
    assert len(token) == 43
    assert not any(token in row["row"] for row in stored)


async def test_a_session_is_found_by_its_cookie(site: Site, world: World, manager: Browser) -> None:
    token = await begun(_id(manager))
    session = await find_session(hash_of(token) or b"", NOW)
    assert session is not None
    assert (session.account_id, session.affiliate_id) == (manager.account_id, world.alices.affiliate_id)


async def test_the_list_shows_the_accounts_own_sessions(site: Site, world: World, manager: Browser) -> None:
    await site.signed_in(world.alices.affiliate_id)
    await begun(_id(manager))
    async with transaction(Role.GATE):
        found = await sessions_of(_id(manager), NOW)
    assert sorted(session.device for session in found) == ["", "Firefox on Linux"]


async def test_all_sessions_but_the_present_one_can_be_ended(site: Site, manager: Browser) -> None:
    token = await begun(_id(manager))
    present = await find_session(manager.session_hash or b"", NOW)
    async with transaction(Role.GATE):
        assert await revoke_all(_id(manager), but=present) == 1
    assert await opens(manager)
    assert await find_session(hash_of(token) or b"", NOW) is None


async def test_what_is_over_is_swept_away(site: Site, manager: Browser) -> None:
    async with transaction(Role.WORKER):
        await sweep(NOW + timedelta(hours=9))
    assert not await site.superuser.fetchval(
        "SELECT count(*) FROM ops.session WHERE account_id = $1", manager.account_id
    )


def test_the_session_cookie_is_bound_to_the_host_and_unreadable_for_scripts() -> None:
    cookie = session_cookie("abc", is_plain=False)
    assert cookie == b"__Host-candour=abc; Path=/; Secure; HttpOnly; SameSite=Lax"


def test_without_tls_the_cookie_has_a_name_that_browsers_take_without_secure() -> None:
    assert session_cookie("abc", is_plain=True) == b"candour=abc; Path=/; HttpOnly; SameSite=Lax"


def test_signing_out_takes_the_cookie_away() -> None:
    assert b"Max-Age=0" in expired_cookie(is_plain=False)


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "é" * 43])
def test_what_cannot_be_one_of_our_cookies_is_not_looked_up(value: str) -> None:
    assert hash_of(value) is None


def test_a_cookie_is_found_among_others() -> None:
    headers = [(b"host", b"x"), (b"cookie", b"other=1; candour=abc=; candours=2")]
    assert (cookie_in(headers, "candour"), cookie_in(headers, "missing")) == ("abc=", "")


def _id(browser: Browser) -> UUID:
    assert browser.account_id is not None
    return browser.account_id
