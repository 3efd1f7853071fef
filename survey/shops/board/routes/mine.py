"""My shops: the agenda, giving one back, and asking for another day."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.visits.domain import OnHold, WrongState, money
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
    shopper,
)

from .. import forms, service
from ..domain import ANSWER_WORDS, WHY_WORDS, WISH_WORDS, BadDay, Wish, days_to_ask_for, time_left

OWN = shopper()
MINE = "/shopper/shops"
ASKED = f"{MINE}/asked"
SHOP = f"{MINE}/{{shop_id:uuid}}"
TOO_LATE = "This shop is handed in, on hold or over: nothing has changed."


@get_page(MINE, OWN)
async def my_shops(request: Request) -> Page:
    """What is to be done and when; what is decided below it, by pages."""
    scope, now, keyset = scope_of(request), now_of(request), keyset_of(request)
    done = await service.mine.done_shops(scope, keyset, now)
    sections = {} if keyset.after else await service.mine.own_agenda(scope, now)
    asked, has_asked = ([], False) if keyset.after else await service.mine.waiting_applications(scope, now)
    return render(
        request, "board/mine.html", sections=sections, done=done.rows, next_cursor=done.next_cursor, money=money,
        left=lambda until: time_left(until, now), is_first=keyset.after is None, asked=asked, has_asked=has_asked,
        unread=await service.messages.count_unread(scope, now), now=now,
    )  # fmt: skip


@get_page(ASKED, OWN)
async def asked_list(request: Request) -> Page:
    """All one has asked for, and what became of it."""
    page = await service.mine.all_applications(scope_of(request), keyset_of(request), now_of(request))
    return render(
        request, "board/asked.html", asked=page.rows, next_cursor=page.next_cursor, money=money, now=now_of(request),
        is_first=keyset_of(request).after is None,
    )  # fmt: skip


@get_page(f"{SHOP}/give-back", OWN)
async def give_back_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The rule, before anything is clicked."""
    mine = await service.mine.own_shop(scope_of(request), shop_id, now_of(request))
    return render(request, "board/give_back.html", mine=mine, is_free=now_of(request) < mine.free_until)


@post_form(f"{SHOP}/give-back", OWN)
async def give_back(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Give it back."""
    try:
        is_marked = await service.mine.give_back(scope_of(request), shop_id, now_of(request))
    except (WrongState, OnHold):
        flash(request, "info", TOO_LATE)
        return redirect(MINE)
    late = "It was late: a mark is proposed, a person decides, and you can answer it under Marks."
    flash(request, "info" if is_marked else "good", f"Given back. {late if is_marked else 'No mark.'}")
    return redirect(MINE)


@get_page(f"{SHOP}/extension", OWN)
async def extension_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Ask for another day, and what became of earlier wishes."""
    return await _page(request, shop_id, form_with({}))


@post_form(f"{SHOP}/extension", OWN)
async def ask(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Ask for it."""
    form, scope = await form_of(request), scope_of(request)
    wish = forms.wish_in(form)
    if wish is None:
        return await _page(request, shop_id, form, 422)
    try:
        ring, now = settings_of(request).keyring, now_of(request)
        is_new = await service.mine.ask_for_day(scope, ring, shop_id, wish, now)
    except BadDay as bad:
        form.refuse("day", f"Choose a day from {bad.first:%-d %B} to {bad.last:%-d %B}")
        return await _page(request, shop_id, form, 422)
    except (WrongState, OnHold):
        flash(request, "info", TOO_LATE)
        return redirect(MINE)
    flash(request, "good", "Asked. Until somebody answers, the day stays as it is." if is_new else "You have asked.")
    return redirect(f"{MINE}/{shop_id}/extension")


@post_form(f"{SHOP}/extension/withdraw", OWN)
async def take_wish_back(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Keep the day after all."""
    scope = scope_of(request)
    await service.mine.own_shop(scope, shop_id, now_of(request))
    await service.mine.withdraw_wish(scope, shop_id, now_of(request))
    flash(request, "info", "Taken back. The day stays as it was.")
    return redirect(MINE)


async def _page(request: Request, shop_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    mine = await service.mine.own_shop(scope, shop_id, now_of(request))
    wishes = await service.mine.own_wishes(scope, shop_id)
    first, last = days_to_ask_for(mine.campaign_last_day, mine.local(now_of(request)).date())
    return render(
        request, "board/extension.html", status, mine=mine, wishes=wishes, form=form, errors=form.errors, first=first,
        last=last, reasons=list(WHY_WORDS.items()), states=WISH_WORDS, answers=ANSWER_WORDS,
        is_waiting=any(wish.state is Wish.ASKED for wish in wishes),
    )  # fmt: skip


ROUTES = (my_shops, asked_list, give_back_page, give_back, extension_page, ask, take_wish_back)
