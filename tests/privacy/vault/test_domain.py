"""A sealed value opens with its subject's key in its own place, and nowhere else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privacy.errors import SealBroken, UnknownKey
from privacy.vault import (
    KeyRing,
    Place,
    Wrapped,
    blind_index,
    blind_indexes,
    new_data_key,
    new_keys,
    rewrap,
    seal,
    seal_row,
    seal_rows,
    unseal,
    unseal_text,
    unwrap,
)

KEK = bytes([2]) * 32
RING = KeyRing(2, {1: bytes([1]) * 32, 2: KEK})
SUBJECT, ROW = uuid4(), uuid4()
KEY, WRAPPED = new_data_key(RING, SUBJECT)
PLACE = Place("identity.contact.email", ROW, SUBJECT)
INDEX_KEY = bytes([3]) * 32


@given(st.text(min_size=1), st.uuids(), st.uuids())
def test_a_value_moved_to_another_column_row_or_subject_does_not_open(column: str, row: UUID, subject: UUID) -> None:
    assume(column != PLACE.column)
    sealed = seal(KEY, PLACE, "someone@example.com")
    for moved in (PLACE._replace(column=column), PLACE._replace(row_id=row), PLACE._replace(subject_id=subject)):
        with pytest.raises(SealBroken) as broken:
            unseal(KEY, moved, sealed)
        assert broken.value.place == moved.column


def test_two_values_that_are_swapped_do_not_open() -> None:
    email, name = PLACE, PLACE._replace(column="identity.contact.first_name")
    sealed_email, sealed_name = seal(KEY, email, "a@example.com"), seal(KEY, name, "a@example.com")
    for place, sealed in ((email, sealed_name), (name, sealed_email)):
        with pytest.raises(SealBroken):
            unseal(KEY, place, sealed)


@given(st.binary(max_size=100), st.data())
def test_no_byte_of_a_sealed_value_may_change(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, PLACE, value))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        unseal(KEY, PLACE, bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(27), b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, PLACE, sealed)


def test_another_subjects_key_neither_seals_nor_opens() -> None:
    stranger, _ = new_data_key(RING, uuid4())
    with pytest.raises(ValueError, match="another subject"):
        seal(stranger, PLACE, "text")
    with pytest.raises(SealBroken):
        unseal(stranger, PLACE, seal(KEY, PLACE, "text"))


def test_a_wrapped_key_given_to_another_subject_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unwrap(RING, WRAPPED._replace(subject_id=uuid4()))


def test_a_wrapped_key_under_another_version_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unwrap(RING, WRAPPED._replace(kek_version=1))
    with pytest.raises(UnknownKey) as unknown:
        unwrap(RING, WRAPPED._replace(kek_version=9))
    assert unknown.value.version == 9


@pytest.mark.parametrize(
    "wrapped",
    [b"", b"\x01", b"\x02" + WRAPPED.wrapped[1:], WRAPPED.wrapped[:-1]],
    ids=["empty", "layout only", "another layout", "cut short"],
)
def test_a_wrapped_key_that_was_altered_does_not_open(wrapped: bytes) -> None:
    with pytest.raises(SealBroken):
        unwrap(RING, WRAPPED._replace(wrapped=wrapped))


def test_a_ring_without_its_current_key_or_with_a_short_one_is_refused() -> None:
    with pytest.raises(UnknownKey):
        KeyRing(3, {1: KEK})
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(1, {1: b"short"})


def test_keys_do_not_print_their_bytes() -> None:
    for shown in (repr(RING), repr(KEY), str(KEY), f"{RING}"):
        assert KEK.hex() not in shown
        assert repr(KEK)[2:-1] not in shown
    assert repr(KEY) == f"DataKey(subject_id={SUBJECT!r})"


@given(st.binary(max_size=300), st.uuids(), st.uuids(), st.text(min_size=1, max_size=60))
def test_what_was_sealed_opens_in_its_place(value: bytes, subject: UUID, row: UUID, column: str) -> None:
    key, wrapped = new_data_key(RING, subject)
    place = Place(column, row, subject)
    assert unseal(unwrap(RING, wrapped), place, seal(key, place, value)) == value


@given(st.text())
def test_text_comes_back_as_text(text: str) -> None:
    assert unseal_text(KEY, PLACE, seal(KEY, PLACE, text)) == text


def test_a_sealed_value_shows_nothing_but_its_length() -> None:
    sealed = {seal(KEY, PLACE, "someone@example.com") for _ in range(50)}
    assert len(sealed) == 50
    assert {len(one) for one in sealed} == {1 + 12 + 19 + 16}
    assert not any(b"example" in one for one in sealed)


def test_many_keys_come_in_the_order_of_their_subjects_and_all_differ() -> None:
    subjects = [uuid4() for _ in range(20)]
    keys, wrapped = new_keys(RING, subjects)
    assert [key.subject_id for key in keys] == [one.subject_id for one in wrapped] == subjects
    for key, other in zip(keys, wrapped[1:], strict=False):
        place = PLACE._replace(subject_id=key.subject_id)
        with pytest.raises(SealBroken):
            unseal(unwrap(RING, other), place, seal(key, place, "text"))


@given(st.uuids(), st.binary(max_size=50))
def test_a_key_wrapped_anew_opens_what_was_sealed_before(subject: UUID, value: bytes) -> None:
    before = KeyRing(1, {1: bytes([1]) * 32})
    key, wrapped = new_data_key(before, subject)
    place = PLACE._replace(subject_id=subject)
    again = rewrap(RING, wrapped)
    assert again.kek_version == 2
    assert unseal(unwrap(KeyRing(2, {2: KEK}), again), place, seal(key, place, value)) == value


def test_wrapping_anew_needs_the_key_that_wrapped_before() -> None:
    with pytest.raises(UnknownKey):
        rewrap(RING, Wrapped(SUBJECT, 7, WRAPPED.wrapped))


@given(st.text(), st.text(), st.uuids(), st.uuids())
def test_a_blind_index_matches_only_the_same_value_column_and_affiliate(
    value: str, other: str, affiliate: UUID, stranger: UUID
) -> None:
    index = blind_index(INDEX_KEY, "identity.contact.email", affiliate, value)
    assert (index == blind_index(INDEX_KEY, "identity.contact.email", affiliate, other)) == (value == other)
    assert (index == blind_index(INDEX_KEY, "identity.contact.email", stranger, value)) == (affiliate == stranger)
    assert index != blind_index(INDEX_KEY, "identity.panelist.email", affiliate, value)
    assert index != blind_index(bytes(32), "identity.contact.email", affiliate, value)
    assert len(index) == 32


@given(st.lists(st.tuples(st.text(min_size=1), st.binary()), max_size=5))
def test_the_values_of_a_row_open_as_if_each_had_been_sealed_alone(values: list[tuple[str, bytes]]) -> None:
    sealed = seal_row(KEY, PLACE.row_id, values)
    places = [Place(column, PLACE.row_id, SUBJECT) for column, _ in values]
    opened = [unseal(KEY, place, one) for place, one in zip(places, sealed, strict=True)]
    assert opened == [value for _, value in values]
    assert len({one[1:13] for one in sealed}) == len(values)


@given(st.lists(st.text(), max_size=5), st.uuids())
def test_many_blind_indexes_are_those_of_each_value(values: list[str], affiliate: UUID) -> None:
    many = blind_indexes(INDEX_KEY, "identity.contact.email", affiliate, values)
    assert many == [blind_index(INDEX_KEY, "identity.contact.email", affiliate, value) for value in values]


def test_rows_that_are_sealed_together_open_with_their_own_keys_only() -> None:
    keys, _ = new_keys(RING, [uuid4(), uuid4()])
    rows = [(key, key.subject_id, [("identity.contact.email", b"one"), ("identity.contact.note", b"")]) for key in keys]
    (first, _), (second, _) = seal_rows(rows)
    places = [Place("identity.contact.email", key.subject_id, key.subject_id) for key in keys]
    assert [unseal(key, place, one) for key, place, one in zip(keys, places, (first, second), strict=True)] == [
        b"one"
    ] * 2
    with pytest.raises(SealBroken):
        unseal(keys[0], places[0], second)
