"""Shops at risk, with what a higher bonus would cost."""

from survey.web import (
    Page,
    Request,
    get_page,
    keyset_of,
    now_of,
    render,
    scope_of,
)

from .. import queries
from ..domain import Layout, at_risk_words, suggested_bonus
from .shared import SCHEDULERS, WORDS, amounts, view_of


@get_page("/shops/risk", SCHEDULERS)
async def risk(request: Request) -> Page:
    """What nobody makes and is due soon, was let down or came back; with the bonus that the campaign's ladder says."""
    scope, now = scope_of(request), now_of(request)
    view = view_of(request).choosing(()).filtered(risk=True, state=()).shaped(Layout.TABLE)
    page = await queries.shops_of(scope, view, keyset_of(request), now)
    ladder = await queries.ladder_of(scope, view.filter, now)
    shown = await queries.chosen_shops(scope, [row.id for row in page.rows])
    return render(
        request, "scheduling/risk.html", view=view, query=view.query(), rows=page.rows, next_cursor=page.next_cursor,
        ladder=ladder, total=ladder.total, suggested={shop.id: suggested_bonus(shop, now) for shop in shown},
        costs=amounts(ladder.cost_cents), is_first_page="after" not in request.query_params,
        why={row.id: at_risk_words(row, now) for row in page.rows}, **WORDS,
    )  # fmt: skip


ROUTES = (risk,)
