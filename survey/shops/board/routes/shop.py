"""One shop of the board: what it takes, and taking it, asking for it, or answering an offer."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.visits.domain import (
    DECLINE_WORDS,
    MustApply,
    OnHold,
    OutsideWindow,
    PlaceClosed,
    State,
    WrongState,
    money,
)
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
    shopper,
)

from .. import forms, queries, service
from ..domain import OfferOver, time_left

OWN = shopper()
SHOP = "/shopper/board/{shop_id:uuid}"
MINE = "/shopper/shops"
BACK = {"mine": MINE, "asked": f"{MINE}/asked"}  # where somebody came from who takes an application back
ANOTHER_DAY = "Choose a day on which this shop can be made"


@get_page(SHOP, OWN)
async def shop_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """What it is, what it pays, what it takes, and what can be done with it."""
    return await _page(request, shop_id, form_with({}))


@post_form(f"{SHOP}/take", OWN)
async def take(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Take it at once, where the campaign allows it."""
    form = await form_of(request)
    day = forms.day_in(form)
    if day is None:
        return await _page(request, shop_id, form, 422)
    try:
        await service.taking.take(scope_of(request), shop_id, day, now_of(request))
    except WrongState:
        return await _page(request, shop_id, form, 409)
    except (service.NotForYou, MustApply, OnHold, OutsideWindow, PlaceClosed) as refusal:
        return await _refused(request, shop_id, form, refusal)
    flash(request, "good", "This shop is yours. Read its guideline before you go.")
    return redirect(MINE)


@post_form(f"{SHOP}/apply", OWN)
async def apply(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Ask to be given it, on a day."""
    form = await form_of(request)
    day, words = forms.day_in(form), forms.words_in(form)
    if day is None or not form.is_valid:
        return await _page(request, shop_id, form, 422)
    try:
        await service.taking.apply(scope_of(request), settings_of(request), shop_id, (day, words), now_of(request))
    except WrongState:
        return await _page(request, shop_id, form, 409)
    except (service.NotForYou, OnHold, OutsideWindow) as refusal:
        return await _refused(request, shop_id, form, refusal)
    flash(request, "good", "Sent. A scheduler answers, and you hear of it by mail.")
    return redirect(f"/shopper/board/{shop_id}")


@post_form(f"{SHOP}/withdraw", OWN)
async def withdraw(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Take an application back."""
    back = BACK.get((await form_of(request))["back"], f"/shopper/board/{shop_id}")
    await service.taking.withdraw(scope_of(request), shop_id, now_of(request))
    flash(request, "info", "Your application is taken back.")
    return redirect(back)


@post_form(f"{SHOP}/accept", OWN)
async def accept(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Take an offer, on a day of one's choice."""
    form = await form_of(request)
    day = forms.day_in(form)
    if day is None:
        return await _page(request, shop_id, form, 422)
    try:
        await service.taking.accept(scope_of(request), shop_id, day, now_of(request))
    except (OfferOver, WrongState):
        return await _page(request, shop_id, form, 409, is_late=True)
    except (service.NotForYou, OnHold, OutsideWindow) as refusal:
        return await _refused(request, shop_id, form, refusal)
    flash(request, "good", "This shop is yours. Read its guideline before you go.")
    return redirect(MINE)


@post_form(f"{SHOP}/decline", OWN)
async def decline(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Leave an offer to somebody else."""
    try:
        await service.taking.decline(scope_of(request), shop_id, now_of(request))
    except (OfferOver, WrongState, OnHold):
        flash(request, "info", "The offer was over already. Nothing counts against you.")
        return redirect(MINE)
    flash(request, "info", "Declined. That does not count against you.")
    return redirect(MINE)


async def _refused(request: Request, shop_id: UUID, form: Form, refusal: Exception) -> Page:
    """Say what stands against it; whatever was posted directly meets the same rules."""
    match refusal:
        case service.NotForYou():
            form.refuse("day", " ".join(reason.shopper for reason in refusal.reasons))
        case MustApply():
            form.refuse("day", "A scheduler gives out this shop. Ask for it instead")
        case OnHold():
            form.refuse("day", "This shop is not to be had at the moment")
        case PlaceClosed():
            form.refuse("day", "This place is closed, and nobody is sent there")
        case _:
            form.refuse("day", ANOTHER_DAY)
    return await _page(request, shop_id, form, 422)


async def _page(request: Request, shop_id: UUID, form: Form, status: int = 200, *, is_late: bool = False) -> Page:
    scope, now = scope_of(request), now_of(request)
    standing = await queries.shop.standing_of(scope, shop_id, now)
    is_over = is_late or (standing.answer_by is not None and standing.answer_by <= now)
    if standing.assignment == "offered" and is_over:
        return await _gone(request, shop_id, standing, 409 if is_late else 200)
    if standing.assignment is None and standing.state != State.OPEN:
        return await _gone(request, shop_id, standing, status)
    listed = await service.listing.listed_in(scope, shop_id, now)
    left = time_left(standing.answer_by, now) if standing.answer_by else ""
    first, last = listed.card.days_left(now)
    earliest = max(listed.first_day or first, first)
    days = [standing.planned_on] if standing.planned_on else [earliest, last]
    return render(
        request, "board/shop.html", status, listed=listed, card=listed.card, standing=standing, form=form,
        errors=form.errors, left=left, money=money, earliest=earliest, latest=last,
        is_today=earliest == listed.card.today(now),
        paydays=[listed.card.payday(day) for day in dict.fromkeys(days)],
        decline_words=DECLINE_WORDS,
    )  # fmt: skip


async def _gone(request: Request, shop_id: UUID, standing: queries.shop.Standing, status: int) -> Page:
    """A kind word, and what else is near."""
    point = (standing.latitude, standing.longitude) if standing.latitude is not None else None
    rows = await service.listing.near(scope_of(request), point, shop_id, now_of(request))  # type: ignore[arg-type]
    return render(request, "board/gone.html", status, rows=rows, standing=standing, money=money)


ROUTES = (shop_page, take, apply, withdraw, accept, decline)
