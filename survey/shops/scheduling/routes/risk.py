"""Shops at risk by what is to be done about them, with what a higher bonus would cost; and how full the waves are."""

from dataclasses import replace
from uuid import UUID

from survey.web import (
    Page,
    Request,
    get_page,
    now_of,
    render,
    scope_of,
)

from .. import queries
from ..domain import SIZES, Filter, Layout, Sort, at_risk_words, suggested_bonus
from .shared import SCHEDULERS, WORDS, amounts, page_of, view_of


@get_page("/shops/risk", SCHEDULERS)
async def risk(request: Request) -> Page:
    """What may come to nothing, the most urgent first, with its reasons and the bonus that the campaign's ladder says.

    `?why=` leaves one reason.
    """
    scope, now = scope_of(request), now_of(request)
    view = view_of(request).choosing(()).filtered(risk=True, state=()).shaped(Layout.TABLE)
    view = replace(view, sort=Sort.URGENT, is_descending=False)
    page = await page_of(request, view)
    ladder = await queries.ladder_of(scope, view.filter, now)
    ids = [row.id for row in page.rows]
    facts, shown = await queries.facts_of(scope, ids, now), await queries.chosen_shops(scope, ids)
    return render(
        request, "scheduling/risk.html", view=view, query=view.query(), rows=page.rows, page=page, sizes=SIZES,
        ladder=ladder, total=ladder.total, suggested={shop.id: suggested_bonus(shop, now) for shop in shown},
        costs=amounts(ladder.cost_cents),
        why={row.id: at_risk_words(row, facts[row.id], now) for row in page.rows},
        fills=await queries.fills_of(scope, _among(view.filter), now), today=now.date(), **WORDS,
    )  # fmt: skip


def _among(wanted: Filter) -> tuple[UUID | None, UUID | None, UUID | None]:
    return wanted.client, wanted.campaign, wanted.wave


ROUTES = (risk,)
