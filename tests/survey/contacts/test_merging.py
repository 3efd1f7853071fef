"""What happens when an address comes again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from survey.contacts.domain import Profile, corrected, filled

NORTH, SOUTH = UUID(int=1), UUID(int=2)
NAMES = st.sampled_from(["", "Ada", "Bo"])
PROFILES = st.builds(
    Profile,
    NAMES,
    NAMES,
    st.sampled_from(["", "en", "de"]),
    st.sampled_from([None, NORTH, SOUTH]),
    st.sampled_from([None, date(2026, 8, 1), date(2026, 9, 1)]),
    st.tuples(NAMES, NAMES, NAMES),
)


def after_list(known: Profile | None, rows: Sequence[Profile]) -> Profile:
    """What is known of one address after a list in which it stands in these rows."""
    first, *others = rows
    known = corrected(known, first) if known else first
    for said in others:
        known = filled(known, said)
    return known


@given(st.none() | PROFILES, st.lists(PROFILES, min_size=1, max_size=5))
def test_a_list_that_comes_twice_changes_nothing(known: Profile | None, rows: list[Profile]) -> None:
    once = after_list(known, rows)
    assert after_list(once, rows) == once


@given(PROFILES, PROFILES)
def test_what_a_list_leaves_empty_takes_nothing_away(known: Profile, said: Profile) -> None:
    for profile in (corrected(known, said), filled(known, said)):
        assert all(value for old, value in zip(known, profile, strict=True) if old)


def test_within_one_list_a_later_row_only_fills_what_was_empty() -> None:
    known = filled(Profile(first_name="Ada"), Profile(first_name="Bo", last_name="Xu"))
    assert (known.first_name, known.last_name) == ("Ada", "Xu")


def test_a_later_list_corrects() -> None:
    assert corrected(Profile(first_name="Ada"), Profile(first_name="Adah")).first_name == "Adah"


def test_of_two_visits_the_later_one_stays_with_its_store() -> None:
    august, september = Profile("", "", "", NORTH, date(2026, 8, 1)), Profile("", "", "", SOUTH, date(2026, 9, 1))
    for profile in (corrected(september, august), filled(august, september)):
        assert (profile.location_id, profile.visited_on) == (SOUTH, date(2026, 9, 1))
