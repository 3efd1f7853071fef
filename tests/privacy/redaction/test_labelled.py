"""How much of what says who somebody is the scan finds, and how often it is right: counted over labelled sentences.

A label counts as found where findings of its kind cover it whole; a name may be certain or only asked about. A finding
is right where it touches a label. The sentences are ours: they say what the scan is held to, not how shoppers write.
"""

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacy.redaction import Finding, Kind, findings, with_perhaps

HERE = Path(__file__).parent
LABEL = re.compile(
    r"\{(name|telephone|email|handle|plate|card|ending|social_security|bank_account):([^{}]*(?:\{at\})?[^{}]*)\}"
)
NAMES = frozenset({Kind.NAME, Kind.PERHAPS})
PLACES = ("Harbour Coffee", "Quay Street", "Anna's Kitchen", "Rosemary Lane")
ORDINARY = frozenset(word for place in PLACES for word in re.findall(r"\w+", place.casefold()))
LEAST_RECALL, LEAST_PRECISION = 0.99, 0.95
LONGEST_SECONDS = 5.0  # for 100 kB, on a machine that does other things as well
LONG = 100_000


def labelled() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each sentence without its marks, and where its labels stand: start, end, kind."""
    lines = (HERE / "labelled.txt").read_text().splitlines()
    return [_parsed(line) for line in lines if line and not line.startswith("#")]


def _parsed(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, labels, at = "", [], 0
    for label in LABEL.finditer(line):
        text += line[at : label.start()]
        labels.append((len(text), len(text) + len(label[2]), label[1]))
        text, at = text + label[2], label.end()
    return text + line[at:], labels


def found_in(text: str) -> list[Finding]:
    """All that the scan finds or asks about."""
    return with_perhaps(text, findings(text), ORDINARY, PLACES)


def is_found(text: str, label: tuple[int, int, str], found: list[Finding]) -> bool:
    """Whether every letter and digit of a label is covered by findings of its kind."""
    start, end, kind = label
    kinds = NAMES if kind == "name" else {Kind(kind)}
    covered = {at for each in found if each.kind in kinds for at in range(each.start, each.end)}
    return all(at in covered for at in range(start, end) if text[at].isalnum())


def missed() -> Iterator[tuple[str, str]]:
    """Kind and sentence of each label that is not found."""
    for text, labels in labelled():
        found = found_in(text)
        yield from ((label[2], text) for label in labels if not is_found(text, label, found))


def wrong() -> Iterator[tuple[str, str]]:
    """Words and sentence of each finding that touches no label."""
    for text, labels in labelled():
        for each in found_in(text):
            if not any(start < each.end and each.start < end for start, end, _ in labels):
                yield text[each.start : each.end], text


def test_there_are_enough_sentences_of_both_kinds() -> None:
    lines = labelled()
    assert len(lines) >= 300
    assert sum(not labels for _, labels in lines) >= 100


def test_of_what_is_labelled_nearly_all_is_found() -> None:
    count = sum(len(labels) for _, labels in labelled())
    lost = list(missed())
    assert 1 - len(lost) / count >= LEAST_RECALL, lost


def test_of_no_kind_is_more_than_one_in_ten_lost() -> None:
    by_kind = Counter(kind for _, labels in labelled() for _, _, kind in labels)
    lost = Counter(kind for kind, _ in missed())
    assert {kind: lost[kind] for kind in lost if lost[kind] * 10 > by_kind[kind]} == {}


def test_most_of_what_is_found_is_right() -> None:
    found = sum(len(found_in(text)) for text, _ in labelled())
    mistaken = list(wrong())
    assert 1 - len(mistaken) / found >= LEAST_PRECISION, mistaken


def test_what_is_called_certain_is_hardly_ever_wrong() -> None:
    certain = [
        (text, labels, each)
        for text, labels in labelled()
        for each in findings(text)
        if each.kind not in {Kind.PERHAPS}
    ]
    mistaken = [
        text[each.start : each.end]
        for text, labels, each in certain
        if not any(start < each.end and each.start < end for start, end, _ in labels)
    ]
    assert len(mistaken) / len(certain) <= 0.05, mistaken


def test_letters_that_are_put_together_of_parts_change_nothing() -> None:
    for text, labels in labelled():
        apart = unicodedata.normalize("NFD", text)
        count = len([each for each in found_in(text) if each.kind in NAMES])
        assert len([each for each in found_in(apart) if each.kind in NAMES]) == count, (apart, labels)


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad"], ids=ascii)
def test_signs_that_nobody_sees_hide_nothing(sign: str) -> None:
    text = f"Server An{sign}na, card 4111{sign}1111 1111 1111."
    assert [each.kind for each in findings(text)] == [Kind.NAME, Kind.CARD]


HOSTILE = {
    "one letter": "a",
    "one capital": "A",
    "capitals and blanks": "A ",
    "names and commas": "Anna, ",
    "served by": "served by ",
    "tags": "name tag ",
    "a tag that ends nowhere": "badge said “",
    "roles": "server, ",
    "digits": "1",
    "digits and gaps": "1 ",
    "four digits": "4111 ",
    "plus signs": "+1 (",
    "at signs": "a@",
    "dots": "a.",
    "at and dot": "zoe at dot ",
    "hyphens": "A-",
    "apostrophes": "O'",
    "marks above": "e\u0301\u0301\u0301\u0301",
    "only marks": "\u0301\u0323",
    "zero width": "\u200b",
    "stars": "*",
    "cars": "car ABC ",
    "networks": "insta at ",
    "last four": "last four of of of ",
    "cyrillic": "Дм ",
    "accounts": "GB29 ",
    "many who smile": "Zed smiled. ",
    "brackets": "([{<",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_no_text_makes_the_scan_slow(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    start = time.process_time()
    with_perhaps(text, findings(text, ("Anna", "Zoë"), ("Robin Marsh",)), ORDINARY, PLACES)
    assert time.process_time() - start < LONGEST_SECONDS
