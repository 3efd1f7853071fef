"""A client's person, and a manager, who can be written to."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import asyncpg

from privacy.vault import Place, create_subject, seal
from survey.settings import Settings
from tests.conftest import NOW
from tests.shop_world import ShopWorld, insert


async def viewer_with_key(there: ShopWorld, location_id: UUID) -> UUID:
    """An active viewer with name and address under seal, as accounts make them."""
    place = {"role": "client_viewer", "client_id": there.client_id, "location_id": location_id}
    return await _account(there.owner, there.settings, there.affiliate_id, place)


async def manager_with_key(owner: asyncpg.Connection, settings: Settings, affiliate_id: UUID) -> UUID:
    """An active manager of an affiliate, the same way."""
    return await _account(owner, settings, affiliate_id, {"role": "manager"})


async def _account(
    owner: asyncpg.Connection, settings: Settings, affiliate_id: UUID, place: Mapping[str, object]
) -> UUID:
    account_id = uuid4()
    key = await create_subject(owner, settings.keyring, affiliate_id, account_id)

    def sealed(column: str, text: str) -> bytes:
        return seal(key, Place(f"identity.account.{column}", account_id, account_id), text)

    values = {
        "id": account_id, "affiliate_id": affiliate_id, "email": sealed("email", f"{account_id.hex}@client.test"),
        "name": sealed("name", "Nell"), "email_index": account_id.bytes, "status": "active", "created_at": NOW,
        **place,
    }  # fmt: skip
    await insert(owner, "identity.account", values)
    return account_id
