"""What a questionnaire is: sections, items, choices and show-if rules, as frozen values that travel as JSON."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import DecodeError, Struct, ValidationError, convert, json
from msgspec.structs import force_setattr, replace


class Kind(StrEnum):
    """What an item asks for."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NPS = "nps"
    NUMBER = "number"
    TEXT = "text"
    LONG_TEXT = "long_text"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    MATRIX = "matrix"


# Answers that say when something happened; they leave only as finely as a campaign tells the time of a visit.
MOMENT_KINDS = frozenset({Kind.DATE, Kind.TIME})
# Answers that are measured, and counted in bands.
MEASURED_KINDS = frozenset({Kind.NUMBER, Kind.MONEY})
TEXT_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
CHOICE_KINDS = frozenset({Kind.SINGLE, Kind.MULTIPLE})
SCORED_KINDS = frozenset({Kind.SCALE, Kind.NPS})

# The coded answer of somebody who was offered "Prefer not to say" and took it, whatever the kind of the item.
PREFER_NOT = "prefer_not_to_say"

NPS_LEAST, NPS_MOST = 0, 10
TEXT_CHARACTERS = {Kind.TEXT: 200, Kind.LONG_TEXT: 2000}
OTHER_CHARACTERS = 200


class Operator(StrEnum):
    """How a rule compares an earlier answer."""

    IS = "is"
    IS_NOT = "is_not"
    IS_ONE_OF = "is_one_of"
    INCLUDES = "includes"
    DOES_NOT_INCLUDE = "does_not_include"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS_ANSWERED = "is_answered"
    IS_NOT_ANSWERED = "is_not_answered"


class Mode(StrEnum):
    """Whether every condition of a rule must hold, or one is enough."""

    ALL = "all"
    ANY = "any"


class Condition(Struct, frozen=True, omit_defaults=True):
    """One line of a rule. `item` is an item id, or `matrix.row` for one row of a matrix."""

    item: str
    operator: Operator
    value: str | int | float | tuple[str, ...] | None = None


class ShowIf(Struct, frozen=True, omit_defaults=True):
    """When to show something: conditions from the builder, or an expression in CEL written by an expert."""

    mode: Mode = Mode.ALL
    conditions: tuple[Condition, ...] = ()
    expert: str = ""


class Choice(Struct, frozen=True, omit_defaults=True):
    """An answer that can be picked, or a column of a matrix."""

    code: str
    label: str
    is_exclusive: bool = False
    is_other: bool = False


class Row(Struct, frozen=True, omit_defaults=True):
    """A line of a matrix."""

    code: str
    label: str


class Item(Struct, frozen=True, omit_defaults=True):
    """A question. Which of the later fields count depends on its kind.

    `phrase` finishes an error message ("how clean the store was"); `minimum` and `maximum` bound a scale, a number or
    the count of picked choices; `earliest` and `latest` are ISO dates or "today"; free text is never reported. Money is
    kept in hundredths of `unit`, its currency; minimum and maximum are whole units. A time of the day is kept as HH:MM.
    """

    id: str
    kind: Kind
    title: str
    help: str = ""
    phrase: str = ""
    is_required: bool = False
    is_sensitive: bool = False
    is_reported: bool = True
    privacy_reason: str = ""
    show_if: ShowIf | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None
    least_label: str = ""
    most_label: str = ""
    unit: str = ""
    decimals: int = 0
    earliest: str = ""
    latest: str = ""
    max_characters: int | None = None

    def __post_init__(self) -> None:
        if self.kind in TEXT_KINDS and self.is_reported:
            force_setattr(self, "is_reported", False)


class Section(Struct, frozen=True, omit_defaults=True):
    """One page of questions."""

    id: str
    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()
    show_if: ShowIf | None = None


class Removed(Struct, frozen=True, omit_defaults=True):
    """Something taken out of a draft and where it was, so that it can be put back. Either an item or a section."""

    position: int
    section_id: str = ""
    item: Item | None = None
    section: Section | None = None


class Definition(Struct, frozen=True, omit_defaults=True):
    """A whole questionnaire as respondents meet it. Only a draft has anything in `removed`."""

    title: str
    language: str = "en"
    sections: tuple[Section, ...] = ()
    removed: tuple[Removed, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item, in the order in which it is asked."""
        for section in self.sections:
            yield from section.items


class DefinitionError(ValueError):
    """The JSON is not a questionnaire; the message says where, in plain words."""


def to_json(definition: Definition) -> str:
    """The definition as compact JSON text; fields at their default are left out."""
    return json.encode(definition).decode()


def from_json(raw: str | bytes | dict[str, object]) -> Definition:
    """The definition in a JSON text or an already decoded object; raises DefinitionError."""
    try:
        if isinstance(raw, dict):
            return convert(raw, Definition)
        return json.decode(raw, type=Definition)
    except (ValidationError, DecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(str(error)) from error


def bounds(item: Item) -> tuple[int, int]:
    """Least and most of a scale or a 0-10 recommendation; both ends can be chosen."""
    if item.kind is Kind.NPS:
        return NPS_LEAST, NPS_MOST
    least = 1 if item.minimum is None else int(item.minimum)
    most = 5 if item.maximum is None else int(item.maximum)
    return least, most


def character_limit(item: Item) -> int:
    """How many characters a text answer may have."""
    return item.max_characters or TEXT_CHARACTERS[item.kind]


def field_of(item_id: str, part: str) -> str:
    """The form field of a part of an item: a matrix row, `other` or `declined`. Ids hold no hyphen, so none collide."""
    return f"{item_id}-{part}"


def in_currency(definition: Definition, currency: str) -> Definition:
    """The definition with a currency for every question of money that names none of its own."""
    if not any(item.kind is Kind.MONEY and not item.unit for item in definition.items()):
        return definition
    return replace(
        definition,
        sections=tuple(
            replace(section, items=tuple(_in_currency(item, currency) for item in section.items))
            for section in definition.sections
        ),
    )


def _in_currency(item: Item, currency: str) -> Item:
    return replace(item, unit=currency) if item.kind is Kind.MONEY and not item.unit else item


def decimals_of(item: Item) -> int:
    """How many decimals an answer that is measured has."""
    return 2 if item.kind is Kind.MONEY else item.decimals


def other_choice(item: Item) -> Choice | None:
    """The choice that comes with a text box, if the item has one."""
    for choice in item.choices:
        if choice.is_other:
            return choice
    return None
