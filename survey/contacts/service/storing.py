"""One batch of a list: looked up, judged and sealed; then stored in a transaction that carries the progress."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from privacy.crypto import random_ids
from privacy.optouts import stopped_keys
from privacy.vault import DataKey, Wrapped, copy_keys, data_keys, new_keys
from survey.db import Role, Scope, transaction

from .. import queries
from ..domain import (
    Addition,
    Batch,
    Change,
    Counts,
    Import,
    ImportStatus,
    Item,
    Known,
    Plan,
    Profile,
    SealedNames,
    opened_names,
    planned,
    sealed_contact,
    sealed_names,
    split,
)
from ..queries import KnownContact, StoredContact
from .safe import Safe

ChangedRow = tuple[UUID, SealedNames, str, UUID | None, date | None]


class Superseded(Exception):
    """Somebody stopped the import, or another worker has taken it over: this run has nothing more to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """One job's way through one list."""

    safe: Safe
    scope: Scope
    entry: Import
    key: DataKey
    clock: Callable[[], datetime]
    is_first: bool = False  # the client had no contacts when the list began to come in, and nobody else adds any

    @property
    def stores(self) -> bool:
        """Whether people come in, or the list is only looked through."""
        return self.entry.status is ImportStatus.IMPORTING


@dataclass(slots=True)
class Sealed:
    """What is to be stored."""

    additions: list[StoredContact] = field(default_factory=list)
    keys: list[Wrapped] = field(default_factory=list)
    changes: list[ChangedRow] = field(default_factory=list)


class Prepared(NamedTuple):
    """A batch that is ready to be stored, but for the rows that repeat those of earlier batches."""

    sealed: Sealed
    late: list[Item]
    counts: Counts


class _KnownPeople(NamedTuple):
    contacts: dict[bytes, Known]
    keys: dict[UUID, DataKey]


async def prepare(run: Run, batch: Batch) -> Prepared:
    """Do all that can be done while the batch before is being stored."""
    ready, late = split(batch.items)
    counts = batch.counts
    async with transaction(Role.WORKER, affiliate=run.scope.affiliate_id) as here:
        known = _KnownPeople({}, {}) if run.is_first else await _known(run, here, ready)
        first = [item.suppression_key for item in ready if not item.is_repeat]
        counts.suppressed = len(await stopped_keys(here, first, run.entry.client_id))
    sealed = await asyncio.to_thread(_judged, run, ready, known, counts)
    return Prepared(sealed, late, counts)


async def store(run: Run, done: Import, prepared: Prepared) -> Import:
    """Store a batch in one transaction; the import as it is afterwards. Raises Superseded."""
    counts = replace(done.counts)
    counts.add(prepared.counts)
    async with transaction(Role.WORKER, affiliate=run.scope.affiliate_id) as here:
        current = await queries.import_in(run.scope, done.id, lock=True)
        if (current.status, current.rows_done) != (done.status, done.rows_done):
            raise Superseded
        await _write(run, here, prepared.sealed)
        if prepared.late:
            known = await _known(run, here, prepared.late)
            await _write(run, here, await asyncio.to_thread(_judged, run, prepared.late, known, counts))
        rows_done = done.rows_done + prepared.counts.rows
        await queries.write_progress(run.scope, done, rows_done, counts)
    return replace(done, rows_done=rows_done, counts=counts)


async def _known(run: Run, here: Connection, items: Sequence[Item]) -> _KnownPeople:
    indexes = list({item.email_index for item in items})
    contacts = await queries.known_contacts(run.scope, run.entry.client_id, indexes)
    keys = await data_keys(here, run.safe.ring, [contact.id for contact in contacts]) if contacts else {}
    return _KnownPeople(await asyncio.to_thread(_opened, contacts, keys), keys)


def _opened(contacts: Sequence[KnownContact], keys: dict[UUID, DataKey]) -> dict[bytes, Known]:
    found = {}
    for contact in contacts:
        first_name, last_name, details = opened_names(keys[contact.id], contact.names)
        visit = (contact.location_id, contact.visited_on)
        found[contact.email_index] = Known(
            contact.id, Profile(first_name, last_name, contact.language, *visit, details)
        )  # fmt: skip
    return found


def _judged(run: Run, items: Sequence[Item], known: _KnownPeople, counts: Counts) -> Sealed:
    plan: Plan = planned(items, known.contacts)
    counts.add(plan.counts)
    if not run.stores:
        return Sealed()
    additions, keys = _sealed_additions(run, plan.additions)
    return Sealed(additions, keys, _sealed_changes(plan.changes, known.keys))


def _sealed_additions(run: Run, additions: Sequence[Addition]) -> tuple[list[StoredContact], list[Wrapped]]:
    entry = run.entry
    ids = random_ids(len(additions))
    keys, wrapped = new_keys(run.safe.ring, ids)
    rows = []
    for contact_id, key, (item, profile) in zip(ids, keys, additions, strict=True):
        email, names = sealed_contact(key, item.person.address, profile.names)
        language = profile.language
        rows.append(
            StoredContact(
                contact_id, email, item.email_index, item.suppression_key, *names,
                language or entry.mapping.language, bool(language), profile.location_id, profile.visited_on,
            )
        )  # fmt: skip
    return rows, wrapped


def _sealed_changes(changes: Sequence[Change], keys: dict[UUID, DataKey]) -> list[ChangedRow]:
    return [
        (
            contact_id,
            sealed_names(keys[contact_id], profile.names),
            profile.language,
            profile.location_id,
            profile.visited_on,
        )
        for contact_id, profile in changes
    ]


async def _write(run: Run, here: Connection, sealed: Sealed) -> None:
    if sealed.additions:
        await copy_keys(here, run.entry.affiliate_id, sealed.keys)
        await queries.add_contacts(run.scope, run.entry, sealed.additions, run.clock().date())
    if sealed.changes:
        await queries.change_contacts(run.scope, sealed.changes)
