"""Batches: the list, the dry run, one batch with its lines, its files, and how it ends."""

from datetime import date
from uuid import UUID

from litestar.params import FromPath

from privacy.crypto import random_id
from survey.db import NotFound
from survey.shops.visits.domain import money
from survey.web import (
    Form,
    Page,
    Request,
    download,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, queries, service
from ..domain import (
    BATCH_WORDS,
    OPEN_BATCH,
    SKIP_WORDS,
    BatchState,
    DryRun,
    NothingToTransfer,
    NotTransferable,
    WrongBatch,
)
from .items import FASTER, PAYERS
from .views import BATCH_KINDS

SHOWN = 200
NO_OWN_ACCOUNT = "Say first which account you pay from: the bank file needs it"
NO_TRANSFER = "A bank file cannot hold these; use the list, or take them out: "
NOTHING_TO_TRANSFER = (
    "Nobody in this batch is owed money, and a bank takes no transfer of nothing; save the list instead"
)
NO_ACCOUNT = "These shoppers have no account any more; take them out first: "


@get_page("/pay/batches", staff(*PAYERS))
async def batch_list(request: Request) -> Page:
    """Batches, the newest first."""
    asked = request.query_params.get("state", "")
    state = BatchState(asked) if asked in set(BatchState) else None
    page = await queries.batches_of(scope_of(request), state, keyset_of(request))
    return render(
        request, "payments/batches.html", rows=page.rows, next_cursor=page.next_cursor, money=money,
        state=state.value if state else "", words=BATCH_WORDS, kinds=BATCH_KINDS,
        is_first_page="after" not in request.query_params,
    )  # fmt: skip


@get_page("/pay/batches/new", staff(*PAYERS))
async def new_batch(request: Request) -> Page:
    """What a batch would hold, who would be left out, and why. Nothing is changed."""
    view = await _view(request)
    result = await service.preview(scope_of(request), view.currency, view.until, now_of(request).date())
    return await _dry_run(request, view, result, random_id(), form_with({}))


@post_form("/pay/batches/new", staff(*PAYERS))
async def create_batch(request: Request) -> Page:
    """Put together what the dry run showed."""
    form = await form_of(request)
    planned = forms.planned_in(form)
    if planned is None:
        return redirect("/pay/batches/new")
    try:
        batch = await service.create_batch(scope_of(request), planned, now_of(request))
    except service.Changed as changed:
        form.refuse("", "What is owed has changed in the meantime. This is how it is now: look again.")
        view = forms.BatchView(planned.currency, planned.until)
        return await _dry_run(request, view, changed.result, planned.batch_id, form, 409)
    flash(request, "good", f"Batch {batch.number} has been put together. Take its file to the bank.")
    return redirect(f"/pay/batches/{batch.id}")


@get_page("/pay/batches/{batch_id:uuid}", staff(*PAYERS))
async def batch_page(request: Request, batch_id: FromPath[UUID]) -> Page:
    """One batch: who gets what, by code."""
    return await _batch(request, batch_id, form_with({"paid_on": now_of(request).date().isoformat()}))


@post_form("/pay/batches/{batch_id:uuid}/export/{kind:str}", staff(*PAYERS))
async def export_batch(request: Request, batch_id: FromPath[UUID], kind: FromPath[str]) -> Page:
    """The batch as a file, with names and accounts opened; each look is recorded."""
    if kind not in set(service.FileKind):
        raise NotFound("file")
    form, settings = await form_of(request), settings_of(request)
    try:
        made = await service.export(scope_of(request), settings, batch_id, service.FileKind(kind), now_of(request))
    except (NotTransferable, NothingToTransfer, service.NoAccount, WrongBatch) as refused:
        form.refuse("", _refusal(refused))
        return await _batch(request, batch_id, form, 409)
    return download(made.body, made.name, made.kind.media)


@post_form("/pay/batches/{batch_id:uuid}/take-out", staff(*PAYERS))
async def take_out(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Let what some shoppers were to get be owed again."""
    form = await form_of(request)
    codes = forms.codes_in(form, "codes", is_needed=True)
    await _ask_for_a_word(request, batch_id, form, "not_paid")
    if not form.is_valid:
        return await _batch(request, batch_id, form, 422)
    try:
        await service.take_out(scope_of(request), batch_id, codes, now_of(request))
    except (service.UnknownCodes, WrongBatch) as refused:
        return await _refused(request, batch_id, form, "codes", refused)
    flash(request, "good", "Taken out; it is owed again.")
    return redirect(f"/pay/batches/{batch_id}")


@post_form("/pay/batches/{batch_id:uuid}/settle", staff(*PAYERS))
async def settle(request: Request, batch_id: FromPath[UUID]) -> Page:
    """The bank has paid everybody but those who are named."""
    form, now = await form_of(request), now_of(request)
    paid_on, failed = forms.paid_on_in(form, now.date()), forms.codes_in(form, "failed")
    if not form.is_valid:
        return await _batch(request, batch_id, form, 422)
    try:
        await service.settle(scope_of(request), batch_id, paid_on, failed, now)
    except (service.UnknownCodes, WrongBatch) as refused:
        return await _refused(request, batch_id, form, "failed", refused)
    flash(request, "good", "The batch is closed. Whoever the bank refused is owed again.")
    return redirect(f"/pay/batches/{batch_id}")


@post_form("/pay/batches/{batch_id:uuid}/cancel", staff(*PAYERS))
async def cancel(request: Request, batch_id: FromPath[UUID]) -> Page:
    """Let everything in a batch be owed again."""
    form = await form_of(request)
    await _ask_for_a_word(request, batch_id, form, "not_sent")
    if not form.is_valid:
        return await _batch(request, batch_id, form, 422)
    try:
        await service.cancel(scope_of(request), batch_id, now_of(request))
    except WrongBatch as refused:
        return await _refused(request, batch_id, form, "", refused)
    flash(request, "good", "The batch is cancelled; everything in it is owed again.")
    return redirect(f"/pay/batches/{batch_id}")


async def _ask_for_a_word(request: Request, batch_id: UUID, form: Form, name: str) -> None:
    """Once a file was taken, giving items back needs a tick: what the bank has may be paid twice."""
    batch = await queries.batch_in(scope_of(request), batch_id)
    if batch.state is BatchState.EXPORTED and form[name] != "yes":
        form.refuse(name, "Make sure that the bank will not pay from this file, or people are paid twice")


async def _view(request: Request) -> forms.BatchView:
    known = await queries.currencies(scope_of(request))
    return forms.batch_view(request.query_params, known[0] if known else "USD", now_of(request).date())


async def _dry_run(
    request: Request, view: forms.BatchView, result: DryRun, batch_id: UUID, form: Form, status: int = 200
) -> Page:
    return render(
        request, "payments/new_batch.html", status, view=view, result=result, batch_id=batch_id, errors=form.errors,
        included=result.included[:SHOWN], skipped=result.skipped[:SHOWN], shown=SHOWN, skip_words=SKIP_WORDS,
        money=money, currencies=[(each, each) for each in await queries.currencies(scope_of(request))],
        most=queries.MOST_ITEMS,
    )  # fmt: skip


async def _batch(request: Request, batch_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    batch = await queries.batch_in(scope, batch_id)
    page = await queries.lines_of(scope, batch_id, keyset_of(request))
    return render(
        request, "payments/batch.html", status, batch=batch, rows=page.rows, next_cursor=page.next_cursor, form=form,
        errors=form.errors, words=BATCH_WORDS, kinds=BATCH_KINDS, money=money, is_open=batch.state in OPEN_BATCH,
        today=_today(request), is_first_page="after" not in request.query_params,
    )  # fmt: skip


async def _refused(request: Request, batch_id: UUID, form: Form, name: str, refused: Exception) -> Page:
    if isinstance(refused, service.UnknownCodes):
        form.refuse(name, "Nothing in this batch is for " + ", ".join(refused.codes))
        return await _batch(request, batch_id, form, 422)
    flash(request, "attention", FASTER)
    return redirect(f"/pay/batches/{batch_id}")


def _refusal(refused: NotTransferable | NothingToTransfer | service.NoAccount | WrongBatch) -> str:
    match refused:
        case NothingToTransfer():
            return NOTHING_TO_TRANSFER
        case NotTransferable(codes=()):
            return NO_OWN_ACCOUNT
        case NotTransferable():
            return NO_TRANSFER + ", ".join(refused.codes)
        case service.NoAccount():
            return NO_ACCOUNT + ", ".join(refused.codes)
        case _:
            return FASTER


def _today(request: Request) -> date:
    return now_of(request).date()


ROUTES = (batch_list, new_batch, create_batch, batch_page, export_batch, take_out, settle, cancel)
