"""Who took part: bands of ten or more, rounded, and never a single hidden one."""

from hypothesis import given
from hypothesis import strategies as st

from privacy.anonymity.demographics import makeup

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([0, 1, 3, 9, 10, 11, 12, 40, 200]))


@given(COUNTS)
def test_published_bands_hold_ten_or_more_and_are_rounded(counts: dict[str, int]) -> None:
    shown = {band: count for band, count in makeup(counts).bands.items() if count is not None}
    assert all(counts[band] >= 10 and count % 5 == 0 for band, count in shown.items())


@given(COUNTS)
def test_hidden_bands_are_none_or_two_and_ten_people(counts: dict[str, int]) -> None:
    bands = makeup(counts).bands
    hidden = [band for band, count in bands.items() if count is None]
    assert not hidden or len(hidden) == len(bands) or (len(hidden) > 1 and sum(counts[band] for band in hidden) >= 10)


@given(COUNTS)
def test_the_order_of_bands_changes_nothing(counts: dict[str, int]) -> None:
    assert makeup(dict(reversed(counts.items()))) == makeup(counts)


def test_one_small_band_hides_the_next_smallest_too() -> None:
    assert makeup({"18-34": 4, "35-54": 22, "55+": 61}).bands == {"18-34": None, "35-54": None, "55+": 60}


def test_the_total_is_rounded_by_itself() -> None:
    table = makeup({"18-34": 12, "35-54": 12, "55+": 12})
    assert (table.total, table.bands) == (35, {"18-34": 10, "35-54": 10, "55+": 10})


def test_a_band_of_nobody_is_not_listed() -> None:
    assert makeup({"18-34": 0, "35-54": 30}).bands == {"35-54": 30}


def test_two_bands_of_which_one_is_small_are_both_hidden_with_their_total() -> None:
    table = makeup({"women": 90, "men": 3})
    assert (table.total, table.bands) == (None, {"women": None, "men": None})
