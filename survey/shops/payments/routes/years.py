"""What each shopper was paid in a calendar year: the page by code, and its files."""

from collections.abc import Mapping

from survey.shops.visits.domain import money
from survey.web import (
    Form,
    Page,
    Request,
    download,
    form_of,
    get_page,
    keyset_of,
    now_of,
    post_form,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, queries, service
from ..domain import REACH_WORDS, YearAsked
from .items import PAYERS


@get_page("/pay/years", staff(*PAYERS))
async def year_page(request: Request) -> Page:
    """What shoppers were paid in a year, who earned most first, narrowed as the URL asks."""
    scope = scope_of(request)
    asked = await _asked(request, request.query_params)
    page = await queries.year_lines(scope, asked, keyset_of(request))
    years = sorted({asked.year, *await queries.years_with_pay(scope)}, reverse=True)
    return render(
        request, "payments/years.html", rows=page.rows, next_cursor=page.next_cursor, asked=asked, money=money,
        totals=await queries.year_totals(scope, asked), years=[(str(year), str(year)) for year in years],
        reaches=REACH_WORDS, is_first_page="after" not in request.query_params,
        currencies=[(each, each) for each in await queries.currencies(scope)],
    )  # fmt: skip


@post_form("/pay/years/codes", staff(*PAYERS))
async def years_by_code(request: Request) -> Page:
    """The list as a file, by code."""
    return await _file(request, service.YearKind.CODES)


@post_form("/pay/years/names", staff(*PAYERS))
async def years_by_name(request: Request) -> Page:
    """The list for a tax office, with names and tax numbers opened; each look is recorded."""
    return await _file(request, service.YearKind.NAMES)


async def _file(request: Request, kind: service.YearKind) -> Page:
    asked = await _asked(request, await form_of(request))
    ring = settings_of(request).keyring
    made = await service.export_year(scope_of(request), ring, asked, kind, now_of(request))
    return download(made.body, made.name, made.kind.media)


async def _asked(request: Request, values: Mapping[str, str] | Form) -> YearAsked:
    payer = await queries.payer_of(scope_of(request))
    return forms.year_asked(values, now_of(request).year, payer.tax_from_cents)


ROUTES = (year_page, years_by_code, years_by_name)
