"""What is blacked out in a picture: boxes in its own pixels, filled solid. Blurring can be undone."""

from collections.abc import Iterable
from typing import NamedTuple

MOST_BOXES = 20


class Box(NamedTuple):
    """A rectangle in pixels from the picture's upper left corner."""

    x: int
    y: int
    width: int
    height: int


class BadBox(ValueError):
    """A rectangle that lies outside the picture; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Box {number} does not lie within the picture")
        self.number = number


def checked_boxes(boxes: Iterable[Box], width: int, height: int) -> list[Box]:
    """Boxes cut to the picture, without those that are empty. Raises BadBox for one that misses it altogether."""
    kept: list[Box] = []
    for number, box in enumerate(boxes, start=1):
        if box.width <= 0 or box.height <= 0:
            continue
        left, top = max(box.x, 0), max(box.y, 0)
        right, bottom = min(box.x + box.width, width), min(box.y + box.height, height)
        if left >= right or top >= bottom:
            raise BadBox(number)
        kept.append(Box(left, top, right - left, bottom - top))
    return kept[:MOST_BOXES]
