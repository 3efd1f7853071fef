"""A definition made ready to run: which sections and items show, and where a respondent goes next."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .definition import PREFER_NOT, TEXT_KINDS, Definition, Item, Kind, Row, Section, field_of, other_choice
from .reading import Reader, reader_of
from .rules import Answers, Fault, Rule, bound_value, compiled_rule, holds


@dataclass(frozen=True, slots=True)
class CompiledItem:
    """An item with its rule, what reads it, the fields of what is kept of it, and the one that declines to answer."""

    item: Item
    rule: Rule | None
    reader: Reader
    kept: tuple[str, ...]
    declined: str


@dataclass(frozen=True, slots=True)
class CompiledSection:
    """A section with its rule and items."""

    index: int
    section: Section
    rule: Rule | None
    items: tuple[CompiledItem, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule and the items that stay away when it does not hold. `path`: the section or item it was written on."""

    path: str
    rule: Rule
    affected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Visibility:
    """What shows for a set of answers: item ids, section indexes, and the rules that failed (theirs is shown)."""

    items: frozenset[str]
    sections: tuple[int, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A definition ready to run.

    guards: its rules in their order. everything: what shows if all hold. text_fields: those that may hold free text.
    """

    definition: Definition
    sections: tuple[CompiledSection, ...]
    items: dict[str, CompiledItem]
    guards: tuple[Guard, ...]
    read_names: frozenset[str]
    everything: Visibility
    text_fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrialSection:
    """What the test bench says of a section: its title, whether it shows, and its items with theirs."""

    title: str
    is_shown: bool
    items: tuple[tuple[Item, bool], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The test bench's answer to "who gets to see what"."""

    sections: tuple[TrialSection, ...]
    faults: tuple[Fault, ...]


@lru_cache(maxsize=256)
def compile_definition(definition: Definition) -> Compiled:
    """The definition with every rule compiled. Never raises: a faulty rule shows what it guards."""
    sections = tuple(_compiled_section(index, section) for index, section in enumerate(definition.sections))
    items = {entry.item.id: entry for section in sections for entry in section.items}
    guards = tuple(guard for section in sections for guard in _guards(section))
    read = frozenset(name for guard in guards for name in guard.rule.names) & items.keys()
    everything = Visibility(frozenset(items), tuple(section.index for section in sections if section.items))
    return Compiled(definition, sections, items, guards, read, everything, frozenset(_text_fields(items.values())))


def _text_fields(items: Iterable[CompiledItem]) -> Iterator[str]:
    for entry in items:
        # What stands first is the item's own field; behind it, that of a choice with a text box.
        yield from entry.kept if entry.item.kind in TEXT_KINDS else entry.kept[1:]


def _compiled_section(index: int, section: Section) -> CompiledSection:
    items = tuple(_compiled_item(item) for item in section.items)
    return CompiledSection(index, section, compiled_rule(section.show_if) if section.show_if else None, items)


def _compiled_item(item: Item) -> CompiledItem:
    kept = (item.id, field_of(item.id, "other")) if other_choice(item) else (item.id,)
    return CompiledItem(
        item,
        compiled_rule(item.show_if) if item.show_if else None,
        reader_of(item),
        kept,
        field_of(item.id, "declined") if item.is_sensitive else "",
    )


def _guards(section: CompiledSection) -> Iterator[Guard]:
    if section.rule:
        yield Guard(section.section.id, section.rule, frozenset(entry.item.id for entry in section.items))
    for entry in section.items:
        if entry.rule:
            yield Guard(entry.item.id, entry.rule, frozenset({entry.item.id}))


def visibility(compiled: Compiled, answers: Answers) -> Visibility:
    """What shows for these answers. A hidden item counts as unanswered for all that follows."""
    if not compiled.guards:
        return compiled.everything
    values = {name: bound_value(compiled.items[name].item, answers) for name in compiled.read_names}
    hidden: set[str] = set()
    faults: list[Fault] = []
    for guard in compiled.guards:
        if guard.affected <= hidden:
            continue
        outcome = holds(guard.rule, values)
        if outcome is False:
            hidden |= guard.affected
            values |= {name: bound_value(compiled.items[name].item, {}) for name in guard.affected & values.keys()}
        elif outcome is not True:
            faults.append(Fault(guard.path, outcome))
    return _without(compiled, hidden, tuple(faults))


def _without(compiled: Compiled, hidden: set[str], faults: tuple[Fault, ...]) -> Visibility:
    everything = compiled.everything
    if not hidden:
        return Visibility(everything.items, everything.sections, faults) if faults else everything
    items = everything.items - hidden
    sections = tuple(
        index
        for index in everything.sections
        if any(entry.item.id in items for entry in compiled.sections[index].items)
    )
    return Visibility(items, sections, faults)


def visible_sections(compiled: Compiled, answers: Answers) -> list[int]:
    """Indexes of the sections that have something to ask."""
    return list(visibility(compiled, answers).sections)


def visible_items(compiled: Compiled, section: int, answers: Answers) -> list[Item]:
    """The items of a section that show, in order."""
    shown = visibility(compiled, answers).items
    return [entry.item for entry in compiled.sections[section].items if entry.item.id in shown]


def next_section(compiled: Compiled, answers: Answers, after: int) -> int | None:
    """The next section with something to ask, or None at the end. Start with `after=-1`."""
    return next((index for index in visibility(compiled, answers).sections if index > after), None)


def previous_section(compiled: Compiled, answers: Answers, before: int) -> int | None:
    """The section the Back link leads to, or None at the beginning."""
    return next((index for index in reversed(visibility(compiled, answers).sections) if index < before), None)


def sections_read(compiled: Compiled, section: int) -> frozenset[int]:
    """Indexes of the earlier sections whose answers say what a section asks, directly or through one another."""
    place = {entry.item.id: each.index for each in compiled.sections for entry in each.items}
    found: set[int] = set()
    pending = {section}
    while pending:
        each = compiled.sections[pending.pop()]
        rules = [each.rule, *(entry.rule for entry in each.items)]
        names = {name for rule in rules if rule for name in rule.names} & place.keys()
        fresh = {place[name] for name in names if place[name] < each.index} - found
        found |= fresh
        pending |= fresh
    return frozenset(found)


class Unanswered(NamedTuple):
    """A required item that shows and has no answer. section: its index; row: of a matrix, the first that is empty."""

    section: int
    item: Item
    row: Row | None


def unanswered(compiled: Compiled, answers: Answers, verbatims: Collection[str]) -> Iterator[Unanswered]:
    """Every required item that shows and has no answer, in order. `verbatims`: ids with text written."""
    shown = visibility(compiled, answers)
    for index in shown.sections:
        for entry in compiled.sections[index].items:
            if entry.item.id in shown.items and _is_missing(entry.item, answers, verbatims):
                yield Unanswered(index, entry.item, _first_empty(entry.item, answers))


def unfinished(compiled: Compiled, answers: Answers, verbatims: Collection[str]) -> int | None:
    """The first section where a required item that shows has no answer. `verbatims`: ids with text written."""
    return next((each.section for each in unanswered(compiled, answers, verbatims)), None)


def _is_missing(item: Item, answers: Answers, verbatims: Collection[str]) -> bool:
    if not item.is_required:
        return False
    value = answers.get(item.id)
    if item.kind in TEXT_KINDS:
        return item.id not in verbatims and value != PREFER_NOT
    if item.kind is Kind.MATRIX and isinstance(value, dict):
        return _first_empty(item, answers) is not None
    return value is None


def _first_empty(item: Item, answers: Answers) -> Row | None:
    if item.kind is not Kind.MATRIX:
        return None
    value = answers.get(item.id)
    given = value if isinstance(value, dict) else {}
    return next((row for row in item.rows if row.code not in given), None)


def trial(compiled: Compiled, answers: Answers) -> Trial:
    """Which sections and items these answers show, and every rule that failed on the way."""
    shown = visibility(compiled, answers)
    sections = tuple(
        TrialSection(
            section.section.title,
            section.index in shown.sections,
            tuple((entry.item, entry.item.id in shown.items) for entry in section.items),
        )
        for section in compiled.sections
    )
    return Trial(sections, shown.faults)
