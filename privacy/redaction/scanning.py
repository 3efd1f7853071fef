"""Findings: everything in a text that says who somebody is, each with its place and its kind."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from .names import known, named_after_title, named_by_role
from .numbers import Span, bank_accounts, card_numbers, folded, is_worth_a_look, social_security_numbers
from .perhaps import perhaps_names


class Kind(StrEnum):
    """What was found. PERHAPS: might be a name; `findings` never says so, `with_perhaps` does."""

    CARD = "card"
    SOCIAL_SECURITY = "social_security"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    TELEPHONE = "telephone"
    AUTHOR = "author"
    NAME = "name"
    PERHAPS = "perhaps"


# What nobody may leave in a text, whatever the reason.
HARD = frozenset({Kind.CARD, Kind.SOCIAL_SECURITY, Kind.BANK_ACCOUNT})
_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_ENOUGH_DIGITS = re.compile(r"(?:\d\D{0,3}){6}")


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
    others, own = tuple(known_names), tuple(own_names)
    found: list[Finding] = []
    read = folded(text)
    while more := _merged(each for each in _once(read, others, own, regions) if _says_something(read, each)):
        found = _merged([*found, *more])
        for each in more:
            read = read[: each.start] + _cover(each) + read[each.end :]
    return found


def with_perhaps(text: str, found: Sequence[Finding], ordinary: Collection[str] = ()) -> list[Finding]:
    """The findings in a text, and between them the words that might be a name. ordinary: see `perhaps_names`."""
    read = text
    for each in found:
        read = read[: each.start] + _cover(each) + read[each.end :]
    more = _merged(Finding(*span, Kind.PERHAPS) for span in perhaps_names(read, ordinary))
    return sorted([*found, *more], key=lambda one: one.start)


def _once(text: str, others: Iterable[str], own: Iterable[str], regions: Sequence[str]) -> Iterator[Finding]:
    spans: list[tuple[Kind, Iterable[Span]]] = [
        (Kind.EMAIL, (found.span() for found in _EMAIL.finditer(text))),
        (Kind.AUTHOR, known(text, own)),
        (Kind.NAME, known(text, others)),
        (Kind.NAME, named_after_title(text)),
        (Kind.NAME, named_by_role(text)),
    ]
    if is_worth_a_look(text):
        spans += [
            (Kind.CARD, card_numbers(text)),
            (Kind.SOCIAL_SECURITY, social_security_numbers(text)),
            (Kind.BANK_ACCOUNT, bank_accounts(text)),
        ]
    if _ENOUGH_DIGITS.search(text):
        spans.append((Kind.TELEPHONE, _telephones(text, regions)))
    return (Finding(*span, kind) for kind, places in spans for span in places)


def _telephones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    for region in regions:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            yield match.start, match.end


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


def _cover(found: Finding) -> str:
    # Ends as a token does, so that what stands beside it reads as it will once it is replaced: nine digits after the
    # words "social security number" are one.
    length, says = found.end - found.start, "ssn" if found.kind is Kind.SOCIAL_SECURITY else ""
    return "[" + "…" * (length - 2 - len(says)) + says + "]" if length > 1 else "…"
