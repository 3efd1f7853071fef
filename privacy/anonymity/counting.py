"""Counting distinct people: at each place, asked each question, answering it, choosing each option."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .trees import Tree


class CountedTwice(ValueError):
    """One person came in two records. Join what a person said before counting: people count, not responses."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with options. `depends_on`: the questions whose answers decide who is asked this one.

    `is_exclusive`: whoever answers chooses exactly one option.
    """

    id: str
    options: tuple[str, ...]
    is_exclusive: bool = True
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What one person said, at one place.

    `asked`: the questions shown. `chosen`: options by question, only where there is an answer; a question left out
    and one answered with "prefer not to say" look the same here, because nobody may tell them apart.
    """

    person: Hashable
    place: str
    asked: frozenset[str]
    chosen: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct people, each place with all that lies below: by place; by question and place; and by option."""

    people: Mapping[str, int]
    asked: Mapping[str, Mapping[str, int]]
    answered: Mapping[str, Mapping[str, int]]
    chosen: Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(slots=True)
class _Direct:
    """Counts at each place alone, before branches are summed."""

    people: Counter[str] = field(default_factory=Counter)
    asked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    answered: Counter[tuple[str, ...]] = field(default_factory=Counter)
    chosen: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        place = record.place
        self.people[place] += 1
        for question in record.asked | record.chosen.keys():
            self.asked[question, place] += 1
        for question, options in record.chosen.items():
            self.answered[question, place] += 1
            for option in set(options):
                self.chosen[question, option, place] += 1


def counted(tree: Tree, questions: Sequence[Question], records: Iterable[Record]) -> Counts:
    """Count the records over the tree. Raises CountedTwice when a person comes back."""
    direct, seen = _Direct(), set()
    for record in records:
        if record.person in seen:
            raise CountedTwice
        seen.add(record.person)
        direct.add(record)
    return Counts(
        people=tree.totals(direct.people),
        asked={question.id: _over(tree, direct.asked, question.id) for question in questions},
        answered={question.id: _over(tree, direct.answered, question.id) for question in questions},
        chosen={
            question.id: {option: _over(tree, direct.chosen, question.id, option) for option in question.options}
            for question in questions
        },
    )


def _over(tree: Tree, direct: Mapping[tuple[str, ...], int], *names: str) -> dict[str, int]:
    return tree.totals({place: direct[*names, place] for place in tree.bottom_up if (*names, place) in direct})
