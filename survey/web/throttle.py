"""How often one visitor may try something. What is counted is a keyed hash under a salt that changes every day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from litestar.types import HTTPScope

from privacy.crypto import derive_key, hmac_sha256
from survey.db import Role, transaction
from survey.settings import Settings

from . import queries
from .errors import TooMany
from .visit import Request, Visit, now_of

ADDRESS = "address"
ACCOUNT = "account"
# What a household or a rented machine is given of IPv6 (RFC 6177): whoever has one may use any address in it.
ONE_VISITOR_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` in `minutes` for one visitor. by: `address` of the visitor, `account`, or a form's field."""

    kind: str
    attempts: int
    minutes: int
    by: str = ADDRESS


async def hold_back(settings: Settings, visit: Visit, limits: Sequence[Limit], scope: HTTPScope) -> None:
    """Count one attempt against each limit, whatever becomes of the request. Raises TooMany."""
    async with transaction(Role.GATE):
        waits = [await spend(settings, limit, _subject(limit, visit, scope, settings), visit.now) for limit in limits]
    if longest := max(waits, default=0):
        raise TooMany(longest)


async def spend(settings: Settings, limit: Limit, subject: str, now: datetime) -> int:
    """Count an attempt. Returns the seconds to wait, 0 while within the limit. Role.GATE or Role.DESK."""
    span = timedelta(minutes=limit.minutes)
    row = await queries.count_attempt(_key(settings, limit.kind, subject, now), now, now - span)
    if row["count"] <= limit.attempts:
        return 0
    return max(1, int((row["window_start"] + span - now).total_seconds()))


async def attempts(settings: Settings, limit: Limit, subject: str, now: datetime) -> int:
    """How many attempts the present window has seen, without counting one."""
    since = now - timedelta(minutes=limit.minutes)
    return await queries.attempts_since(_key(settings, limit.kind, subject, now), since)


async def forgive(settings: Settings, limit: Limit, subject: str, now: datetime) -> None:
    """Forget the attempts: who has signed in was honest."""
    await queries.forget_attempts(_key(settings, limit.kind, subject, now))


async def count(request: Request, limit: Limit, subject: str) -> int:
    """`spend` for a handler: counts now, in the request's own transaction, so a refusal undoes it; see `survive`."""
    return await spend(request.app.state.settings, limit, subject, now_of(request))


def _subject(limit: Limit, visit: Visit, scope: HTTPScope, settings: Settings) -> str:
    if limit.by == ADDRESS:
        return _visitor(_address(scope, settings.trusted_proxies))
    if limit.by == ACCOUNT:
        return visit.session.account_id.hex if visit.session else ""
    return visit.form[limit.by].casefold() if visit.form else ""


def _address(scope: HTTPScope, trusted_proxies: tuple[str, ...]) -> str:
    """The nearest address that is not a proxy of ours; what a stranger writes into the header counts for nothing."""
    client = scope.get("client")
    hops = [client[0] if client else ""]
    for name, value in scope["headers"]:
        if name == b"x-forwarded-for":
            hops += reversed([hop.strip() for hop in value.decode("latin-1").split(",")])
    for hop in hops:
        if not _is_proxy(hop, trusted_proxies):
            return hop
    return hops[-1]


def _visitor(address: str) -> str:
    """Who counts as one: an address of IPv4, however it is written, and of IPv6 all that one line is given."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        # A zone (RFC 4007) names an interface of ours, and no visitor.
        return str(IPv6Network((int(found), ONE_VISITOR_BITS), strict=False))
    return str(found) if found else address


def _is_proxy(hop: str, trusted_proxies: tuple[str, ...]) -> bool:
    address = _parsed(hop)
    return address is not None and any(address in network for network in _networks(trusted_proxies))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address; one of IPv4 that a socket of IPv6 has written (RFC 4291, 2.5.5.2) as what it is; None: none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


@lru_cache(maxsize=4)
def _networks(trusted_proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in trusted_proxies)


def _key(settings: Settings, kind: str, subject: str, now: datetime) -> bytes:
    salt = derive_key(settings.index_key, f"throttle {now.date().isoformat()}")
    return hmac_sha256(salt, f"{kind}\0{subject}".encode())
