"""What a page wears that people outside see: an affiliate's name, accent, logo and contact; and the sheet of an accent.

The sheet follows from the accent alone, so no row has to be found to serve one: whoever asks for it learns a colour
that the address has told already. Its last part is a keyed digest of what is in it: it never changes, and nobody can
make one up. A logo's address is the random name of its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from privacy.crypto import derive_key, hmac_sha256, is_same
from survey.mail.domain import contact_line, postal_line

from .colours import digits_of, tones_of

PREFIX = "/brand/"
PLAIN = "plain"  # in the place of an accent: the house's own
DIGEST_DIGITS = 32
# Logos are drawn for white paper, so they stand on it in the dark too.
LOGO = (
    "@layer areas{.logo{display:block;width:auto;height:2.25rem;max-width:min(14rem,50vw);object-fit:contain;"
    "padding:.2rem .4rem;margin-inline-start:-.4rem;border-radius:var(--radius);background:#fff}"
    ".bar .logo{height:2rem;max-width:10rem}"
    ".asker small{display:flex;align-items:center;gap:.5em;font-weight:400}}"
)


@dataclass(frozen=True, slots=True)
class Brand:
    """What an affiliate shows of itself. accent: six digits, logo: the name of its file; None: the house's look."""

    name: str
    accent: str | None = None
    logo: str | None = None
    email: str = ""
    phone: str = ""
    postal_address: str = ""

    @property
    def has_sheet(self) -> bool:
        """Whether its pages look any different."""
        return self.accent is not None or self.logo is not None

    @property
    def logo_url(self) -> str | None:
        """Where the logo is."""
        return f"{PREFIX}{self.logo}.png" if self.logo else None

    @property
    def postal_line(self) -> str:
        """The postal address on one line."""
        return postal_line(self.postal_address)

    @property
    def contact_line(self) -> str:
        """Where people turn to with a question, on one line."""
        return contact_line(self.email, self.phone)


def brand_from(column: Mapping[str, Any] | None) -> Brand | None:
    """From what the database's `field.brand_of` says."""
    return Brand(**column) if column else None


@lru_cache(maxsize=512)
def sheet_of(accent: str | None) -> str:
    """The style sheet of an accent: a few custom properties for whatever carries the class, and how a logo stands."""
    if accent is None:
        return LOGO
    light, dark = tones_of(accent)["light"], tones_of(accent)["dark"]
    return (
        f"@layer tokens{{.branded{{--accent:light-dark(#{light.accent},#{dark.accent});"
        f"--deep:light-dark(#{light.deep},#{dark.deep});--kind:var(--accent)}}}}\n{LOGO}"
    )


def sheet_url(index_key: bytes, accent: str | None) -> str:
    """Where the sheet of an accent is. index_key: the deployment's secret."""
    return f"{PREFIX}{accent or PLAIN}/{_digest(index_key, accent)}.css"


def sheet_at(index_key: bytes, accent: str, name: str) -> str | None:
    """The sheet at `/brand/{accent}/{name}`; None where there is none."""
    digits = None if accent == PLAIN else digits_of(accent)
    if accent != (digits or PLAIN):
        return None
    is_right = is_same(f"{_digest(index_key, digits)}.css".encode(), name.encode())
    return sheet_of(digits) if is_right else None


def _digest(index_key: bytes, accent: str | None) -> str:
    return hmac_sha256(derive_key(index_key, "brand sheet"), sheet_of(accent).encode()).hex()[:DIGEST_DIGITS]
