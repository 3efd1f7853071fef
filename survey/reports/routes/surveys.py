"""The client's pages, and each of them as a file."""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from litestar.params import FromPath

from survey.db import NotFound
from survey.reports import queries, service
from survey.reports.domain import Frame, Saved, Sheet, cover_of, file_name, pickers
from survey.reports.forms import wanted_in
from survey.reports.routes.saving import saved
from survey.web import Page, Request, get_page, keyset_of, redirect, render, scope_of, viewer

VISITS = "/portal/shops/overview"
TABS = {
    "overview": "Overview",
    "questions": "Questions",
    "places": "Locations",
    "participants": "Who took part",
}


class View(Protocol):
    """A page's numbers: what is drawn, and the sheets that are both its tables and its files."""

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every table of the page."""


@get_page("/portal", viewer())
async def home(request: Request) -> Page:
    """The portal begins with the latest report of a survey; where visits are all there is, with them."""
    scope = scope_of(request)
    if await service.find_frame(scope, wanted_in({})) is None and await queries.has_shops(scope):
        return redirect(VISITS)
    return await _page(request, "overview")


@get_page("/portal/{name:str}", viewer())
async def report_page(request: Request, name: FromPath[str]) -> Page:
    """A page of a report: overview, questions, places or participants."""
    return await _page(request, name)


@get_page("/portal/files/{name:str}/{kind:str}", viewer())
async def report_file(request: Request, name: FromPath[str], kind: FromPath[str]) -> Page:
    """The same page as a file: its sheets, made by the same function."""
    frame = await service.find_frame(scope_of(request), wanted_in(request.query_params))
    if frame is None:
        raise NotFound("file")
    view = await _view(request, name, frame)
    return saved(request, kind, Saved(file_name(frame, name), cover_of(frame), view.sheets))


@get_page("/portal/reports", viewer())
async def report_list(request: Request) -> Page:
    """Everything that has been released to the client."""
    scope = scope_of(request)
    listed = await queries.releases_of(scope, keyset_of(request))
    frame = await service.find_frame(scope, wanted_in({}))
    nav = await _tabs(request, frame, "reports")
    return render(
        request, "reports/list.html", listed=listed, nav=nav, client_name=_client(frame), is_first=_is_first(request)
    )


async def _page(request: Request, name: str) -> Page:
    frame = await service.find_frame(scope_of(request), wanted_in(request.query_params))
    if name not in TABS:
        raise NotFound("page")
    if frame is None:
        return render(request, "reports/none.html", nav=await _tabs(request, None, name), client_name="")
    view = await _view(request, name, frame)
    return render(
        request,
        f"reports/{name}.html",
        frame=frame,
        view=view,
        name=name,
        nav=await _tabs(request, frame, name),
        client_name=frame.release.client_name,
        pickers=pickers(frame),
        is_first=_is_first(request),
    )


def _view(request: Request, name: str, frame: Frame) -> Awaitable[View]:
    """The numbers of a page. Raises NotFound for a page that there is not, or not below the head of the tree."""
    if name == "overview":
        return service.overview_of(scope_of(request), frame)
    if name == "questions":
        return service.questions_of(frame)
    if name == "places":
        return service.places_of(frame, keyset_of(request))
    if name == "participants" and frame.is_whole:
        return service.participants_of(frame)
    raise NotFound("page")


async def _tabs(request: Request, frame: Frame | None, current: str) -> list[Mapping[str, object]]:
    query = frame.wanted.query() if frame and current != "reports" else ""
    names = [name for name in TABS if name != "participants" or (frame and frame.is_whole)] if frame else []
    tabs: list[Mapping[str, object]] = [
        {"label": TABS[name], "url": f"/portal/{name}{query}", "current": name == current} for name in names
    ]
    tabs.append({"label": "All reports", "url": "/portal/reports", "current": current == "reports"})
    if await queries.has_shops(scope_of(request)):
        tabs.append({"label": "Visits", "url": VISITS, "current": False})
    return tabs


def _client(frame: Frame | None) -> str:
    return frame.release.client_name if frame else ""


def _is_first(request: Request) -> bool:
    return "after" not in request.query_params
