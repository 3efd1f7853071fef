"""Random small worlds: a tree of places, and people who were asked, answered, or kept silent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from privacy.anonymity.counting import Counts, Question, Record, counted
from privacy.anonymity.publication import Exact, Publication
from privacy.anonymity.trees import Tree, grown
from tests.attacks.subtraction import Known

GATE = Question("gate", ("a", "b"))
IF_A = Question("if_a", ("x", "y"), depends_on=("gate",))
IF_B = Question("if_b", ("x",), depends_on=("gate",))
FREE = Question("free", ("x", "y"), is_exclusive=False)
QUESTIONS = (GATE, IF_A, IF_B, FREE)

# One kind of person: what each question got, where asked. None: asked, and no answer.
Doing = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class World:
    """A tree, and how many people of each kind stand at each place. Kinds not listed cannot occur, as is known."""

    tree: Tree
    doings: tuple[Doing, ...]
    crowd: Mapping[tuple[str, Doing], int]

    def records(self) -> list[Record]:
        """One record a person."""
        return [
            Record(f"{place}/{number}/{index}", place, frozenset(dict(doing)), _chosen(doing))
            for index, ((place, doing), size) in enumerate(self.crowd.items())
            for number in range(size)
        ]

    def counts(self) -> Counts:
        """The world counted."""
        return counted(self.tree, QUESTIONS, self.records())

    def kinds(self) -> list[tuple[str, Doing]]:
        """Everything that could occur."""
        return list(product(self.tree.bottom_up, self.doings))


def _chosen(doing: Doing) -> dict[str, tuple[str, ...]]:
    return {question: (option,) for question, option in doing if option}


def _doings(is_gate_required: bool, is_rest_required: bool) -> tuple[Doing, ...]:
    silent: list[str | None] = [] if is_rest_required else [None]
    routed: list[Doing] = [(("gate", "a"), ("if_a", option)) for option in ["x", "y", *silent]]
    routed += [(("gate", "b"), ("if_b", option)) for option in ["x", *silent]]
    if not is_gate_required:
        routed.append((("gate", None),))
    return tuple((*doing, ("free", option)) for doing in routed for option in ["x", *silent])


@st.composite
def trees(draw: st.DrawFn, most: int = 7) -> Tree:
    """Any tree of at most so many places."""
    size = draw(st.integers(1, most))
    return grown({f"p{n}": f"p{draw(st.integers(0, n - 1))}" if n else None for n in range(size)})


SIZES = st.sampled_from([0, 0, 0, 1, 2, 5, 9, 10, 11, 24])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any small world."""
    tree = draw(trees())
    doings = _doings(draw(st.booleans()), draw(st.booleans()))
    used = draw(st.lists(st.sampled_from(doings), min_size=1, max_size=4, unique=True))
    crowd = {(place, doing): draw(SIZES) for place in tree.bottom_up for doing in used}
    return World(tree, doings, crowd)


def branch(tree: Tree, place: str) -> Iterator[str]:
    """The place and everything below it."""
    yield place
    for child in tree.children[place]:
        yield from branch(tree, child)


def known_from(world: World, publication: Publication) -> list[Known]:
    """Every published number that is exact, with the kinds of people it counts."""
    known = []
    for place in world.tree.bottom_up:
        if publication.people[place] is not None:
            known.append(Known(_kinds(world, place, None, _anything), publication.people[place] or 0))
        for question, tables in publication.tables.items():
            table = tables[place]
            if isinstance(table, Exact):
                known.append(Known(_kinds(world, place, question, bool), table.n))
                known += [
                    Known(_kinds(world, place, question, {option}.__contains__), count)
                    for option, count in table.counts.items()
                ]
    return known


def groups_in(world: World) -> dict[str, frozenset[tuple[str, Doing]]]:
    """Groups worth finding: at a place or a part of one, everybody, those who answered, the silent, those not asked.

    Where everybody who is asked must answer, answering a routed question is the routing answer itself: a cell in the
    histogram of a published group, which may be small. It is no target then.
    """
    groups = {}
    for place in world.tree.bottom_up:
        children = world.tree.children[place]
        for left_out in [some for n in range(len(children) + 1) for some in combinations(children, n)]:
            for name, question, does in _families(world):
                outer = _kinds(world, place, question, does)
                inner = [_kinds(world, child, question, does) for child in left_out]
                groups[f"{name} at {place} without {left_out}"] = outer.difference(*inner)
    return groups


def _families(world: World) -> list[tuple[str, str | None, Any]]:
    families: list[tuple[str, str | None, Any]] = [("everybody", None, _anything)]
    for question in QUESTIONS:
        families.append((f"asked and silent on {question.id}", question.id, _is_silent))
        if not question.depends_on or any(dict(doing).get(question.id, "") is None for doing in world.doings):
            families.append((f"answered {question.id}", question.id, bool))
            families.append((f"no answer to {question.id}", f"-{question.id}", None))
    return families


def _anything(_: object) -> bool:
    return True


def _is_silent(option: str | None) -> bool:
    return option is None


def _kinds(world: World, place: str, question: str | None, does: Any) -> frozenset[tuple[str, Doing]]:
    places = set(branch(world.tree, place))
    return frozenset(kind for kind in world.kinds() if kind[0] in places and _is_of(kind[1], question, does))


def _is_of(doing: Doing, question: str | None, does: Any) -> bool:
    if question is None:
        return True
    answers = dict(doing)
    if question.startswith("-"):
        return not answers.get(question[1:])
    return question in answers and bool(does(answers[question]))
