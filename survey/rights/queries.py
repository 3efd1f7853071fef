"""What the opt-out page looks up. Runs as candour_desk, which acts for the person and not for a tenant."""

from uuid import UUID

from survey.db import connection


async def find_contact(suppression_key: bytes) -> UUID | None:
    """Any contact with this address, to show its owner a masked form of it."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM identity.contact WHERE suppression_key = $1 ORDER BY id LIMIT 1", suppression_key
    )
    return found


async def find_panelist(suppression_key: bytes) -> UUID | None:
    """Any panelist with this address."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM identity.panelist WHERE suppression_key = $1 ORDER BY id LIMIT 1", suppression_key
    )
    return found


async def client_name(client_id: UUID) -> str:
    """A client's name, or an empty text."""
    found: str | None = await connection().fetchval("SELECT name FROM field.client WHERE id = $1", client_id)
    return found or ""
