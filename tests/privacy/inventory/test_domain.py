"""A declaration that does not make sense is refused where it is written."""

from dataclasses import replace

import pytest

from privacy.inventory import CALIFORNIA, Category, Erase, Personal, Plain, Release, Retention

A_YEAR = Retention("a year", 365, "the last visit")
SOUND = Personal(Category.CONTACT, "self", ("invite",), A_YEAR, Erase.SHRED, Release.NEVER)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_plain_column_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(ValueError, match="why"):
        Plain(reason)


def test_a_personal_column_without_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="subject"):
        replace(SOUND, subject="")


@pytest.mark.parametrize("purposes", [(), ("",), ("invite", " ")])
def test_a_personal_column_without_a_purpose_is_refused(purposes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="purpose"):
        replace(SOUND, purposes=purposes)


def test_a_value_that_outlives_erasure_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        replace(SOUND, on_erase=Erase.KEEP)
    assert replace(SOUND, on_erase=Erase.KEEP, keep_reason="the law says so").keep_reason


def test_a_reason_to_keep_what_is_not_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="not kept"):
        replace(SOUND, keep_reason="the law says so")


def test_only_what_outlives_erasure_may_be_kept_for_good() -> None:
    for_good = Retention("for good", None, "the wish")
    with pytest.raises(ValueError, match="for good"):
        replace(SOUND, retention=for_good)
    assert replace(SOUND, retention=for_good, on_erase=Erase.KEEP, keep_reason="the wish must hold")


@pytest.mark.parametrize("broken", [("", 1, "the visit"), ("a year", 1, ""), ("a year", -1, "the visit")])
def test_a_retention_without_a_name_a_start_or_a_length_is_refused(broken: tuple[str, int, str]) -> None:
    with pytest.raises(ValueError, match="retention"):
        Retention(*broken)


def test_every_category_has_its_name_in_californian_law() -> None:
    assert set(CALIFORNIA) == set(Category)
    assert all(names for names in CALIFORNIA.values())
