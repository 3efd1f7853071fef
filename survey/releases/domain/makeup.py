"""Who made the visits of a wave, in counts by band: one question at a time, never crossed with anything."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec.json import Encoder

from privacy.anonymity.demographics import makeup
from privacy.anonymity.protection import FLOOR
from privacy.crypto import sha256

NOT_STATED = "Not stated"
ALL = ""
_ENCODER = Encoder()


@dataclass(frozen=True, slots=True)
class WaveDue:
    """A wave whose shops are all settled and whose campaign lets bands be counted. node_path: of the tree's head."""

    wave_id: UUID
    affiliate_id: UUID
    client_id: UUID
    node_path: str


@dataclass(frozen=True, slots=True)
class BandsAsked:
    """A question about shoppers. bands: code -> words, in the order in which they are offered."""

    code: str
    label: str
    bands: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MakeupLine:
    """A count as it leaves. band: words, or ALL. people: rounded to five, None where hidden."""

    question: str
    band: str
    people: int | None


def makeup_lines(questions: Sequence[BandsAsked], people: Sequence[Mapping[str, str]]) -> list[MakeupLine]:
    """What may be told of these distinct people. people: the bands that each gave, by question.

    Nothing of fewer than ten people, nor of a question where so much is hidden that no total can be told.
    """
    return [line for question in questions for line in _lines(question, people)] if len(people) >= FLOOR else []


def digest_of(lines: Sequence[MakeupLine]) -> bytes:
    """SHA-256 over one spelling of all that leaves."""
    return sha256(_ENCODER.encode([[line.question, line.band, line.people] for line in lines]))


def _lines(question: BandsAsked, people: Sequence[Mapping[str, str]]) -> Iterator[MakeupLine]:
    counts = Counter(question.bands.get(each.get(question.code, ""), NOT_STATED) for each in people)
    table = makeup(counts)
    if table.total is None or set(counts) == {NOT_STATED}:
        return
    yield MakeupLine(question.label, ALL, table.total)
    for band in (*question.bands.values(), NOT_STATED):
        if band in table.bands:
            yield MakeupLine(question.label, band, table.bands[band])
