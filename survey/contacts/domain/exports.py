"""Text on its way into a spreadsheet: a program would run what begins like a formula."""

# OWASP, "CSV injection"; the full-width forms start a formula in East Asian editions.
_STARTS_A_FORMULA = frozenset("=+-@\t\r＝＋－＠")


def neutral(value: str) -> str:
    """The value with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + value if value and value[0] in _STARTS_A_FORMULA else value
