"""The affiliate's queue of appeals, and one appeal with both of its sides."""

from collections.abc import Awaitable, Mapping
from uuid import UUID

from litestar.params import FromPath

from survey.db import Conflict, savepoint
from survey.media import media_of
from survey.questionnaires.domain import TEXT_KINDS, form_values
from survey.releases.domain import Revealing
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import BadEdit, OwnShop
from survey.shops.visits.domain import OnHold, WrongState
from survey.web import (
    Form,
    Page,
    Request,
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
from ..domain import CLASSES, DECIDED, ISSUES, LET_GO, OPEN, AppealEvent, WrongAppealState, after

EDITORS = ("affiliate_admin", "manager", "editor")
EVENT_WORDS: Mapping[AppealEvent, str] = {
    AppealEvent.TAKE_UP: "Take it up",
    AppealEvent.ASK_SHOPPER: "Ask the shopper",
    AppealEvent.ASK_CLIENT: "Ask the client",
    AppealEvent.RESOLVE: "Explain, change nothing",
    AppealEvent.DECLINE: "Decline",
}
OWN_FIELDS = ("csrf", "reason", "outcome", "shown")
# The shopper reads it, and does not learn from it that a client is behind it.
PURPOSE = "look again at what was reported"
LOOK = "a look at what a shopper reported is recorded"
REFUSALS = (WrongAppealState, WrongState, OnHold, OwnShop, Revealing, Conflict)


@get_page("/appeals", staff(*EDITORS))
async def queue_page(request: Request) -> Page:
    """What clients contest, the longest waiting first."""
    is_decided = request.query_params.get("state") == "decided"
    states = (*DECIDED, *LET_GO) if is_decided else OPEN
    page = await queries.queue_of(scope_of(request), states, keyset_of(request))
    return render(
        request, "appeals/queue.html", rows=page.rows, next_cursor=page.next_cursor, is_decided=is_decided,
        issues=ISSUES, is_first="after" not in request.query_params,
        wishes=await queries.count_wishes(scope_of(request)),
    )  # fmt: skip


@get_page("/appeals/{appeal_id:uuid}", staff(*EDITORS), writes=LOOK)
async def thread_page(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """One appeal: what the client says, what the shopper answered, what may be done now."""
    return await _thread_page(request, appeal_id, form_with({}))


@post_form("/appeals/{appeal_id:uuid}", staff(*EDITORS))
async def act(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Take it up, ask one of the two, explain or decline."""
    form = await form_of(request)
    await queries.line_in(scope_of(request), appeal_id)
    event = _event(form)
    words = "" if event is AppealEvent.TAKE_UP else forms.words_in(form, "words", "Write what they are to read")
    if form.is_valid:
        await _try(request, _work(request, appeal_id, event, words), "Done.", form)
    return redirect(f"/appeals/{appeal_id}") if form.is_valid else await _thread_page(request, appeal_id, form)


@get_page("/appeals/{appeal_id:uuid}/change", staff(*EDITORS), writes=LOOK)
async def change_page(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """A form with the contested question, as it was asked."""
    return await _change_page(request, appeal_id, form_with({}))


@post_form("/appeals/{appeal_id:uuid}/change", staff(*EDITORS))
async def change(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Change the answer and release the report anew."""
    form, settings = await form_of(request), settings_of(request)
    reason = forms.words_in(form, "reason", "Say why: the shopper reads it", longest=forms.LONGEST_REASON)
    fields = {name: values for name, values in form.raw.items() if name not in OWN_FIELDS}
    decision = service.Decision(fields, reason, forms.words_in(form, "outcome", "Write what the client is to read"))
    if form.is_valid:
        work = service.change(scope_of(request), settings, media_of(settings), (appeal_id, decision), now_of(request))
        await _try(request, work, "The report was released anew. The shopper sees what was changed, and why.", form)
    return redirect(f"/appeals/{appeal_id}") if form.is_valid else await _change_page(request, appeal_id, form)


@post_form("/appeals/{appeal_id:uuid}/class", staff(*EDITORS))
async def classify(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Note what was behind it, for the affiliate alone."""
    form, scope = await form_of(request), scope_of(request)
    await queries.line_in(scope, appeal_id)
    work = service.classify(scope, appeal_id, forms.class_in(form), now_of(request))
    await _try(request, work, "Noted. Neither the client nor the shopper reads it.", form)
    return redirect(f"/appeals/{appeal_id}")


def _event(form: Form) -> AppealEvent:
    event = next((each for each in EVENT_WORDS if each == form["event"]), None)
    if event is None:
        raise Conflict("choose what to do")
    return event


def _work(request: Request, appeal_id: UUID, event: AppealEvent, words: str) -> Awaitable[object]:
    scope, now = scope_of(request), now_of(request)
    match event:
        case AppealEvent.TAKE_UP:
            return service.take_up(scope, appeal_id, now)
        case AppealEvent.ASK_SHOPPER:
            return service.ask_shopper(scope, settings_of(request), appeal_id, words, now)
        case AppealEvent.ASK_CLIENT:
            return service.ask_client(scope, settings_of(request), appeal_id, words, now)
        case _:
            return service.settle(scope, settings_of(request), appeal_id, event, words, now)


async def _try(request: Request, work: Awaitable[object], done: str, form: Form) -> None:
    """Do it, and say so; leaves a message in the form at words that may not leave."""
    try:
        async with savepoint():
            await work
    except service.Unsendable as refusal:
        form.refuse(refusal.name, f"{refusal}")
    except (*REFUSALS, BadEdit) as refusal:
        flash(request, "attention", f"Nothing has happened: {refusal}.")
    else:
        flash(request, "good", done)


async def _thread_page(request: Request, appeal_id: UUID, form: Form) -> Page:
    thread = await service.thread_in(scope_of(request), settings_of(request), appeal_id)
    await reviews.note_reading(scope_of(request), thread.line.shop_id, PURPOSE, now_of(request))
    events = [(each, words) for each, words in EVENT_WORDS.items() if _may(thread, each)]
    return render(
        request, "appeals/staff.html", 422 if form.errors else 200, thread=thread, form=form, errors=form.errors,
        events=events, issues=ISSUES, is_changeable=_may(thread, AppealEvent.CHANGE), classes=list(CLASSES.items()),
        classified=await queries.find_class(scope_of(request), appeal_id),
    )  # fmt: skip


def _may(thread: service.Thread, event: AppealEvent) -> bool:
    try:
        after(thread.line.appeal.state, event)
    except WrongAppealState:
        return False
    return True


async def _change_page(request: Request, appeal_id: UUID, form: Form) -> Page:
    line = await queries.line_in(scope_of(request), appeal_id)
    found = await reviews.opened(scope_of(request), settings_of(request), line.shop_id)
    item = reviews.item_in(found, line.appeal.question_id)
    if item.kind in TEXT_KINDS:
        raise Conflict("words are not changed by an appeal: recall the report and edit it in review")
    await reviews.note_reading(scope_of(request), line.shop_id, PURPOSE, now_of(request))
    values = dict(form.raw) if form.errors else form_values(item, found.report.coded, found.texts)
    return render(
        request, "appeals/change.html", 422 if form.errors else 200, line=line, item=item, values=values, form=form,
        errors=form.errors,
    )  # fmt: skip
