"""What an author sees of a definition at a glance: rules in words, what a rule may read, how long answering takes."""

from math import ceil

from .definition import PREFER_NOT, TEXT_KINDS, Condition, Definition, Item, Kind, Mode, Operator, Section, ShowIf
from .rules import compiled_rule

SECONDS = {
    Kind.SINGLE: 8,
    Kind.MULTIPLE: 12,
    Kind.SCALE: 7,
    Kind.NPS: 8,
    Kind.NUMBER: 10,
    Kind.TEXT: 20,
    Kind.LONG_TEXT: 40,
    Kind.MONEY: 10,
    Kind.DATE: 10,
    Kind.TIME: 10,
    Kind.MATRIX: 4,
}
SECONDS_A_ROW = 6

OPERATOR_WORDS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.IS_ONE_OF: "is one of",
    Operator.INCLUDES: "includes",
    Operator.DOES_NOT_INCLUDE: "does not include",
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.IS_ANSWERED: "has an answer",
    Operator.IS_NOT_ANSWERED: "has no answer",
}
TIME_WORDS = {Operator.AT_LEAST: "is at or after", Operator.AT_MOST: "is at or before"}
DATE_WORDS = {Operator.AT_LEAST: "is on or after", Operator.AT_MOST: "is on or before"}


def minutes_to_answer(definition: Definition) -> int:
    """About how long answering everything takes; at least one minute. To be replaced by what a pilot measured."""
    seconds = sum(SECONDS[item.kind] + SECONDS_A_ROW * len(item.rows) for item in definition.items())
    return max(1, ceil(seconds / 60))


def earlier_items(definition: Definition, part_id: str) -> list[tuple[Section, Item]]:
    """What the rule of a section or item may read: everything asked before it that is not free text.

    For an id that is not there (a new item whose section comes last), everything.
    """
    found: list[tuple[Section, Item]] = []
    for section in definition.sections:
        if section.id == part_id:
            break
        for item in section.items:
            if item.id == part_id:
                return found
            if item.kind not in TEXT_KINDS:
                found.append((section, item))
    return found


def items_up_to(definition: Definition, section_id: str) -> list[tuple[Section, Item]]:
    """What the rule of an item at the end of a section may read."""
    place = next((index for index, section in enumerate(definition.sections) if section.id == section_id), 0)
    until = definition.sections[: place + 1]
    return [(section, item) for section in until for item in section.items if item.kind not in TEXT_KINDS]


def operator_words(operator: Operator, kind: Kind) -> str:
    """An operator as the builder says it."""
    own = {Kind.DATE: DATE_WORDS, Kind.TIME: TIME_WORDS}.get(kind, {})
    return own.get(operator, OPERATOR_WORDS[operator])


def rule_words(rule: ShowIf, definition: Definition) -> str:
    """A rule as a sentence's end: "“Did you find everything?” is No"."""
    if rule.expert.strip():
        return rule.expert.strip()
    known = {item.id: item for item in definition.items()}
    joint = " and " if rule.mode is Mode.ALL else " or "
    return joint.join(_condition_words(condition, known) for condition in rule.conditions)


def asked_if(part: Section | Item, definition: Definition) -> str:
    """When a section or question is asked, for whoever answers: "Only if “Did you buy anything?” is “Yes”".

    Empty where it always is. A section without a rule of its own hangs on those of its questions.
    """
    if part.show_if is not None:
        return _only_if(part.show_if, definition)
    if isinstance(part, Item) or not part.items or any(item.show_if is None for item in part.items):
        return ""
    lines = {asked_if(item, definition) for item in part.items}
    return lines.pop() if len(lines) == 1 else "" if "" in lines else "Only for some answers; each question says which"


def _only_if(rule: ShowIf, definition: Definition) -> str:
    if not rule.expert.strip():
        return f"Only if {rule_words(rule, definition)}" if rule.conditions else ""
    # Nobody who answers reads expressions: they are told on what it hangs, and the server works it out.
    read = compiled_rule(rule).names
    titles = [f"“{item.title}”" for item in definition.items() if item.id in read]
    return f"Only for some answers to {_listed(titles)}" if titles else "Only in some cases"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _condition_words(condition: Condition, known: dict[str, Item]) -> str:
    name, _, row_code = condition.item.partition(".")
    item = known.get(name)
    if item is None:
        return f"“{name}” (removed) {OPERATOR_WORDS[condition.operator]}"
    row = next((row.label for row in item.rows if row.code == row_code), "")
    subject = f"“{item.title} – {row}”" if row else f"“{item.title}”"
    said = _value_words(condition, item)
    return f"{subject} {operator_words(condition.operator, item.kind)} {said}".rstrip()


def _value_words(condition: Condition, item: Item) -> str:
    if condition.operator in {Operator.IS_ANSWERED, Operator.IS_NOT_ANSWERED} or condition.value is None:
        return ""
    labels = {choice.code: choice.label for choice in item.choices} | {PREFER_NOT: "Prefer not to say"}
    codes = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return " or ".join(f"“{labels[code]}”" if code in labels else str(code) for code in codes)
