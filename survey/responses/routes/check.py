"""Check your answers, and send them."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from litestar.params import FromPath

from survey.db import connection
from survey.questionnaires.domain import SummaryRow, summary
from survey.responses import service
from survey.responses.domain import AnswersSent, cookie
from survey.web import Page, Request, get_page, now_of, post_form, redirect, render

from .link import EACH_ALONE, LINK, NO_CSRF, door_of, is_answering, secret_of

Line = dict[str, str | tuple[str, ...]]


@get_page("/s/{token:str}/check", EACH_ALONE)
async def show_check(request: Request, token: FromPath[str]) -> Page:
    """Every answer once more, with a way to change it."""
    door, study = await door_of(request)
    if not is_answering(request, door):
        return redirect(f"/s/{token}")
    texts = service.texts_of(request.app.state.settings.keyring, door)
    rows = summary(study.compiled, door.coded, texts)
    elsewhere = await service.other_browsers(door, secret_of(request))
    return render(
        request, "responses/check.html", face=study.face, branding=study.face.brand, sections=_by_section(rows),
        elsewhere=elsewhere,
    )  # fmt: skip


def _by_section(rows: Iterable[SummaryRow]) -> list[tuple[str, list[Line]]]:
    """Titles of sections with what `summary_list` draws below each."""
    grouped = [list(section) for _, section in groupby(rows, key=attrgetter("section"))]
    return [(section[0].section_title, [_line(row) for row in section]) for section in grouped]


def _line(row: SummaryRow) -> Line:
    return {
        "key": row.title,
        "value": row.lines if len(row.lines) > 1 else "".join(row.lines),
        "href": f"{row.section + 1}?check#{row.item_id}",
        "change": f"your answer to: {row.title}",
    }


@post_form("/s/{token:str}/check", LINK, without_csrf=NO_CSRF)
async def send(request: Request, token: FromPath[str]) -> Page:
    """Send the answers. Sending twice shows the same receipt."""
    door, study = await door_of(request)
    if not is_answering(request, door):
        return redirect(f"/s/{token}")
    missing = service.first_missing(door, study)
    if missing is not None:
        return redirect(f"/s/{token}/{missing + 1}?missing")
    try:
        await service.send(connection(), door, now_of(request))
    except AnswersSent:
        return redirect(f"/s/{token}")
    return redirect(f"/s/{token}").with_cookie(cookie(token, None))
