"""PostgreSQL killed while people write: nothing acknowledged is lost, and the pools find the way back."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from survey.db import Database, DatabaseUnavailable, Role, transaction
from survey.db.address import located
from survey.db.embedded import Cluster
from survey.db.preparation import make_ready
from survey.db.transaction import LOST
from survey.settings import Settings, load
from tests.conftest import NOW, TEST_ENVIRONMENT

WRITERS = 2
ENOUGH = 100


@pytest.fixture
def own_settings(folder: Path) -> Settings:
    """Settings with a data folder of the test's own and no DATABASE_URL."""
    return load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(folder)})


async def test_without_a_running_server_the_message_says_what_to_start(own_settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="candour demo"):
        await Database().start(own_settings)


async def test_a_killed_server_loses_nothing_it_acknowledged(
    own_settings: Settings, start: Callable[..., Cluster]
) -> None:
    cluster = start(own_settings.data_path, is_durable=True)
    await make_ready(own_settings, cluster)
    database = Database()
    await database.start(own_settings)
    acknowledged: list[UUID] = []
    enough = asyncio.Event()
    writers = [asyncio.create_task(_write_until_refused(acknowledged, enough)) for _ in range(WRITERS)]
    await asyncio.wait_for(enough.wait(), 30)
    os.kill(cluster.process_id, signal.SIGKILL)
    assert all(await asyncio.gather(*writers))
    await asyncio.to_thread(_wait_until_dead, cluster.process_id)
    assert cluster.revive()
    assert set(acknowledged) <= set(await _written())
    assert database.pool(Role.PROVIDER).held_count == 0
    await database.stop()


async def test_a_process_finds_the_server_that_another_one_started(own_settings: Settings, started: Cluster) -> None:
    assert located(own_settings) == started.url()


def _wait_until_dead(process: int) -> None:
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)


async def _write_until_refused(acknowledged: list[UUID], enough: asyncio.Event) -> bool:
    while True:
        affiliate_id = uuid4()
        try:
            await _write(affiliate_id)
        except (DatabaseUnavailable, *LOST):
            return True
        acknowledged.append(affiliate_id)
        if len(acknowledged) == ENOUGH:
            enough.set()


async def _write(affiliate_id: UUID) -> None:
    async with transaction(Role.PROVIDER) as here:
        await here.execute(
            "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ($1, 'affiliate', 'x', $2, 'x', 'x', $3)",
            affiliate_id,
            affiliate_id.hex,
            NOW,
        )


async def _written() -> list[UUID]:
    async with transaction(Role.PROVIDER) as here:
        return [row["id"] for row in await here.fetch("SELECT id FROM field.affiliate")]
