"""From the text of an environment variable to a value. Raises ValueError or KeyError where it cannot be read."""

import base64
from ipaddress import ip_network
from itertools import pairwise
from urllib.parse import urlsplit

from privacy.vault.domain import KeyRing

KEY_BYTES = 32
SHORTEST_KEY_BYTES = 16


def text(raw: str) -> str:
    """Any text, without the spaces around it."""
    return raw.strip()


def port(raw: str) -> int:
    """A TCP port."""
    number = int(raw)
    if not 0 < number < 65536:
        raise ValueError("not a port")
    return number


def yes(raw: str) -> bool:
    """Yes or no."""
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    return answers[raw.strip().lower()]


def url(raw: str) -> str:
    """A web address, without the slash at its end."""
    parts = urlsplit(raw.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("not a web address")
    return raw.strip().rstrip("/")


def words(raw: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def networks(raw: str) -> tuple[str, ...]:
    """Network addresses, or networks such as 10.0.0.0/8, between commas."""
    found = words(raw)
    for word in found:
        ip_network(word, strict=False)
    return found


def key(raw: str) -> bytes:
    """A secret in base64."""
    key = base64.b64decode(raw.strip(), validate=True)
    if len(key) < SHORTEST_KEY_BYTES:
        raise ValueError("too short")
    return key


def keys(raw: str) -> tuple[bytes, ...]:
    """Secrets in base64, newest first."""
    keys = tuple(key(word) for word in words(raw))
    if not keys:
        raise ValueError("no key")
    return keys


def keys_if_any(raw: str) -> tuple[bytes, ...]:
    """Secrets in base64, or none."""
    return tuple(key(word) for word in words(raw))


def keyring(raw: str) -> KeyRing:
    """Key-encryption keys with their versions, newest first: rotation wraps anew what has a lower version."""
    pairs = [word.split(":", 1) for word in words(raw)]
    versions = [int(version) for version, _ in pairs]
    if not versions or any(newer <= older for newer, older in pairwise(versions)):
        raise ValueError("versions must go down, each named once")
    keys = {int(version): base64.b64decode(key, validate=True) for version, key in pairs}
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError("each key must be 32 bytes")
    return KeyRing(current=versions[0], keys=keys)


def count(raw: str) -> int:
    """A number from 0 up."""
    number = int(raw)
    if number < 0:
        raise ValueError("not a count")
    return number


def resend_or_hold(raw: str) -> str:
    """What to do about mail in doubt."""
    return {"resend": "resend", "hold": "hold"}[raw.strip()]
