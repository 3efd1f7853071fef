"""One batch of a list: looked up, judged, sealed and stored, in one transaction that carries the progress."""

from collections.abc import Awaitable, Callable, Sequence
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
    Profile,
    SealedNames,
    opened_names,
    planned,
    sealed_contacts,
    sealed_names,
    split,
)
from ..queries import KnownContact, StoredContact
from .ahead import Thread
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
    thread: Thread
    is_first: bool  # the client had no contacts when the list began to come in, and nobody else adds any

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
    named: list[UUID] = field(default_factory=list)  # who was known, changed or not


class _KnownPeople(NamedTuple):
    contacts: dict[bytes, Known]
    keys: dict[UUID, DataKey]


async def store(run: Run, batch: Batch, turn: Awaitable[Import]) -> Import:
    """Store a batch in one transaction; the import as it is afterwards. Raises Superseded.

    turn: the import as the batch before leaves it. Until then all is done that needs nothing of it, up to the rows
    lying ready beside their table; rows that repeat those of earlier batches have to wait.
    """
    ready, late = split(batch.items)
    counts = batch.counts
    async with transaction(Role.WORKER, affiliate=run.scope.affiliate_id) as here:
        sealed = await _sealed(run, here, ready, counts)
        first = [item.suppression_key for item in ready if not item.is_repeat]
        counts.suppressed = len(await stopped_keys(here, first, run.entry.client_id, run.scope.affiliate_id))
        await _stage(run, here, sealed)
        done = await turn
        await _require_turn(run, done)
        await _write(run, sealed)
        if late:
            sealed = await _sealed(run, here, late, counts)
            await _stage(run, here, sealed)
            await _write(run, sealed)
        rows_done, counts = done.rows_done + batch.counts.rows, done.counts.plus(counts)
        await queries.write_progress(run.scope, done, rows_done, counts)
    return replace(done, rows_done=rows_done, counts=counts)


async def _require_turn(run: Run, done: Import) -> None:
    current = await queries.import_in(run.scope, done.id, lock=True)
    if (current.status, current.rows_done) != (done.status, done.rows_done):
        raise Superseded


async def _sealed(run: Run, here: Connection, items: Sequence[Item], counts: Counts) -> Sealed:
    known = await _known(run, here, items)
    return await run.thread.do(_judged, run, items, known, counts)


async def _known(run: Run, here: Connection, items: Sequence[Item]) -> _KnownPeople:
    if run.is_first and not any(item.is_repeat for item in items):
        return _KnownPeople({}, {})
    indexes = list({item.email_index for item in items})
    contacts = await queries.known_contacts(run.scope, run.entry.client_id, indexes)
    keys = await data_keys(here, run.safe.ring, [contact.id for contact in contacts]) if contacts else {}
    return _KnownPeople(await run.thread.do(_opened, contacts, keys), keys)


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
    plan = planned(items, known.contacts, counts)
    if not run.stores:
        return Sealed()
    additions, keys = _sealed_additions(run, plan.additions)
    named = list({known.contacts[item.email_index].id for item in items if item.email_index in known.contacts})
    return Sealed(additions, keys, _sealed_changes(plan.changes, known.keys), named)


def _sealed_additions(run: Run, additions: Sequence[Addition]) -> tuple[list[StoredContact], list[Wrapped]]:
    entry = run.entry
    ids = random_ids(len(additions))
    keys, wrapped = new_keys(run.safe.ring, ids)
    people = [(key, item.person.address, profile.names) for key, (item, profile) in zip(keys, additions, strict=True)]
    rows = []
    for contact_id, (item, profile), (email, names) in zip(ids, additions, sealed_contacts(people), strict=True):
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


async def _stage(run: Run, here: Connection, sealed: Sealed) -> None:
    if sealed.additions:
        await copy_keys(here, run.entry.affiliate_id, sealed.keys)
        await queries.stage_contacts(sealed.additions)


async def _write(run: Run, sealed: Sealed) -> None:
    if sealed.additions:
        await queries.add_staged(run.scope, run.entry, run.clock().date())
    if sealed.changes:
        await queries.change_contacts(run.scope, sealed.changes)
    if sealed.named:
        await queries.name_contacts(run.scope, sealed.named, run.clock().date())
