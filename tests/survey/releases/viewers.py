"""A client's person who can be written to."""

from uuid import UUID, uuid4

from privacy.vault import Place, create_subject, seal
from tests.conftest import NOW
from tests.shop_world import ShopWorld, insert


async def viewer_with_key(there: ShopWorld, location_id: UUID) -> UUID:
    """An active viewer with name and address under seal, as accounts make them."""
    account_id = uuid4()
    key = await create_subject(there.owner, there.settings.keyring, there.affiliate_id, account_id)

    def sealed(column: str, text: str) -> bytes:
        return seal(key, Place(f"identity.account.{column}", account_id, account_id), text)

    values = {
        "id": account_id, "affiliate_id": there.affiliate_id, "role": "client_viewer", "client_id": there.client_id,
        "location_id": location_id, "email": sealed("email", f"{account_id.hex}@client.test"),
        "name": sealed("name", "Nell"), "email_index": account_id.bytes, "status": "active", "created_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "identity.account", values)
    return account_id
