"""Which addresses of a list have stood in it before: their short hashes, eight bytes each, in one flat table."""

from array import array

_FIRST_SLOTS = 1 << 14
_SLOT_BYTES = 8


class Seen:
    """Numbers of 64 bits. A set would take a hundred bytes for each, and a million of them stay for a whole import.

    Open addressing with linear probing, at most half full; the numbers come from a hash and spread by themselves.
    """

    __slots__ = ("_count", "_slots")

    def __init__(self) -> None:
        self._slots = _empty(_FIRST_SLOTS)
        self._count = 0

    def add(self, number: int) -> bool:
        """Remember a number; whether it was there already."""
        wanted = number or 1  # nought is an empty slot; to take it for one is as likely as two hashes being equal
        slots = self._slots
        last = len(slots) - 1
        place = wanted & last
        while held := slots[place]:
            if held == wanted:
                return True
            place = (place + 1) & last
        slots[place] = wanted
        self._count += 1
        if self._count * 2 > last:
            self._grow()
        return False

    def _grow(self) -> None:
        former, self._slots, self._count = self._slots, _empty(2 * len(self._slots)), 0
        for number in former:
            if number:
                self.add(number)


def _empty(slots: int) -> "array[int]":
    return array("Q", bytes(slots * _SLOT_BYTES))
