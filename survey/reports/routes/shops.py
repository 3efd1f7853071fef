"""What a client reads of visits: the list, one report with its pictures, what they add up to; each as a file."""

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

from litestar.params import FromPath

from survey.appeals import service as appeals
from survey.appeals.domain import PAYERS_TO_CLIENT, notices, tabs_of_visits
from survey.db import NotFound
from survey.media import media_of
from survey.releases.domain import is_held_lower
from survey.shops.visits.domain import money
from survey.web import (
    Gone,
    Page,
    Request,
    brand_of,
    download,
    get_page,
    keyset_of,
    now_of,
    render,
    scope_of,
    settings_of,
    viewer,
)

from .. import forms, queries, service
from ..domain import PDF, PDF_MEDIA, FileKind, Saved
from ..domain.covers import list_cover, overview_cover, part_of, place_words
from ..domain.exports import Cover, name_of_file
from ..domain.shops import BAND_WORDS, FAIRNESS, ShopList, ShopReport
from ..domain.visits import trend_sheet
from .saving import saved

JPEG = b"image/jpeg"
INDENT = "  "


@get_page("/portal/shops", viewer())
async def shop_list(request: Request) -> Page:
    """Reports of visits, as the URL asks; what was withdrawn below them."""
    here, view = await _list(request)
    return render(
        request, "reports/shops.html", view=view, here=here, nav=tabs_of_visits("shops"), bands=BAND_WORDS.items(),
        places=_places(here), waves=_waves(here), after_cursor=request.query_params.get("after", ""),
        is_first="after" not in request.query_params,
    )  # fmt: skip


@get_page("/portal/shops/files/{kind:str}", viewer())
async def list_file(request: Request, kind: FromPath[str]) -> Page:
    """The same page of the list as a file."""
    here, view = await _list(request)
    first = view.rows[0].wave_starts_on if view.rows else now_of(request).date()
    part = part_of(is_first="after" not in request.query_params, has_more=view.next_cursor is not None)
    place = place_words(here.places, here.place_path)
    client_name = await queries.client_name_of(scope_of(request))
    cover = list_cover(client_name, here.wanted, (place, here.wave), part, first)
    return saved(request, kind, Saved(name_of_file((cover.title,)), cover, view.sheets))


@get_page("/portal/shops/overview", viewer())
async def overview_page(request: Request) -> Page:
    """What the visits of a wave add up to."""
    here = await _around(request)
    view = await service.shops_overview(scope_of(request), here)
    return render(
        request, "reports/shops_overview.html", view=view, here=here, nav=tabs_of_visits("overview"),
        places=_places(here), waves=_waves(here), trend=trend_sheet(view.trend) if view else None,
        beside=await service.beside_own(scope_of(request), here, view) if view else None,
    )  # fmt: skip


@get_page("/portal/shops/overview/question", viewer())
async def question_page(request: Request) -> Page:
    """One question of a wave: what it lost, where, and in which words."""
    here = await _around(request)
    wanted = request.query_params.get("question", "")
    view, asked, answers = await service.question_in(scope_of(request), here, wanted)
    return render(
        request, "reports/shops_question.html", view=view, asked=asked, answers=answers, here=here,
        nav=tabs_of_visits("overview"), places=_places(here), waves=_waves(here),
    )  # fmt: skip


@get_page("/portal/shops/overview/files/{kind:str}", viewer())
async def overview_file(request: Request, kind: FromPath[str]) -> Page:
    """The same as a file."""
    here = await _around(request)
    view = await service.shops_overview(scope_of(request), here)
    if view is None:
        raise NotFound("file")
    beside = await service.beside_own(scope_of(request), here, view)
    found = (place_words(here.places, here.place_path), view.wave)
    client_name = await queries.client_name_of(scope_of(request))
    cover = overview_cover(client_name, here.wanted, found, view.before)
    sheets = [*view.files, *([beside.sheet] if beside else [])]
    return saved(request, kind, Saved(name_of_file(("visits", view.wave.name)), cover, sheets))


@get_page("/portal/shops/{report_ref:uuid}", viewer())
async def shop_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """One report; where it was withdrawn, that it was."""
    report = await _report(request, report_ref)
    contesting = await appeals.contested(scope_of(request), report_ref)
    return render(
        request, "reports/shop.html", report=report, content=report.content, score=report.line.score,
        is_held_lower=is_held_lower(report.content, report.line.score), contesting=contesting,
        contested={one.question_id for one in contesting.appeals if one.is_open},
        is_contestable=now_of(request) < report.appeal_until, today=now_of(request).date(), nav=tabs_of_visits("shops"),
        client_name=report.client_name, fairness=FAIRNESS, base=f"/portal/shops/{report_ref}", money=money,
        payers=PAYERS_TO_CLIENT, flashes=notices(request.query_params.get("said", "")),
    )  # fmt: skip


@get_page("/portal/shops/{report_ref:uuid}/files/{kind:str}", viewer())
async def shop_file(request: Request, report_ref: FromPath[UUID], kind: FromPath[str]) -> Page:
    """One report as a file: to read on paper, or for a spreadsheet."""
    report = await _report(request, report_ref)
    page = _saved(report)
    if kind == PDF:
        return download(await _paper(request, report), f"{page.name}.{PDF}", PDF_MEDIA)
    if kind == FileKind.BUNDLE:
        page = replace(page, paper=await _paper(request, report))
    return saved(request, kind, page)


@get_page("/portal/shops/{report_ref:uuid}/pictures/{picture_id:uuid}", viewer())
async def picture(request: Request, report_ref: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """A redacted picture; only of a report that stands, and only through this door."""
    found = await queries.picture_in(scope_of(request), report_ref, picture_id)
    content = await media_of(settings_of(request)).read(found.media_key, limit_bytes=service.LIMIT_BYTES)
    return Page(content, 200, JPEG)


async def _list(request: Request) -> tuple[service.Around, ShopList]:
    here = await _around(request)
    return here, await service.list_of(scope_of(request), here, keyset_of(request))


async def _around(request: Request) -> service.Around:
    wanted = forms.shops_wanted(request.query_params)
    return await service.around(scope_of(request), wanted, now_of(request).date())


async def _report(request: Request, report_ref: UUID) -> ShopReport:
    scope = scope_of(request)
    gone = await queries.find_tombstone(scope, report_ref)
    if gone is not None:
        raise Gone("This report was withdrawn", f"It was withdrawn on {gone.withdrawn_on:%-d %B %Y}.")
    return await queries.shop_in(scope, report_ref)


def _saved(report: ShopReport) -> Saved:
    title = f"{report.line.campaign_name}, {report.line.wave_label}"
    reference = f"Report {report.line.report_ref}"
    lines = (f"{report.client_name}: {title}", reference, FAIRNESS, *filter(None, [report.notice]))
    cover = Cover(title, lines, datetime.combine(report.released_on, time(), UTC), report.released_on)
    return Saved(name_of_file((report.client_name, title, report.line.node_name)), cover, report.sheets)


async def _paper(request: Request, report: ShopReport) -> bytes:
    worn = brand_of(request)
    return await service.paper_of(report, media_of(settings_of(request)), worn.name if worn else "")


def _places(here: service.Around) -> list[tuple[str, str]]:
    least = min((place.path.count("/") for place in here.places), default=0)
    return [(str(place.id), INDENT * (place.path.count("/") - least) + place.name) for place in here.places]


def _waves(here: service.Around) -> list[tuple[str, str]]:
    return [(str(wave.id), wave.name) for wave in here.waves]
