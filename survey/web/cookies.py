"""The session cookie: read from the header, written as bytes."""

from collections.abc import Iterable

SECURE_NAME = "__Host-candour"
PLAIN_NAME = "candour"


def cookie_name(is_plain: bool) -> str:
    """`__Host-` obliges the browser to Secure, to Path=/ and to no Domain; plain HTTP cannot have it."""
    return PLAIN_NAME if is_plain else SECURE_NAME


def session_cookie(token: str, is_plain: bool) -> bytes:
    """Set-Cookie for a session: gone with the browser; the server's row says how long it is good for."""
    return f"{cookie_name(is_plain)}={token}; {_attributes(is_plain)}".encode("ascii")


def expired_cookie(is_plain: bool) -> bytes:
    """Set-Cookie that takes the session cookie away."""
    return f"{cookie_name(is_plain)}=; Max-Age=0; {_attributes(is_plain)}".encode("ascii")


def cookie_in(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    """The cookie's value, or an empty text."""
    wanted = name.encode("ascii") + b"="
    for header, value in headers:
        if header == b"cookie":
            for pair in value.split(b";"):
                if (pair := pair.strip()).startswith(wanted):
                    return pair[len(wanted) :].decode("latin-1")
    return ""


def _attributes(is_plain: bool) -> str:
    return "Path=/; HttpOnly; SameSite=Lax" if is_plain else "Path=/; Secure; HttpOnly; SameSite=Lax"
