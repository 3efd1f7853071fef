"""Shops at risk with what a higher bonus would cost, and marks against shoppers that wait for a person."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.visits import service as visits
from survey.shops.visits.domain import MarkEvent
from survey.web import (
    Page,
    Request,
    flash,
    form_of,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
)

from .. import forms, queries
from ..domain import MARK_REASON_WORDS, Layout, at_risk_words, suggested_bonus
from .shared import SCHEDULERS, WORDS, view_of

CONTEST_WORDS = {
    "illness": "was ill", "place_closed": "the place was closed", "report_not_sent": "the report could not be sent",
    "told_scheduler": "had told the scheduler", "never_accepted": "never took the shop", "": "",
}  # fmt: skip


@get_page("/shops/risk", SCHEDULERS)
async def risk(request: Request) -> Page:
    """What nobody makes and is due soon, was let down or came back; with the bonus that the campaign's ladder says."""
    scope, now = scope_of(request), now_of(request)
    view = view_of(request).filtered(risk=True, state=()).shaped(Layout.TABLE)
    page = await queries.shops_of(scope, view, keyset_of(request), now)
    every = await queries.chosen_shops(scope, await queries.matching(scope, view.filter, now))
    return render(
        request, "scheduling/risk.html", view=view, query=view.query(), rows=page.rows, next_cursor=page.next_cursor,
        total=len(every), suggested={shop.id: suggested_bonus(shop, now) for shop in every},
        cost_cents=sum(suggested_bonus(shop, now) - shop.bonus_cents for shop in every),
        raised=sum(suggested_bonus(shop, now) > shop.bonus_cents for shop in every),
        why={row.id: at_risk_words(row, now) for row in page.rows}, **WORDS,
    )  # fmt: skip


@get_page("/shops/marks", SCHEDULERS)
async def marks(request: Request) -> Page:
    """What a machine says against shoppers, for a person to confirm or dismiss."""
    scope = scope_of(request)
    page = await visits.undecided_marks(scope, keyset_of(request))
    codes = await queries.codes_of(scope, {mark.shopper_id for mark in page.rows}, {mark.shop_id for mark in page.rows})
    return render(request, "scheduling/marks.html", rows=page.rows, next_cursor=page.next_cursor, codes=codes,
                  reasons=list(MARK_REASON_WORDS.items()), contest_words=CONTEST_WORDS)  # fmt: skip


@post_form("/shops/marks/{mark_id:uuid}", SCHEDULERS)
async def decide_mark(request: Request, mark_id: FromPath[UUID]) -> Page:
    """Confirm a mark, or dismiss it; the shopper reads why and may contest it."""
    form = await form_of(request)
    event, reason = forms.mark_decision_in(form)
    if reason is None:
        flash(request, "attention", "Choose why: the shopper reads it.")
        return redirect("/shops/marks")
    await visits.decide_mark(scope_of(request), mark_id, event, reason, now_of(request))
    flash(request, "good", "The mark counts." if event is MarkEvent.CONFIRM else "The mark is gone.")
    return redirect("/shops/marks")


ROUTES = (risk, marks, decide_mark)
