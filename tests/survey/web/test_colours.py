"""Contrast is WCAG's, and an accent that is taken can be read wherever the house sheet puts it, in both schemes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.web.colours import (
    DEEPER,
    ENOUGH,
    GROUNDS,
    TINT,
    contrast,
    darker_until_enough,
    digits_of,
    luminance,
    tones_of,
    weakest_of,
)
from tests.structure import colours as sheet

DIGITS = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06x}")
HALF_A_STEP = 0.01  # a colour of six digits is a little off the one that was reckoned


@pytest.mark.parametrize("text", ["", "#", "0b5c6", "0b5c677", "#0b5c6g", "teal", "０b5c67", "0b5c67;"])
def test_what_is_not_six_digits_is_no_colour(text: str) -> None:
    assert digits_of(text) is None


@pytest.mark.parametrize("text", ["#0B5C67", "0b5c67", " #0b5C67 "])
def test_six_digits_are_taken_with_or_without_the_sign(text: str) -> None:
    assert digits_of(text) == "0b5c67"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("000000", "ffffff", 21.0),
        ("ffffff", "ffffff", 1.0),
        ("767676", "ffffff", 4.54),  # the lightest grey that passes on white, as WCAG's own techniques name it
        ("777777", "ffffff", 4.48),
        ("ff0000", "ffffff", 4.0),
        ("0000ff", "ffffff", 8.59),
        ("00ff00", "000000", 15.3),
    ],
)
def test_contrast_is_what_the_standard_says_of_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(DIGITS, DIGITS)
def test_contrast_lies_between_1_and_21_and_knows_no_order(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == contrast(other, one)


@given(DIGITS)
def test_black_and_white_are_the_ends(digits: str) -> None:
    assert luminance("000000") <= luminance(digits) <= luminance("ffffff")


@given(DIGITS)
def test_the_tone_that_is_offered_can_be_read_and_is_no_lighter(digits: str) -> None:
    offered = darker_until_enough(digits)
    assert weakest_of(offered).is_enough
    assert luminance(offered) <= luminance(digits)


@given(DIGITS)
def test_the_tone_that_is_offered_is_the_nearest(digits: str) -> None:
    offered = darker_until_enough(digits)
    if offered != digits:
        assert weakest_of(offered).ratio < ENOUGH + 0.25


@given(DIGITS)
def test_a_colour_that_can_be_read_is_offered_as_it_is(digits: str) -> None:
    offered = darker_until_enough(digits)
    assert darker_until_enough(offered) == offered


@given(DIGITS)
def test_every_tone_of_a_taken_accent_can_be_read_where_the_sheet_puts_it(digits: str) -> None:
    tones = tones_of(darker_until_enough(digits))
    for scheme in ("light", "dark"):
        house = sheet.tokens(scheme)
        for tone in (tones[scheme].accent, tones[scheme].deep):
            own = oklab(tone)
            tint = sheet.mixed(own, house["raised"], TINT)
            grounds = (house["paper"], house["raised"], house["sunk"], tint, house["on-accent"])
            assert min(sheet.contrast(own, ground) for ground in grounds) >= ENOUGH - HALF_A_STEP
            assert sheet.contrast(own, house["line"]) >= 3
            # What is said on a ground that the accent tints: words, quiet words.
            assert sheet.contrast(house["ink"], tint) >= ENOUGH


@given(DIGITS)
def test_in_the_dark_the_accent_is_never_darker(digits: str) -> None:
    tones = tones_of(digits)
    assert luminance(tones["dark"].accent) >= luminance(digits)
    assert luminance(tones["light"].deep) <= luminance(digits)
    assert luminance(tones["dark"].deep) >= luminance(tones["dark"].accent)


def test_the_grounds_are_those_of_the_house_sheet() -> None:
    for scheme, grounds in GROUNDS.items():
        known = sheet.tokens(scheme)
        for name, words in grounds.items():
            assert sheet.oklab_of(words) == pytest.approx(known[name])
    assert 0 < DEEPER < 1


def oklab(digits: str) -> sheet.Oklab:
    """By another way than the product's: the inverse of what the structure's tests go by."""
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    channels = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in (red, green, blue)]
    long, medium, short = (
        sum(weight * channel for weight, channel in zip(row, channels, strict=True)) ** (1 / 3)
        for row in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    )
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
