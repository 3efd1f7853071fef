"""The whole site, and somebody who got a message from alice's client."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.optouts import suppression_key
from privacy.tokens import Purpose, sign
from survey.clients import service as clients
from survey.db import Role, transaction
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whoever holds the message: the opt-out address, the key of the mail address, and a message that waits."""

    path: str
    key: bytes
    client_id: UUID
    waiting_id: UUID


@pytest.fixture
async def addressee(world: World, superuser: asyncpg.Connection, settings: Settings) -> Addressee:
    """An opt-out link of alice's client with a reminder queued behind it."""
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        client_id = await clients.create_client(world.alices, "Brightwater Coffee", NOW)
    key = suppression_key(settings.index_key, f"{uuid4().hex}@example.net")
    link_id = await superuser.fetchval(
        "INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id) VALUES ($1, $2, $3) RETURNING id",
        key, world.alices.affiliate_id, client_id,
    )  # fmt: skip
    waiting_id = await superuser.fetchval(
        "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, client_id, suppression_key,"
        " opt_out_link_id, not_before) VALUES ($1, $2, $3, 'reminder-1', true, $4, $5, $6, $7) RETURNING id",
        world.alices.affiliate_id, uuid4(), uuid4(), client_id, key, link_id, NOW,
    )  # fmt: skip
    return Addressee(f"/o/{sign(settings.token_keys, Purpose.OPT_OUT, link_id)}", key, client_id, waiting_id)
