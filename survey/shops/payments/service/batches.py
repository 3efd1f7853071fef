"""Batches: a dry run, putting one together, taking lines out, paid, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from survey.db import Conflict, Scope, connection
from survey.queue import enqueue

from .. import queries
from ..domain import (
    FAIL_REASON,
    OPEN_BATCH,
    Batch,
    BatchState,
    DryRun,
    WrongBatch,
    dry_run,
)
from .notes import note_batch, note_items


@dataclass(frozen=True, slots=True)
class Planned:
    """A batch as the dry run showed it: the money in it and how many items. Its id is drawn with the form."""

    batch_id: UUID
    currency: str
    until: date
    items: int
    cents: int


class Changed(Exception):
    """What would be in the batch is not what was shown; `result` is how it is now."""

    def __init__(self, result: DryRun) -> None:
        super().__init__("what is owed has changed in the meantime")
        self.result = result


class UnknownCodes(Exception):
    """These shoppers have nothing pending in the batch."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("not in this batch")
        self.codes = tuple(codes)


async def preview(scope: Scope, currency: str, until: date, today: date, *, lock: bool = False) -> DryRun:
    """What a batch of everything promised by a day would hold, who is left out, and why."""
    owed = await queries.candidates(scope, currency, until, date(today.year, 1, 1), lock=lock)
    return dry_run(owed, (await queries.payer_of(scope)).tax_from_cents)


async def create_batch(scope: Scope, planned: Planned, now: datetime) -> Batch:
    """Put the batch together that the dry run showed. Sent twice it is one batch. Raises Changed, Conflict."""
    await queries.lock_batches(scope)
    if found := await queries.find_batch(scope, planned.batch_id):
        return found
    result = await preview(scope, planned.currency, planned.until, now.date(), lock=True)
    if not result.included or (len(result.included), result.total_cents) != (planned.items, planned.cents):
        raise Changed(result)
    held = await queries.create(scope, planned.batch_id, planned.currency, result.included, now)
    if len(held) != len(result.included):
        raise Conflict
    batch = await queries.batch_in(scope, planned.batch_id)
    await note_batch(
        scope, "pay.batch_create", batch.id, now, items=batch.item_count, cents=batch.total_cents,
        currency=batch.currency, skipped=len(result.skipped),
    )  # fmt: skip
    await note_items(scope, "pay.batch", held, now, batch=batch.number)
    return batch


async def take_out(scope: Scope, batch_id: UUID, codes: Sequence[str], now: datetime) -> Batch:
    """Let what some shoppers were to get from a batch be owed again. Raises NotFound, WrongBatch, UnknownCodes."""
    batch = await _open_batch(scope, batch_id)
    await _take_out(scope, batch, codes, "", now)
    return await queries.batch_in(scope, batch_id)


async def settle(scope: Scope, batch_id: UUID, paid_on: date, failed: Sequence[str], now: datetime) -> Batch:
    """The bank has paid everybody but some. Safe to repeat. Raises NotFound, WrongBatch, UnknownCodes.

    failed: codes of shoppers whom the bank refused; what they were to get is owed again.
    """
    batch = await queries.batch_in(scope, batch_id, lock=True)
    if batch.state is BatchState.PAID:
        return batch
    if batch.state is not BatchState.EXPORTED:
        raise WrongBatch(batch.state)
    if failed:
        await _take_out(scope, batch, failed, FAIL_REASON, now)
    paid = await queries.pay(scope, batch_id, paid_on)
    if paid:
        await queries.set_state(scope, batch_id, BatchState.PAID, now, paid_on)
        await note_batch(scope, "pay.batch_paid", batch_id, now, items=len(paid), failed=len(failed))
        await note_items(scope, "pay.pay", paid, now, batch=batch.number)
        payload = {"affiliate_id": scope.affiliate_id, "batch_id": batch_id}
        await enqueue(connection(), "payments.tell_paid", payload, unique=str(batch_id))
    return await queries.batch_in(scope, batch_id)


async def cancel(scope: Scope, batch_id: UUID, now: datetime) -> Batch:
    """Let everything in a batch be owed again. Safe to repeat. Raises NotFound, WrongBatch."""
    batch = await queries.batch_in(scope, batch_id, lock=True)
    if batch.state is BatchState.CANCELLED:
        return batch
    if batch.state not in OPEN_BATCH:
        raise WrongBatch(batch.state)
    out = await queries.take_out(scope, batch_id, None, "")
    await _cancelled(scope, batch_id, now, len(out))
    await note_items(scope, "pay.take_out", out, now, batch=batch.number)
    return await queries.batch_in(scope, batch_id)


async def _open_batch(scope: Scope, batch_id: UUID) -> Batch:
    batch = await queries.batch_in(scope, batch_id, lock=True)
    if batch.state not in OPEN_BATCH:
        raise WrongBatch(batch.state)
    return batch


async def _take_out(scope: Scope, batch: Batch, codes: Sequence[str], reason: str, now: datetime) -> None:
    wanted = list(dict.fromkeys(code.upper() for code in codes))
    known = await queries.shoppers_by_code(scope, batch.id, wanted)
    if unknown := [code for code in wanted if code not in known]:
        raise UnknownCodes(unknown)
    out = await queries.take_out(scope, batch.id, list(known.values()), reason)
    await note_items(scope, "pay.take_out", out, now, batch=batch.number, reason=reason or None)
    await note_batch(scope, "pay.batch_take_out", batch.id, now, items=len(out), people=len(known))
    if await queries.recount(scope, batch.id) == 0:
        await _cancelled(scope, batch.id, now, 0)


async def _cancelled(scope: Scope, batch_id: UUID, now: datetime, items: int) -> None:
    await queries.set_state(scope, batch_id, BatchState.CANCELLED, now)
    await note_batch(scope, "pay.batch_cancel", batch_id, now, items=items)
