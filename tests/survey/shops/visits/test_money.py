"""One form of money: the code first, thousands apart, never floating point, never two currencies in one sum."""

import pytest

from survey.shops.visits.domain import by_currency, decimal, difference, money, whole_units


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "GBP 0.00"),
        (5, "GBP 0.05"),
        (1250, "GBP 12.50"),
        (-1250, "GBP -12.50"),
        (123_456_789_01, "GBP 123,456,789.01"),
        (9_007_199_254_740_993_07, "GBP 9,007,199,254,740,993.07"),
    ],
)
def test_an_amount_has_its_code_first_and_two_decimals(cents: int, words: str) -> None:
    assert money(cents, "GBP") == words


def test_a_change_says_its_direction() -> None:
    assert [difference(cents, "USD") for cents in (700, -700, 0)] == ["USD +7.00", "USD -7.00", "USD 0.00"]


def test_files_and_fields_get_the_number_alone_without_commas() -> None:
    assert (decimal(1_234_567_89), decimal(-5), whole_units(1299)) == ("1234567.89", "-0.05", 12)


def test_amounts_of_different_currencies_are_never_added() -> None:
    assert by_currency([("USD", 100), ("GBP", 250), ("USD", 5)]) == {"GBP": 250, "USD": 105}
