"""Text on its way into a spreadsheet, and back: a program would run what begins like a formula."""

import re

# OWASP, "CSV injection"; the full-width forms start a formula in East Asian editions.
_STARTS_A_FORMULA = frozenset("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def neutral(value: str) -> str:
    """The value with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + value if value and value[0] in _STARTS_A_FORMULA else value


def cell(value: str) -> str:
    """The same for a list that comes back: a number below zero is none, and stays as it is."""
    return value if _NUMBER.fullmatch(value) else neutral(value)


def read_cell(text: str) -> str:
    """A cell without the apostrophe that kept it from being run."""
    return text[1:] if text[:1] == "'" and text[1:2] in _STARTS_A_FORMULA else text
