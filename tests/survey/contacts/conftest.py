"""A client with stores, a safe for its files, and the way of a list through all the steps."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.contacts import queries, service
from survey.contacts.domain import ContactFilter, Evidence, Import, LegalBasis, Mapping, problems_in
from survey.contacts.service import Safe, Upload
from survey.db import Role, Scope, transaction
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]

LISTS = Path(__file__).parents[2] / "data" / "contacts"
EXPECTED: dict[str, dict[str, object]] = json.loads((LISTS / "expected.json").read_text())
EVIDENCE = Evidence("till receipts with consent, 2026", LegalBasis.CONSENT)
STORES = 42


@pytest.fixture
def safe(settings: Settings) -> Safe:
    """Files in the test's data folder, test keys."""
    return service.safe_of(settings)


@pytest.fixture
async def client_id(world: World, superuser: asyncpg.Connection) -> UUID:
    """A client of alice's with the stores CK-001 to CK-042."""
    return await make_client(superuser, world.alices)


async def make_client(superuser: asyncpg.Connection, scope: Scope, name: str = "Brightwater Coffee") -> UUID:
    """A client with a root and stores below it."""
    client_id, root = uuid4(), uuid4()
    await superuser.execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, $3, $4)",
        client_id, scope.affiliate_id, name, NOW,
    )  # fmt: skip
    places: list[tuple[object, ...]] = [(root, None, "hq", "HQ", f"/{root.hex}/")]
    for number in range(1, STORES + 1):
        store = uuid4()
        places.append((store, root, "store", f"CK-{number:03}", f"/{root.hex}/{store.hex}/"))
    await superuser.executemany(
        "INSERT INTO field.location (id, parent_id, level, code, name, path, affiliate_id, client_id, created_at)"
        " VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        [(*place, scope.affiliate_id, client_id, NOW) for place in places],
    )
    return client_id


@pytest.fixture
def lists(world: World, safe: Safe, client_id: UUID, tmp_path: Path) -> "Lists":
    """How alice's staff bring lists in."""
    return Lists(world.alices, safe, client_id, tmp_path)


class Lists:
    """The steps of an import, each in a transaction as the web or the worker would have it."""

    def __init__(self, scope: Scope, safe: Safe, client_id: UUID, folder: Path) -> None:
        self.scope, self.safe, self.client_id, self.folder = scope, safe, client_id, folder

    async def upload(self, content: bytes | str, name: str = "list.csv") -> UUID:
        """Upload a list. Raises Unreadable."""
        path = self.folder / f"upload-{uuid4().hex}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            return await service.receive(self.scope, self.safe, self.client_id, Upload(path, name), NOW)

    async def attest(self, import_id: UUID) -> None:
        """Say where the list comes from."""
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            await service.attest(self.scope, import_id, EVIDENCE, NOW)

    async def check(self, import_id: UUID) -> Import:
        """Have the list looked through."""
        await self.attest(import_id)
        await service.check_import(self.safe, self.scope, import_id, lambda: NOW)
        return await self.entry(import_id)

    async def begin(self, import_id: UUID) -> None:
        """Press the button."""
        entry = await self.entry(import_id)
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            await service.begin_import(self.scope, import_id, entry.version, NOW)

    async def run(self, import_id: UUID) -> Import:
        """Have the people brought in."""
        await self.begin(import_id)
        await service.run_import(self.safe, self.scope, import_id, lambda: NOW)
        return await self.entry(import_id)

    async def bring_in(self, content: bytes | str, name: str = "list.csv") -> Import:
        """The whole way."""
        import_id = await self.upload(content, name)
        await self.check(import_id)
        return await self.run(import_id)

    async def entry(self, import_id: UUID) -> Import:
        """The import as it is now."""
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            return await queries.import_in(self.scope, import_id)

    async def remap(self, import_id: UUID, mapping: Mapping, **shape: Any) -> None:
        """Read the list in another way."""
        entry = await self.entry(import_id)
        changed = replace(entry.shape, **shape)
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            await service.choose_columns(self.scope, import_id, changed, mapping, NOW)

    async def report(self, entry: Import) -> bytes:
        """The report of rows."""
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            return await service.report_of(self.scope, self.safe, entry, NOW)

    async def problems(self, entry: Import) -> list[str]:
        """The report's sentences."""
        return [f"row {line['row']}: {line['problem']}" for line in problems_in(await self.report(entry), 1000)]

    async def export(self, **wanted: Any) -> str:
        """The contacts as they go out."""
        exported = service.exported(self.scope, self.safe, self.client_id, ContactFilter(**wanted), "return", NOW)
        return b"".join([piece async for piece in exported]).decode("utf-8-sig")
