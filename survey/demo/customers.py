"""The customer lists of the demo's clients, written as such lists come: with gaps, doubles and rows that are wrong."""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from .cast import DOMAIN

HEADER = ("E-mail", "First name", "Surname", "Store", "Last visit", "Language")
FIRST_NAMES = ("Ada", "Bruno", "Chiara", "Dafydd", "Élodie", "Farah", "Gus", "Hana", "Ivo", "Jun", "Kofi", "Lena",
               "Mirek", "Nadia", "Oskar", "Petra", "Quim", "Rosa", "Søren", "Tariq", "Una", "Vera", "Wren", "Xenia",
               "Yusuf", "Zoë")  # fmt: skip
SURNAMES = ("Abara", "Birk", "Castell", "Dunmore", "Eklund", "Farrow", "Grell", "Hawtrey", "Ibarra", "Jessop", "Karim",
            "Lisle", "Marsh", "Novak", "Orme", "Pell", "Quist", "Rådberg", "Stroud", "Tamsin", "Ueda",
            "Vance")  # fmt: skip
WRONG_ADDRESSES = ("", "no address given", "maria(at)example", "x@", "two@one.example; three@one.example")
ONE_IN_DOUBLE = 60
ONE_IN_WRONG = 50
NO_NAME_SHARE = 0.08
NO_VISIT_SHARE = 0.05
# Stores are not equally busy, and the smallest are too small to be shown by themselves.
BUSY_WEIGHTS = (9, 6, 4, 2, 1)


@dataclass(frozen=True, slots=True)
class ListPlan:
    """What to write. visited: the first and the last day of the visits; again: somebody of another client's list."""

    name: str
    people: int
    stores: Sequence[str]
    visited: tuple[date, date]
    again: str = ""


def address_of(name: str, number: int) -> str:
    """The address of the how-many-eth person of a list."""
    return f"{name}.{number}@people.{DOMAIN}"


def write_list(path: Path, plan: ListPlan) -> int:
    """Write the list as CSV with semicolons, as an Excel of half of Europe does; returns how many rows it has."""
    rows = list(_rows(plan))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(rows)
    return len(rows)


def _rows(plan: ListPlan) -> Iterator[tuple[str, ...]]:
    # The same world each time: what is random in the product stays random.
    chance = random.Random(plan.name)  # noqa: S311 - nothing secret
    weights = [BUSY_WEIGHTS[place % len(BUSY_WEIGHTS)] for place in range(len(plan.stores))]
    for number in range(1, plan.people + 1):
        first, last = chance.choice(FIRST_NAMES), chance.choice(SURNAMES)
        (store,) = chance.choices(plan.stores, weights)
        address = plan.again if plan.again and number == plan.people else address_of(plan.name, number)
        row = _row(plan, chance, (address, first, last, store))
        yield row
        if number % ONE_IN_DOUBLE == 0:
            yield (row[0].upper(), *row[1:])
        if number % ONE_IN_WRONG == 0:
            yield (WRONG_ADDRESSES[number // ONE_IN_WRONG % len(WRONG_ADDRESSES)], first, last, store, "", "")


def _row(plan: ListPlan, chance: random.Random, person: tuple[str, str, str, str]) -> tuple[str, ...]:
    address, first, last, store = person
    if chance.random() < NO_NAME_SHARE:
        first = last = ""
    begin, end = plan.visited
    day = begin + timedelta(days=chance.randrange((end - begin).days + 1))
    visited = "" if chance.random() < NO_VISIT_SHARE else day.isoformat()
    return address, first, last, store, visited, "en"
