"""Browsers: what they are called in a list of sessions, and the cookie by which one that signed in before is known.

OWASP "device cookies": guesses from unknown browsers slow down unknown browsers, never the owner's own.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from privacy.crypto import derive_key, hmac_sha256, is_same, random_bytes

TAG_BYTES = 15  # 20 characters of base64 without padding
REMEMBERED_ACCOUNTS = 5
COOKIE_DAYS = 180
_COOKIE = re.compile(r"[A-Za-z0-9_-]{20}(?:\.[A-Za-z0-9_-]{20}){0,5}")

# In this order: most browsers also claim to be the ones below them.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """ "Firefox on Windows": enough to recognise one's own browser, too little to recognise a person's."""
    browser = next((words for sign, words in _BROWSERS if sign in user_agent), "A browser")
    system = next((words for sign, words in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


@dataclass(frozen=True, slots=True)
class DeviceCookie:
    """A random name of the browser, and a tag for each account that has signed in there."""

    nonce: str
    tags: tuple[str, ...] = ()

    def knows(self, keys: Sequence[bytes], account_id: UUID) -> bool:
        """Whether the account has signed in with this browser."""
        expected = [_tag(key, self.nonce, account_id).encode() for key in keys]
        return any(is_same(tag.encode(), one) for tag in self.tags for one in expected)

    def knowing(self, keys: Sequence[bytes], account_id: UUID) -> "DeviceCookie":
        """The same browser, where the account has now signed in; the accounts of long ago are forgotten."""
        if self.knows(keys, account_id):
            return self
        return DeviceCookie(self.nonce, (*self.tags, _tag(keys[0], self.nonce, account_id))[-REMEMBERED_ACCOUNTS:])

    @property
    def value(self) -> str:
        """What the cookie holds."""
        return ".".join((self.nonce, *self.tags))


def read_device_cookie(value: str) -> DeviceCookie:
    """The browser that sends this cookie; a new one where there is none, or where it was made up."""
    if not _COOKIE.fullmatch(value):
        return DeviceCookie(_text(random_bytes(TAG_BYTES)))
    nonce, *tags = value.split(".")
    return DeviceCookie(nonce, tuple(tags))


def _tag(key: bytes, nonce: str, account_id: UUID) -> str:
    return _text(hmac_sha256(derive_key(key, "device cookie"), nonce.encode() + account_id.bytes)[:TAG_BYTES])


def _text(drawn: bytes) -> str:
    return urlsafe_b64encode(drawn).decode("ascii")
