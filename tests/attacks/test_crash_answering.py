"""kill -9 PostgreSQL while people answer: every page that was acknowledged is there afterwards."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from survey.db.embedded import Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.questionnaires.domain import Definition, compile_definition, merged, parse_section, store_visit
from survey.settings import load
from tests.conftest import TEST_ENVIRONMENT
from tests.field_study import Field, encoded, fill, make_study
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PEOPLE = 12
KILLS = 2
CODED = "SELECT r.coded::text FROM field.response r JOIN field.entry e ON e.response_id = r.id WHERE e.id = $1"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Answering:
    """A site of its own: database, web process, and what was acknowledged to whom."""

    cluster: Cluster
    base_url: str
    study: Field
    acknowledged: dict[UUID, set[int]] = field(default_factory=dict)
    refused: int = 0

    async def person(self, entry_id: UUID) -> None:
        """Answer page after page; what fails is sent again, as a person would."""
        path = self.study.path(entry_id)
        pages = self.acknowledged.setdefault(entry_id, set())
        async with httpx.AsyncClient(base_url=self.base_url, timeout=5) as browser:
            await self._until_kept(browser, path, b"")
            for number in range(1, len(self.study.definition.sections) + 1):
                body = encoded(fill(self.study.definition, number - 1))
                await self._until_kept(browser, f"{path}/{number}", body)
                pages.add(number)
                await asyncio.sleep(0.02)

    async def _until_kept(self, browser: httpx.AsyncClient, path: str, body: bytes) -> None:
        while True:
            try:
                answer = await browser.post(path, content=body, headers=FORM)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 303:
                return
            self.refused += 1
            await asyncio.sleep(0.05)


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may reach."""
    with tempfile.TemporaryDirectory(prefix="candour-crash-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
async def answering(own_folder: Path) -> AsyncIterator[Answering]:
    """A durable database of its own and a web process that uses it."""
    port = free_port()
    environment = TEST_ENVIRONMENT | {"CANDOUR_DATA": str(own_folder), "PORT": str(port)}
    cluster = start_cluster(own_folder)
    process = None
    try:
        await make_ready(load(environment), cluster)
        owner = await asyncpg.connect(cluster.url(as_superuser=True))
        study = await make_study(owner, load(environment), (await _affiliate(owner), datetime.now(UTC)), store_visit())
        doors = [await study.door() for _ in range(PEOPLE)]
        await owner.close()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "survey.cli", "serve"),
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        site = Answering(cluster, f"http://127.0.0.1:{port}", study, {door: set() for door in doors})
        await _answers(site.base_url)
        yield site
    finally:
        if process is not None and process.returncode is None:
            process.terminate()
            await process.wait()
        cluster.stop()


async def test_after_kill_9_of_postgresql_no_acknowledged_page_is_lost(answering: Answering) -> None:
    people = [asyncio.create_task(answering.person(door)) for door in answering.acknowledged]
    for kill in range(1, KILLS + 1):
        while sum(map(len, answering.acknowledged.values())) < kill * PEOPLE:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        os.kill(answering.cluster.process_id, signal.SIGKILL)
        # Until it is dead, and without taking its end from whoever started it.
        await asyncio.to_thread(os.waitid, os.P_PID, answering.cluster.process_id, os.WEXITED | os.WNOWAIT)
        assert answering.cluster.revive()
    await asyncio.wait_for(asyncio.gather(*people), 90)
    assert answering.refused, "nobody noticed the crash: the test proves nothing"
    every = set(range(1, len(answering.study.definition.sections) + 1))
    assert all(pages == every for pages in answering.acknowledged.values())
    coded, words = expected(answering.study.definition)
    owner = await asyncpg.connect(answering.cluster.url(as_superuser=True))
    async with httpx.AsyncClient(base_url=answering.base_url) as browser:
        for door in answering.acknowledged:
            assert json.loads(await owner.fetchval(CODED, door)) == json.loads(json.dumps(coded)), door
            checked = (await browser.get(f"{answering.study.path(door)}/check")).text
            assert [said for said in words if said not in checked] == [], door
    await owner.close()


def expected(definition: Definition) -> tuple[dict[str, object], list[str]]:
    """The coded answers and the texts of somebody who has filled in every page."""
    compiled, today = compile_definition(definition), datetime.now(UTC).date()
    coded: dict[str, object] = {}
    words: list[str] = []
    for index in range(len(definition.sections)):
        parsed = parse_section(compiled, index, fill(definition, index), coded, today)
        coded = merged(coded, parsed)
        words += parsed.verbatims.values()
    assert len(coded) > 5
    assert words
    return coded, words


async def _affiliate(owner: asyncpg.Connection) -> UUID:
    affiliate_id = uuid4()
    await owner.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'affiliate', 'Crash', $2, '1 High Street', 'office@crash.test', now())",
        affiliate_id,
        affiliate_id.hex,
    )
    return affiliate_id


async def _answers(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as browser:
        for _ in range(300):
            try:
                if (await browser.get("/privacy")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise RuntimeError("the web process did not answer")
