"""A client of alice's with stores in two time zones, and a campaign that wants only its wave."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.clients import service as clients
from survey.clients.domain import LocationDraft
from survey.db import Role, Scope, transaction
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import store_visit
from survey.shops.campaigns import service
from survey.shops.campaigns.domain import Draft, Quota, WaveDraft
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 14)
STORES = (
    LocationDraft("L1", "Leeds", "store", time_zone="Europe/London", row=2),
    LocationDraft("L2", "York", "store", time_zone="Europe/London", row=3),
    LocationDraft("N1", "Harlem", "store", region="NY", country="US", time_zone="America/New_York", row=4),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign with all that publishing needs, and its first wave."""

    scope: Scope
    client_id: UUID
    campaign_id: UUID
    wave_id: UUID
    version_id: UUID


async def planned(scope: Scope, quota: Quota) -> Planned:
    """A client, three stores, a questionnaire, a campaign with guideline, and a wave of two weeks."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, "Brightwater Coffee", NOW)
        await clients.import_locations(scope, client_id, STORES, NOW)
        await questionnaires.create(scope, "Visits", store_visit(), NOW)
        (usable,) = await questionnaires.usable_versions(scope)
        campaign_id = await service.create(scope, Draft(client_id, "Winter", "in_person"), NOW)
        changes = {"version_id": usable.version_id, "fee_cents": 1200, "reimbursement_cap_cents": 800}
        await service.edit(scope, campaign_id, 1, changes, NOW)
        await service.write(scope, campaign_id, "# Go in\n\nOrder a *coffee*.", (), (80, NOW))
        wave_id = await service.put_wave(scope, campaign_id, None, WaveDraft("December", FIRST, LAST, quota), NOW)
    return Planned(scope, client_id, campaign_id, wave_id, usable.version_id)


@pytest.fixture
async def winter(world: World) -> Planned:
    """alice's campaign; two shops in the morning and one in the evening for each store."""
    return await planned(world.alices, Quota({"morning": 2, "evening": 1}))


async def registered(superuser: asyncpg.Connection, affiliate_id: UUID) -> Scope:
    """A shopper's row with an account, and the scope of their requests."""
    account_id, shopper_id = uuid4(), uuid4()
    await superuser.execute(
        "INSERT INTO identity.account (id, affiliate_id, role, email, email_index, name, status, created_at)"
        " VALUES ($1, $2, 'shopper', '', $3, '', 'active', $4)",
        account_id, affiliate_id, account_id.bytes, NOW,
    )  # fmt: skip
    await superuser.execute(
        "INSERT INTO identity.shopper (id, affiliate_id, account_id, display_code, name, email, email_index, status,"
        " created_at) VALUES ($1, $2, $3, $4, '', '', $5, 'active', $6)",
        shopper_id, affiliate_id, account_id, shopper_id.hex[:6], shopper_id.bytes, NOW,
    )  # fmt: skip
    return Scope(affiliate_id, account_id, "shopper", "shopper", shopper_id=shopper_id)
