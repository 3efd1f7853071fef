"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost."""

import base64
import io
from datetime import datetime

import pyotp
import segno

from privacy.crypto import derive_key, hmac_sha256, is_same, random_bytes

ISSUER = "Candour"
STEP_SECONDS = 30
DRIFT_STEPS = 1
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
RECOVERY_CHARACTERS = 16
# Crockford's alphabet, in which nothing looks like anything else.
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_READABLE = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_READABLE = bytes.maketrans(_BASE32, _READABLE)
_MISREAD = str.maketrans("OIL", "011")


def new_secret() -> str:
    """A secret of 160 bits (RFC 4226, section 4), as authenticator apps take it."""
    return pyotp.random_base32()


def spaced(secret: str) -> str:
    """The secret in groups of four, to be typed in."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def enrolment_uri(secret: str, account_name: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


def drawing_of(uri: str) -> str:
    """The QR code as SVG without style attributes or scripts, dark on light in both themes."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        border=4,
        scale=5,
        dark="#000",
        light="#fff",
        omitsize=False,
    )
    return out.getvalue().decode()


def accepted_step(secret: str, code: str, last_step: int, now: datetime) -> int | None:
    """The time step whose code this is, if it is later than the last one used; None for a wrong or used code."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if is_same(totp.generate_otp(step).encode(), digits.encode()) and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 bits, in groups to be read out."""
    return [_grouped(_readable(random_bytes(RECOVERY_BYTES))) for _ in range(RECOVERY_CODES)]


def code_hash(index_key: bytes, account_bytes: bytes, code: str) -> bytes:
    """What is kept of a recovery code, however it was typed: a keyed hash bound to its account."""
    plain = "".join(mark for mark in code.upper() if mark.isalnum()).translate(_MISREAD)
    return hmac_sha256(derive_key(index_key, "recovery code"), account_bytes + plain.encode())


def _readable(drawn: bytes) -> str:
    return base64.b32encode(drawn).translate(_TO_READABLE).decode()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
