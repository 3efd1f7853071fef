"""The one middleware: who is it, what was sent, and the transaction around the handler."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from urllib.parse import quote

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Receive, Send
from litestar.types import Scope as AsgiScope

from privacy.tokens import Purpose, read, read_timed
from survey.db import Scope
from survey.settings import Settings

from . import queries
from .bodies import read_form, remove_files, uploads_of
from .brands import brand_from
from .cookies import cookie_in, cookie_name
from .csrf import is_ours, is_own_site
from .errors import ForeignForm, NotSignedIn, Refused, answer
from .guards import ENROL, PASSWORD, Plane
from .page import Page
from .rendering import Renderer
from .routing import TERMS, Terms
from .sessions import find_session, hash_of, scope_for, shopper_scope
from .throttle import hold_back
from .unit import Unit, transaction_for
from .visit import VISIT, Visit

SIGN_IN = "/sign-in"
CHOOSE_AFFILIATE = "/shopper/affiliates"
NEXT_STEP = {PASSWORD: "/sign-in/second-factor", ENROL: "/account/second-factor"}

Clock = Callable[[], datetime]


class RequestMiddleware(ASGIMiddleware):
    """Runs once for each routed request, between the outer door (`front.py`) and the handler."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings, renderer: Renderer, clock: Clock) -> None:
        self.settings = settings
        self.keys = settings.token_keys
        self.known_token_keys = settings.known_token_keys
        self.cookie = cookie_name(settings.plain_http_cookies)
        self.renderer = renderer
        self.uploads = uploads_of(settings)
        self.clock = clock

    async def handle(self, scope: AsgiScope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Prepare the visit, then run the handler inside its transaction. A refusal never reaches the handler."""
        http = cast("HTTPScope", scope)
        terms = cast("Terms | None", scope["route_handler"].opt.get(TERMS))
        if terms is None:
            # Litestar's own answer to OPTIONS is the only handler without terms; `application.py` sees to that.
            await next_app(scope, receive, send)
            return
        visit = http["state"][VISIT] = Visit(terms.access, self.clock())
        unit = Unit(http, receive, send, self._page_for)
        try:
            await self._admit(visit, terms, http, receive)
            await self._run(visit, terms, unit, lambda: next_app(scope, receive, unit))
        except Exception as error:
            if unit.is_started:
                raise
            await unit.replace(error)
        finally:
            if visit.form is not None and visit.form.files:
                remove_files(visit.form)

    async def _admit(self, visit: Visit, terms: Terms, scope: HTTPScope, receive: Receive) -> None:
        await self._identify(visit, scope)
        if scope["method"] != "POST":
            return
        headers = dict(scope["headers"])
        visit.form = await read_form(headers, receive, terms.limit_bytes, self.uploads if terms.takes_files else None)
        if not terms.without_csrf and not (is_own_site(headers) and is_ours(visit, self.keys, headers)):
            raise ForeignForm
        if terms.limits:
            await hold_back(self.settings, visit, terms.limits, scope)

    async def _identify(self, visit: Visit, scope: HTTPScope) -> None:
        """Find out who asks, as far as the plane wants to know."""
        access = visit.access
        if access.plane is Plane.PUBLIC:
            return
        if access.purpose is not None:
            token = str(scope["path_params"].get("token", ""))
            keys = self.known_token_keys if access.purpose is Purpose.OPT_OUT else self.keys
            visit.link = (
                read_timed(keys, access.purpose, token, now=visit.now)
                if access.is_timed
                else read(keys, access.purpose, token)
            )
            return
        visit.session_hash = hash_of(cookie_in(scope["headers"], self.cookie))
        if visit.session_hash is None:
            raise NotSignedIn(_sign_in_url(scope))
        if access.plane is not Plane.VIEWER:
            await self._recognise(visit, visit.session_hash, scope)

    async def _recognise(self, visit: Visit, session_hash: bytes, scope: HTTPScope) -> None:
        session = await find_session(session_hash, visit.now)
        if session is None:
            raise NotSignedIn(_sign_in_url(scope))
        if session.is_lent and scope["method"] != "GET":
            raise Refused
        if session.stage not in visit.access.stages:
            raise NotSignedIn(NEXT_STEP.get(session.stage, "/"))
        if visit.access.roles and session.role not in visit.access.roles:
            raise Refused
        visit.session = session
        visit.brand = session.brand if visit.access.plane is Plane.SHOPPER else None
        visit.scope = shopper_scope(session) if visit.access.plane is Plane.SHOPPER else scope_for(session)
        if visit.scope is None:
            raise NotSignedIn(CHOOSE_AFFILIATE)

    async def _run(self, visit: Visit, terms: Terms, unit: Unit, handler: Callable[[], object]) -> None:
        role = visit.access.role
        if role is None:
            await handler()  # type: ignore[misc]
            return
        opened = transaction_for(role, visit)
        if not terms.is_write:
            opened.read_only()
        async with opened:
            if visit.access.plane is Plane.VIEWER:
                await _bind_viewer(visit)
            if not terms.streams:
                unit.opened = opened
            await handler()  # type: ignore[misc]

    def _page_for(self, scope: HTTPScope, error: Exception) -> Page:
        return answer(self.renderer, list(scope["headers"]), error, scope.get("path_template", ""))


async def _bind_viewer(visit: Visit) -> None:
    """Take tenant, client and node from the session's row; the portal knows no account."""
    row = await queries.bind_portal(visit.session_hash or b"", visit.now)
    if row is None:
        raise NotSignedIn(SIGN_IN)
    visit.scope = Scope(row["affiliate_id"], None, "client_viewer", "viewer", row["client_id"], row["node_path"])
    visit.brand = brand_from(row["brand"])


def _sign_in_url(scope: HTTPScope) -> str:
    """The sign-in page, which sends on to where the visitor wanted to go: a path, never its query."""
    path = scope["path"]
    return SIGN_IN if scope["method"] == "POST" or path == "/" else f"{SIGN_IN}?next={quote(path)}"
