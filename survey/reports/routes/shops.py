"""What a client reads of visits: the list, one report with its pictures, what they add up to; each as a file."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from litestar.params import FromPath

from survey.appeals import service as appeals
from survey.appeals.domain import PAYERS_TO_CLIENT
from survey.db import NotFound
from survey.media import media_of
from survey.shops.visits.domain import money
from survey.web import (
    Gone,
    Page,
    Request,
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
from ..domain import FileKind, Sheet
from ..domain.exports import Cover, csv_of, name_of_file, xlsx_of
from ..domain.shops import BAND_WORDS, ShopList, ShopReport
from ..domain.visits import trend_sheet

JPEG = b"image/jpeg"
LIMIT_BYTES = 20_000_000
INDENT = "  "
NAV = (
    ("Overview", "/portal/shops/overview", "overview"),
    ("Visits", "/portal/shops", "shops"),
    ("Action plans", "/portal/plans", "plans"),
    ("Survey reports", "/portal/overview", "surveys"),
)


@get_page("/portal/shops", viewer())
async def shop_list(request: Request) -> Page:
    """Reports of visits, as the URL asks; what was withdrawn below them."""
    here, view = await _list(request)
    return render(
        request, "reports/shops.html", view=view, here=here, nav=_tabs("shops"), bands=BAND_WORDS.items(),
        places=_places(here), waves=_waves(here), after_cursor=request.query_params.get("after", ""),
        is_first="after" not in request.query_params,
    )  # fmt: skip


@get_page("/portal/shops/files/{kind:str}", viewer())
async def list_file(request: Request, kind: FromPath[str]) -> Page:
    """The same page of the list as a file."""
    _, view = await _list(request)
    first = view.rows[0].wave_starts_on if view.rows else now_of(request).date()
    return _file(kind, ("visits",), Cover("Visits", ("Visits",), datetime.combine(first, time(), UTC)), view.sheets)


@get_page("/portal/shops/overview", viewer())
async def overview_page(request: Request) -> Page:
    """What the visits of a wave add up to."""
    here = await service.around(scope_of(request), forms.shops_wanted(request.query_params))
    view = await service.shops_overview(scope_of(request), here)
    return render(
        request, "reports/shops_overview.html", view=view, here=here, nav=_tabs("overview"), places=_places(here),
        waves=_waves(here), trend=trend_sheet(view.trend) if view else None,
    )  # fmt: skip


@get_page("/portal/shops/overview/question", viewer())
async def question_page(request: Request) -> Page:
    """One question of a wave: what it lost, where, and in which words."""
    here = await service.around(scope_of(request), forms.shops_wanted(request.query_params))
    wanted = request.query_params.get("question", "")
    view, asked, answers = await service.question_in(scope_of(request), here, wanted)
    return render(
        request, "reports/shops_question.html", view=view, asked=asked, answers=answers, here=here,
        nav=_tabs("overview"), places=_places(here), waves=_waves(here),
    )  # fmt: skip


@get_page("/portal/shops/overview/files/{kind:str}", viewer())
async def overview_file(request: Request, kind: FromPath[str]) -> Page:
    """The same as a file."""
    here = await service.around(scope_of(request), forms.shops_wanted(request.query_params))
    view = await service.shops_overview(scope_of(request), here)
    if view is None:
        raise NotFound("file")
    cover = Cover(view.wave.name, (view.wave.name,), datetime.combine(view.wave.starts_on, time(), UTC))
    return _file(kind, ("visits", view.wave.name), cover, view.files)


@get_page("/portal/shops/{report_ref:uuid}", viewer())
async def shop_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """One report; where it was withdrawn, that it was."""
    report = await _report(request, report_ref)
    contesting = await appeals.contested(scope_of(request), report_ref)
    return render(
        request, "reports/shop.html", report=report, content=report.content, score=report.line.score,
        contesting=contesting, contested={one.question_id for one in contesting.appeals if one.is_open},
        is_contestable=now_of(request) < report.appeal_until, today=now_of(request).date(), nav=_tabs("shops"),
        client_name=report.client_name, base=f"/portal/shops/{report_ref}", money=money,
        payers=PAYERS_TO_CLIENT,
    )  # fmt: skip


@get_page("/portal/shops/{report_ref:uuid}/files/{kind:str}", viewer())
async def shop_file(request: Request, report_ref: FromPath[UUID], kind: FromPath[str]) -> Page:
    """One report as a file."""
    report = await _report(request, report_ref)
    title = f"{report.line.campaign_name}, {report.line.wave_label}"
    cover = Cover(title, (f"{report.client_name}: {title}",), datetime.combine(report.released_on, time(), UTC))
    return _file(kind, (report.client_name, title, report.line.node_name), cover, report.sheets)


@get_page("/portal/shops/{report_ref:uuid}/pictures/{picture_id:uuid}", viewer())
async def picture(request: Request, report_ref: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """A redacted picture; only of a report that stands, and only through this door."""
    found = await queries.picture_in(scope_of(request), report_ref, picture_id)
    content = await media_of(settings_of(request)).read(found.media_key, limit_bytes=LIMIT_BYTES)
    return Page(content, 200, JPEG)


async def _list(request: Request) -> tuple[service.Around, ShopList]:
    scope = scope_of(request)
    here = await service.around(scope, forms.shops_wanted(request.query_params))
    return here, await service.list_of(scope, here, keyset_of(request))


async def _report(request: Request, report_ref: UUID) -> ShopReport:
    scope = scope_of(request)
    gone = await queries.find_tombstone(scope, report_ref)
    if gone is not None:
        raise Gone("This report was withdrawn", f"It was withdrawn on {gone.withdrawn_on:%-d %B %Y}.")
    return await queries.shop_in(scope, report_ref)


def _file(kind: str, parts: Sequence[str], cover: Cover, sheets: Sequence[Sheet]) -> Page:
    if kind not in list(FileKind):
        raise NotFound("file")
    wanted = FileKind(kind)
    body = csv_of(cover, sheets) if wanted is FileKind.CSV else xlsx_of(cover, sheets)
    return download(body, name_of_file(parts, wanted), wanted.media)


def _places(here: service.Around) -> list[tuple[str, str]]:
    least = min((place.path.count("/") for place in here.places), default=0)
    return [(str(place.id), INDENT * (place.path.count("/") - least) + place.name) for place in here.places]


def _waves(here: service.Around) -> list[tuple[str, str]]:
    return [(str(wave.id), wave.name) for wave in here.waves]


def _tabs(current: str) -> list[Mapping[str, object]]:
    return [{"label": label, "url": url, "current": name == current} for label, url, name in NAV]
