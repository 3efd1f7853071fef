"""One shop: its facts, its history, who asked for it, who could make it, and what a scheduler decides."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import ENDED, NotReshot
from survey.shops.visits import service as visits
from survey.shops.visits.domain import DECLINE_WORDS, HELD, ApplicationState, Decided, PlaceClosed, State
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
from ..domain import COMES_BACK_WORDS, ORDER_WORDS, STEP_WORDS
from .shared import SCHEDULERS, WORDS, waiting_of

PAGE = 25


@get_page("/shops/{shop_id:uuid}", SCHEDULERS, writes="that a colleague's name was read is recorded")
async def shop_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Everything about a shop but the people's names."""
    return await _page(request, shop_id, form_with({}))


@get_page("/shops/{shop_id:uuid}/shoppers", SCHEDULERS)
async def shopper_list(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Who could make it, and why the others may not; `?order=` says what the list begins with."""
    scope = scope_of(request)
    shop = await queries.shop_page_in(scope, shop_id)
    start = forms.place_in(request.query_params.get("from", ""))
    order = forms.order_in(request.query_params.get("order", ""))
    found = await service.candidates_of(scope, shop, now_of(request), order)
    return render(
        request, "scheduling/shoppers.html", shop=shop, start=start, page=PAGE, rows=found[start : start + PAGE],
        order=order, orders=ORDER_WORDS, total=len(found), eligible=sum(each.verdict.is_eligible for each in found),
    )  # fmt: skip


@post_form("/shops/{shop_id:uuid}/take-back", SCHEDULERS)
async def take_back(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Let the shop be nobody's again."""
    form = await form_of(request)
    reason = forms.comes_back_in(form)
    if not form.is_valid:
        return await _page(request, shop_id, form)
    await service.take_back(scope_of(request), shop_id, reason, now_of(request))
    flash(request, "good", "The shop is open again.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/{shop_id:uuid}/lift-hold", SCHEDULERS)
async def lift_hold(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Let the shop go on."""
    await visits.lift_hold(scope_of(request), shop_id, now_of(request))
    flash(request, "good", "The shop goes on; its shopper gets back the time that the hold took.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/{shop_id:uuid}/reshoot", SCHEDULERS)
async def reshoot(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Have the visit of a rejected or excluded shop made anew, within a window of its own."""
    form, scope = await form_of(request), scope_of(request)
    await queries.shop_page_in(scope, shop_id)
    days = forms.days_in(form)
    if days is None:
        return await _page(request, shop_id, form)
    try:
        made = await campaigns.reshoot(scope, shop_id, days, now_of(request))
    except NotReshot as refusal:
        form.refuse("last", f"This cannot be: {refusal}")
        return await _page(request, shop_id, form)
    flash(request, "good", "The shop is open, in the place of the other.")
    return redirect(f"/shops/{made}")


@post_form("/shops/{shop_id:uuid}/offers", SCHEDULERS)
async def start_offering(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Offer it to one eligible shopper after another."""
    await service.start_offering(scope_of(request), shop_id, now_of(request))
    flash(request, "good", "The shop is offered to one shopper after another until somebody takes it.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/{shop_id:uuid}/offers/stop", SCHEDULERS)
async def stop_offering(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Make no further offer."""
    await service.stop_offering(scope_of(request), shop_id, now_of(request))
    flash(request, "good", "No further offers are made. One that is out stands.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/applications/{application_id:uuid}/approve", SCHEDULERS)
async def approve(request: Request, application_id: FromPath[UUID]) -> Page:
    """Give the shop to somebody who asked for it."""
    form = await form_of(request)
    try:
        shop_id = await service.approve(scope_of(request), application_id, form["override_reason"], now_of(request))
    except service.Refusal as refusal:
        form.refuse("override_reason", f"{_words(refusal)}. Give a reason to set the rules aside.")
        application = await visits.application_in(scope_of(request), application_id)
        return await _page(request, application.shop_id, form, refused=application_id)
    except PlaceClosed:
        form.refuse("override_reason", "The place is closed: nobody is sent there. Open it again, or cancel the shop.")
        application = await visits.application_in(scope_of(request), application_id)
        return await _page(request, application.shop_id, form, refused=application_id)
    except Decided as done:
        return await _already(request, application_id, done, ApplicationState.APPROVED)
    flash(request, "good", "The shop has been given away; the other applications have ended.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/applications/{application_id:uuid}/decline", SCHEDULERS)
async def decline(request: Request, application_id: FromPath[UUID]) -> Page:
    """Say no, with words that the shopper reads."""
    reason = forms.decline_reason_in(await form_of(request))
    if reason is None:
        application = await visits.application_in(scope_of(request), application_id)
        flash(request, "danger", "Choose why the application is declined: the shopper reads it.")
        return redirect(f"/shops/{application.shop_id}")
    try:
        shop_id = await service.turn_down(scope_of(request), application_id, reason, now_of(request))
    except Decided as done:
        return await _already(request, application_id, done, ApplicationState.DECLINED)
    flash(request, "good", "The application has been declined; the shopper reads why.")
    return redirect(f"/shops/{shop_id}")


@post_form("/shops/applications/{application_id:uuid}/note", SCHEDULERS)
async def read_note(request: Request, application_id: FromPath[UUID]) -> Page:
    """What somebody wrote when asking; the look is recorded."""
    ring = settings_of(request).keyring
    shop_id, words = await service.read_note(scope_of(request), ring, application_id, now_of(request))
    return await _page(request, shop_id, form_with({}), note=(application_id, words))


def _words(refusal: service.Refusal) -> str:
    return "; ".join(reason.staff for reason in refusal.verdict.reasons) or "The shopper is not at work here"


async def _already(request: Request, application_id: UUID, done: Decided, wanted: ApplicationState) -> Page:
    """The same decision once more, as after a double click, is done; another one is told to whoever came late."""
    application = await visits.application_in(scope_of(request), application_id)
    told = "That was done already." if done.state is wanted else f"Nothing was changed: {done}."
    flash(request, "info", told)
    return redirect(f"/shops/{application.shop_id}")


async def _page(
    request: Request, shop_id: UUID, form: Form, *, note: tuple[UUID, str] | None = None, refused: UUID | None = None
) -> Page:
    """refused: the application in whose line the reason for setting rules aside is asked for."""
    scope = scope_of(request)
    shop, kin = await queries.shop_page_in(scope, shop_id), await campaigns.kin_of(scope, shop_id)
    return render(
        request, "scheduling/shop.html", 422 if form.errors else 200, shop=shop, refused=refused,
        kin=kin, reminders=await queries.reminders_of(scope, shop_id), step_words=STEP_WORDS,
        history=await service.history_of(scope, settings_of(request), shop, now_of(request)),
        applicants=await service.applicants_of(scope, shop, now_of(request)), form=form, errors=form.errors, note=note,
        is_held=shop.state in HELD - {State.RETURNED}, comes_back=list(COMES_BACK_WORDS.items()),
        decline_words=list(DECLINE_WORDS.items()), can_be_reshot=shop.state in ENDED and kin.new_id is None,
        is_legal_hold=await visits.has_legal_hold(scope, shop_id),
        **await waiting_of(request, [shop_id]), **WORDS,
    )  # fmt: skip


ROUTES = (
    shop_page, shopper_list, take_back, lift_hold, reshoot, start_offering, stop_offering, approve, decline, read_note,
)  # fmt: skip
