"""The first page behind a link, starting, and leaving."""

from litestar.params import FromPath

from survey.db import connection
from survey.responses import service
from survey.responses.domain import OPEN, DoorState, cookie, place_to_go_on
from survey.web import Page, Request, get_page, now_of, post_form, redirect, render

from .link import EACH_ALONE, LINK, NO_CSRF, door_of

ENTERABLE = OPEN | {DoorState.DECLINED}


@get_page("/s/{token:str}", EACH_ALONE)
async def show_door(request: Request, token: FromPath[str]) -> Page:
    """Who asks, why and how long it takes; or where things stand."""
    door, study = await door_of(request)
    state = door.state(now_of(request))
    return render(request, f"responses/{state}.html", face=study.face, study=study, door=door, token=token)


@post_form("/s/{token:str}", EACH_ALONE, without_csrf=NO_CSRF)
async def enter(request: Request, token: FromPath[str]) -> Page:
    """Start, or go on where the answers stopped."""
    door, study = await door_of(request)
    if door.state(now_of(request)) not in ENTERABLE:
        return redirect(f"/s/{token}")
    secret = await service.begin(door, now_of(request))
    return redirect(f"/s/{token}/{place_to_go_on(study.compiled, door)}").with_cookie(cookie(token, secret))


@get_page("/s/{token:str}/stop", EACH_ALONE)
async def show_stop(request: Request, token: FromPath[str]) -> Page:
    """Leave: keep the draft for later, or remove it."""
    door, study = await door_of(request)
    if door.state(now_of(request)) not in OPEN:
        return redirect(f"/s/{token}")
    return render(request, "responses/stop.html", face=study.face, door=door, token=token)


@post_form("/s/{token:str}/stop", LINK, without_csrf=NO_CSRF)
async def leave(request: Request, token: FromPath[str]) -> Page:
    """Remove the draft and send no reminder."""
    door, _ = await door_of(request)
    if door.state(now_of(request)) in OPEN:
        await service.leave(connection(), door, now_of(request))
    return redirect(f"/s/{token}").with_cookie(cookie(token, None))
