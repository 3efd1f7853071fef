"""Signed links: a token carries one random id for one purpose, and nothing else."""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from re import compile as pattern
from uuid import UUID

from itsdangerous import BadSignature, Signer, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm

from .crypto import hmac_sha256
from .errors import BadToken, ExpiredToken

Keys = tuple[bytes, ...]  # newest first: the first one signs, every one verifies

KEY_MINIMUM_BYTES = 16
TAG_BYTES = 16

# Sixteen bytes in base64url leave four bits over; only the spelling that leaves them empty is ours.
_SIXTEEN_BYTES = "[A-Za-z0-9_-]{21}[AQgw]"
_PLAIN = pattern(rf"{_SIXTEEN_BYTES}\.{_SIXTEEN_BYTES}")
_TIMED = pattern(rf"{_SIXTEEN_BYTES}\.[A-Za-z0-9_-]{{1,11}}\.{_SIXTEEN_BYTES}")


class Purpose(StrEnum):
    """What a token is good for. A token of one purpose is refused for every other."""

    SURVEY = "survey"
    OPT_OUT = "optout"
    ACCOUNT_INVITE = "account-invite"
    SIGN_IN = "sign-in"
    PASSWORD_RESET = "password-reset"  # noqa: S105  (a purpose, not a password)
    ACCOUNT_ADDRESS = "account-address"
    ACCOUNT_ADDRESS_STOP = "account-address-stop"
    PANEL_CONFIRM = "panel-confirm"
    PANEL_MANAGE = "panel-manage"
    FORM = "form"
    DEVICE = "device"
    DOWNLOAD = "download"
    CALENDAR = "calendar"
    SHOPPER_CALENDAR = "shopper-calendar"
    SHOPPER_CONFIRM = "shopper-confirm"
    SHOPPER_ADDRESS = "shopper-address"
    SHOPPER_KEEP = "shopper-keep"
    # Both go into one cookie and look alike: only we can tell which answer was given.
    SHOPPER_OF_AGE = "shopper-of-age"
    SHOPPER_NOT_YET = "shopper-not-yet"


class _ShortTag(SigningAlgorithm):
    """HMAC-SHA256 cut to 128 bits, the least that RFC 2104 (section 5) advises: links stay short enough to read out."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac_sha256(key, value)[:TAG_BYTES]


class _ExpirySigner(TimestampSigner):
    """Stamps the given second, the one at which the token ends, where the original stamps the present one."""

    def __init__(self, keys: Keys, salt: str, expires_at: int = 0) -> None:
        super().__init__(_oldest_first(keys), salt, key_derivation="hmac", digest_method=sha256, algorithm=_ShortTag())
        self.expires_at = expires_at

    def get_timestamp(self) -> int:
        return self.expires_at


def sign(keys: Keys, purpose: Purpose, random_id: UUID) -> str:
    """A token of 45 characters that is valid for as long as its key is on the ring."""
    return _signer(keys, purpose).sign(base64_encode(random_id.bytes)).decode()


def read(keys: Keys, purpose: Purpose, token: str) -> UUID:
    """The id that was signed for this purpose. Raises BadToken."""
    return _read(keys, purpose, token)


# A signature that held once holds for as long as its ring; an error is never kept.
@lru_cache(maxsize=4096)
def _read(keys: Keys, purpose: Purpose, token: str) -> UUID:
    if not _PLAIN.fullmatch(token):
        raise BadToken(purpose)
    try:
        payload = _signer(keys, purpose).unsign(token)
    except BadSignature:
        raise BadToken(purpose) from None
    return UUID(bytes=base64_decode(payload))


def sign_until(keys: Keys, purpose: Purpose, random_id: UUID, *, now: datetime, seconds: int) -> str:
    """A token that ends `seconds` after `now`; only read_timed accepts it."""
    signer = _ExpirySigner(keys, _timed_salt(purpose), int(now.timestamp()) + seconds)
    return signer.sign(base64_encode(random_id.bytes)).decode()


def read_timed(keys: Keys, purpose: Purpose, token: str, *, now: datetime) -> UUID:
    """The id of a token made by sign_until. Raises ExpiredToken from its last second on, BadToken for any other."""
    if not _TIMED.fullmatch(token):
        raise BadToken(purpose)
    try:
        payload, expires_at = _ExpirySigner(keys, _timed_salt(purpose)).unsign(token, return_timestamp=True)
    except BadSignature:
        raise BadToken(purpose) from None
    if now >= expires_at:
        raise ExpiredToken(purpose)
    return UUID(bytes=base64_decode(payload))


@lru_cache(maxsize=64)
def _signer(keys: Keys, purpose: Purpose) -> Signer:
    return Signer(_oldest_first(keys), purpose, key_derivation="hmac", digest_method=sha256, algorithm=_ShortTag())


def _timed_salt(purpose: Purpose) -> str:
    return f"{purpose} until"


def _oldest_first(keys: Keys) -> list[bytes]:
    if not keys or min(map(len, keys)) < KEY_MINIMUM_BYTES:
        raise ValueError(f"a token key has at least {KEY_MINIMUM_BYTES} bytes, and there is at least one")
    return list(reversed(keys))
