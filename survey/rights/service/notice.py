"""What is held about people, told from the declarations beside the columns: the notice cannot forget a column."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from piccolo.table import Table

from privacy.consents import tables as consents
from privacy.inventory import CALIFORNIA, Category, Erase, Personal, data_map
from privacy.optouts import tables as optouts
from survey.accounts import tables as accounts
from survey.contacts import tables as contacts
from survey.mail import tables as mail
from survey.panels import tables as panels
from survey.responses import tables as responses
from survey.web import tables as web

SOURCES: tuple[ModuleType, ...] = (accounts, contacts, mail, panels, responses, web, consents, optouts)

WORDS = {
    Category.IDENTIFIERS: "Your name",
    Category.CONTACT: "Your e-mail address",
    Category.DEMOGRAPHICS: "Age band, gender, kind of place you live in, language",
    Category.ANSWERS: "What you answered, as coded choices and numbers",
    Category.FREE_TEXT: "What you wrote in your own words",
    Category.COMMERCIAL: "When and where you were a customer",
    Category.PREFERENCES: "That you asked us to stop, or agreed to something",
    Category.SECURITY: "What you sign in with, if you work with Candour",
    Category.TECHNICAL: "A mark of the browser you use, while you use it",
}
ERASURE_WORDS = {
    Erase.SHRED: "the key that opens it is destroyed, so that copies become unreadable too",
    Erase.DELETE: "removed",
    Erase.NULL: "emptied",
    Erase.KEEP: "kept",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of data: in our words and the law's, what for, and what erasing does."""

    what: str
    california: tuple[str, ...]
    purposes: tuple[str, ...]
    erasure: tuple[str, ...]
    sealed_columns: int
    columns: int


@cache
def held() -> tuple[Held, ...]:
    """Every kind of data, in the order of the categories."""
    found: dict[Category, list[Personal]] = {}
    for declaration in _declarations():
        found.setdefault(declaration.category, []).append(declaration)
    return tuple(_held(category, found[category]) for category in Category if category in found)


def _declarations() -> Iterator[Personal]:
    tables = [value for module in SOURCES for value in vars(module).values() if _is_table(value)]
    for column in data_map(tables):
        if isinstance(column.declaration, Personal):
            yield column.declaration


def _is_table(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Table) and value is not Table


def _held(category: Category, declarations: list[Personal]) -> Held:
    purposes = dict.fromkeys(purpose for entry in declarations for purpose in entry.purposes)
    kept = {entry.keep_reason for entry in declarations if entry.on_erase is Erase.KEEP}
    ways = {entry.on_erase for entry in declarations} - {Erase.KEEP}
    erasure = [ERASURE_WORDS[how] for how in Erase if how in ways]
    erasure += [f"kept, because {reason}" for reason in sorted(kept)]
    sealed = sum(entry.on_erase is Erase.SHRED for entry in declarations)
    words = WORDS.get(category, category.value.replace("_", " ").capitalize())
    return Held(words, CALIFORNIA[category], tuple(purposes), tuple(erasure), sealed, len(declarations))
