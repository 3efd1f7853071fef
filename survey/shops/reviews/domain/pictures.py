"""What is blacked out in a picture: boxes in its own pixels, filled solid. Blurring can be undone.

And which pictures look alike.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

MOST_BOXES = 20
ALIKE_BITS = 6  # of the 64 of a look: what saving anew and making smaller changes; strangers differ in twice as many
ALIKE_DAYS = 180  # how long a picture is looked for in reports that came before it


class Box(NamedTuple):
    """A rectangle in pixels from the picture's upper left corner."""

    x: int
    y: int
    width: int
    height: int


class Alike(NamedTuple):
    """Where a picture that looks the same belongs; None and empty: to a report that was not handed in."""

    shop_id: UUID | None
    public_ref: str


class BadBox(ValueError):
    """A rectangle that covers nothing of the picture; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Box {number} covers nothing of the picture")
        self.number = number


def checked_boxes(boxes: Iterable[Box], width: int, height: int) -> list[Box]:
    """Boxes cut to the picture. Raises BadBox for one that covers nothing of it.

    Were that left out instead, the client would see what an editor believes to be hidden.
    """
    kept: list[Box] = []
    for number, box in enumerate(boxes, start=1):
        left, top = max(box.x, 0), max(box.y, 0)
        right, bottom = min(box.x + box.width, width), min(box.y + box.height, height)
        if left >= right or top >= bottom:
            raise BadBox(number)
        kept.append(Box(left, top, right - left, bottom - top))
    return kept[:MOST_BOXES]
