"""Acts on many shops: terms, preview, do, result, undo; and shops chosen by pasting their codes."""

from uuid import UUID, uuid4

from litestar.params import FromPath

from survey.clients import service as clients
from survey.shops.visits.domain import difference
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)

from .. import forms, queries, service
from ..domain import (
    CANCEL_WORDS,
    COMES_BACK_WORDS,
    KIND_WORDS,
    MOST_CHOSEN,
    MOST_SHOPS,
    MOST_STOPS,
    WAITING,
    Changed,
    Kind,
    Outcome,
    Stop,
    Terms,
    TooLate,
    in_kept_order,
    is_ones_own,
    pasted,
    sentence,
)
from .shared import SCHEDULERS, SELECTION_BYTES, WORDS, view_of

IN_ROUNDS = {Kind.ASSIGN, Kind.OFFER, Kind.PLAN}


@get_page("/shops/paste", SCHEDULERS)
async def paste(request: Request) -> Page:
    """Where references or location codes are pasted."""
    return render(request, "scheduling/paste.html", form=form_with({}), errors={}, query=view_of(request).query(),
                  kinds=[each for each in KIND_WORDS.items() if each[0] is not Kind.LINES])  # fmt: skip


@get_page("/shops/lines", SCHEDULERS)
async def lines(request: Request) -> Page:
    """Where lines of store, shopper and day are pasted; shops that are ticked have begun theirs."""
    view = view_of(request)
    begun = "".join(f"{ref}; \n" for ref in view.chosen)
    return await _page(request, Kind.LINES, form_with({"query": view.choosing(()).query(), "lines": begun}), None)


@post_form("/shops/bulk", SCHEDULERS, limit_bytes=SELECTION_BYTES)
async def terms(request: Request) -> Page:
    """What is to happen to the shops that were chosen. Nothing is written."""
    form = await form_of(request)
    kind = forms.kind_in(form)
    if kind is None:
        return redirect(f"/shops?{forms.view_of_query(form['query']).query()}")
    if "move" in form:
        form = forms.with_legs(form, forms.moved_legs_in(form)[0])
    elif kind is Kind.PLAN and "leg" not in form:
        form = forms.with_legs(form, await _day_of_one(request, form))
    return await _page(request, kind, Form(form.raw), None)


@post_form("/shops/bulk/preview", SCHEDULERS, limit_bytes=SELECTION_BYTES)
async def preview(request: Request) -> Page:
    """What would come of it. Nothing is written: the act is tried and rolled back."""
    form = await form_of(request)
    kind = forms.kind_in(form)
    if kind is None:
        return redirect("/shops")
    asked = forms.terms_in(form, kind, now_of(request).date())
    if not form.is_valid:
        return await _page(request, kind, form, None, 422)
    return await _effects(request, kind, form, asked)


@post_form("/shops/bulk/do", SCHEDULERS, limit_bytes=SELECTION_BYTES)
async def do(request: Request) -> Page:
    """Do what was shown. Sent twice, it happens once; where the effects are others by now, they are shown again."""
    form = await form_of(request)
    kind, action_id = forms.kind_in(form), forms.action_id_in(form)
    if kind is None or action_id is None:
        return redirect("/shops")
    asked = forms.terms_in(form, kind, now_of(request).date())
    if not form.is_valid:
        return await _page(request, kind, form, None, 422)
    ring, now, shown = settings_of(request).keyring, now_of(request), forms.shown_in(form)
    try:
        if shown is None:
            raise Changed
        await service.do(scope_of(request), ring, action_id, kind, asked, shown, now)
    except Changed:
        return await _effects(request, kind, form, asked, 409)
    return redirect(f"/shops/bulk/{action_id}?{forms.view_of_query(form['query']).choosing(()).query()}")


@get_page("/shops/bulk/{action_id:uuid}", SCHEDULERS)
async def result(request: Request, action_id: FromPath[UUID]) -> Page:
    """What came of an act, and for half a minute the way to undo it."""
    scope = scope_of(request)
    action = await queries.action_in(scope, action_id)
    done = len(action.wanted)
    return render(
        request, "scheduling/result.html", action=action, query=view_of(request).query(), words=KIND_WORDS,
        waiting=WAITING, zone=await clients.usual_zone(scope),
        said=sentence(action.kind, done, action.skipped), can_undo=done > 0 and action.can_be_undone(now_of(request)),
        seconds=max(0, int((action.undo_until - now_of(request)).total_seconds())),
    )  # fmt: skip


