"""The cryptographic primitives of the product, as pure functions: keys are arguments, and nothing is invented here."""

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
DIGEST_BYTES = 32
UUID_BYTES = 16
FINGERPRINT_BYTES = 8

# A key that has been made ready for AES-256-GCM. Its repr shows no bytes, and it cannot be pickled.
Cipher = AESGCM


def cipher(key: bytes) -> Cipher:
    """Make a 32-byte key ready for use; do it once for each key, it costs more than sealing."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return AESGCM(key)


def encrypt(ready: Cipher, plaintext: bytes, bound: bytes) -> bytes:
    """AES-256-GCM under a fresh random nonce (NIST SP 800-38D): nonce, ciphertext, tag.

    bound: associated data, which is not stored but must be the same when decrypting.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + ready.encrypt(nonce, plaintext, bound)


def encrypt_many(items: Sequence[tuple[Cipher, bytes, bytes]]) -> list[bytes]:
    """encrypt for many: each item is a key, a plaintext and what it is bound to. The nonces come from one call."""
    nonces = os.urandom(NONCE_BYTES * len(items))
    return [
        (nonce := nonces[at * NONCE_BYTES : (at + 1) * NONCE_BYTES]) + ready.encrypt(nonce, plaintext, bound)
        for at, (ready, plaintext, bound) in enumerate(items)
    ]


def decrypt(ready: Cipher, encrypted: bytes, bound: bytes, place: str = "the value") -> bytes:
    """Undo encrypt. Raises SealBroken, which names only the place."""
    if len(encrypted) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken(place)
    try:
        return ready.decrypt(encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], bound)
    except InvalidTag:
        raise SealBroken(place) from None


@lru_cache(maxsize=4096)
def derive_key(key: bytes, name: str, length_bytes: int = KEY_BYTES) -> bytes:
    """A key for one named use, from a secret with many uses (HKDF-SHA256, RFC 5869).

    Remembered, because deriving costs more than what is then done with the key.
    """
    return HKDF(SHA256(), length_bytes, None, name.encode()).derive(key)


def fingerprint(key: bytes) -> str:
    """Sixteen digits by which a key is known again and from which it cannot be found."""
    return derive_key(key, "fingerprint", FINGERPRINT_BYTES).hex()


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104), 32 bytes."""
    return hmac.digest(key, message, "sha256")


def hmacs_sha256(key: bytes, messages: Iterable[bytes]) -> list[bytes]:
    """The same for many messages, in a third of the time: the key is made ready once."""
    keyed, digests = HMAC(key, SHA256()), []
    for message in messages:
        one = keyed.copy()
        one.update(message)
        digests.append(one.finalize())
    return digests


def public_key(seed: bytes) -> bytes:
    """The public key of an Ed25519 seed (RFC 8032), 32 bytes each."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signature(seed: bytes, message: bytes) -> bytes:
    """Ed25519 (RFC 8032), 64 bytes: whoever has the public key can check it, and cannot make one."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def is_signed(public: bytes, message: bytes, signed: bytes) -> bool:
    """Whether a signature of 64 bytes is of this message by the owner of the public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signed, message)
    except InvalidSignature:
        return False
    return True


def sha256(content: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(content).digest()


def sha256_of(chunks: Iterable[bytes]) -> bytes:
    """SHA-256 of content that comes in pieces."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


def is_same(one: bytes, other: bytes) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def random_bytes(count: int) -> bytes:
    """Bytes from the operating system's generator."""
    return os.urandom(count)


def random_id() -> UUID:
    """A random UUID (version 4)."""
    return uuid4()


def random_ids(count: int) -> list[UUID]:
    """Many random UUIDs (version 4) from one call of the operating system's generator."""
    drawn = os.urandom(count * UUID_BYTES)
    return [UUID(bytes=drawn[at : at + UUID_BYTES], version=4) for at in range(0, len(drawn), UUID_BYTES)]
