"""Limits where the affiliate has more clients than the form shows: which come first, and that none gets lost."""

import re

import asyncpg

from survey.accounts.service.places import CLIENTS_SHOWN
from tests.conftest import NOW
from tests.web_client import Browser

from .conftest import Someone
from .test_limits import Clients, clients, some

__all__ = ["clients"]


async def test_whom_somebody_works_for_already_stands_first_on_a_list_that_is_too_long(
    office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    await _many_clients(superuser, manager)
    assert "Lantern" not in (await office.get(f"/users/{manager.id}")).text
    await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
    page = await office.get(f"/users/{manager.id}")
    assert page.text.index(str(clients["Lantern"])) < page.text.index("A shop of many 1<")


async def test_a_client_that_the_form_had_no_room_for_is_not_lost_on_saving(
    office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
    await _many_clients(superuser, manager)
    await superuser.execute(
        "INSERT INTO identity.account_client (account_id, client_id, affiliate_id)"
        " SELECT $1, id, affiliate_id FROM field.client WHERE affiliate_id = $2 AND name LIKE 'A shop of many %'",
        manager.id,
        manager.affiliate_id,
    )
    page = await office.get(f"/users/{manager.id}")
    assert f'value="{clients["Lantern"]}"' not in page.text
    assert "1 more client" in page.text
    await office.post(f"/users/{manager.id}/clients", some(clients["Brightwater"]))
    page = await office.get(f"/users/{manager.id}")
    assert re.search(r"Works for\s*</dt>\s*<dd[^>]*>\s*Brightwater, Lantern\s*<", page.text)
    await office.post(f"/users/{manager.id}/clients", {"works_for": "all"})
    assert not await superuser.fetchval("SELECT is_limited FROM identity.account WHERE id = $1", manager.id)


async def _many_clients(superuser: asyncpg.Connection, manager: Someone) -> None:
    await superuser.execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at)"
        " SELECT gen_random_uuid(), $1, 'A shop of many ' || n, $2 FROM generate_series(1, $3) n",
        *(manager.affiliate_id, NOW, CLIENTS_SHOWN),
    )
