"""Sessions of people who sign in: a random id in a cookie, its SHA-256 in a row, and the row decides."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from privacy.crypto import random_bytes, sha256
from survey.db import NotFound, Role, Scope, transaction

from . import queries
from .brands import brand_from
from .cookies import cookie_in, cookie_name, expired_cookie, session_cookie
from .page import Page
from .visit import Request, Session, now_of, session_of

clients_of = queries.clients_of

ID_BYTES = 32
TOKEN_CHARACTERS = 43
TOUCH_AFTER = timedelta(minutes=1)
# Who acts, as the ledger says it, where a search for leaks looks with somebody's eyes.
SEARCH = "search"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One line of a person's own list of sessions."""

    id_hash: bytes
    stage: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def hash_of(token: str) -> bytes | None:
    """What the row is found by; None for what cannot be one of our cookies."""
    return sha256(token.encode("ascii")) if len(token) == TOKEN_CHARACTERS and token.isascii() else None


async def open_session(account_id: UUID, stage: str, device: str, now: datetime) -> str:
    """Begin a session and return the cookie's value, which is kept nowhere. Runs in a transaction of Role.GATE.

    A client's viewer who is fully signed in also gets the row that the portal reads. stage: password, enrol or full.
    """
    token = urlsafe_b64encode(random_bytes(ID_BYTES)).rstrip(b"=").decode("ascii")
    await queries.insert_session(sha256(token.encode("ascii")), account_id, stage, device, now)
    return token


async def lend_session(account_id: UUID, run_id: UUID, now: datetime) -> str:
    """Begin a session for a search for leaks, which sees what this person would see; the cookie's value. Role.GATE.

    It can change nothing: only GET is answered. What it reads is recorded as read by the search, never by the person.
    """
    token = urlsafe_b64encode(random_bytes(ID_BYTES)).rstrip(b"=").decode("ascii")
    await queries.insert_session(sha256(token.encode("ascii")), account_id, "full", str(run_id), now, is_lent=True)
    return token


async def end_lent(run_id: UUID) -> None:
    """End every session that a search for leaks has opened. Role.GATE."""
    await queries.delete_lent_sessions(str(run_id))


async def change_stage(session: Session, stage: str, device: str, now: datetime) -> str:
    """Go on under a new id, so that what was known before the second factor is worth nothing after it."""
    await queries.delete_sessions(session.account_id, only=session.id_hash)
    return await open_session(session.account_id, stage, device, now)


async def close_session(session: Session) -> None:
    """Sign out: the row goes, and with it the portal's. Role.GATE."""
    await queries.delete_sessions(session.account_id, only=session.id_hash)


async def revoke(account_id: UUID, id_hash: bytes) -> None:
    """End one of the account's sessions; its next request is signed out. Raises NotFound. Role.GATE."""
    if not await queries.delete_sessions(account_id, only=id_hash):
        raise NotFound("session")


async def revoke_all(account_id: UUID, but: Session | None = None) -> int:
    """End all sessions of an account, perhaps but the present one; returns how many there were. Role.GATE."""
    return await queries.delete_sessions(account_id, but=but.id_hash if but else None)


async def sessions_of(account_id: UUID, now: datetime) -> list[OpenSession]:
    """An account's open sessions, the latest used first. Role.GATE."""
    return [OpenSession(**row) for row in await queries.sessions_of(account_id, now)]


async def sweep(now: datetime) -> None:
    """Remove sessions that are over and counters nobody needs; `jobs.py` does so every hour. Role.WORKER."""
    await queries.sweep(now)


def with_session(request: Request, page: Page, token: str) -> Page:
    """The page, with the cookie of a session just begun."""
    return page.with_cookie(session_cookie(token, request.app.state.settings.plain_http_cookies))


def without_session(request: Request, page: Page) -> Page:
    """The page, and the browser forgets the session."""
    return page.with_cookie(expired_cookie(request.app.state.settings.plain_http_cookies))


async def renew(request: Request, page: Page, stage: str, device: str) -> Page:
    """Change the stage of the present session and put the new cookie on the page."""
    token = await change_stage(session_of(request), stage, device, now_of(request))
    return with_session(request, page, token)


async def end_all_of(affiliate_id: UUID) -> None:
    """End every session of an affiliate's people, the portal's too. Role.GATE."""
    await queries.delete_sessions_of_affiliate(affiliate_id)


async def shorten_all_of(affiliate_id: UUID) -> None:
    """Let a shorter session length hold for viewers who are signed in, as it does for staff. Role.GATE."""
    await queries.shorten_portal_sessions(affiliate_id)


async def presented_session(request: Request) -> Session | None:
    """The session whose cookie the visitor of a public page shows, if it is still good. In a transaction of its own."""
    token = cookie_in(request.scope["headers"], cookie_name(request.app.state.settings.plain_http_cookies))
    id_hash = hash_of(token)
    return None if id_hash is None else await find_session(id_hash, now_of(request))


async def find_session(id_hash: bytes, now: datetime) -> Session | None:
    """The session behind a cookie, in a transaction of its own; nothing is remembered between requests."""
    async with transaction(Role.GATE):
        row = await queries.session_row(id_hash, now)
        if row is None:
            return None
        if now - row["seen_at"] > TOUCH_AFTER:
            await queries.touch(id_hash, now)
    fields = dict(row)
    # Read anew at each request, so that a limit holds from the next one on.
    fields["clients"] = None if fields["clients"] is None else tuple(fields["clients"])
    fields["flashes"] = tuple((kind, text) for kind, text in fields.pop("flash"))
    fields["brand"] = brand_from(fields["brand"])
    return Session(**fields)


def shopper_scope(session: Session) -> Scope | None:
    """On whose behalf a shopper's requests are: at the affiliate that was chosen, or None where none is.

    The actor is the profile, never the sign-in: two affiliates that compare their records find nothing in common.
    """
    if session.shopper_id is None or session.shopper_affiliate_id is None:
        return None
    return Scope(
        session.shopper_affiliate_id, session.shopper_id, session.role, "shopper", shopper_id=session.shopper_id
    )


def scope_for(session: Session) -> Scope:
    """On whose behalf the session's requests are."""
    kind = "viewer" if session.role == "client_viewer" else "staff"
    return Scope(
        affiliate_id=session.affiliate_id,
        account_id=session.account_id,
        role=session.role,
        actor_kind=SEARCH if session.is_lent else kind,
        client_id=session.client_id,
        node_path=session.node_path,
        clients=session.clients,
    )
