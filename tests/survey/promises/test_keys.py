"""Keys that must not get lost: a process does not start without one that opt-outs depend on."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from privacy.signing import public_keys
from privacy.vault import KeyRing, create_subject
from survey.db import Database, DatabaseUnavailable, Role, transaction
from survey.db.embedded import Cluster
from survey.promises import doctor, keys
from survey.settings import BadSettings, Settings
from tests.conftest import NOW

PROVIDER = (
    "INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at)"
    " VALUES ('provider', 'Platform', 'platform', '1 Street', 'office@platform.test', now()) RETURNING id"
)
OLD, NEW = bytes([7]) * 32, bytes([8]) * 32


@pytest.fixture
async def empty(settings: Settings, fresh_database: Database, cluster: Cluster) -> Settings:
    """A deployment that has never been started, with one token key."""
    async with transaction(Role.WORKER) as here:
        name = await here.fetchval("SELECT current_database()")
    return replace(settings, database_url=cluster.url(name), base_url="http://127.0.0.1:8000", token_keys=(OLD,))


@pytest.fixture
async def superuser_of_empty(empty: Settings, cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """Sees every row of that deployment."""
    name = str(empty.database_url).rpartition("/")[2].partition("?")[0]
    connection = await asyncpg.connect(cluster.url(name, as_superuser=True))
    yield connection
    await connection.close()


async def test_another_index_key_is_refused_because_stops_would_be_lost(empty: Settings) -> None:
    await keys.require_known(empty)
    other = replace(empty, index_key=NEW)
    with pytest.raises(BadSettings, match="CANDOUR_INDEX_KEY is not the key"):
        await keys.require_known(other)
    assert await doctor.findings(other) == [keys.LOST_INDEX]


async def test_a_token_key_that_is_gone_is_refused_because_old_links_would_die(empty: Settings) -> None:
    await keys.require_known(empty)
    other = replace(empty, token_keys=(NEW,))
    with pytest.raises(BadSettings, match="CANDOUR_RETIRED_TOKEN_KEYS"):
        await keys.require_known(other)
    assert await doctor.findings(other) == [keys.LOST_LINKS]


async def test_a_key_that_was_stolen_signs_nothing_more(empty: Settings) -> None:
    await keys.require_known(empty)
    [stolen] = public_keys(empty.token_keys)
    struck = replace(empty, struck_keys=(stolen,))
    with pytest.raises(BadSettings, match="CANDOUR_STRUCK_KEYS names the key that signs now"):
        await keys.require_known(struck)
    assert await doctor.findings(struck) == [keys.STOLEN]
    await keys.require_known(replace(struck, token_keys=(NEW,), retired_token_keys=(OLD,)))


async def test_a_start_that_is_refused_remembers_nothing(empty: Settings) -> None:
    await keys.require_known(empty)
    with pytest.raises(BadSettings):
        await keys.require_known(replace(empty, token_keys=(NEW,)))
    await keys.require_known(empty)


@pytest.mark.parametrize(
    "renewed",
    [
        lambda before: replace(before, token_keys=(NEW, OLD)),
        lambda before: replace(before, token_keys=(NEW,), retired_token_keys=(OLD,)),
    ],
)
async def test_a_new_token_key_is_welcome_beside_the_old_one(
    empty: Settings, renewed: Callable[[Settings], Settings]
) -> None:
    await keys.require_known(empty)
    await keys.require_known(renewed(empty))
    assert await doctor.findings(renewed(empty)) == []


async def test_what_is_remembered_of_a_key_does_not_hold_it(empty: Settings) -> None:
    await keys.require_known(empty)
    async with transaction(Role.WORKER) as here:
        kept = [row["name"] for row in await here.fetch("SELECT name FROM ops.setting WHERE name LIKE 'key.%'")]
    assert len(kept) == 2
    assert not any(key.hex()[:16] in name for name in kept for key in (OLD, empty.index_key))


async def test_a_missing_key_encryption_key_is_found_by_doctor(empty: Settings) -> None:
    affiliate_id = uuid4()
    async with transaction(Role.WORKER, affiliate=affiliate_id) as here:
        await create_subject(here, KeyRing(3, {3: NEW}), affiliate_id, uuid4())
    (finding,) = await doctor.findings(empty)
    assert "CANDOUR_KEKS lacks version 3" in finding


async def test_a_database_that_is_not_there_stops_the_start_in_plain_words(empty: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot connect"):
        await keys.require_known(replace(empty, database_url="postgresql://127.0.0.1:1/candour"))


async def test_a_database_that_is_not_prepared_stops_the_start_in_plain_words(
    empty: Settings, cluster: Cluster
) -> None:
    with pytest.raises(DatabaseUnavailable, match="candour migrate"):
        await keys.require_known(replace(empty, database_secret=NEW))
    with pytest.raises(DatabaseUnavailable, match="candour migrate"):
        await keys.require_known(replace(empty, database_url=cluster.url("postgres")))


async def test_rotation_wraps_everything_anew_and_is_recorded(
    empty: Settings, superuser_of_empty: asyncpg.Connection
) -> None:
    ring = KeyRing(2, {1: empty.keyring.keys[1], 2: NEW})
    provider_id = await superuser_of_empty.fetchval(PROVIDER)
    async with transaction(Role.WORKER, affiliate=provider_id) as here:
        for _ in range(3):
            await create_subject(here, empty.keyring, provider_id, uuid4())
    assert await keys.rotate(replace(empty, keyring=ring), NOW, batch_size=2) == 3
    assert await doctor.findings(replace(empty, keyring=KeyRing(2, {2: NEW}))) == []
    query = "SELECT detail ->> 'keys', detail ->> 'version' FROM ledger.event WHERE action = 'keys.rotate' ORDER BY 1"
    assert [tuple(row) for row in await superuser_of_empty.fetch(query)] == [("1", "2"), ("2", "2")]


async def test_rotation_without_a_key_that_is_in_use_says_which(empty: Settings) -> None:
    affiliate_id = uuid4()
    async with transaction(Role.WORKER, affiliate=affiliate_id) as here:
        await create_subject(here, empty.keyring, affiliate_id, uuid4())
    with pytest.raises(BadSettings, match="lacks version 1"):
        await keys.rotate(replace(empty, keyring=KeyRing(2, {2: NEW})), NOW)
