"""Nothing smaller than the threshold is published, and nothing smaller follows from what is."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.anonymity.counting import Question, Record, counted
from privacy.anonymity.proof import Unsafe, examined
from privacy.anonymity.protection import BelowFloor, Clearance, cleared, large_enough, settled
from privacy.anonymity.publication import Exact, Publication, published
from privacy.anonymity.trees import Tree, grown
from tests.attacks.subtraction import small_groups_found
from tests.privacy.anonymity.worlds import QUESTIONS, World, groups_in, known_from, trees, worlds

K = 10
TWO_REGIONS = grown(
    {"hq": None, "north": "hq", "south": "hq", "n1": "north", "n2": "north", "s1": "south", "s2": "south"}
)
ASKED = Question("q", ("yes", "no"))


def publish(world: World, clearance: Clearance) -> Publication:
    return published(QUESTIONS, world.counts(), clearance, K)


def protected(world: World) -> Publication:
    return publish(world, cleared(world.tree, QUESTIONS, world.counts(), K))


def people_at(tree: Tree, **sizes: int) -> Clearance:
    records = [
        Record((place, n), place, frozenset({"q"}), {"q": ("yes",)})
        for place, size in sizes.items()
        for n in range(size)
    ]
    return cleared(tree, (ASKED,), counted(tree, (ASKED,), records), K)


def attacked(world: World, publication: Publication) -> list[str]:
    found = small_groups_found(known_from(world, publication), groups_in(world), world.kinds(), K)
    return [group.name for group in found]


def test_a_threshold_below_ten_is_refused() -> None:
    with pytest.raises(BelowFloor):
        large_enough((), counted(TWO_REGIONS, (), []), 9)


@given(worlds())
def test_no_group_of_one_to_nine_is_published(world: World) -> None:
    publication = protected(world)
    numbers = [n for n in publication.people.values() if n is not None]
    numbers += [
        table.n for tables in publication.tables.values() for table in tables.values() if isinstance(table, Exact)
    ]
    assert all(number >= K for number in numbers)


@given(worlds())
def test_published_places_differ_from_those_below_them_by_nobody_or_by_ten(world: World) -> None:
    assert examined(world.tree, protected(world), K)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_adding_and_subtracting_everything_published_finds_no_small_group(world: World) -> None:
    assert attacked(world, protected(world)) == []


def test_without_the_protection_the_same_attack_finds_a_small_group() -> None:
    doing = (("gate", "a"), ("if_a", "x"), ("free", "x"))
    world = World(TWO_REGIONS, (doing,), {("n1", doing): 14, ("n2", doing): 4, ("s1", doing): 20})
    unprotected = publish(world, large_enough(QUESTIONS, world.counts(), K))
    assert "everybody at north without ('n1',)" in attacked(world, unprotected)


def test_without_the_protection_silence_is_found_too() -> None:
    spoke = (("gate", "a"), ("if_a", "x"), ("free", "x"))
    kept_silent = (("gate", "a"), ("if_a", None), ("free", "x"))
    world = World(TWO_REGIONS, (spoke, kept_silent), {("n1", spoke): 30, ("n1", kept_silent): 3})
    unprotected = publish(world, large_enough(QUESTIONS, world.counts(), K))
    assert "asked and silent on if_a at n1 without ()" in attacked(world, unprotected)


def test_branches_of_a_routing_that_few_left_out_do_not_tell_how_few() -> None:
    to_a = (("gate", "a"), ("if_a", "x"), ("free", "x"))
    to_b = (("gate", "b"), ("if_b", "x"), ("free", "x"))
    nowhere = (("gate", None), ("free", "x"))
    world = World(grown({"hq": None}), (to_a, to_b, nowhere), {("hq", to_a): 60, ("hq", to_b): 37, ("hq", nowhere): 3})
    blind = cleared(world.tree, [replace(question, depends_on=()) for question in QUESTIONS], world.counts(), K)
    assert "asked and silent on gate at hq without ()" in attacked(world, publish(world, blind))
    assert attacked(world, protected(world)) == []


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_and_the_names_of_people_change_nothing(world: World, random: Random) -> None:
    records = world.records()
    random.shuffle(records)
    renamed = [Record(n, record.place, record.asked, record.chosen) for n, record in enumerate(records)]
    counts = counted(world.tree, QUESTIONS, renamed)
    assert published(QUESTIONS, counts, cleared(world.tree, QUESTIONS, counts, K), K) == protected(world)


@given(trees(), st.data())
def test_what_needs_no_protection_is_all_published(tree: Tree, data: st.DataObject) -> None:
    direct = {place: (data.draw(st.sampled_from([10, 11, 30])),) for place in tree.bottom_up}
    totals = tree.totals({place: size for place, (size,) in direct.items()})
    sizes = {place: (size,) for place, size in totals.items()}
    assert settled(tree, tree.bottom_up, sizes, K) == frozenset(tree.bottom_up)


def test_a_small_store_takes_its_smallest_neighbour_with_it() -> None:
    shown = people_at(TWO_REGIONS, n1=30, n2=4, s1=12, s2=40).people
    assert shown == {"hq", "north", "south", "s1", "s2"}


def test_of_three_stores_with_one_small_the_largest_stays() -> None:
    tree = grown({"hq": None, "a": "hq", "b": "hq", "c": "hq"})
    assert people_at(tree, a=50, b=20, c=3).people == {"hq", "a"}


def test_a_hidden_region_does_not_hide_all_its_stores() -> None:
    shown = people_at(TWO_REGIONS, n1=15, n2=15, s1=5).people
    assert shown == {"hq", "n2"}


def test_a_neighbour_that_hides_may_be_as_large_as_it_happens_to_be() -> None:
    tree = grown({"hq": None, "a": "hq", "b": "hq"})
    assert people_at(tree, a=500, b=9).people == {"hq"}


def test_a_question_that_two_people_left_out_is_not_exact_where_they_are() -> None:
    records = [Record(n, "n1", frozenset({"q"}), {"q": ("yes",)} if n > 1 else {}) for n in range(40)]
    records += [Record((n,), "s1", frozenset({"q"}), {"q": ("no",)}) for n in range(40)]
    clearance = cleared(TWO_REGIONS, (ASKED,), counted(TWO_REGIONS, (ASKED,), records), K)
    assert "n1" in clearance.answers["q"]
    assert clearance.exact["q"] == {"south", "s1"}


def test_a_question_that_ten_people_left_out_is_exact() -> None:
    records = [Record(n, "n1", frozenset({"q"}), {"q": ("yes",)} if n > 9 else {}) for n in range(40)]
    clearance = cleared(TWO_REGIONS, (ASKED,), counted(TWO_REGIONS, (ASKED,), records), K)
    assert clearance.exact["q"] == {"hq", "north", "n1"}


def test_a_question_of_an_unknown_gate_is_never_exact() -> None:
    question = Question("q", ("yes",), depends_on=("somewhere",))
    records = [Record(n, "n1", frozenset({"q"}), {"q": ("yes",)}) for n in range(40)]
    assert cleared(TWO_REGIONS, (question,), counted(TWO_REGIONS, (question,), records), K).exact["q"] == frozenset()


def test_the_last_look_refuses_a_small_number() -> None:
    with pytest.raises(Unsafe, match="below the threshold"):
        examined(grown({"hq": None}), Publication({"hq": 9}, {}), K)


def test_the_last_look_refuses_a_small_difference() -> None:
    tree = grown({"hq": None, "a": "hq", "b": "hq"})
    with pytest.raises(Unsafe, match="subtraction"):
        examined(tree, Publication({"hq": 30, "a": 25, "b": None}, {}), K)


def test_the_last_look_refuses_answers_that_say_how_many_kept_silent() -> None:
    with pytest.raises(Unsafe, match="subtraction"):
        examined(grown({"hq": None}), Publication({"hq": 30}, {"q": {"hq": Exact(28, {"yes": 28})}}), K)


def test_the_last_look_refuses_answers_where_people_are_hidden() -> None:
    with pytest.raises(Unsafe, match="answers without people"):
        examined(grown({"hq": None}), Publication({"hq": None}, {"q": {"hq": Exact(28, {"yes": 28})}}), K)
