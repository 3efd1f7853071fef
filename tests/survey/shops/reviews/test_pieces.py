"""A change to a long text is shown as what was taken out and put in, with a few words around it."""

import pytest

from survey.shops.reviews.domain.edits import Mark, pieces_of

LONG = " ".join(f"word{number}" for number in range(60))


def marked(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.mark.value, piece.text) for piece in pieces_of(old, new)]


def rebuilt(old: str, new: str, mark: Mark) -> str:
    return "".join(piece.text for piece in pieces_of(old, new) if piece.mark in (Mark.KEPT, mark))


def test_a_word_that_was_changed_in_a_short_text_stands_in_the_whole_text() -> None:
    assert marked("Anna was kind.", "E1 was kind.") == [("old", "Anna"), ("new", "E1"), ("kept", " was kind.")]


def test_of_a_long_text_only_the_change_is_shown_and_what_stands_around_it() -> None:
    found = marked(LONG, LONG.replace("word30", "E1"))
    assert found == [
        ("cut", " … "), ("kept", "word24 word25 word26 word27 word28 word29 "), ("old", "word30"), ("new", "E1"),
        ("kept", " word31 word32 word33 word34 word35 word36"), ("cut", " … "),
    ]  # fmt: skip


def test_a_stretch_between_two_changes_is_cut_in_its_middle() -> None:
    found = marked(LONG, LONG.replace("word5 ", "x ").replace("word55", "y"))
    assert [mark for mark, _ in found].count("cut") == 1
    assert [text for mark, text in found if mark == "new"] == ["x", "y"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("", "Here."), ("Here.", ""), ("one two", "two one"), ("a\n\nb", "a b"), ("naïve café", "naive café")],
    ids=["in", "out", "turned", "lines", "letters"],
)
def test_old_and_new_are_whole_in_what_is_shown_of_a_short_text(old: str, new: str) -> None:
    assert (rebuilt(old, new, Mark.OLD), rebuilt(old, new, Mark.NEW)) == (old, new)
