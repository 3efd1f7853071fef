"""Findings: everything in a text that says who somebody is, each with its place and its kind."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .clock import exact_times, full_hours
from .marks import emails, handles, number_ends, plates
from .names import known, named_after_title, named_by_role
from .numbers import Span, bank_accounts, card_numbers, is_worth_a_look, social_security_numbers
from .perhaps import perhaps_names
from .reading import read_plainly
from .telephones import telephones


class Kind(StrEnum):
    """What was found. PERHAPS: might be a name; `findings` never says so, `with_perhaps` does. TIME: `with_times`."""

    CARD = "card"
    SOCIAL_SECURITY = "social_security"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    TELEPHONE = "telephone"
    ENDING = "ending"
    PLATE = "plate"
    HANDLE = "handle"
    AUTHOR = "author"
    NAME = "name"
    TIME = "time"
    PERHAPS = "perhaps"


# Numbers that can be stolen: kept nowhere, not even in a client's own words. What else may not stay, reviews decide.
HARD = frozenset({Kind.CARD, Kind.SOCIAL_SECURITY, Kind.BANK_ACCOUNT})
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters start to end of the text, end not included."""

    start: int
    end: int
    kind: Kind


def findings(
    text: str, known_names: Iterable[str] = (), own_names: Iterable[str] = (), regions: Sequence[str] = ("US", "GB")
) -> list[Finding]:
    """What should not stay in a text, in its order, without overlaps.

    known_names: of people it may speak of; own_names: of who wrote it; regions: where telephone numbers without a
    country code may be from (ISO 3166). What is found is covered and the rest read again, until nothing is left: a
    number that the one before had hidden is found too.
    """
    reading = read_plainly(text)
    others = tuple(read_plainly(name).text for name in known_names)
    own = tuple(read_plainly(name).text for name in own_names)
    found: list[Finding] = []
    read = reading.text
    while more := _merged(each for each in _once(read, others, own, regions) if _says_something(read, each)):
        found = _merged([*found, *more])
        read = _covered(read, more)
    return _merged(Finding(*reading.place(each.start, each.end), each.kind) for each in found)


def with_perhaps(
    text: str, found: Sequence[Finding], ordinary: Collection[str] = (), places: Collection[str] = ()
) -> list[Finding]:
    """The findings in a text, and between them words that might be a name. ordinary, places: see `perhaps_names`."""
    reading = read_plainly(_covered(text, found))
    spans = perhaps_names(reading.text, ordinary, [read_plainly(place).text for place in places])
    more = _merged(Finding(*reading.place(*span), Kind.PERHAPS) for span in spans)
    return sorted([*found, *more], key=lambda one: one.start)


def with_times(text: str, found: Sequence[Finding], *, hours_too: bool) -> list[Finding]:
    """The findings in a text, and between them times of day: who worked then is known there. hours_too: full ones."""
    reading = read_plainly(_covered(text, found))
    spans = [*exact_times(reading.text), *(full_hours(reading.text) if hours_too else ())]
    more = _merged(Finding(*reading.place(*span), Kind.TIME) for span in spans)
    return sorted([*found, *more], key=lambda one: one.start)


def _once(text: str, others: Iterable[str], own: Iterable[str], regions: Sequence[str]) -> Iterator[Finding]:
    spans: list[tuple[Kind, Iterable[Span]]] = [
        (Kind.EMAIL, emails(text)),
        (Kind.HANDLE, handles(text)),
        (Kind.AUTHOR, known(text, own)),
        (Kind.NAME, known(text, others)),
        (Kind.NAME, named_after_title(text)),
        (Kind.NAME, named_by_role(text)),
    ]
    if any(map(str.isdigit, text)):
        spans += [(Kind.ENDING, number_ends(text)), (Kind.PLATE, plates(text)),
                  (Kind.TELEPHONE, telephones(text, regions))]  # fmt: skip
    if is_worth_a_look(text):
        spans += [
            (Kind.CARD, card_numbers(text)),
            (Kind.SOCIAL_SECURITY, social_security_numbers(text)),
            (Kind.BANK_ACCOUNT, bank_accounts(text)),
        ]
    return (Finding(*span, kind) for kind, places in spans for span in places)


def _merged(found: Iterable[Finding]) -> list[Finding]:
    """In order; what overlaps becomes one, of the graver kind."""
    merged: list[Finding] = []
    for each in sorted(found, key=lambda one: (one.start, one.end)):
        if merged and each.start < merged[-1].end:
            last = merged.pop()
            kind = min(last.kind, each.kind, key=_RANK.__getitem__)
            merged.append(Finding(last.start, max(last.end, each.end), kind))
        else:
            merged.append(each)
    return merged


def _says_something(text: str, finding: Finding) -> bool:
    return any(letter.isalnum() for letter in text[finding.start : finding.end])


def _covered(text: str, found: Iterable[Finding]) -> str:
    """The text with what was found hidden, letter for letter."""
    parts, at = [], 0
    for each in sorted(found, key=lambda one: one.start):
        parts += [text[at : each.start], _cover(each)]
        at = each.end
    return "".join([*parts, text[at:]])


def _cover(found: Finding) -> str:
    # Ends as a token does, so that what stands beside it reads as it will once it is replaced: nine digits after the
    # words "social security number" are one.
    length, says = found.end - found.start, "ssn" if found.kind is Kind.SOCIAL_SECURITY else ""
    return "[" + "…" * (length - 2 - len(says)) + says + "]" if length > 1 else "…"
