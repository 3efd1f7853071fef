"""Which groups may be published: k people or more, and none of fewer by adding and subtracting.

For each family of groups that nest along the tree (everybody; everybody who answered question q) the published places
cut the tree into *zones*: a zone is a published place without the published places below it. Whoever adds and subtracts
the family's published numbers gets exactly the unions of its zones. So if every zone holds 0 or ≥ k people, no group
of 1…k-1 can be had. Where a zone is too small, places are withdrawn, smallest first, until it is not.

A question is published at a place only where the place's people are (otherwise its n would tell them), in two forms:

* exact (n and the whole histogram) where, in every zone, those who answered, those who did not (people minus n), and
  those who were asked and gave no answer (the routing question's count minus n) are each 0 or ≥ k. "Prefer not to say"
  and an empty answer are one and the same. A question whose routing question is not exact cannot be exact either:
  together the branches of a routing would say how many left the routing question out.
* otherwise rounded: shares alone, so coarse that n cannot be told from them (see `publication`).

This is protection against exact derivation. Bounds by intervals, insiders and earlier releases are the later audit's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .counting import Counts, Question
from .trees import Tree

FLOOR = 10

Sizes = Mapping[str, Sequence[int]]


class BelowFloor(ValueError):
    """A threshold lower than the platform ever allows."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """Places that may be published: for their people, and by question in any form and in exact form."""

    people: frozenset[str]
    answers: Mapping[str, frozenset[str]]
    exact: Mapping[str, frozenset[str]]


def large_enough(questions: Sequence[Question], counts: Counts, k: int = FLOOR) -> Clearance:
    """The threshold alone: places with k people or more. Not safe by itself; `cleared` is."""
    if k < FLOOR:
        raise BelowFloor(f"the threshold is never below {FLOOR}")
    answers = {question.id: _at_least(k, counts.answered[question.id]) for question in questions}
    return Clearance(_at_least(k, counts.people), answers, answers)


def cleared(tree: Tree, questions: Sequence[Question], counts: Counts, k: int = FLOOR) -> Clearance:
    """The places that may be published such that nothing smaller follows. `questions` in the order they are asked."""
    candidates = large_enough(questions, counts, k)
    people = settled(tree, candidates.people, {place: (n,) for place, n in counts.people.items()}, k)
    answers: dict[str, frozenset[str]] = {}
    exact: dict[str, frozenset[str]] = {}
    for question in questions:
        answered = {place: (n,) for place, n in counts.answered[question.id].items()}
        answers[question.id] = settled(tree, candidates.answers[question.id] & people, answered, k)
        routed = [exact.get(gate, frozenset()) for gate in question.depends_on]
        may_be_exact = answers[question.id].intersection(*routed)
        exact[question.id] = settled(tree, may_be_exact, _parts(counts, question.id), k)
    return Clearance(people, answers, exact)


def settled(tree: Tree, candidates: Iterable[str], sizes: Sizes, k: int) -> frozenset[str]:
    """The candidates less those withdrawn until each of a zone's sizes is 0 or ≥ k.

    `sizes`: per place one or more counts over its whole branch. Going bottom up once is enough: a withdrawal at a
    place changes its own zone or those above it, never a zone below.
    """
    places = set(candidates)
    under: dict[str, list[str]] = {}
    for place in tree.bottom_up:
        under[place] = [top for child in tree.children[place] for top in ([child] if child in places else under[child])]
        while place in places and (part := _part_too_small(sizes, place, under[place], k)) is not None:
            withdrawn = _smallest(sizes, under[place], part) or place
            places.discard(withdrawn)
            if withdrawn != place:
                under[place] = [top for top in under[place] if top != withdrawn] + under[withdrawn]
    return frozenset(places)


def _at_least(k: int, sizes: Mapping[str, int]) -> frozenset[str]:
    return frozenset(place for place, size in sizes.items() if size >= k)


def _parts(counts: Counts, question: str) -> dict[str, tuple[int, int, int]]:
    """Per place: those who answered, those who did not, and of these the ones who had been asked."""
    answered, asked = counts.answered[question], counts.asked[question]
    return {
        place: (answered[place], n - answered[place], asked[place] - answered[place])
        for place, n in counts.people.items()
    }


def _part_too_small(sizes: Sizes, place: str, under: Iterable[str], k: int) -> int | None:
    tops = [sizes[top] for top in under]
    for part, size in enumerate(sizes[place]):
        if 0 < size - sum(top[part] for top in tops) < k:
            return part
    return None


def _smallest(sizes: Sizes, under: Iterable[str], part: int) -> str | None:
    """The smallest published place below whose withdrawal can help: one that has people of the missing part."""
    helpful = [top for top in under if sizes[top][part]]
    return min(helpful, key=lambda top: (sizes[top][0], top), default=None)
