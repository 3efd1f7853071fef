"""Forms that only our own pages can send: a token bound to the session or to the link, and the browser's own word."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from html import escape

from privacy.crypto import derive_key, hmac_sha256, is_same, random_id
from privacy.errors import BadToken
from privacy.tokens import Purpose, read_timed, sign_until

from .visit import Visit

FIELD = "csrf"
HEADER = b"x-csrf-token"
PUBLIC_FORM_LIFE = timedelta(hours=12)
OWN_SITE = frozenset({b"same-origin", b"none"})

Keys = tuple[bytes, ...]
Headers = Mapping[bytes, bytes]


def token_for(visit: Visit, keys: Keys) -> str:
    """The token that a form on this page has to send back."""
    bound = _bound(visit)
    if bound is None:
        return sign_until(keys, Purpose.FORM, random_id(), now=visit.now, seconds=int(PUBLIC_FORM_LIFE.total_seconds()))
    return _tag(keys[0], bound)


def field_for(visit: Visit, keys: Keys) -> str:
    """The hidden field as HTML."""
    return f'<input type="hidden" name="{FIELD}" value="{escape(token_for(visit, keys))}">'


def is_ours(visit: Visit, keys: Keys, headers: Headers) -> bool:
    """Whether the form came from one of our pages: the token fits, and the browser names no other site."""
    sent = _sent(visit, headers)
    bound = _bound(visit)
    if bound is not None:
        return any(is_same(_tag(key, bound).encode(), sent.encode()) for key in keys)
    try:
        read_timed(keys, Purpose.FORM, sent, now=visit.now)
    except BadToken:
        return False
    return True


def is_own_site(headers: Headers) -> bool:
    """What the browser says of where the form stood.

    Sec-Fetch-Site decides where it is sent. Without it the Origin must be our own host or opaque: under
    `Referrer-Policy: no-referrer` browsers send `Origin: null` also to their own site (Fetch, section 3.2).
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in OWN_SITE
    origin = headers.get(b"origin", b"null")
    return origin == b"null" or origin.partition(b"://")[2] == headers.get(b"host")


def _sent(visit: Visit, headers: Headers) -> str:
    if visit.form is not None and (token := visit.form[FIELD]):
        return token
    return headers.get(HEADER, b"").decode("latin-1")


def _bound(visit: Visit) -> bytes | None:
    """What the token is tied to: the session, else the link, else nothing."""
    if visit.session_hash is not None:
        return b"session" + visit.session_hash
    return b"link" + visit.link.bytes if visit.link is not None else None


def _tag(key: bytes, bound: bytes) -> str:
    tag = hmac_sha256(derive_key(key, "form token"), bound)
    return urlsafe_b64encode(tag[:18]).decode("ascii")
