"""How the code of a message is spelt: whatever a reader makes of it by hand is read as it was meant, or not at all."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.mail.checking import code_of
from survey.mail.domain.codes import ALPHABET, CODE_CHARACTERS, read_code, spelled

KEY = b"i" * 32
DIGESTS = st.binary(min_size=32, max_size=32)
PLACES = st.integers(0, CODE_CHARACTERS - 1)
BETWEEN = st.lists(
    st.sampled_from(["", "-", " ", ".", "\u2013", "\u2011", "\u00a0", "\u200b", "\t"]),
    min_size=CODE_CHARACTERS + 1, max_size=CODE_CHARACTERS + 1,
)  # fmt: skip
# What a hand or an eye makes of a character that means the same.
LIKE = {"0": "0oO", "1": "1iIlL", "V": "VvUu"}


@pytest.mark.parametrize(
    "typed",
    ["", "-", "7K4M-2Q9X", "7K4M-2Q9X-HTRWA", "7K4M-2Q9X-HTR?", "7K4M-2Q9X-HTRÄ", "7" * 1000, "7K4M-2Q9X-HTR\0"],
)
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None


@given(digest=DIGESTS)
def test_a_code_is_three_groups_of_four_without_characters_that_look_alike(digest: bytes) -> None:
    code = spelled(digest)
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set("ILOU") & set(code)
    assert read_code(code) == code


@given(number=st.integers(0, 2**60 - 1))
def test_every_one_of_sixty_bits_counts(number: int) -> None:
    values = [ALPHABET.index(mark) for mark in spelled((number << 4).to_bytes(8)).replace("-", "")]
    assert sum(value << 5 * (CODE_CHARACTERS - 1 - place) for place, value in enumerate(values)) == number


@given(digest=DIGESTS, between=BETWEEN, data=st.data())
def test_small_letters_look_alikes_and_hyphens_elsewhere_or_nowhere_are_the_same_code(
    digest: bytes, between: list[str], data: st.DataObject
) -> None:
    code = spelled(digest)
    marks = [data.draw(st.sampled_from(LIKE.get(mark, mark + mark.lower()))) for mark in code.replace("-", "")]
    typed = between[0] + "".join(mark + gap for mark, gap in zip(marks, between[1:], strict=True))
    assert read_code(typed) == code


@given(digest=DIGESTS, place=PLACES, wrong=st.characters(codec="utf-8"))
def test_one_wrong_character_is_another_code_or_none(digest: bytes, place: int, wrong: str) -> None:
    marks = list(spelled(digest).replace("-", ""))
    same = LIKE.get(marks[place], marks[place] + marks[place].lower())
    marks[place] = wrong
    # Wide and circled forms of a letter are that letter.
    is_alike = unicodedata.normalize("NFKC", wrong).upper() in {mark.upper() for mark in same}
    assert (read_code("".join(marks)) == spelled(digest)) is is_alike


@given(digest=DIGESTS, place=st.integers(0, CODE_CHARACTERS - 2))
def test_two_characters_that_changed_places_are_another_code(digest: bytes, place: int) -> None:
    marks = list(spelled(digest).replace("-", ""))
    swapped = [*marks[:place], marks[place + 1], marks[place], *marks[place + 2 :]]
    assert (read_code("".join(swapped)) == spelled(digest)) is (marks == swapped)


def test_a_message_has_one_code_however_often_it_is_written_and_another_under_another_key() -> None:
    assert code_of(KEY, "one@candour.test") == code_of(KEY, "one@candour.test")
    assert code_of(KEY, "one@candour.test") != code_of(KEY, "two@candour.test")
    assert code_of(KEY, "one@candour.test") != code_of(b"j" * 32, "one@candour.test")
