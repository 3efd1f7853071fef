"""Keys in the vault: seen by their affiliate alone, shredded for ever, wrapped anew without touching what they seal."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.errors import KeyShredded, UnknownKey
from privacy.vault import (
    KeyRing,
    Place,
    copy_keys,
    create_subject,
    data_key,
    data_keys,
    new_keys,
    rotate,
    seal,
    shred,
    shred_many,
    store_keys,
    unseal_text,
)
from survey.db import Database, Role, transaction


async def new_subject(ring: KeyRing) -> tuple[UUID, UUID, bytes]:
    """An affiliate, a subject of it, and something sealed for the subject."""
    affiliate, subject = uuid4(), uuid4()
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        key = await create_subject(connection, ring, affiliate, subject)
    return affiliate, subject, seal(key, place_of(subject), "someone@example.com")


def place_of(subject: UUID) -> Place:
    """Where the tests seal."""
    return Place("identity.contact.email", subject, subject)


async def versions(subjects: list[UUID]) -> set[int]:
    """Which key-encryption keys wrap the subjects' keys."""
    async with transaction(Role.WORKER) as connection:
        rows = await connection.fetch("SELECT kek_version FROM vault.subject_key WHERE id = ANY($1)", subjects)
    return {row["kek_version"] for row in rows}


async def test_another_affiliate_finds_no_key(database: Database, ring: KeyRing) -> None:
    _, subject, _ = await new_subject(ring)
    async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
        with pytest.raises(KeyShredded):
            await data_key(connection, ring, subject)
        assert await data_keys(connection, ring, [subject]) == {}


async def test_a_key_cannot_be_stored_for_another_affiliate(database: Database, ring: KeyRing) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
            await create_subject(connection, ring, uuid4(), uuid4())


async def test_a_subject_has_one_key(database: Database, ring: KeyRing) -> None:
    affiliate, subject, _ = await new_subject(ring)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction(Role.STAFF, affiliate=affiliate) as connection:
            await create_subject(connection, ring, affiliate, subject)


async def test_staff_cannot_shred(database: Database, ring: KeyRing) -> None:
    affiliate, subject, _ = await new_subject(ring)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=affiliate) as connection:
            await shred(connection, subject)


async def test_a_shredded_key_opens_nothing_ever_again(database: Database, ring: KeyRing) -> None:
    _, subject, _ = await new_subject(ring)
    async with transaction(Role.DESK) as connection:
        await shred(connection, subject)
        await shred(connection, subject)
    async with transaction(Role.WORKER) as connection:
        with pytest.raises(KeyShredded) as gone:
            await data_key(connection, ring, subject)
    assert gone.value.subject_id == subject


async def test_what_was_sealed_opens_with_the_stored_key(database: Database, ring: KeyRing) -> None:
    affiliate, subject, sealed = await new_subject(ring)
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        key = await data_key(connection, ring, subject)
    assert unseal_text(key, place_of(subject), sealed) == "someone@example.com"


async def test_the_stored_key_is_wrapped(database: Database, ring: KeyRing) -> None:
    _, subject, _ = await new_subject(ring)
    async with transaction(Role.WORKER) as connection:
        wrapped = await connection.fetchval("SELECT wrapped FROM vault.subject_key WHERE id = $1", subject)
    assert len(wrapped) == 1 + 12 + 32 + 16


async def test_the_provider_stores_keys_that_it_cannot_read(database: Database, ring: KeyRing) -> None:
    affiliate, subject = uuid4(), uuid4()
    async with transaction(Role.PROVIDER) as connection:
        await create_subject(connection, ring, affiliate, subject)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.PROVIDER) as connection:
            await data_key(connection, ring, subject)


async def test_many_keys_are_stored_and_found_at_once(database: Database, ring: KeyRing) -> None:
    affiliate, subjects = uuid4(), [uuid4() for _ in range(50)]
    keys, wrapped = new_keys(ring, subjects)
    async with transaction(Role.WORKER, affiliate=affiliate) as connection:
        await store_keys(connection, affiliate, wrapped)
        found = await data_keys(connection, ring, [*subjects, uuid4()])
    assert set(found) == set(subjects)
    for key in keys:
        place = place_of(key.subject_id)
        assert unseal_text(found[key.subject_id], place, seal(key, place, "text")) == "text"


async def test_many_keys_are_shredded_at_once_and_counted(database: Database, ring: KeyRing) -> None:
    affiliate, subjects = uuid4(), [uuid4() for _ in range(5)]
    async with transaction(Role.WORKER, affiliate=affiliate) as connection:
        await store_keys(connection, affiliate, new_keys(ring, subjects)[1])
        assert await shred_many(connection, [*subjects[:3], uuid4()]) == 3
        assert set(await data_keys(connection, ring, subjects)) == set(subjects[3:])


async def test_rotation_wraps_older_keys_anew_in_batches(
    fresh_database: Database, old_ring: KeyRing, ring: KeyRing
) -> None:
    affiliate, subjects = uuid4(), [uuid4() for _ in range(5)]
    keys, wrapped = new_keys(old_ring, subjects)
    async with transaction(Role.WORKER, affiliate=affiliate) as connection:
        await store_keys(connection, affiliate, wrapped)
    async with transaction(Role.WORKER) as connection:
        assert [await rotate(connection, ring, 2) for _ in range(4)] == [2, 2, 1, 0]
        found = await data_keys(connection, KeyRing(2, {2: ring.keys[2]}), subjects)
    place = place_of(keys[0].subject_id)
    assert unseal_text(found[keys[0].subject_id], place, seal(keys[0], place, "text")) == "text"
    assert await versions(subjects) == {2}


async def test_rotation_stops_at_a_key_that_is_not_on_the_ring(fresh_database: Database, old_ring: KeyRing) -> None:
    _, subject, _ = await new_subject(old_ring)
    with pytest.raises(UnknownKey):
        async with transaction(Role.WORKER) as connection:
            await rotate(connection, KeyRing(2, {2: bytes(32)}), 10)
    assert await versions([subject]) == {1}


async def test_rotation_with_an_older_ring_changes_nothing(
    fresh_database: Database, old_ring: KeyRing, ring: KeyRing
) -> None:
    _, subject, _ = await new_subject(ring)
    async with transaction(Role.WORKER) as connection:
        assert await rotate(connection, old_ring, 10) == 0
    assert await versions([subject]) == {2}


async def test_keys_that_are_copied_in_are_as_good_as_stored_ones(database: Database, ring: KeyRing) -> None:
    affiliate, subjects = uuid4(), [uuid4() for _ in range(3)]
    keys, wrapped = new_keys(ring, subjects)
    sealed = seal(keys[0], place_of(subjects[0]), "someone@example.com")
    async with transaction(Role.WORKER, affiliate=affiliate) as connection:
        await copy_keys(connection, affiliate, wrapped[:2])
        await copy_keys(connection, affiliate, wrapped[2:])
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        found = await data_keys(connection, ring, subjects)
    assert set(found) == set(subjects)
    assert unseal_text(found[subjects[0]], place_of(subjects[0]), sealed) == "someone@example.com"


async def test_keys_cannot_be_copied_in_for_another_affiliate(database: Database, ring: KeyRing) -> None:
    _, wrapped = new_keys(ring, [uuid4()])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.WORKER, affiliate=uuid4()) as connection:
            await copy_keys(connection, uuid4(), wrapped)
