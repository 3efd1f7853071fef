"""Numbers become bands in which nobody stands out."""

from collections import Counter
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from privacy.anonymity.bands import Band, band_index, bands_of

NUMBERS = st.lists(st.decimals(-(10**6), 10**15, places=2), min_size=0, max_size=200)


def minutes(*numbers: int) -> tuple[Band, ...]:
    return bands_of([Decimal(number) for number in numbers])


def test_nine_numbers_make_no_bands() -> None:
    assert minutes(*range(9)) == ()


@given(NUMBERS)
def test_every_band_holds_ten_people_or_more(numbers: list[Decimal]) -> None:
    bands = bands_of(numbers, decimals=2)
    held = Counter(band_index(bands, number) for number in numbers)
    assert bool(bands) == (len(numbers) >= 10)
    assert all(held[position] >= 10 for position in range(len(bands)))


@given(NUMBERS)
def test_bands_join_without_a_gap_and_are_open_at_the_ends(numbers: list[Decimal]) -> None:
    bands = bands_of(numbers, decimals=2)
    if bands:
        assert bands[0].least is None
        assert bands[-1].below is None
        assert [band.below for band in bands[:-1]] == [band.least for band in bands[1:]]


@given(NUMBERS, st.randoms(use_true_random=False))
def test_the_order_of_numbers_changes_nothing(numbers: list[Decimal], random: Random) -> None:
    shuffled = list(numbers)
    random.shuffle(shuffled)
    assert bands_of(shuffled, decimals=2) == bands_of(numbers, decimals=2)


def test_an_outlier_is_not_to_be_seen() -> None:
    crowd = [5] * 30 + [20] * 30
    assert minutes(*crowd, 1_000_000) == minutes(*crowd, 21)


def test_whole_numbers_near_zero_are_told_one_by_one() -> None:
    crowd = [number for number in range(1, 5) for _ in range(20)]
    assert [band.least for band in minutes(*crowd)] == [None, Decimal(2), Decimal(3), Decimal(4)]


def test_a_band_stands_for_its_median_to_two_digits() -> None:
    assert minutes(*[1234] * 12)[0].typical == Decimal("1200")
