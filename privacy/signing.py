"""Signatures under what leaves, which a stranger can check: Ed25519 (RFC 8032).

The keys are made from the token keys: there is no further secret to lose, and whoever replaces a token key replaces
this one with it. Retired token keys stay known for ever, as opt-out links need them; so do the public keys.
"""

from dataclasses import dataclass
from functools import lru_cache

from .crypto import derive_key, is_signed, public_key, sha256, signature
from .tokens import Keys

USE = "signatures under releases"
NAME_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of 64 bytes, and the name of the key that holds it."""

    key: str
    value: bytes


@lru_cache(maxsize=8)
def public_keys(keys: Keys) -> dict[str, bytes]:
    """Public keys of 32 bytes by name, the one in use first. A name is the beginning of the key's SHA-256, in hex."""
    made = [public_key(derive_key(key, USE)) for key in keys]
    return {sha256(each).hex()[:NAME_DIGITS]: each for each in made}


def sign(keys: Keys, message: bytes) -> Signature:
    """Sign with the newest key."""
    return Signature(next(iter(public_keys(keys))), signature(derive_key(keys[0], USE), message))


def holds(keys: Keys, message: bytes, signed: Signature) -> bool:
    """Whether the signature is one of ours under exactly this message; not under a key that nobody knows."""
    public = public_keys(keys).get(signed.key)
    return public is not None and is_signed(public, message, signed.value)
