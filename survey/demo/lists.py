"""Clients, their trees, and their customer lists, brought in as staff would: uploaded, attested, checked, imported."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from survey.clients import service as clients
from survey.clients.domain import LocationDraft
from survey.contacts import service as contacts
from survey.contacts.domain import Evidence, LegalBasis
from survey.contacts.service import Upload
from survey.db import Role, Scope, transaction

from .customers import ListPlan, write_list
from .stage import Stage

EVIDENCE = Evidence("Loyalty card members who visited in the last weeks", LegalBasis.LEGITIMATE_INTERESTS)


async def client(scope: Scope, name: str, tree: Sequence[LocationDraft], now: datetime) -> UUID:
    """A client with its whole tree; its id."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, name, now)
        planned = await clients.import_locations(scope, client_id, tree, now)
    if planned.problems:
        raise ValueError(planned.problems[0].message)
    return client_id


async def places_by_code(scope: Scope, client_id: UUID) -> dict[str, UUID]:
    """Each of a client's locations by its code."""
    return {code: place for place, code in (await codes_by_location(scope, client_id)).items()}


async def codes_by_location(scope: Scope, client_id: UUID) -> dict[UUID, str]:
    """The code of each of a client's locations."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return {place.id: place.code for place in await clients.locations_of(scope, client_id)}


async def customers(stage: Stage, scope: Scope, client_id: UUID, plan: ListPlan, now: datetime) -> None:
    """Write a list and take it through the wizard and its two jobs."""
    safe = contacts.safe_of(stage.settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        rows = write_list(path, plan)
        with stage.step(f"importing {rows:,} rows of {plan.name} customers"):
            async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
                upload = Upload(path, "customers.csv")
                import_id = await contacts.receive(scope, safe, client_id, upload, now)
                await contacts.attest(scope, import_id, EVIDENCE, now)
            version = await _checked(stage, scope, import_id, now)
            async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
                await contacts.begin_import(scope, import_id, version, now)
            await contacts.run_import(safe, scope, import_id, lambda: now)


async def _checked(stage: Stage, scope: Scope, import_id: UUID, now: datetime) -> str:
    """Let the first job look through the list; the version that the second one is to import."""
    await contacts.check_import(contacts.safe_of(stage.settings), scope, import_id, lambda: now)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return (await contacts.import_in(scope, import_id)).version
