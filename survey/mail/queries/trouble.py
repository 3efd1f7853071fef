"""What is wrong with the relay, for people to see."""

from asyncpg import Connection

_PUT = """
    INSERT INTO ops.setting (name, value)
    VALUES ('mail.trouble', $1)
    ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value
"""


async def put(connection: Connection, trouble: dict[str, str]) -> None:
    """Write down what is wrong."""
    await connection.execute(_PUT, trouble)


async def clear(connection: Connection) -> None:
    """Nothing is wrong any more."""
    await connection.execute("DELETE FROM ops.setting WHERE name = 'mail.trouble'")


async def find(connection: Connection) -> dict[str, str] | None:
    """What is wrong, if anything."""
    found: dict[str, str] | None = await connection.fetchval(
        "SELECT value FROM ops.setting WHERE name = 'mail.trouble'"
    )
    return found
