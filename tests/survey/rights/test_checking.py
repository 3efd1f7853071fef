"""Whoever got a message asks whether it is ours, and hears no more than that."""

import re
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.optouts import suppression_key
from survey.clients import service as clients
from survey.contacts import service as contacts
from survey.db import Role, Scope, transaction
from survey.mail import service as mail
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import PLATFORM
from tests.web_client import Site

from .checkers import ABOUT, SENDER, Got, Reader, a_message, wrong
from .test_notices import cookies_in

OURS, NOT_OURS = "This code is ours", "This code is not ours"
TO_YOU, NOT_SAID = "It was sent to the address you typed", "We cannot say that it was sent to the address you typed"


@pytest.fixture
async def got(settings: Settings, world: World) -> Got:
    """A message of alice's affiliate."""
    return await a_message(settings, world.alices.affiliate_id)


@pytest.mark.parametrize("typed", ["0000-0000-0000", "hello", "12345", "a" * 200, "' OR 1=1 --"])
async def test_a_code_that_is_not_ours_gets_a_warning_and_what_to_do(site: Site, typed: str) -> None:
    page = await Reader(site).asks(typed)
    assert page.status_code == 200
    for words in (NOT_OURS, "Do not trust this message", "cheque", "Call your bank", "We keep codes for a year"):
        assert words in page.text
    assert OURS not in page.text


async def test_one_wrong_character_is_not_ours(site: Site, got: Got) -> None:
    assert NOT_OURS in (await Reader(site).asks(wrong(got.code))).text


async def test_nothing_typed_is_asked_for_again(site: Site) -> None:
    page = await Reader(site).asks("  ")
    assert page.status_code == 422
    assert "Type the code that stands below the message" in page.text


async def test_a_code_of_ours_says_what_it_was_from_whom_and_when_and_what_to_compare(site: Site, got: Got) -> None:
    page = await Reader(site).asks(got.code.lower().replace("-", " "))
    for words in (OURS, ABOUT, SENDER, f"{NOW.day} {NOW:%B %Y}", "A code can be copied", "Compare, before you trust"):
        assert words in page.text
    assert got.address not in page.text
    assert TO_YOU not in page.text


async def test_who_sent_it_is_said_as_the_from_line_of_a_survey_names_them(site: Site, got: Got) -> None:
    page = (await Reader(site).asks(got.code)).text
    assert re.search(rf"Sent by\s*</dt>\s*<dd[^>]*>\s*{SENDER}\s*<", page)
    assert f"“… via {SENDER}”" in page
    assert not re.search(r"<dt[^>]*>\s*From\s*</dt>", page)


async def test_the_address_it_went_to_is_confirmed_and_another_one_is_not(site: Site, got: Got) -> None:
    reader = Reader(site)
    assert TO_YOU in (await reader.asks(got.code, f" {got.address.upper()} ")).text
    page = await reader.asks(got.code, "somebody@else.test")
    assert NOT_SAID in page.text
    assert got.address not in page.text


async def test_without_an_address_and_with_one_the_page_names_nobody(site: Site, got: Got) -> None:
    for address in ("", got.address, "somebody@else.test"):
        page = (await Reader(site).asks(got.code, address)).text
        assert str(got.recipient_id) not in page


async def test_what_is_kept_of_a_message_names_no_client_so_that_no_page_can(superuser: asyncpg.Connection) -> None:
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'mail_code'"
    kept = {row[0] for row in await superuser.fetch(columns)}
    assert kept == {"id", "affiliate_id", "code_index", "about", "sender", "written_on", "again_on", "recipient_index"}


async def test_a_code_in_the_address_fills_the_form_and_says_nothing(site: Site, got: Got) -> None:
    page = await Reader(site).opens(f"?code={got.code}")
    assert f'value="{got.code}"' in page.text
    assert ABOUT not in page.text
    assert OURS not in page.text
    assert "Why you should type our address" in page.text


async def test_the_page_needs_no_cookie_and_sets_none(site: Site, got: Got) -> None:
    reader = Reader(site)
    for page in (await reader.opens(), await reader.asks(got.code), await reader.asks("0000-0000-0000")):
        assert page.status_code == 200
        assert cookies_in(page) == set()
        assert "no-store" in page.headers["cache-control"]


async def test_what_was_typed_stands_in_no_address_of_the_answer(site: Site, got: Got) -> None:
    page = await Reader(site).asks(got.code, "somebody@else.test")
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
    assert not [url for url in addresses if not url.startswith("mailto:") and (got.code in url or "else.test" in url)]


