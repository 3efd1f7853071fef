"""The rows of a show-if rule: read leniently, so that a half-built rule survives, and shown with what fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.web import Form

from ..domain import (
    MEASURED_KINDS,
    MOMENT_KINDS,
    SCORED_KINDS,
    Condition,
    Item,
    Kind,
    Mode,
    Operator,
    Section,
    ShowIf,
    clock_of,
    operator_words,
    operators_for,
)

Sources = Sequence[tuple[Section, Item]]

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One row of the rule. `asks` says which control its value has: choice, choices, number, date, time or none."""

    index: int
    reference: str
    operator: str
    operators: list[tuple[str, str]]
    asks: str
    options: list[tuple[str, str]]
    values: list[str]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as the form shows it. `sources` are the questions it may read, by section."""

    mode: str
    lines: list[RuleLine]
    expert: str
    sources: list[tuple[str, list[tuple[str, str]]]]


def rule_from(form: Form, sources: Sources) -> ShowIf | None:
    """The rule that was sent. A row without a question is left out; what does not fit is found by the check."""
    expert = form["expert"]
    mode = Mode.ANY if form["mode"] == Mode.ANY else Mode.ALL
    known = dict(_references(sources))
    removed = form["act"].removeprefix("condition-remove:")
    lines = [
        _condition(form, index, reference, known)
        for index, reference in enumerate(form.all("condition_item")[:MOST_LINES])
        if reference and str(index) != removed
    ]
    return ShowIf(mode, tuple(lines), expert) if lines or expert else None


def _condition(form: Form, index: int, reference: str, known: dict[str, Item]) -> Condition:
    operators = form.all(f"condition_operator-{index}")
    values = [value for value in form.all(f"condition_value-{index}") if value]
    item = known.get(reference)
    fitting = operators_for(item) if item else tuple(Operator)
    sent = operators[0] if operators else ""
    operator = Operator(sent) if sent in fitting else fitting[0]
    if item is not None and item.kind is Kind.TIME:
        values = [clock_of(value) or value for value in values]
    return Condition(reference, operator, _value(operator, item, values))


def _value(operator: Operator, item: Item | None, values: list[str]) -> str | int | float | tuple[str, ...] | None:
    if operator in {Operator.IS_ANSWERED, Operator.IS_NOT_ANSWERED} or not values:
        return None
    if operator is Operator.IS_ONE_OF:
        return tuple(values)
    if item is None or item.kind not in MEASURED_KINDS | SCORED_KINDS:
        return values[0]
    return _number(values[0])


def _number(text: str) -> int | float | str:
    plain = text.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return text
    if not -1e15 < number < 1e15:
        return text
    return int(number) if number == int(number) else number


def rule_view(rule: ShowIf | None, sources: Sources) -> RuleView:
    """What the form shows of a rule, with one empty row at the end."""
    known = dict(_references(sources))
    conditions = rule.conditions if rule else ()
    lines = [_line(index, condition, known) for index, condition in enumerate(conditions)]
    if len(lines) < MOST_LINES:
        lines.append(RuleLine(len(lines), "", "", [], "none", [], []))
    return RuleView(rule.mode.value if rule else Mode.ALL.value, lines, rule.expert if rule else "", _grouped(sources))


def _line(index: int, condition: Condition, known: dict[str, Item]) -> RuleLine:
    item = known.get(condition.item)
    if item is None:
        return RuleLine(index, condition.item, condition.operator.value, [], "none", [], [])
    operators = [(operator.value, operator_words(operator, item.kind)) for operator in operators_for(item)]
    options = [(choice.code, choice.label) for choice in item.choices]
    value = condition.value
    values = [str(part) for part in value] if isinstance(value, tuple) else [] if value is None else [str(value)]
    return RuleLine(index, condition.item, condition.operator.value, operators, _asks(condition, item), options, values)


def _asks(condition: Condition, item: Item) -> str:
    if condition.operator in {Operator.IS_ANSWERED, Operator.IS_NOT_ANSWERED}:
        return "none"
    if condition.operator is Operator.IS_ONE_OF:
        return "choices"
    if item.kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX}:
        return "choice"
    return item.kind.value if item.kind in MOMENT_KINDS else "number"


def _references(sources: Sources) -> list[tuple[str, Item]]:
    return [(reference, item) for _, item in sources for reference, _ in _rows(item)]


def _rows(item: Item) -> list[tuple[str, str]]:
    if item.kind is Kind.MATRIX:
        return [(f"{item.id}.{row.code}", f"{item.title} – {row.label}") for row in item.rows]
    return [(item.id, item.title)]


def _grouped(sources: Sources) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for section, item in sources:
        groups.setdefault(section.title, []).extend(_rows(item))
    return list(groups.items())
