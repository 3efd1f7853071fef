"""The opt-out link: looking changes nothing, a button acts at once, a mail program's click stops everything."""

from dataclasses import replace
from uuid import uuid4

import asyncpg
import httpx
import pytest

from privacy.tokens import Purpose, sign
from survey.app import build
from survey.rights.domain import masked
from tests.survey.rights.conftest import Addressee
from tests.web_client import Site

ONE_CLICK = "List-Unsubscribe=One-Click"


async def stops_of(superuser: asyncpg.Connection, key: bytes) -> list[tuple[str, str]]:
    """Scope and source of every stop nobody has lifted."""
    rows = await superuser.fetch(
        "SELECT scope, source FROM ledger.opt_out o WHERE suppression_key = $1 AND lifts IS NULL"
        " AND NOT EXISTS (SELECT FROM ledger.opt_out u WHERE u.lifts = o.id) ORDER BY at",
        key,
    )
    return [tuple(row) for row in rows]


async def test_a_damaged_link_says_what_to_do(site: Site, addressee: Addressee) -> None:
    visitor = await site.visitor()
    page = await visitor.get(addressee.path[:-2])
    assert page.status_code == 404
    assert "Copy the whole link" in page.text


async def test_looking_at_the_page_changes_nothing(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    page = await visitor.get(addressee.path)
    await visitor.client.head(addressee.path)
    assert "Stop all e-mail sent through Candour" in page.text
    assert "Stop only surveys for Brightwater Coffee" in page.text
    assert await stops_of(superuser, addressee.key) == []


async def test_the_button_stops_everything_and_sets_waiting_mail_aside(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    answer = await visitor.client.post(addressee.path, data={"wish": "everything"})
    assert answer.status_code == 303
    assert await stops_of(superuser, addressee.key) == [("everything", "page")]
    waiting = await superuser.fetchrow("SELECT state, reason FROM ops.delivery WHERE id = $1", addressee.waiting_id)
    assert tuple(waiting) == ("skipped", "opted out")
    assert "No more e-mail through Candour" in (await visitor.get(answer.headers["location"])).text


async def test_the_narrower_button_stops_one_client_only(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    answer = await visitor.client.post(addressee.path, data={"wish": "client"})
    assert await stops_of(superuser, addressee.key) == [("client", "page")]
    assert "No more surveys for Brightwater Coffee" in (await visitor.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK.encode(), "application/x-www-form-urlencoded"),
        (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
)
async def test_one_click_stops_everything_without_redirect_or_cookie(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection, body: bytes, kind: str
) -> None:
    visitor = await site.visitor()
    for _ in range(2):
        answer = await visitor.client.post(addressee.path, content=body, headers={"content-type": kind})
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert await stops_of(superuser, addressee.key) == [("everything", "one-click")]


async def test_a_link_that_nothing_is_known_of_is_answered_the_same(site: Site, addressee: Addressee) -> None:
    visitor = await site.visitor()
    stranger = f"/o/{sign(site.settings.token_keys, Purpose.OPT_OUT, uuid4())}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.client.post(stranger, content=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    pressed = await visitor.client.post(stranger, data={"wish": "everything"})
    assert "No more e-mail through Candour" in (await visitor.get(pressed.headers["location"])).text


async def test_the_undo_button_lets_mail_through_again_and_keeps_the_evidence(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    await visitor.client.post(addressee.path, data={"wish": "everything"})
    answer = await visitor.client.post(addressee.path, data={"wish": "undo"})
    assert await stops_of(superuser, addressee.key) == []
    assert (
        await superuser.fetchval("SELECT count(*) FROM ledger.opt_out WHERE suppression_key = $1", addressee.key) == 2
    )
    assert "E-mail may reach you again" in (await visitor.get(answer.headers["location"])).text


async def test_an_opt_out_is_in_the_audit_log_without_an_address(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    await visitor.client.post(addressee.path, data={"wish": "everything"})
    event = await superuser.fetchrow("SELECT * FROM ledger.event WHERE action = 'opt-out.everything' ORDER BY at DESC")
    assert event["actor_kind"] == "subject"
    assert "@" not in str(dict(event))


def test_a_masked_address_shows_its_first_letters_and_its_ending() -> None:
    assert masked("jane.doe@mail.example.co.uk") == "j•••@m•••.uk"
    assert masked("broken") == "•••"


async def test_a_link_made_with_a_retired_key_stops_mail_for_ever(
    site: Site, addressee: Addressee, superuser: asyncpg.Connection
) -> None:
    renewed = replace(site.settings, token_keys=(bytes([9]) * 32,), retired_token_keys=site.settings.token_keys)
    transport = httpx.ASGITransport(app=build(renewed, site.clock))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver.local") as visitor:
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert (await visitor.post(addressee.path, content=ONE_CLICK, headers=form)).status_code == 200
        survey = sign(site.settings.token_keys, Purpose.SURVEY, uuid4())
        assert (await visitor.get(f"/s/{survey}")).status_code == 404
    assert await stops_of(superuser, addressee.key) == [("everything", "one-click")]
