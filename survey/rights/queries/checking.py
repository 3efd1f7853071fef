"""Who answers to people about the platform as a whole. Role.DESK."""

from survey.db import connection


async def platform_contact() -> str:
    """Where whoever runs the platform can be written to, or an empty text."""
    found: str | None = await connection().fetchval(
        "SELECT contact_email FROM field.affiliate WHERE kind = 'provider' ORDER BY created_at, id LIMIT 1"
    )
    return found or ""
