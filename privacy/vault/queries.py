"""What is asked of vault.subject_key. Row-level security decides whose keys the connection can see."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from .domain import Wrapped

# Nothing is returned: the provider, who invites the first users of an affiliate, may insert keys but see none.
INSERT_KEYS = """
    INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
    SELECT fresh.id, $1, fresh.kek_version, fresh.wrapped
    FROM unnest($2::uuid[], $3::integer[], $4::bytea[]) AS fresh (id, kek_version, wrapped)
"""
STAGE_KEYS = """
    CREATE TEMPORARY TABLE arriving_key ON COMMIT DROP AS
    SELECT id, kek_version, wrapped
    FROM vault.subject_key
    WITH NO DATA
"""
INSERT_STAGED_KEYS = """
    INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
    SELECT id, $1, kek_version, wrapped
    FROM arriving_key
"""
DROP_STAGE = "DROP TABLE arriving_key"
KEYS_OF = "SELECT id, kek_version, wrapped FROM vault.subject_key WHERE id = ANY($1::uuid[])"
OLDER_KEYS = """
    SELECT id, kek_version, wrapped
    FROM vault.subject_key
    WHERE kek_version < $1
    LIMIT $2
    FOR UPDATE SKIP LOCKED
"""
REPLACE_KEYS = """
    UPDATE vault.subject_key AS stored
    SET kek_version = fresh.kek_version, wrapped = fresh.wrapped
    FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS fresh (id, kek_version, wrapped)
    WHERE stored.id = fresh.id
"""
DELETE_KEYS = "DELETE FROM vault.subject_key WHERE id = ANY($1::uuid[])"


async def insert_keys(connection: Connection, affiliate_id: UUID, keys: Sequence[Wrapped]) -> None:
    """Store the keys of one affiliate's subjects in one statement."""
    await connection.execute(INSERT_KEYS, affiliate_id, *_columns(keys))


async def copy_keys(connection: Connection, affiliate_id: UUID, keys: Sequence[Wrapped]) -> None:
    """The same for thousands of keys, by COPY into a temporary table: COPY itself is closed by row-level security."""
    await connection.execute(STAGE_KEYS)
    await connection.copy_records_to_table("arriving_key", columns=("id", "kek_version", "wrapped"), records=keys)
    await connection.execute(INSERT_STAGED_KEYS, affiliate_id)
    await connection.execute(DROP_STAGE)


async def keys_of(connection: Connection, subject_ids: Sequence[UUID]) -> list[Wrapped]:
    """The stored keys of the subjects, in no order; none for a subject whose key is gone or out of sight."""
    return [Wrapped(*row) for row in await connection.fetch(KEYS_OF, subject_ids)]


async def older_keys(connection: Connection, version: int, limit: int) -> list[Wrapped]:
    """Keys under an earlier key-encryption key, locked; those that another rotation holds are passed over."""
    return [Wrapped(*row) for row in await connection.fetch(OLDER_KEYS, version, limit)]


async def replace_keys(connection: Connection, keys: Sequence[Wrapped]) -> None:
    """Put each key in the place of the stored one of its subject."""
    await connection.execute(REPLACE_KEYS, *_columns(keys))


async def delete_keys(connection: Connection, subject_ids: Sequence[UUID]) -> int:
    """Remove the keys of the subjects and say how many there were."""
    status: str = await connection.execute(DELETE_KEYS, subject_ids)
    return int(status.removeprefix("DELETE "))


def _columns(keys: Sequence[Wrapped]) -> tuple[list[UUID], list[int], list[bytes]]:
    return [key.subject_id for key in keys], [key.kek_version for key in keys], [key.wrapped for key in keys]
