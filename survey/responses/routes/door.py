"""The first page behind a link, starting, and leaving."""

from dataclasses import replace

from litestar.params import FromPath

from privacy import crypto
from survey.db import connection
from survey.responses import service
from survey.responses.domain import OPEN, Door, DoorState, cookie, place_to_go_on
from survey.web import Page, Request, get_page, now_of, post_form, redirect, render

from .kept import kept
from .link import EACH_ALONE, LINK, NO_CSRF, door_of, secret_of

# Stand in a kept page for what is one person's own. Drawn anew by each process, so that no study's words can hold them.
TOKEN_HERE, RECEIPT_HERE = (crypto.random_bytes(16).hex().encode() for _ in range(2))

ENTERABLE = OPEN | {DoorState.DECLINED}


@get_page("/s/{token:str}", EACH_ALONE)
async def show_door(request: Request, token: FromPath[str]) -> Page:
    """Who asks, why and how long it takes; or where things stand."""
    door, study = await door_of(request)
    state = door.state(now_of(request))
    key = (door.study_id, door.study_revision, state, door.entry_state)
    page = kept(key, lambda: _for_everybody(request, f"responses/{state}.html", door, study))
    return Page(page.replace(TOKEN_HERE, token.encode()).replace(RECEIPT_HERE, (door.receipt or "").encode()))


def _for_everybody(request: Request, name: str, door: Door, study: service.Study) -> bytes:
    anybodys = replace(door, receipt=RECEIPT_HERE.decode())
    context = {"face": study.face, "branding": study.face.brand, "study": study}
    return render(request, name, door=anybodys, token=TOKEN_HERE.decode(), **context).body


@post_form("/s/{token:str}", EACH_ALONE, without_csrf=NO_CSRF)
async def enter(request: Request, token: FromPath[str]) -> Page:
    """Start, or go on where the answers stopped."""
    door, study = await door_of(request)
    if door.state(now_of(request)) not in ENTERABLE:
        return redirect(f"/s/{token}")
    secret = await service.begin(door, secret_of(request), now_of(request))
    return redirect(f"/s/{token}/{place_to_go_on(study.compiled, door)}").with_cookie(cookie(token, secret))


@get_page("/s/{token:str}/stop", EACH_ALONE)
async def show_stop(request: Request, token: FromPath[str]) -> Page:
    """Leave: keep the draft for later, or remove it."""
    door, study = await door_of(request)
    if door.state(now_of(request)) not in OPEN:
        return redirect(f"/s/{token}")
    return render(
        request, "responses/stop.html", face=study.face, branding=study.face.brand, door=door, token=token
    )  # fmt: skip


@post_form("/s/{token:str}/stop", LINK, without_csrf=NO_CSRF)
async def leave(request: Request, token: FromPath[str]) -> Page:
    """Remove the draft and send no reminder."""
    door, _ = await door_of(request)
    if door.state(now_of(request)) in OPEN:
        await service.leave(connection(), door, now_of(request))
    return redirect(f"/s/{token}").with_cookie(cookie(token, None))
