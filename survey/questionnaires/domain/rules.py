"""Show-if rules: from the builder's lines to CEL, the limits on expert CEL, and evaluation that fails open."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import cel

from .definition import PREFER_NOT, Condition, Item, Kind, Mode, Operator, ShowIf

MAX_CHARACTERS = 2000
MAX_NESTING = 32
MAX_COMMAS = 100
MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
EVALUATION_ERRORS = (TypeError, ValueError, KeyError, RuntimeError, ArithmeticError, IndexError, OverflowError)

Answers = Mapping[str, object]

_TOKEN = re.compile(
    r"""(?P<string>[rRbB]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
    r"""|(?P<macro>\.\s*(?P<macro_name>all|exists_one|exists|map|filter)\s*\(\s*(?P<bound>[A-Za-z_]\w*)?)"""
    r"""|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<regex>\bmatches\s*\()""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that could not be evaluated. What it guards was shown."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled show-if. `names` are the items it reads; a rule without a program is faulty and always shows."""

    source: str
    program: cel.Program | None
    names: tuple[str, ...]
    message: str = ""


def expression(rule: ShowIf) -> str:
    """The CEL of a rule. A condition on an unanswered item holds only for "has no answer"."""
    if rule.expert.strip():
        return rule.expert.strip()
    joint = " && " if rule.mode is Mode.ALL else " || "
    return joint.join(_clause(condition) for condition in rule.conditions) or "true"


def _clause(condition: Condition) -> str:
    name = condition.item
    match condition.operator:
        case Operator.IS_ANSWERED:
            return f"({name} != null)"
        case Operator.IS_NOT_ANSWERED:
            return f"({name} == null)"
    return f"({name} != null && {_comparison(name, condition)})"


def _comparison(name: str, condition: Condition) -> str:
    value = condition.value
    literal = _literal(list(value) if isinstance(value, tuple) else value)
    match condition.operator:
        case Operator.IS:
            return f"{name} == {literal}"
        case Operator.IS_NOT:
            return f"{name} != {literal}"
        case Operator.IS_ONE_OF:
            return f"{name} in {literal}"
        case Operator.INCLUDES:
            return f"{literal} in {name}"
        case Operator.DOES_NOT_INCLUDE:
            return f"!({literal} in {name})"
        case Operator.AT_LEAST:
            return f"{name} >= {literal}"
        case _:
            return f"{name} <= {literal}"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=1024)
def compiled_rule(rule: ShowIf) -> Rule:
    """The rule ready to run. One that breaks a limit or does not parse comes back faulty, never as an exception."""
    source = expression(rule)
    message = limit_broken(source)
    if message:
        return Rule(source, None, (), message)
    try:
        program = cel.compile(source)
    except ValueError:
        return Rule(source, None, (), "This is not an expression we can read. Check brackets, quotes and operators")
    bound = bound_names(source)
    return Rule(source, program, tuple(name for name in program.variables() if name not in bound))


def limit_broken(source: str) -> str:
    """Which limit an expression breaks, in words, or nothing. The limits keep evaluation far below a millisecond."""
    if len(source) > MAX_CHARACTERS:
        return f"Shorten the expression to {MAX_CHARACTERS} characters"
    if source.count(",") > MAX_COMMAS:
        return f"List at most {MAX_COMMAS} values"
    depth, is_nested, uses_regex = _shape(source)
    if depth > MAX_NESTING:
        return f"Use at most {MAX_NESTING} brackets inside one another"
    if is_nested:
        return "Do not put one all(), exists(), map() or filter() inside another"
    return "Do not use matches(); compare with ==, in, startsWith() or contains()" if uses_regex else ""


def _shape(source: str) -> tuple[int, bool, bool]:
    """Deepest nesting, whether comprehensions nest, whether a regular expression is used."""
    stack: list[bool] = []
    deepest, is_nested, uses_regex = 0, False, False
    for token in _TOKEN.finditer(source):
        if token["macro"] or token["open"] or token["regex"]:
            is_nested = is_nested or (bool(token["macro"]) and any(stack))
            uses_regex = uses_regex or bool(token["regex"])
            stack.append(bool(token["macro"]))
            deepest = max(deepest, len(stack))
        elif token["close"] and stack:
            stack.pop()
    return deepest, is_nested, uses_regex


def bound_names(source: str) -> frozenset[str]:
    """Names an expression binds itself, as `x` in `q.exists(x, x == 'a')`."""
    return frozenset(token["bound"] for token in _TOKEN.finditer(source) if token["macro"] and token["bound"])


def bound_value(item: Item, answers: Answers) -> object:
    """What CEL sees of an item: null where there is no answer, or where the person preferred not to say."""
    value = answers.get(item.id)
    if value == PREFER_NOT:
        value = None
    if item.kind is Kind.MONEY and isinstance(value, int):
        # Authors write whole units, as people do.
        return value / 100
    if item.kind is not Kind.MATRIX:
        return value
    given = value if isinstance(value, dict) else {}
    return {row.code: given.get(row.code) for row in item.rows}


def holds(rule: Rule, values: Mapping[str, object]) -> bool | str:
    """Whether the rule holds; where it cannot be evaluated, why."""
    if rule.program is None:
        return rule.message
    try:
        outcome = rule.program.execute({name: values[name] for name in rule.names if name in values})
    except EVALUATION_ERRORS as error:
        return f"The rule could not be worked out: {str(error).split('.')[0]}"
    return outcome if isinstance(outcome, bool) else "The rule gives a value that is neither yes nor no"