@post_form("/shops/bulk/{action_id:uuid}/undo", SCHEDULERS)
async def undo(request: Request, action_id: FromPath[UUID]) -> Page:
    """Put back what was there, where nothing has moved since."""
    try:
        await service.undo(scope_of(request), action_id, now_of(request))
    except TooLate:
        flash(request, "info", "The half minute in which this could be undone is over: it stands.")
    return redirect(f"/shops/bulk/{action_id}")


async def _found(request: Request, kind: Kind, form: Form) -> service.Found:
    if kind is Kind.LINES:
        now = now_of(request)
        pasted = forms.lines_in(Form(form.raw), now.date()) if form["lines"] else ()
        return await service.found_by_lines(scope_of(request), pasted, now)
    selection = forms.selection_in(form)
    wanted = forms.view_of_query(selection.query).filter
    return await service.selected(scope_of(request), selection, wanted, now_of(request))


async def _effects(request: Request, kind: Kind, form: Form, asked: Terms, status: int = 200) -> Page:
    found = await _found(request, kind, form)
    ring, now = settings_of(request).keyring, now_of(request)
    outcome = await service.preview(scope_of(request), ring, kind, asked, found.ids, now)
    return await _page(request, kind, form, outcome, status)


async def _page(request: Request, kind: Kind, form: Form, outcome: Outcome | None, status: int = 200) -> Page:
    """The terms of an act, and below them, once they are known, its effects."""
    found, selection = await _found(request, kind, form), forms.selection_in(form)
    back = forms.view_of_query(selection.query).choosing([each.public_ref for each in found.ticked][:MOST_CHOSEN])
    legs = await _legs(request, form) if kind in IN_ROUNDS else []
    near = await _proposals(request, found) if kind is Kind.ASSIGN and outcome is None else []
    return render(
        request, "scheduling/bulk.html", status, kind=kind, words=KIND_WORDS[kind], form=form, errors=form.errors,
        found=found, selection=selection, back=back.query(), most=MOST_SHOPS, outcome=outcome, action_id=uuid4(),
        left=outcome.left(found.ids) if outcome else [], has_changed=status == 409,
        said=sentence(kind, len(outcome.done), outcome.skipped) if outcome else "",
        costs=[difference(cents, currency) for currency, cents in outcome.costs.items() if cents] if outcome else [],
        shown_lines=pasted(each.line for each in outcome.lines) if outcome else "",
        shown_pay=forms.shown_pay(outcome) if outcome and kind is Kind.PAY else "",
        near=near, most_near=service.MOST_PROPOSED, legs=legs, move=form["move"],
        codes="\n".join(selection.codes), cancel_words=CANCEL_WORDS, comes_back=COMES_BACK_WORDS, **WORDS,
    )  # fmt: skip


async def _proposals(request: Request, found: service.Found) -> list[service.Proposal]:
    """Who is proposed for several shops; for one, its own page compares everybody."""
    if len(found.ids) < 2:
        return []
    return await service.proposals(scope_of(request), found.ids, now_of(request))


async def _day_of_one(request: Request, form: Form) -> dict[str, str]:
    """Shops that one shopper has, in their order as it is, to be kept or changed; none where it means nothing."""
    found = await _found(request, Kind.PLAN, form)
    if not 1 < len(found.ids) <= MOST_STOPS:
        return {}
    stops = await queries.stops_of(scope_of(request), found.ids)
    return {str(stop.id): "" for stop in in_kept_order(stops)} if is_ones_own(stops) else {}


async def _legs(request: Request, form: Form) -> list[tuple[Stop, str]]:
    """The stops of a round, each with its day as it was typed; none where the shops go as no round."""
    days = forms.legs_in(form)
    stops = await queries.stops_of(scope_of(request), forms.ids_in(list(days)))
    return [(stop, days.get(str(stop.id), "")) for stop in stops]


ROUTES = (paste, lines, terms, preview, do, result, undo)
