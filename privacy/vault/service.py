"""Making, finding, shredding and re-wrapping subjects' keys. The caller knows why, and records the audit event."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from ..errors import KeyShredded
from . import queries
from .domain import DataKey, KeyRing, Wrapped, new_data_key, rewrap, unwrap


async def create_subject(connection: Connection, ring: KeyRing, affiliate_id: UUID, subject_id: UUID) -> DataKey:
    """Draw a key for a new subject, store it, and hand it over for sealing."""
    key, wrapped = new_data_key(ring, subject_id)
    await queries.insert_keys(connection, affiliate_id, [wrapped])
    return key


async def store_keys(connection: Connection, affiliate_id: UUID, keys: Sequence[Wrapped]) -> None:
    """Store what `new_keys` has drawn, in one statement (COPY is closed to roles under row-level security)."""
    await queries.insert_keys(connection, affiliate_id, keys)


async def copy_keys(connection: Connection, affiliate_id: UUID, keys: Sequence[Wrapped]) -> None:
    """Store thousands of keys, several times as fast; for roles that may make temporary tables."""
    await queries.copy_keys(connection, affiliate_id, keys)


async def data_key(connection: Connection, ring: KeyRing, subject_id: UUID) -> DataKey:
    """The subject's key. Raises KeyShredded if it is gone or belongs to another affiliate, UnknownKey, SealBroken."""
    found = await queries.keys_of(connection, [subject_id])
    if not found:
        raise KeyShredded(subject_id)
    return unwrap(ring, found[0])


async def data_keys(connection: Connection, ring: KeyRing, subject_ids: Sequence[UUID]) -> dict[UUID, DataKey]:
    """The keys of many subjects by subject, in one question; a subject whose key is gone is not among them."""
    return {key.subject_id: unwrap(ring, key) for key in await queries.keys_of(connection, subject_ids)}


async def shred(connection: Connection, subject_id: UUID) -> None:
    """Remove the subject's key: what was sealed under it can never be opened again. Twice is as good as once."""
    await queries.delete_keys(connection, [subject_id])


async def shred_many(connection: Connection, subject_ids: Sequence[UUID]) -> int:
    """Remove the keys of many subjects and say how many there were."""
    return await queries.delete_keys(connection, subject_ids)


async def rotate(connection: Connection, ring: KeyRing, batch_size: int = 5000) -> int:
    """Wrap one batch of keys anew that an older key-encryption key still wraps; 0 says that none is left.

    One batch a transaction, so that nobody waits long. Only when all are done may the old key leave the ring.
    """
    older = await queries.older_keys(connection, ring.current, batch_size)
    if older:
        await queries.replace_keys(connection, [rewrap(ring, key) for key in older])
    return len(older)
