"""What a launch costs: 100,000 people, beside the bare INSERT … SELECTs that no launch can do without.

Processor time of this process and of PostgreSQL together: on a shared machine the clock speaks of the neighbours. The
floor writes the same rows into the same tables from a temporary table that holds everything ready: nobody's suppression
is asked, nobody's rest, no row-level security. Both in one transaction, on a database of its own.
"""

import asyncio
import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from bench.answering import Site
from survey.clients import service as clients
from survey.db import Database, Role, Scope, transaction
from survey.db.database import EVERY_ROLE
from survey.db.embedded import Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.invitations import service
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import store_visit
from survey.settings import Settings, load
from survey.studies import service as studies
from survey.studies.domain import PURPOSE, Draft
from tests.conftest import TEST_ENVIRONMENT

PEOPLE = 100_000
OPTED_OUT = 500
ROUNDS = 3
GOAL_RATIO = 0.6

CONTACTS = """
INSERT INTO identity.contact (id, affiliate_id, client_id, import_id, email, email_index, suppression_key)
SELECT p.id, $1, $2, $3, '\\x00', uuid_send(p.id), sha256(uuid_send(p.id))
  FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $4)) AS p
"""
STOPS = """
INSERT INTO ledger.opt_out (suppression_key, scope, source, at)
SELECT suppression_key, 'everything', 'page', now() FROM identity.contact WHERE client_id = $1 LIMIT $2
"""
READY = """
CREATE TEMPORARY TABLE ready ON COMMIT DROP AS
SELECT gen_random_uuid() AS invitation_id, gen_random_uuid() AS entry_id, gen_random_uuid() AS link_id,
       id AS contact_id, affiliate_id, client_id, suppression_key
  FROM identity.contact
 WHERE client_id = $1
"""
# One statement each, in the order of the foreign keys.
FLOOR = (
    "INSERT INTO ledger.opt_out_link (id, suppression_key, affiliate_id, client_id)"
    " SELECT link_id, suppression_key, affiliate_id, client_id FROM ready",
    "INSERT INTO identity.invitation (id, affiliate_id, study_id, contact_id, suppression_key, opt_out_link_id,"
    " created_at) SELECT invitation_id, affiliate_id, $1, contact_id, suppression_key, link_id, now() FROM ready",
    "INSERT INTO field.entry (id, affiliate_id, study_id) SELECT entry_id, affiliate_id, $1 FROM ready",
    "INSERT INTO identity.response_link (invitation_id, entry_id, affiliate_id, study_id)"
    " SELECT invitation_id, entry_id, affiliate_id, $1 FROM ready",
    "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, client_id, suppression_key,"
    " opt_out_link_id, not_before) SELECT affiliate_id, $1, invitation_id, 'invitation', true, client_id,"
    " suppression_key, link_id, now() FROM ready",
)


def run() -> list[str]:
    """The report, line by line."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        Path(folder).chmod(0o711)
        cluster = start_cluster(Path(folder))
        settings = load(TEST_ENVIRONMENT | {"CANDOUR_DATA": folder})
        try:
            asyncio.run(make_ready(settings, cluster))
            return asyncio.run(_measure(replace(settings, database_url=cluster.url()), cluster))
        finally:
            cluster.stop()


async def _measure(settings: Settings, cluster: Cluster) -> list[str]:
    database = Database(EVERY_ROLE)
    await database.start(settings)
    owner = await asyncpg.connect(cluster.url(as_superuser=True))
    machine = Site(0, os.getpid(), cluster.process_id)
    try:
        rounds = [await _round(owner, machine) for _ in range(ROUNDS)]
    finally:
        await owner.close()
        await database.stop()
    ratio, ours, bare, seconds = sorted((bare / ours, ours, bare, seconds) for ours, bare, seconds in rounds)[
        ROUNDS // 2
    ]
    return [
        f"launch for {PEOPLE:,} people: {ours:.1f} s of CPU ({seconds:.0f} s by the clock), bare inserts {bare:.1f} s,"
        f" ratio {ratio:.2f} (goal {GOAL_RATIO}) {'reached' if ratio >= GOAL_RATIO else 'NOT REACHED'}"
    ]


async def _round(owner: asyncpg.Connection, machine: Site) -> tuple[float, float, float]:
    """CPU seconds of a launch and of the bare inserts for as many people of another client; seconds of the launch."""
    ours, study_id = await _ready(owner)
    began, before = time.perf_counter(), machine.cpu_seconds()
    async with transaction(Role.STAFF, affiliate=ours.affiliate_id):
        launched = await service.launch(ours, study_id, 2, datetime.now(UTC))
    seconds, cpu_seconds = time.perf_counter() - began, machine.cpu_seconds() - before
    assert (launched.queued, launched.passed_over) == (PEOPLE - OPTED_OUT, OPTED_OUT)
    return cpu_seconds, await _floor(owner, machine), seconds


async def _floor(owner: asyncpg.Connection, machine: Site) -> float:
    _, study_id = await _ready(owner)
    client_id = await owner.fetchval("SELECT client_id FROM field.study WHERE id = $1", study_id)
    async with owner.transaction():
        await owner.execute(READY, client_id)
        before = machine.cpu_seconds()
        for position, statement in enumerate(FLOOR):
            await owner.execute(statement, *([study_id] if position else []))
    return machine.cpu_seconds() - before


async def _ready(owner: asyncpg.Connection) -> tuple[Scope, UUID]:
    """A new affiliate whose client has everybody on its list, and a study that wants only the button."""
    now = datetime.now(UTC)
    scope = Scope(uuid4(), uuid4())
    await owner.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'affiliate', 'Bench', $2, '1 High Street', 'office@bench.test', $3)",
        scope.affiliate_id, scope.affiliate_id.hex, now,
    )  # fmt: skip
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, "Brightwater Coffee", now)
        await questionnaires.create(scope, "Visits", store_visit(), now)
        (usable,) = await questionnaires.usable_versions(scope)
        study_id = await studies.create(scope, Draft(client_id, usable.version_id, "Bench", "Your last visit"), now)
        ready = {"opens_at": now, "closes_at": now + timedelta(days=20), "confirmed": [PURPOSE]}
        await studies.edit(scope, study_id, 1, ready, now)
    import_id = uuid4()
    await owner.execute(
        "INSERT INTO identity.contact_import (id, affiliate_id, client_id, file_key, file_digest, file_kind,"
        " created_by, created_at) VALUES ($1, $2, $3, '', '', 'csv', $1, $4)",
        import_id, scope.affiliate_id, client_id, now,
    )  # fmt: skip
    await owner.execute(CONTACTS, scope.affiliate_id, client_id, import_id, PEOPLE)
    await owner.execute(STOPS, client_id, OPTED_OUT)
    await owner.execute("ANALYZE identity.contact; ANALYZE ledger.opt_out")
    return scope, study_id
