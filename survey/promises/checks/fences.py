"""Promises that PostgreSQL itself keeps: tried as the very role that a process signs in with."""

from uuid import UUID

import asyncpg

from privacy.errors import Unclassified
from privacy.inventory import Personal, check, data_map
from survey.db import Role, transaction

from .. import queries
from ..domain import Found
from ..inventory import every_table
from .deployment import Deployment

# What a client's viewer may touch at all; everything else must be refused before a row is looked at.
OF_CLIENTS = frozenset({
    "release.release", "release.node", "release.question", "release.cell", "ops.portal_session",
    # Reports of visits, which say nothing of who made them, and what the client itself writes about them.
    "release.shop_report", "release.shop_tombstone", "release.shop_picture", "release.shop_employee",
    "release.wave_makeup",
    "release.appeal", "release.appeal_message", "release.action_plan", "release.action_plan_event",
    "release.reshoot_wish",
})  # fmt: skip
TENANT_TABLES = ("field.client", "field.study", "identity.contact", "identity.panelist", "identity.account",
                 "identity.invitation", "field.response", "ops.delivery")  # fmt: skip
REFUSED = "42501"
STRANGER = UUID(int=0)


async def clients_see_nobody(deployment: Deployment) -> Found:
    """Sign in to the database as the client portal does, and try to read every table that is about people."""
    relations = sorted({_relation(table) for table in every_table()} - OF_CLIENTS)
    connection = await deployment.database.connect(Role.CLIENT)
    try:
        open_ones = [relation for relation in relations if not await _is_refused(connection, relation)]
    finally:
        await connection.close()
    faults = tuple(f"the portal’s role can read {relation}" for relation in open_ones)
    return Found(f"tried {len(relations)} tables as the portal’s role; every one was refused", faults)


async def tenants_apart(deployment: Deployment) -> Found:
    """Every table of a tenant is fenced from everybody, and staff of one see no row of another."""
    async with transaction(Role.WORKER) as here:
        faults = [f"{name} is not fenced" for name in await queries.names(here, queries.UNFENCED)]
        faults += [f"{name} could step over the fences" for name in await queries.names(here, queries.OVERPOWERED)]
        tenants = await queries.affiliate_ids(here)
    for tenant in [*tenants, STRANGER]:
        async with transaction(Role.STAFF, affiliate=tenant) as here:
            for relation in TENANT_TABLES:
                if await queries.count(here, relation, f"affiliate_id <> '{tenant}'"):
                    faults.append(f"staff of one company see rows of another in {relation}")
    return Found(f"looked as staff of {len(tenants)} companies, and as a stranger", tuple(sorted(set(faults))))


async def columns_declared(deployment: Deployment) -> Found:
    """Compare the columns of the live database with what is declared of them."""
    try:
        check(every_table())
    except Unclassified as error:
        return Found("", (str(error),))
    columns = list(data_map(every_table()))
    async with transaction(Role.WORKER) as here:
        live = set(await queries.names(here, queries.COLUMNS, list(queries.PLANES)))
    unknown = sorted(live - {column.place for column in columns})
    people = sum(1 for column in columns if isinstance(column.declaration, Personal))
    faults = tuple(f"nobody has said what {place} is" for place in unknown)
    return Found(f"{len(columns)} columns, {people} of them about people, each with purpose and retention", faults)


async def sessions_hashed(deployment: Deployment) -> Found:
    """Look at what is stored of sign-ins and of browsers that answer."""
    async with transaction(Role.WORKER) as here:
        faults = [f"{name} holds something else than a hash" for name in await queries.names(here, queries.UNHASHED)]
        sessions = await queries.count(here, "ops.session")
    return Found(f"{sessions} sessions, each stored as a hash of its cookie", tuple(faults))


async def ties_cut(deployment: Deployment) -> Found:
    """Look for a tie between a person and answers in any study that has closed."""
    async with transaction(Role.WORKER) as here:
        (tied,) = await queries.names(here, queries.LINKS_OF_CLOSED)
        closed = await queries.count(here, "field.study", "status IN ('closed', 'released')")
    faults = (f"{tied} closed studies still tie people to answers",) if tied else ()
    return Found(f"{closed} closed studies, none with a tie between people and answers", faults)


async def _is_refused(connection: asyncpg.Connection, relation: str) -> bool:
    try:
        await connection.fetchval(f"SELECT count(*) FROM {relation}")  # noqa: S608  (a table class's own name)
    except asyncpg.PostgresError as error:
        return bool(error.sqlstate == REFUSED)
    return False


def _relation(table: type) -> str:
    return f"{table._meta.schema}.{table._meta.tablename}"  # type: ignore[attr-defined]
