"""The form in which PostgreSQL keeps a password (SCRAM-SHA-256, RFC 5802 and 7677).

The server is sent this instead of the password, because it may log the statement that sets it.
"""

import base64

from privacy.crypto import hmac_sha256, random_bytes, sha256

ITERATIONS = 4096
SALT_BYTES = 16


def verifier_of(password: str) -> str:
    """What `PASSWORD '…'` takes in place of an ASCII password."""
    salt = random_bytes(SALT_BYTES)
    salted = _salted(password.encode("ascii"), salt)
    stored_key = sha256(hmac_sha256(salted, b"Client Key"))
    server_key = hmac_sha256(salted, b"Server Key")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _salted(password: bytes, salt: bytes) -> bytes:
    block = hmac_sha256(password, salt + b"\x00\x00\x00\x01")
    mixed = int.from_bytes(block, "big")
    for _ in range(ITERATIONS - 1):
        block = hmac_sha256(password, block)
        mixed ^= int.from_bytes(block, "big")
    return mixed.to_bytes(len(block), "big")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
