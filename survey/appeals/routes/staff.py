"""The affiliate's queue of appeals, and one appeal with both of its sides."""

from collections.abc import Awaitable, Mapping
from functools import partial
from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.db import Conflict, Paged, Scope, savepoint
from survey.media import media_of
from survey.questionnaires.domain import TEXT_KINDS, form_values
from survey.releases import service as releases
from survey.shops.fieldwork.domain import COMMENT_CHARACTERS, comment_field
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import LONGEST_REASON, BadEdit, OwnShop
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
    survive,
)

from .. import forms, queries, service
from ..domain import CLASSES, ENDED, ISSUES, OPEN, AppealEvent, WrongAppealState, after

EDITORS = ("affiliate_admin", "manager", "editor")
EVENT_WORDS: Mapping[AppealEvent, str] = {
    AppealEvent.TAKE_UP: "Take it up",
    AppealEvent.ASK_SHOPPER: "Ask the shopper",
    AppealEvent.ASK_CLIENT: "Ask the client",
    AppealEvent.RESOLVE: "Explain, change nothing",
    AppealEvent.DECLINE: "Decline",
}
VIEWS: Mapping[str, str] = {
    "open": "Open, by when they were raised",
    "ours": "Waiting for us, by when we should answer",
    "late": "Late",
    "decided": "Decided, let go, or ended",
}
NOTHING: Mapping[str, str] = {}
OWN_FIELDS = ("csrf", "reason", "outcome", "beside", "shown", "cover")
ANEW = "The report was released anew. The shopper sees what was changed, and why."
# The shopper reads it, and does not learn from it that a client is behind it.
PURPOSE = "look again at what was reported"
LOOK = "a look at what a shopper reported is recorded"
REFUSALS = (WrongAppealState, WrongState, OnHold, OwnShop, Conflict)


@get_page("/appeals", staff(*EDITORS))
async def queue_page(request: Request) -> Page:
    """What clients contest: the longest waiting first, or by when we should answer, as the address asks."""
    scope, now = scope_of(request), now_of(request)
    asked = request.query_params.get("state", "")
    view = asked if asked in VIEWS else "open"
    page = await _listed(scope, view, request)
    return render(
        request, "appeals/queue.html", rows=page.rows, next_cursor=page.next_cursor, view=view, views=VIEWS,
        issues=ISSUES, is_first="after" not in request.query_params, wishes=await queries.count_wishes(scope), now=now,
        late=await queries.count_late(scope, now), zone=await clients.usual_zone(scope),
    )  # fmt: skip


async def _listed(scope: Scope, view: str, request: Request) -> Paged[queries.Line]:
    if view in ("ours", "late"):
        return await queries.queue_by_due(scope, now_of(request) if view == "late" else None, keyset_of(request))
    return await queries.queue_of(scope, ENDED if view == "decided" else OPEN, keyset_of(request))


