"""JSON between PostgreSQL and Python, by msgspec."""

import asyncpg
import msgspec

JSONB_VERSION = b"\x01"


def _text(value: object) -> bytes:
    # Piccolo hands over JSON that it has written already, as text; encoding that again would store a string.
    if isinstance(value, str):
        return value.encode()
    return msgspec.json.encode(value)


def _jsonb_out(value: object) -> bytes:
    return JSONB_VERSION + _text(value)


def _jsonb_in(binary: bytes) -> object:
    return msgspec.json.decode(memoryview(binary)[1:])


async def set_codecs(connection: asyncpg.Connection) -> None:
    """Let json and jsonb columns take and give Python values. A str is taken as JSON text that is ready to store."""
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=_text, decoder=msgspec.json.decode, format="binary"
    )
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_jsonb_out, decoder=_jsonb_in, format="binary"
    )
