"""The pages behind /s/{token}. GET never changes anything: mail scanners follow links, and some run scripts.

The token is the key; the cookie only tells this browser from another, so answering works where it is refused.
A form here needs no CSRF token: whoever could forge one would need the secret link in its address.
"""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import NotFound, connection
from survey.responses import service
from survey.responses.domain import OPEN, Door, DoorState
from survey.responses.paging import first_page, place_after, place_before, place_of
from survey.responses.views import check_page, door_page, section_page, stop_page
from survey.web import Page, Request, bearer, form_of, get_page, link_of, now_of, post_form, redirect
from survey.web.cookies import cookie_in

LINK = bearer("the person who was invited holds the link", purpose=Purpose.SURVEY)
NO_CSRF = "the address itself is the secret"
COOKIE = "answering"
ANSWER_BYTES = 256 * 1024


@get_page("/s/{token:str}", LINK)
async def show_door(request: Request, token: FromPath[str]) -> Page:
    """Who asks, why, how long it takes; or where things stand."""
    door = await _door(request)
    study = await service.study_behind(connection(), door)
    return door_page(request, door, study)


@post_form("/s/{token:str}", LINK, without_csrf=NO_CSRF)
async def enter(request: Request, token: FromPath[str]) -> Page:
    """Start, or go on where the answers stopped."""
    door = await _door(request)
    if door.state(now_of(request)) not in OPEN | {DoorState.DECLINED}:
        return redirect(f"/s/{token}")
    door = await service.begin(connection(), door, now_of(request))
    study = await service.study_behind(connection(), door)
    page = redirect(f"/s/{token}/{first_page(study.compiled, door)}")
    secret = await service.admit_browser(connection(), door)
    return page.with_cookie(_cookie(token, secret))


@get_page("/s/{token:str}/{number:int}", LINK)
async def show_section(request: Request, token: FromPath[str], number: FromPath[int]) -> Page:
    """One section, with what was answered before."""
    door = await _door(request)
    if not _is_answering(request, door):
        return redirect(f"/s/{token}")
    study = await service.study_behind(connection(), door)
    place = place_of(study.compiled, door.coded, number)
    if place is None:
        return redirect(f"/s/{token}/{first_page(study.compiled, door)}")
    return await section_page(request, door, study, place)


@post_form("/s/{token:str}/{number:int}", LINK, without_csrf=NO_CSRF, limit_bytes=ANSWER_BYTES)
async def keep_section(request: Request, token: FromPath[str], number: FromPath[int]) -> Page:
    """Keep a section and go on, back, or stay (when something is missing, or the draft saves itself)."""
    door = await _door(request)
    if not _is_answering(request, door):
        return redirect(f"/s/{token}")
    study = await service.study_behind(connection(), door)
    if number > len(study.compiled.sections) or number < 1:
        return redirect(f"/s/{token}/{first_page(study.compiled, door)}")
    return await _keep(request, token, door, study, number)


@get_page("/s/{token:str}/check", LINK)
async def show_check(request: Request, token: FromPath[str]) -> Page:
    """Every answer once more, with a way to change it."""
    door = await _door(request)
    if not _is_answering(request, door):
        return redirect(f"/s/{token}")
    return await check_page(request, door, await service.study_behind(connection(), door), _secret(request))


@post_form("/s/{token:str}/check", LINK, without_csrf=NO_CSRF)
async def send(request: Request, token: FromPath[str]) -> Page:
    """Send the answers. Sending twice gives the same receipt."""
    door = await _door(request)
    if not _is_answering(request, door):
        return redirect(f"/s/{token}")
    study = await service.study_behind(connection(), door)
    missing = await service.first_missing(connection(), door, study)
    if missing is not None:
        return redirect(f"/s/{token}/{missing + 1}?missing=1")
    await service.send(connection(), door, now_of(request))
    return redirect(f"/s/{token}").with_cookie(_cookie(token, None))


@get_page("/s/{token:str}/stop", LINK)
async def show_stop(request: Request, token: FromPath[str]) -> Page:
    """Leave: keep the draft, or remove it."""
    door = await _door(request)
    return stop_page(request, door, await service.study_behind(connection(), door))


@post_form("/s/{token:str}/stop", LINK, without_csrf=NO_CSRF)
async def leave(request: Request, token: FromPath[str]) -> Page:
    """Remove the draft and send no reminder."""
    door = await _door(request)
    if door.state(now_of(request)) in OPEN:
        await service.leave(connection(), door, now_of(request))
    return redirect(f"/s/{token}").with_cookie(_cookie(token, None))


async def _keep(request: Request, token: str, door: Door, study: service.Study, number: int) -> Page:
    form = await form_of(request)
    posted = service.Posted(number - 1, form.raw, now_of(request))
    outcome = await service.save(connection(), request.app.state.settings.keyring, door, study, posted)
    if "autosave" in form:
        return section_page.saved(request)
    if form["go"] == "back":
        return redirect(f"/s/{token}/{place_before(study.compiled, outcome.answers, number)}")
    if not outcome.parsed.is_complete:
        return await section_page.again(request, door, study, number, outcome)
    return redirect(f"/s/{token}/{place_after(study.compiled, outcome.answers, number, 'check' in request.query_params)}")


async def _door(request: Request) -> Door:
    door = await service.find_door(connection(), link_of(request))
    if door is None:
        raise NotFound("survey")
    return door


def _is_answering(request: Request, door: Door) -> bool:
    return door.state(now_of(request)) is DoorState.STARTED


def _secret(request: Request) -> str:
    return cookie_in(request.scope["headers"], COOKIE)


def _cookie(token: str, secret: str | None) -> bytes:
    """Only on this survey's own path, gone with the browser; without a secret it is taken away."""
    gone = "" if secret else " Max-Age=0;"
    return f"{COOKIE}={secret or ''};{gone} Path=/s/{token}; Secure; HttpOnly; SameSite=Lax".encode("ascii")