@get_page("/appeals/{appeal_id:uuid}", staff(*EDITORS), writes=LOOK)
async def thread_page(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """One appeal: what the client says, what the shopper answered, what may be done now."""
    return await _thread_page(request, appeal_id, await _relayed(request, appeal_id))


@post_form("/appeals/{appeal_id:uuid}", staff(*EDITORS))
async def act(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Take it up, ask one of the two, explain or decline."""
    form = await form_of(request)
    line = await queries.line_in(scope_of(request), appeal_id)
    event, covered = _event(form), dict[str, str]()
    words = "" if event is AppealEvent.TAKE_UP else forms.words_in(form, "words", "Write what they are to read")
    if form.is_valid:
        outgoing = service.Outgoing("words", words, to_client=event is not AppealEvent.ASK_SHOPPER)
        words = await said(request, line.shop_id, outgoing, form)
        work = _work(request, appeal_id, event, words)
        covered = await _try(request, line.shop_id, work, "Done.", form)
    if form.is_valid:
        return redirect(f"/appeals/{appeal_id}")
    return await _thread_page(request, appeal_id, form, covered)


@get_page("/appeals/{appeal_id:uuid}/change", staff(*EDITORS), writes=LOOK)
async def change_page(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """A form with the contested question, as it was asked."""
    return await _change_page(request, appeal_id, form_with({}))


@post_form("/appeals/{appeal_id:uuid}/change", staff(*EDITORS))
async def change(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Change the answer and release the report anew."""
    form, settings, covered = await form_of(request), settings_of(request), dict[str, str]()
    line = await queries.line_in(scope_of(request), appeal_id)
    decision = _decision(form)
    if form.is_valid:
        going = decision.outgoing(line.appeal.question_id)
        decision = decision.saying({each.name: await said(request, line.shop_id, each, form) for each in going})
        work = service.change(scope_of(request), settings, media_of(settings), (appeal_id, decision), now_of(request))
        covered = await _try(request, line.shop_id, work, ANEW, form)
    if form.is_valid:
        return redirect(f"/appeals/{appeal_id}")
    return await _change_page(request, appeal_id, form, covered)


@post_form("/appeals/{appeal_id:uuid}/class", staff(*EDITORS))
async def classify(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Note what was behind it, for the affiliate alone."""
    form, scope = await form_of(request), scope_of(request)
    line = await queries.line_in(scope, appeal_id)
    work = service.classify(scope, appeal_id, forms.class_in(form), now_of(request))
    await _try(request, line.shop_id, work, "Noted. Neither the client nor the shopper reads it.", form)
    return redirect(f"/appeals/{appeal_id}")


def _decision(form: Form) -> service.Decision:
    """What is decided with a change; leaves messages for what is missing."""
    reason = forms.words_in(form, "reason", "Say why: the shopper reads it", longest=LONGEST_REASON)
    outcome = forms.words_in(form, "outcome", "Write what the client is to read")
    fields = {name: values for name, values in form.raw.items() if name not in OWN_FIELDS}
    return service.Decision(fields, reason, outcome, form["beside"] if "beside" in form.raw else None)


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


async def said(request: Request, shop_id: UUID, outgoing: service.Outgoing, form: Form) -> str:
    """The words as they are typed, or covered where the form says so of them: then they have been shown like that.

    A form that comes back has them as they were to be sent.
    """
    if outgoing.name not in form.all("cover"):
        return outgoing.words
    covered = await _covered(request, shop_id, outgoing)
    form.raw[outgoing.name] = [covered]
    return covered


async def _covered(request: Request, shop_id: UUID, outgoing: service.Outgoing) -> str:
    if outgoing.is_own_looked_for:
        note_looks(request, shop_id, 1)
    return await service.relayed(scope_of(request), settings_of(request), shop_id, outgoing)


def note_looks(request: Request, shop_id: UUID, looks: int) -> None:
    """Record that the shopper's name was opened so often, whatever becomes of what it was opened for."""
    note = partial(releases.note_name_look, scope_of(request), shop_id, now_of(request))
    for _ in range(looks):
        survive(request, note)


async def _relayed(request: Request, appeal_id: UUID) -> Form:
    """What one side has written last, covered, in the form that goes to the other, where the address asks for it."""
    towards = request.query_params.get("relay", "")
    if towards not in ("shopper", "client"):
        return form_with({})
    thread = await service.thread_in(scope_of(request), settings_of(request), appeal_id)
    words = thread.last_of_client if towards == "shopper" else thread.last_of_shopper
    outgoing = service.Outgoing("words", words, to_client=towards == "client")
    covered = await _covered(request, thread.line.shop_id, outgoing)
    return form_with({"words": covered, "event": AppealEvent.ASK_SHOPPER if towards == "shopper" else ""})


async def _try(request: Request, shop_id: UUID, work: Awaitable[object], done: str, form: Form) -> dict[str, str]:
    """Do it, and say so. Of words that may not leave: messages in the form, and how they read covered, by field."""
    try:
        async with savepoint():
            await work
    except service.Unsendable as refusal:
        for each in refusal.refused:
            form.refuse(each.name, each.why)
        note_looks(request, shop_id, refusal.looks)
        return refusal.covered
    except BadEdit as refusal:
        form.refuse(refusal.name, f"{refusal}. Nothing was sent.")
    except service.Unreleased as refusal:
        note_looks(request, shop_id, refusal.looks)
        flash(request, "attention", f"Nothing has happened: {refusal}.")
    except REFUSALS as refusal:
        flash(request, "attention", f"Nothing has happened: {refusal}.")
    else:
        flash(request, "good", done)
    return {}


async def _thread_page(request: Request, appeal_id: UUID, form: Form, covered: Mapping[str, str] = NOTHING) -> Page:
    thread = await service.thread_in(scope_of(request), settings_of(request), appeal_id)
    await reviews.note_reading(scope_of(request), thread.line.shop_id, PURPOSE, now_of(request))
    events = [(each, words) for each, words in EVENT_WORDS.items() if _may(thread, each)]
    return render(
        request, "appeals/staff.html", 422 if form.errors else 200, thread=thread, form=form, errors=form.errors,
        events=events, issues=ISSUES, is_changeable=_may(thread, AppealEvent.CHANGE), classes=list(CLASSES.items()),
        covered=covered, classified=await queries.find_class(scope_of(request), appeal_id),
    )  # fmt: skip


def _may(thread: service.Thread, event: AppealEvent) -> bool:
    try:
        after(thread.line.appeal.state, event)
    except WrongAppealState:
        return False
    return True


async def _change_page(request: Request, appeal_id: UUID, form: Form, covered: Mapping[str, str] = NOTHING) -> Page:
    line = await queries.line_in(scope_of(request), appeal_id)
    found = await reviews.opened(scope_of(request), settings_of(request), line.shop_id)
    item = reviews.item_in(found, line.appeal.question_id)
    if item.kind in TEXT_KINDS:
        raise Conflict("words are not changed by an appeal: recall the report and edit it in review")
    await reviews.note_reading(scope_of(request), line.shop_id, PURPOSE, now_of(request))
    values = dict(form.raw) if form.errors else form_values(item, found.report.coded, found.texts)
    beside = found.texts.get(comment_field(item.id))
    return render(
        request, "appeals/change.html", 422 if form.errors else 200, line=line, item=item, values=values, form=form,
        errors=form.errors, covered=covered, beside=form["beside"] if beside and form.errors else beside,
        longest_beside=COMMENT_CHARACTERS, longest_reason=LONGEST_REASON,
    )  # fmt: skip
