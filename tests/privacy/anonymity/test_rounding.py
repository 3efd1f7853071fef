"""Rounded numbers do not tell the exact ones."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from privacy.anonymity.counting import Question, Record, counted
from privacy.anonymity.protection import cleared
from privacy.anonymity.publication import Exact, Rounded, published
from privacy.anonymity.rounding import hiding_step, share_percent, to_base
from privacy.anonymity.trees import grown

K = 10
TREE = grown({"hq": None})
ASKED = Question("q", ("yes", "no"))


def table(answered: int, silent: int) -> object:
    records = [Record(n, "hq", frozenset({"q"}), {"q": ("yes" if n % 3 else "no",)}) for n in range(answered)]
    records += [Record((n,), "hq", frozenset({"q"}), {}) for n in range(silent)]
    counts = counted(TREE, (ASKED,), records)
    return published((ASKED,), counts, cleared(TREE, (ASKED,), counts, K), K).tables["q"]["hq"]


def test_an_answer_of_nine_people_is_nothing() -> None:
    assert table(9, 50) is None


def test_an_answer_that_nobody_left_out_is_exact() -> None:
    assert table(30, 0) == Exact(30, {"yes": 20, "no": 10})


def test_an_answer_that_two_left_out_is_rounded_and_without_n() -> None:
    assert table(300, 2) == Rounded(1, {"yes": 67, "no": 33})


def test_an_answer_that_two_of_forty_left_out_is_rounded_coarsely() -> None:
    assert table(38, 2) == Rounded(5, {"yes": 65, "no": 35})


@given(st.lists(st.integers(0, 8), min_size=2, max_size=3))
def test_rounded_shares_fit_every_number_of_silent_people(counts: list[int]) -> None:
    n = sum(counts)
    step = hiding_step(counts, n, K, is_exclusive=True) if n >= K else None
    if step is None:
        return
    shares = [share_percent(count, n, step) for count in counts]
    for other in range(max(K, n - K + 1), n + K):
        assert any(
            [share_percent(count, other, step) for count in candidate] == shares
            for candidate in product(range(other + 1), repeat=len(counts))
            if sum(candidate) == other
        )


@given(st.integers(10, 400), st.lists(st.integers(0, 400), min_size=1, max_size=8))
def test_shares_of_many_choices_can_always_be_told_coarsely(n: int, counts: list[int]) -> None:
    assert hiding_step([min(count, n) for count in counts], n, K, is_exclusive=False) is not None


@given(st.integers(0, 100_000))
def test_a_count_rounded_to_five_is_at_most_two_and_a_half_away(count: int) -> None:
    assert to_base(count) % 5 == 0
    assert abs(to_base(count) - count) <= 2
