"""Money is written in one way: nobody else divides cents, or puts a currency behind an amount."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Of an amount alone, as questionnaires need it too; and with its currency.
HELPERS = (
    ROOT / "survey" / "questionnaires" / "domain" / "typed.py",
    ROOT / "survey" / "shops" / "visits" / "domain" / "money.py",
)
WRITTEN = sorted(
    path
    for folder, kinds in ((ROOT / "survey", ("*.py",)), (ROOT / "templates", ("*.html", "*.txt", "*.typ")))
    for kind in kinds
    for path in folder.rglob(kind)
    if path not in HELPERS
)
DIVIDES = re.compile(r"cents\w*\)?\s*(?://?|%)\s*100\b")
# {{ amount }} {{ row.currency }} · f"{amount} {currency}"
BEHIND = re.compile(r"\}\}?\s\{\{?\s*[\w.]*currency\s*\}|~ \" \" ~ [\w.]*currency")


def _found(rule: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in WRITTEN
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if rule.search(line)
    ]


@pytest.mark.parametrize(
    "line", ["x = fee_cents / 100", '{{ "%.2f"|format(row.pay_cents / 100) }}', "left = cents // 100", "cents % 100"]
)
def test_a_division_of_cents_is_seen(line: str) -> None:
    assert DIVIDES.search(line)


@pytest.mark.parametrize("line", ["{{ amount }} {{ row.currency }}", 'f"{amount} {currency}"', 'a ~ " " ~ currency'])
def test_a_currency_behind_an_amount_is_seen(line: str) -> None:
    assert BEHIND.search(line)


def test_nobody_but_the_helpers_makes_amounts_out_of_cents() -> None:
    assert all(helper.exists() for helper in HELPERS)
    assert _found(DIVIDES) == []


def test_no_currency_stands_behind_an_amount() -> None:
    assert _found(BEHIND) == []
