"""Whether a business that somebody typed is one of the clients. Pure; where it is not plain, nobody is guessed."""

import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

LONGEST_COMPANY = 120
LEAST_LETTERS = 4  # of the beginning of a name, by itself
_WORD = re.compile(r"[^\W_]+")
# What businesses put behind their names, and what joins the parts.
_FORMS = frozenset({
    "inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "corp", "corporation", "co", "company", "gmbh", "ag",
    "kg", "sa", "sarl", "spa", "bv", "nv", "ab", "oy", "the", "and", "group", "holding", "holdings",
})  # fmt: skip


def client_called(typed: str, clients: Sequence[tuple[UUID, str]]) -> UUID | None:
    """The one client whose name was typed, or begun, or typed with more around it; None where none is, or several."""
    said = words_of(typed)
    found = {client_id for client_id, name in clients if _fits(said, words_of(name))}
    exact = {client_id for client_id, name in clients if said and said == words_of(name)}
    one = exact or found
    return next(iter(one)) if len(one) == 1 else None


def words_of(name: str) -> tuple[str, ...]:
    """A name as it is compared: without case, accents, marks, and legal forms."""
    apart = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", "")).casefold()
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return tuple(word for word in _WORD.findall(plain) if word not in _FORMS)


def _fits(said: tuple[str, ...], name: tuple[str, ...]) -> bool:
    if not said or not name:
        return False
    if name[: len(said)] == said:
        return len("".join(said)) >= LEAST_LETTERS or said == name
    if len(name) < 2:
        # "The shop next to my house" does not name a client that is called Next: a person looks at it.
        return False
    starts = range(len(said) - len(name) + 1)
    return any(said[start : start + len(name)] == name for start in starts)
