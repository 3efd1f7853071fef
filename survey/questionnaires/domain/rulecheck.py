"""Static check of show-if rules: what they may read, what fits, and a rehearsal of expert CEL on sample answers."""

from collections.abc import Iterator
from itertools import product

from .definition import (
    CHOICE_KINDS,
    SCORED_KINDS,
    TEXT_KINDS,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
    ShowIf,
    bounds,
)
from .reading import limit_day
from .rules import bound_value, compiled_rule, holds
from .shape import Problem
from .typed import clock_of

MOST_CONDITIONS, MOST_REHEARSALS = 10, 256
PRESENCE = frozenset({Operator.IS_ANSWERED, Operator.IS_NOT_ANSWERED})
PICK = frozenset({Operator.IS, Operator.IS_NOT, Operator.IS_ONE_OF})


def rule_problems(definition: Definition) -> list[Problem]:
    """What is wrong with the show-if rules, in reading order. A rule may read only what was asked before."""
    known = {item.id: item for item in definition.items()}
    found: list[Problem] = []
    earlier: dict[str, Item] = {}
    for section in definition.sections:
        found += [Problem(section.id, line) for line in _rule(section.show_if, earlier, known)]
        for item in section.items:
            found += [Problem(item.id, line) for line in _rule(item.show_if, earlier, known)]
            earlier[item.id] = item
    return found


def operators_for(item: Item) -> tuple[Operator, ...]:
    """The comparisons that make sense for an item, those of one matrix row for a matrix."""
    if item.kind in TEXT_KINDS:
        return ()
    if item.kind in {Kind.SINGLE, Kind.MATRIX}:
        fitting: tuple[Operator, ...] = (Operator.IS, Operator.IS_NOT, Operator.IS_ONE_OF)
    elif item.kind is Kind.MULTIPLE:
        fitting = (Operator.INCLUDES, Operator.DOES_NOT_INCLUDE)
    else:
        fitting = (Operator.AT_LEAST, Operator.AT_MOST, Operator.IS, Operator.IS_NOT)
    return (*fitting, Operator.IS_ANSWERED, Operator.IS_NOT_ANSWERED)


def _rule(rule: ShowIf | None, earlier: dict[str, Item], known: dict[str, Item]) -> Iterator[str]:
    if rule is None:
        return
    if rule.expert.strip():
        yield from _expert(rule, earlier, known)
        return
    if len(rule.conditions) > MOST_CONDITIONS:
        yield f"Use at most {MOST_CONDITIONS} conditions"
    for condition in rule.conditions:
        name, _, row = condition.item.partition(".")
        yield from _reference(name, earlier, known) or _condition(condition, earlier[name], row)


def _reference(name: str, earlier: dict[str, Item], known: dict[str, Item]) -> list[str]:
    if name not in known:
        return [f"The rule reads “{name}”, which is not a question here"]
    if name not in earlier:
        return [f"The rule reads “{known[name].title}”, which is asked later; move that question up"]
    if known[name].kind in TEXT_KINDS:
        return [f"The rule reads “{known[name].title}”; free text is sealed when written, so no rule can read it"]
    return []


def _condition(condition: Condition, item: Item, row: str) -> list[str]:
    if (item.kind is Kind.MATRIX) != bool(row) or (row and row not in {entry.code for entry in item.rows}):
        return [f"Choose which row of “{item.title}” the rule reads" if item.rows else f"“{item.title}” has no rows"]
    if condition.operator not in operators_for(item):
        return [f"“{_words(condition.operator)}” does not fit “{item.title}”"]
    is_fit = condition.operator in PRESENCE or _fits(condition, item)
    return [] if is_fit else [f"Choose an answer to “{item.title}” that can be given"]


def _words(operator: Operator) -> str:
    return operator.value.replace("_", " ")


def _fits(condition: Condition, item: Item) -> bool:
    value = condition.value
    codes = {choice.code for choice in item.choices}
    if condition.operator is Operator.IS_ONE_OF:
        return isinstance(value, tuple) and bool(value) and codes.issuperset(value)
    if item.kind in CHOICE_KINDS or item.kind is Kind.MATRIX:
        return isinstance(value, str) and value in codes
    if item.kind is Kind.DATE:
        return isinstance(value, str) and limit_day(value, None) is not None
    if item.kind is Kind.TIME:
        return isinstance(value, str) and clock_of(value) == value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    least, most = bounds(item) if item.kind in SCORED_KINDS else (float("-inf"), float("inf"))
    return least <= value <= most


def _expert(rule: ShowIf, earlier: dict[str, Item], known: dict[str, Item]) -> Iterator[str]:
    compiled = compiled_rule(rule)
    if compiled.program is None:
        yield compiled.message
        return
    wrong = [line for name in compiled.names for line in _reference(name, earlier, known)]
    yield from wrong
    if not wrong:
        yield from _rehearsal(rule, [earlier[name] for name in compiled.names])


def _rehearsal(rule: ShowIf, items: list[Item]) -> list[str]:
    """Run the rule on no answers and on plausible ones: whatever fails here would fail in front of a respondent."""
    compiled = compiled_rule(rule)
    samples = [(None, *_sample_answers(item)) for item in items]
    for number, values in enumerate(product(*samples)):
        if number == MOST_REHEARSALS:
            break
        answers = {item.id: value for item, value in zip(items, values, strict=True)}
        outcome = holds(compiled, {item.id: bound_value(item, answers) for item in items})
        if isinstance(outcome, str):
            blank = [f"“{item.title}”" for item in items if answers[item.id] is None]
            where = f" when {' and '.join(blank)} has no answer; compare it with null first" if blank else ""
            return [f"{outcome}{where}"]
    return []


def _sample_answers(item: Item) -> list[object]:
    codes = [choice.code for choice in item.choices]
    match item.kind:
        case Kind.SINGLE:
            return [*codes[:3]]
        case Kind.MULTIPLE:
            return [codes[:1], codes]
        case Kind.MATRIX:
            return [{row.code: codes[0] for row in item.rows}] if codes else []
        case Kind.DATE:
            return ["2026-03-27"]
        case Kind.TIME:
            return ["07:52"]
        case Kind.MONEY:
            return [695]
        case Kind.NUMBER:
            return [0.5 if item.decimals else 1]
        case _:
            return list(bounds(item))
