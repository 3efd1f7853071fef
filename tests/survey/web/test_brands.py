"""The sheet of an accent: what is in it, and an address that nobody can make up."""

import pytest

from survey.web.brands import Brand, sheet_at, sheet_of, sheet_url

KEY, OTHER_KEY = b"1" * 32, b"2" * 32


def at(url: str) -> str | None:
    """What is found at an address."""
    _, _, accent, name = url.split("/")
    return sheet_at(KEY, accent, name)


@pytest.mark.parametrize("accent", ["0b5c67", None])
def test_a_made_up_address_leads_nowhere(accent: str | None) -> None:
    url = sheet_url(KEY, accent)
    assert at(url[:-5] + ("0" if url[-5] != "0" else "1") + ".css") is None
    assert at(sheet_url(OTHER_KEY, accent)) is None
    assert at(url.removesuffix(".css")) is None


@pytest.mark.parametrize("word", ["0B5C67", "#0b5c67", "red", "0b5c67;", "..", ""])
def test_a_colour_is_written_in_one_way_only(word: str) -> None:
    assert sheet_at(KEY, word, sheet_url(KEY, "0b5c67").rpartition("/")[2]) is None


def test_one_colours_digest_opens_no_other_colour() -> None:
    name = sheet_url(KEY, "0b5c67").rpartition("/")[2]
    assert sheet_at(KEY, "0b5c68", name) is None


@pytest.mark.parametrize("accent", ["0b5c67", "7a1f5c", None])
def test_a_sheet_is_found_at_its_address_and_holds_custom_properties_alone(accent: str | None) -> None:
    found = at(sheet_url(KEY, accent))
    assert found == sheet_of(accent)
    assert "url(" not in found
    assert "@import" not in found
    assert (f"#{accent}" in found) == (accent is not None)


def test_a_sheet_is_small() -> None:
    assert len(sheet_of("0b5c67")) < 700


def test_a_brand_without_colour_and_logo_has_no_sheet() -> None:
    assert not Brand("Plain").has_sheet
    assert Brand("Coloured", accent="0b5c67").has_sheet
    assert Brand("Drawn", logo="0" * 32).logo_url == f"/brand/{'0' * 32}.png"
