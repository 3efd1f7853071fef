"""The last look before anything leaves: the finished numbers, examined by another way than they were made.

`examined` knows only the publication and the tree. It refuses a count of 1…k-1, a place without people but with
answers, and every difference of 1…k-1 between a published place and the published places below it.
"""

from collections.abc import Mapping

from .protection import FLOOR
from .publication import Exact, Publication
from .trees import Tree


class Unsafe(Exception):
    """The publication would let a group of fewer than k people be found. Says where, never how many."""

    def __init__(self, rule: str, question: str, place: str) -> None:
        super().__init__(f"{rule} (question {question or 'none'}, place {place})")
        self.rule = rule
        self.question = question
        self.place = place


def examined(tree: Tree, publication: Publication, k: int = FLOOR) -> Publication:
    """The publication unchanged, or Unsafe."""
    people = {place: n for place, n in publication.people.items() if n is not None}
    _examine(tree, "", people, k)
    for question, tables in publication.tables.items():
        for place, table in tables.items():
            if table is not None and place not in people:
                raise Unsafe("answers without people", question, place)
        answered = {place: table.n for place, table in tables.items() if isinstance(table, Exact)}
        _examine(tree, question, answered, k)
        _examine_differences(tree, question, {place: people[place] - n for place, n in answered.items()}, k)
    return publication


def _examine(tree: Tree, question: str, numbers: Mapping[str, int], k: int) -> None:
    for place, number in numbers.items():
        if number < k:
            raise Unsafe("a group below the threshold", question, place)
    _examine_differences(tree, question, numbers, k)


def _examine_differences(tree: Tree, question: str, numbers: Mapping[str, int], k: int) -> None:
    """Differences along the tree; the numbers themselves may be 0."""
    covered: dict[str, int] = {}
    for place in tree.bottom_up:
        below = sum(covered[child] for child in tree.children[place])
        covered[place] = numbers.get(place, below)
        if place in numbers and not (numbers[place] == below or numbers[place] - below >= k):
            raise Unsafe("a small group by subtraction", question, place)
