"""One visit seen twice: what the company’s staff read of it, and what its client reads, field by field. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# What an editor leaves where something was taken out: [E1], [staff member], [card number].
TAKEN_OUT = re.compile(r"\[(?:E\d+|[a-z][a-z ]{2,40})\]")
NOBODY = ("Nobody",)


class Piece(NamedTuple):
    """A part of a text: ordinary words, or the mark that something was taken out here."""

    words: str
    is_mark: bool


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two reads in a field: lines, or nothing. texts: narratives in pieces."""

    lines: Sequence[str] = field(default=(), repr=False)
    texts: Sequence[Sequence[Piece]] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.lines and not self.texts


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the visit. why: what is left out or made coarser, and for what reason; empty where both read alike."""

    name: str
    staff: Side
    client: Side
    why: str = ""

    @property
    def is_alike(self) -> bool:
        """Whether both read the same."""
        return self.staff == self.client

    @property
    def is_marked(self) -> bool:
        """Whether something was taken out for good."""
        return any(piece.is_mark for text in self.staff.texts for piece in text)


def pieces_of(text: str) -> list[Piece]:
    """A text cut where something was taken out."""
    pieces, at = [], 0
    for mark in TAKEN_OUT.finditer(text):
        if mark.start() > at:
            pieces.append(Piece(text[at : mark.start()], is_mark=False))
        pieces.append(Piece(mark[0], is_mark=True))
        at = mark.end()
    return [*pieces, Piece(text[at:], is_mark=False)] if at < len(text) else pieces


def said(*lines: str) -> Side:
    """Plain lines; empty ones are left out."""
    return Side(lines=tuple(line for line in lines if line))
