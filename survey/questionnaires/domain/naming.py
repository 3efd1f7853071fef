"""Short stable ids from the words an author writes."""

import re
import unicodedata
from collections.abc import Container

from .shape import RESERVED

MOST_ID_CHARACTERS = 24
# Words that say nothing about what is asked.
FILLERS = frozenset(
    {"a", "about", "an", "and", "any", "are", "at", "did", "do", "does", "for", "far", "how", "i", "in", "is", "it"}
    | {"many", "me", "much", "my", "of", "on", "or", "our", "so", "that", "the", "there", "these", "this", "to", "us"}
    | {"was", "we", "were", "what", "when", "where", "which", "who", "why", "with", "would", "you", "your"}
)


def item_id(title: str, taken: Container[str]) -> str:
    """An id from the telling words of a question: "How clean was the store?" gives clean_store."""
    words = _words(title)
    telling = [word for word in words if word not in FILLERS] or words
    return _unused(_slug(telling[:3], "question"), taken)


def code_for(label: str, taken: Container[str]) -> str:
    """A code from the first words of a label: "Less than 2 minutes" gives less_than_2_minutes."""
    return _unused(_slug(_words(label)[:4], "choice"), taken)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain.replace("'", ""))


def _slug(words: list[str], fallback: str) -> str:
    slug = "_".join(words)[:MOST_ID_CHARACTERS].rstrip("_") or fallback
    return slug if slug[0].isalpha() else f"{fallback[0]}_{slug}"


def _unused(slug: str, taken: Container[str]) -> str:
    if slug not in taken and slug not in RESERVED and slug not in {"other", "declined"}:
        return slug
    return next(name for name in (f"{slug}_{number}" for number in range(2, 10_000)) if name not in taken)
