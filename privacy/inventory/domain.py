"""What a column may say of itself: category, purposes, retention, erasure, release. All the rest is derived from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Category(StrEnum):
    """What kind of fact about a person a column holds."""

    IDENTIFIERS = "identifiers"
    CONTACT = "contact"
    DEMOGRAPHICS = "demographics"
    ANSWERS = "answers"
    FREE_TEXT = "free_text"
    COMMERCIAL = "commercial"
    PREFERENCES = "preferences"
    SECURITY = "security"
    TECHNICAL = "technical"
    LOCATION = "location"
    AUDIO_VISUAL = "audio_visual"
    EMPLOYMENT = "employment"
    INFERENCES = "inferences"


# The names that the notice and the access copy must use: Cal. Civ. Code 1798.140 (v)(1)(A) to (L) and (ae).
_IDENTIFIERS = "Identifiers"
_CUSTOMER_RECORDS = "Customer records information (Cal. Civ. Code 1798.80(e))"
_PROTECTED = "Characteristics of protected classifications under California or federal law"
_COMMERCIAL = "Commercial information"
_NETWORK = "Internet or other electronic network activity information"
_GEOLOCATION = "Geolocation data"
_SENSORY = "Audio, electronic, visual, thermal, olfactory, or similar information"
_EMPLOYMENT = "Professional or employment-related information"
_INFERENCES = "Inferences drawn to create a profile"
_SENSITIVE = "Sensitive personal information"

CALIFORNIA: Mapping[Category, tuple[str, ...]] = MappingProxyType(
    {
        Category.IDENTIFIERS: (_IDENTIFIERS,),
        Category.CONTACT: (_IDENTIFIERS, _CUSTOMER_RECORDS),
        Category.DEMOGRAPHICS: (_PROTECTED,),
        Category.ANSWERS: (_COMMERCIAL,),
        # People write what they like, so the notice names the most sensitive thing it may turn out to be.
        Category.FREE_TEXT: (_COMMERCIAL, _SENSITIVE),
        Category.COMMERCIAL: (_COMMERCIAL,),
        Category.PREFERENCES: (_IDENTIFIERS,),
        Category.SECURITY: (_SENSITIVE,),
        Category.TECHNICAL: (_NETWORK,),
        Category.LOCATION: (_GEOLOCATION,),
        Category.AUDIO_VISUAL: (_SENSORY,),
        Category.EMPLOYMENT: (_EMPLOYMENT,),
        Category.INFERENCES: (_INFERENCES,),
    }
)


class Erase(StrEnum):
    """What happens to the value when its subject asks for erasure."""

    SHRED = "shred"  # sealed: the key goes, so that copies and backups become unreadable as well
    DELETE = "delete"  # the row goes
    NULL = "null"  # the row stays, the value goes
    KEEP = "keep"  # the law or the promise itself requires it; the declaration says why


class Release(StrEnum):
    """Whether what leaves for a client may be built from the value."""

    NEVER = "never"
    AGGREGATE = "aggregate"  # in counts and means over enough people
    CODED = "coded"  # as it stands: a code, never words


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a value is kept. days: None where it is kept for good, which erasure must then explain.

    sweep: the name of the job that removes what is older.
    """

    name: str
    days: int | None
    counted_from: str
    sweep: str = ""

    def __post_init__(self) -> None:
        _require_words(self.name, "a retention needs a name")
        _require_words(self.counted_from, "a retention is counted from something")
        if self.days is not None and self.days < 0:
            raise ValueError("a retention cannot be shorter than nothing")


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of a column that holds something about a person."""

    category: Category
    subject: str  # "self", or the column that leads to the person
    purposes: tuple[str, ...]
    retention: Retention
    on_erase: Erase
    release: Release
    keep_reason: str = ""

    def __post_init__(self) -> None:
        _require_words(self.subject, "a personal column is about a subject")
        if not self.purposes:
            raise ValueError("a personal column needs a purpose")
        for purpose in self.purposes:
            _require_words(purpose, "a purpose is said in words")
        self._require_a_reason_to_keep()

    def _require_a_reason_to_keep(self) -> None:
        if self.on_erase is Erase.KEEP:
            _require_words(self.keep_reason, "a value that outlives erasure needs a reason")
        elif self.keep_reason:
            raise ValueError("a reason to keep is given for a value that is not kept")
        elif self.retention.days is None:
            raise ValueError("a value that erasure removes cannot be kept for good")


@dataclass(frozen=True, slots=True)
class Plain:
    """The declaration of a column that holds nothing about a person."""

    reason: str

    def __post_init__(self) -> None:
        _require_words(self.reason, "say why the column is not personal")


Declaration = Personal | Plain


def require_fit(declaration: Personal, is_sealed: bool) -> None:
    """A column that is shredded is a sealed one, and what is sealed never leaves. Raises ValueError."""
    if declaration.on_erase is Erase.SHRED and not is_sealed:
        raise ValueError("only a sealed column, Bytea(secret=True), can be shredded")
    if is_sealed and declaration.release is not Release.NEVER:
        raise ValueError("a sealed column is never released")


def _require_words(text: str, complaint: str) -> None:
    if not text.strip():
        raise ValueError(complaint)
