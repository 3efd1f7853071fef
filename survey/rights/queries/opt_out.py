"""What the opt-out page looks up. Runs as candour_desk, which acts for the person and not for a tenant."""

from uuid import UUID

from survey.db import connection

_SHOPPER = """
SELECT d.recipient_id
  FROM ops.delivery d
  JOIN identity.shopper s ON s.id = d.recipient_id AND s.affiliate_id = d.affiliate_id
 WHERE d.opt_out_link_id = $1
   AND d.client_id IS NULL
 ORDER BY d.created_at DESC, d.id
 LIMIT 1
"""


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


async def find_shopper(link_id: UUID) -> UUID | None:
    """The shopper whom mail with this link was written to.

    By the mail itself: a profile is found by its address within its affiliate alone, so that nobody can compare two.
    """
    found: UUID | None = await connection().fetchval(_SHOPPER, link_id)
    return found


async def client_name(client_id: UUID) -> str:
    """A client's name, or an empty text."""
    found: str | None = await connection().fetchval("SELECT name FROM field.client WHERE id = $1", client_id)
    return found or ""


async def affiliate_name(affiliate_id: UUID) -> str:
    """An affiliate's name, or an empty text."""
    found: str | None = await connection().fetchval("SELECT name FROM field.affiliate WHERE id = $1", affiliate_id)
    return found or ""