async def test_a_forged_message_can_be_reported_with_its_code_to_whoever_runs_the_platform(
    site: Site, superuser: asyncpg.Connection
) -> None:
    await _provider(superuser)
    contact = await superuser.fetchval(
        "SELECT contact_email FROM field.affiliate WHERE kind = 'provider' ORDER BY created_at, id LIMIT 1"
    )
    page = (await Reader(site).asks("aaaa-bbbb-cccc")).text
    found = re.search(r'href="(mailto:[^"]+)"', page)
    assert found
    written = unquote(found[1].replace("&amp;", "&"))
    assert written.startswith(f"mailto:{contact}?subject=")
    assert "The code in it: AAAA-BBBB-CCCC\r\n" in written


async def test_a_code_is_known_for_a_year_and_a_day_later_it_is_not(site: Site, got: Got) -> None:
    site.clock.now = NOW + timedelta(days=365)
    assert OURS in (await Reader(site).asks(got.code)).text
    site.clock.now = NOW + timedelta(days=366)
    assert NOT_OURS in (await Reader(site).asks(got.code)).text


@pytest.mark.parametrize("path", ["/", "/privacy", "/sign-in"])
async def test_every_public_page_leads_here(site: Site, path: str) -> None:
    assert 'href="/check-mail"' in (await (await site.visitor()).get(path)).text


async def test_after_a_contact_was_erased_the_message_is_ours_and_nobodys(
    site: Site, settings: Settings, world: World, superuser: asyncpg.Connection
) -> None:
    got = await a_message(settings, world.alices.affiliate_id)
    contact_id = await _contact(superuser, world.alices, suppression_key(settings.index_key, got.address))
    assert TO_YOU in (await Reader(site).asks(got.code, got.address)).text
    await contacts.erase_contact(world.alices, contact_id, NOW)
    page = (await Reader(site).asks(got.code, got.address)).text
    assert OURS in page
    assert NOT_SAID in page


async def test_what_went_to_an_earlier_address_of_a_profile_is_forgotten_with_it(
    site: Site, settings: Settings, world: World, superuser: asyncpg.Connection
) -> None:
    profile_id, affiliate_id = uuid4(), world.alices.affiliate_id
    first = await a_message(settings, affiliate_id, recipient_id=profile_id)
    second = await a_message(settings, affiliate_id, recipient_id=profile_id)
    other = await a_message(settings, affiliate_id)
    for got in (first, second):
        await _delivery(superuser, got, suppression_key(settings.index_key, got.address))
    async with transaction(Role.WORKER) as here:
        await mail.forget_written_to(here, [profile_id])
    for got, words in ((first, NOT_SAID), (second, NOT_SAID), (other, TO_YOU)):
        assert words in (await Reader(site).asks(got.code, got.address)).text


async def _provider(superuser: asyncpg.Connection) -> None:
    """The row that tests of shops have as well."""
    await superuser.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'provider', 'Platform', 'platform-of-shoppers', '1 Mill Lane', 'office@platform.test', $2)"
        " ON CONFLICT DO NOTHING",
        PLATFORM, NOW,
    )  # fmt: skip


async def _contact(superuser: asyncpg.Connection, scope: Scope, key: bytes) -> UUID:
    import_id, contact_id = uuid4(), uuid4()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, "Brightwater Coffee", NOW)
    await superuser.execute(
        "INSERT INTO identity.contact_import (id, affiliate_id, client_id, file_key, file_digest, file_kind,"
        " created_at, created_by) VALUES ($1, $2, $3, '', '', 'csv', $4, $5)",
        import_id, scope.affiliate_id, client_id, NOW, scope.account_id,
    )  # fmt: skip
    await superuser.execute(
        "INSERT INTO identity.contact (id, affiliate_id, client_id, import_id, email, email_index, suppression_key)"
        " VALUES ($1, $2, $3, $4, '', $5, $6)",
        contact_id, scope.affiliate_id, client_id, import_id, contact_id.bytes * 2, key,
    )  # fmt: skip
    return contact_id


async def _delivery(superuser: asyncpg.Connection, got: Got, key: bytes) -> None:
    await superuser.execute(
        "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key, not_before)"
        " VALUES ($1, $2, $3, 'shop-offer', false, $4, $5)",
        got.affiliate_id, uuid4(), got.recipient_id, key, NOW,
    )  # fmt: skip
