"""The shopper's own pay: every item with its promised day, the years, a statement on paper."""

from litestar.params import FromPath

from survey.db import NotFound
from survey.shops.visits.domain import money
from survey.web import Page, Request, download, get_page, keyset_of, now_of, render, scope_of, settings_of, shopper

from .. import queries, service
from ..domain import due_words, reason_words
from .views import STATE_KINDS, sums_in_words

FIRST_YEAR, LAST_YEAR = 2000, 9998


@get_page("/shopper/pay", shopper())
async def own_pay(request: Request) -> Page:
    """What somebody is owed and was paid."""
    scope, today = scope_of(request), now_of(request).date()
    page = await queries.own_items(scope, keyset_of(request))
    owed = await queries.own_owed(scope)
    return render(
        request, "payments/own.html", rows=page.rows, next_cursor=page.next_cursor, owed=sums_in_words(owed),
        has_payout=await queries.has_payout(scope), years=await queries.paid_years(scope), kinds=STATE_KINDS,
        money=money, today=today, due_words=due_words, reason_words=reason_words,
        is_first_page="after" not in request.query_params,
    )  # fmt: skip


@get_page("/shopper/pay/{year:int}/statement", shopper())
async def own_statement(request: Request, year: FromPath[int]) -> Page:
    """A year's payments on paper."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("statement")
    ring, today = settings_of(request).keyring, now_of(request).date()
    statement = await service.statement_of(scope_of(request), ring, year, today)
    return download(await service.as_pdf(statement), f"pay-{year}.pdf", "application/pdf")


ROUTES = (own_pay, own_statement)
