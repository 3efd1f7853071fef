"""What is known of one request before its handler runs, and what the handler leaves to be done after it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from litestar import Request as LitestarRequest
from litestar.datastructures import State

from survey.db import Keyset, Scope
from survey.settings import Settings

from .brands import Brand
from .forms import Form
from .guards import Access

Request = LitestarRequest[Any, Any, State]
Work = Callable[[], Awaitable[object]]
VISIT = "visit"


class NotOnThisPlane(RuntimeError):
    """A handler asked for something that its plane does not have: a mistake in the handler."""


@dataclass(frozen=True, slots=True)
class Session:
    """The signed-in person's session. Ids and a role; names stay in the identity plane."""

    id_hash: bytes
    account_id: UUID
    affiliate_id: UUID
    stage: str
    role: str
    client_id: UUID | None
    node_path: str | None
    created_at: datetime
    seen_at: datetime
    flashes: tuple[tuple[str, str], ...] = ()
    shopper_id: UUID | None = None
    shopper_affiliate_id: UUID | None = None
    is_lent: bool = False
    brand: Brand | None = None  # of the affiliate that a shopper has chosen
    clients: tuple[UUID, ...] | None = None


@dataclass(slots=True)
class Visit:
    """One request, as its handler sees it."""

    access: Access
    now: datetime
    scope: Scope | None = None
    link: UUID | None = None
    session: Session | None = None
    session_hash: bytes | None = None
    brand: Brand | None = None  # whose pages these are to a shopper or a client
    form: Form | None = None
    flashes: list[tuple[str, str]] = field(default_factory=list)
    is_flash_shown: bool = False
    afterwards: list[Work] = field(default_factory=list)


def visit_of(request: Request) -> Visit:
    """The visit the middleware has prepared."""
    return cast("Visit", request.scope["state"][VISIT])


def scope_of(request: Request) -> Scope:
    """Tenant and person: the first argument of every query of a staff, provider, account or viewer page."""
    scope = visit_of(request).scope
    if scope is None:
        raise NotOnThisPlane("nobody is signed in on this plane")
    return scope


def session_of(request: Request) -> Session:
    """The session of whoever is signed in."""
    session = visit_of(request).session
    if session is None:
        raise NotOnThisPlane("there is no session on this plane")
    return session


def link_of(request: Request) -> UUID:
    """The id inside the verified token of the link."""
    link = visit_of(request).link
    if link is None:
        raise NotOnThisPlane("this route has no verified link")
    return link


def brand_of(request: Request) -> Brand | None:
    """The affiliate whose shopper or client is signed in, as its pages show it; None on other planes."""
    return visit_of(request).brand


def now_of(request: Request) -> datetime:
    """When the request began, in UTC; the same for everything the request does."""
    return visit_of(request).now


async def form_of(request: Request) -> Form:
    """What was sent: already read, held to the route's size, and its CSRF token checked."""
    form = visit_of(request).form
    if form is None:
        raise NotOnThisPlane("nothing was sent to this route")
    return form


def flash(request: Request, kind: str, text: str) -> None:
    """Say something on the next page this session opens. kind: good, attention or danger. Never a person's data."""
    session_of(request)
    visit_of(request).flashes.append((kind, text))


def survive(request: Request, work: Work) -> None:
    """Do `work` in a transaction of its own once the request's has ended, also when the request is refused.

    It runs as the same role for the same tenant, before the answer leaves; `work` is a function without arguments.
    """
    visit_of(request).afterwards.append(work)


def settings_of(request: Request) -> Settings:
    """This deployment's settings, for keys and addresses."""
    settings: Settings = request.app.state.settings
    return settings


def keyset_of(request: Request) -> Keyset:
    """Where the wanted page of a list begins: `?after=` of the URL. Raises BadCursor."""
    return Keyset.read(request.query_params.get("after"))


def is_partial(request: Request) -> bool:
    """Whether htmx asks for a fragment to swap into the page."""
    return any(name == b"hx-request-type" and value == b"partial" for name, value in request.scope["headers"])
