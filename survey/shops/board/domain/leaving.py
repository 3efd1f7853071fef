"""What somebody would leave behind. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaving:
    """reports: handed in, and kept without their author; held: shops to be made or given back; unpaid: items of pay."""

    reports: int
    held: int
    unpaid: int
