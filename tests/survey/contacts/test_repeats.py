"""Addresses that stood in a list before: exact as a set would be, and small."""

import random
import tracemalloc

from survey.contacts.domain.repeats import Seen

MANY = 100_000


def test_a_number_is_new_once_and_known_from_then_on() -> None:
    chance, seen, known = random.Random(7), Seen(), set[int]()
    for _ in range(MANY):
        number = chance.randrange(2, MANY * 2)
        assert seen.add(number) == (number in known)
        known.add(number)


def test_numbers_that_fall_on_the_same_slot_are_told_apart() -> None:
    seen = Seen()
    numbers = [(place << 40) + 5 for place in range(2_000)]
    assert [seen.add(number) for number in numbers + numbers] == [False] * 2_000 + [True] * 2_000


def test_nought_is_remembered_too() -> None:
    seen = Seen()
    assert [seen.add(0), seen.add(0), seen.add((1 << 64) - 1)] == [False, True, False]


def test_a_number_costs_less_than_a_third_of_what_it_costs_in_a_set() -> None:
    chance = random.Random(8)
    tracemalloc.start()
    try:
        seen = Seen()
        for _ in range(MANY):
            seen.add(chance.getrandbits(64))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < MANY * 33
