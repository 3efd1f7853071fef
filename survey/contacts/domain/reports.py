"""The report of rows: a CSV for whoever keeps the list, without anything that was refused."""

import csv
import io
from collections.abc import Iterable
from itertools import islice

from survey.clients.domain import neutral

from .rows import Fault, Problem

MOST_PROBLEMS = 50_000
FIRST_PROBLEMS = 20
BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
HEADINGS = ("row", "column", "problem", "what stood there", "outcome")


def report_head() -> bytes:
    """The first line."""
    return (BYTE_ORDER_MARK + _lines([HEADINGS])).encode()


def report_lines(problems: Iterable[Problem]) -> bytes:
    """Lines for some problems."""
    return _lines(_cells(problem) for problem in problems).encode()


def report_foot(left_out: int) -> bytes:
    """What is said of problems that no longer fit; nothing where all did."""
    words = f"{left_out:,} more problems are not listed: put these right and upload the list again."
    return _lines([("", "", words, "", "")]).encode() if left_out else b""


def problems_in(report: bytes, limit: int = FIRST_PROBLEMS) -> list[dict[str, str]]:
    """The first problems of a report, or of its beginning, by heading."""
    text = report.decode(errors="ignore").removeprefix(BYTE_ORDER_MARK)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return list(islice((row for row in rows if row["outcome"]), limit))


def _cells(problem: Problem) -> tuple[str, ...]:
    outcome = "left out" if problem.fault.is_fatal else "comes in"
    if problem.fault is Fault.REFUSED:
        outcome = "comes in without it"
    return (str(problem.row), problem.column, problem.words, problem.value, outcome)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()
