"""/demo: one-click sign-ins for whoever looks around."""

from datetime import datetime

from litestar.params import FromPath

from privacy.tokens import Purpose, sign
from survey.accounts import service as accounts
from survey.accounts.domain import AccountRole, landing_of
from survey.db import NotFound, Role, transaction
from survey.shoppers import service as shoppers
from survey.web import Page, Request, form_of, get_page, now_of, post_form, public, redirect, render, settings_of
from survey.web.sessions import find_session, hash_of, with_session

from .. import queries
from ..cast import NORTHLIGHT, PLAYERS, Player
from ..tour import REVEALING, TOUR

WHY = "the demo world has no real people, and its site is for looking around"
# A script signs in with one request. Whoever sends a visitor here signs them into invented data, and nothing else.
NO_CSRF = "the demo signs strangers in on purpose"


@get_page("/demo", public(WHY, role=Role.WORKER))
async def demo_page(request: Request) -> Page:
    """Whom one can be, and where to look."""
    entry_id = await queries.find_open_door()
    settings = settings_of(request)
    survey = f"/s/{sign(settings.token_keys, Purpose.SURVEY, entry_id)}" if entry_id else ""
    return render(request, "demo/start.html", players=PLAYERS.values(), survey=survey, tour=TOUR, door=NORTHLIGHT.slug)


@post_form("/demo/as/{role:str}", public(WHY), without_csrf=NO_CSRF)
async def be(request: Request, role: FromPath[str]) -> Page:
    """Sign in as one of the cast, and go to their first page or to a stop of the tour."""
    player = PLAYERS.get(role)
    if player is None:
        raise NotFound("player")
    async with transaction(Role.GATE):
        token, account_role = await accounts.demo_session(
            settings_of(request), player.email, "One click on /demo", now_of(request)
        )
    if player.role is AccountRole.SHOPPER:
        await _at_work(token, now_of(request))
    return with_session(request, redirect(await _way(request, player) or landing_of(account_role)), token)


async def _way(request: Request, player: Player) -> str:
    """Where a stop of the tour leads; empty where none is asked for."""
    number = (await form_of(request))["stop"]
    stop = TOUR[int(number)] if number.isdecimal() and int(number) < len(TOUR) else None
    if stop is None or stop.player is not player:
        return ""
    async with transaction(Role.WORKER):
        found = {"shop": await queries.find_report_at(REVEALING), "wave": await queries.find_released_wave()}
    return stop.path.format_map(found)


async def _at_work(token: str, now: datetime) -> None:
    """Begin at the company whose shops the demo is about; the other one is a click away."""
    session = await find_session(hash_of(token) or b"", now)
    if session is None:
        raise NotFound("session")
    async with transaction(Role.GATE):
        profiles = await shoppers.choosing.profiles(session)
        first = next(one for one in profiles if one.affiliate_name == NORTHLIGHT.name)
        await shoppers.choosing.choose(session, first, now)
