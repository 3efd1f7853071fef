"""From a posted section to answers: the one authority on what is required, allowed and shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .compiled import Compiled, CompiledItem, visibility
from .definition import PREFER_NOT
from .reading import Form, Outcome, missing
from .rules import Answers

# The hidden field that lists the items a page offered: an item that shows only now was not left empty.
SHOWN_FIELD = "shown"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a posted section says.

    coded: item id -> answer, never free text. verbatims: field -> text. errors: field -> what to do.
    cleared: item ids and verbatim fields to forget, here and in later sections, before the rest is stored.
    revealed: items that these answers bring into the section; the caller shows the section again to ask them.
    """

    coded: dict[str, object] = field(default_factory=dict)
    verbatims: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    revealed: set[str] = field(default_factory=set)

    @property
    def is_complete(self) -> bool:
        """Whether the respondent may go on."""
        return not self.errors and not self.revealed


def parse_section(
    compiled: Compiled, section_index: int, form: Form, answers: Answers, today: date | None = None
) -> Parsed:
    """Read one posted section. `answers`: the coded answers so far. Never raises on what a form holds."""
    parsed = Parsed()
    own = compiled.sections[section_index].items
    outcomes = {entry.item.id: _read(entry, form, today) for entry in own}
    before = visibility(compiled, answers).items
    kept = {name: value for name, value in answers.items() if name not in outcomes}
    after = visibility(compiled, kept | _coded(outcomes)).items
    offered = frozenset(form.get(SHOWN_FIELD, ())) or before
    for entry in own:
        _settle(parsed, entry, outcomes[entry.item.id], (entry.item.id in after, entry.item.id in offered))
    for name in (before - after - outcomes.keys()) | (kept.keys() - after):
        known = compiled.items.get(name)
        parsed.cleared.update(known.kept if known else (name,))
    return parsed


def read_items(compiled: Compiled, names: Iterable[str], form: Form, today: date | None = None) -> Parsed:
    """Read some items whatever shows and whatever is required, for trying rules out."""
    parsed = Parsed()
    for name in names:
        outcome = _read(compiled.items[name], form, today)
        parsed.errors.update(outcome.errors)
        parsed.verbatims.update(outcome.verbatims)
        if outcome.coded is not None:
            parsed.coded[name] = outcome.coded
    return parsed


def replay(
    compiled: Compiled, form: Form, today: date | None = None
) -> tuple[dict[str, object], dict[str, str], list[Parsed]]:
    """Coded answers, verbatims and what each section says, when one form holds the fields of all sections."""
    answers: dict[str, object] = {}
    verbatims: dict[str, str] = {}
    steps: list[Parsed] = []
    for index in range(len(compiled.sections)):
        parsed = parse_section(compiled, index, form, answers, today)
        answers = merged(answers, parsed)
        verbatims |= parsed.verbatims
        steps.append(parsed)
    return answers, verbatims, steps


def merged(answers: Answers, parsed: Parsed) -> dict[str, object]:
    """The coded answers after a parsed section."""
    return {name: value for name, value in answers.items() if name not in parsed.cleared} | parsed.coded


def _coded(outcomes: Mapping[str, Outcome]) -> dict[str, object]:
    return {name: outcome.coded for name, outcome in outcomes.items() if outcome.coded is not None}


def _read(entry: CompiledItem, form: Form, today: date | None) -> Outcome:
    if entry.declined and form.get(entry.declined):
        return Outcome(coded=PREFER_NOT)
    return entry.reader(form, today)


def _settle(parsed: Parsed, entry: CompiledItem, outcome: Outcome, shows: tuple[bool, bool]) -> None:
    """Take or drop what was read of one item. `shows`: whether it shows now, and whether the page offered it."""
    is_visible, was_offered = shows
    if not is_visible:
        parsed.cleared.update(entry.kept)
    elif not was_offered and outcome.is_blank:
        parsed.revealed.add(entry.item.id)
    elif outcome.errors:
        parsed.errors.update(outcome.errors)
    else:
        _take(parsed, entry, outcome)


def _take(parsed: Parsed, entry: CompiledItem, outcome: Outcome) -> None:
    if entry.item.is_required and (errors := missing(entry.item, outcome)):
        parsed.errors.update(errors)
    parsed.cleared.update(entry.kept)
    if outcome.verbatims:
        parsed.verbatims.update(outcome.verbatims)
    if outcome.coded is not None:
        parsed.coded[entry.item.id] = outcome.coded
