"""An affiliate's own fields of a profile, and what may not be told in one. They decide nothing about a shopper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from privacy.redaction import bank_accounts, card_numbers, folded, social_security_numbers
from privacy.redaction.wordings import NEVER, SPECIAL, first_of

MOST_FIELDS = 12
TEXT_CHARACTERS = 200
YES_NO = (("yes", "Yes"), ("no", "No"))


class FieldKind(StrEnum):
    """How a field is answered. It never changes: an answer under it would become another one."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


FIELD_WORDS = {
    FieldKind.TEXT: f"A line of text, up to {TEXT_CHARACTERS} characters",
    FieldKind.CHOICE: "One of several answers",
    FieldKind.YES_NO: "Yes or no",
}


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One field. choices: the answers on offer where it is a choice; an answer is kept in its own words."""

    id: UUID
    label: str
    kind: FieldKind
    choices: tuple[str, ...]
    is_required: bool
    reason: str
    is_asked: bool = True

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"field-{self.id}"

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Values and words of the answers on offer; none where anything may be written."""
        return YES_NO if self.kind is FieldKind.YES_NO else tuple((choice, choice) for choice in self.choices)

    def shown(self, value: str) -> str:
        """An answer as people read it. One that is not on offer any more is still what was said."""
        return dict(self.pairs).get(value, value)


Told = Mapping[UUID, str]


def missing_fields(fields: Sequence[ProfileField], told: Told) -> list[ProfileField]:
    """The required fields that nothing is told in."""
    return [one for one in fields if one.is_asked and one.is_required and not told.get(one.id)]


def what_is_forbidden(text: str) -> str:
    """What stands in an answer that may not be kept here, in words; empty where there is nothing of the kind."""
    plain = folded(text)
    if next(social_security_numbers(plain), None):
        return "a social security number"
    if next(card_numbers(plain), None):
        return "a card number"
    if next(bank_accounts(plain), None):
        return "a bank account number"
    return first_of((*NEVER, *SPECIAL), text)
