"""What happens when an address comes again: within one list it fills gaps, in a later list it corrects.

A visit (day and store) is one thing, of which the latest stays. So a list that comes twice changes nothing.
"""

from datetime import date
from uuid import UUID

from .rows import Profile


def filled(known: Profile, said: Profile) -> Profile:
    """The address stood in this list before: what it says now only fills what was empty, and may tell a later visit."""
    location_id, visited_on = _later_visit(known, said, is_correction=False)
    return Profile(
        known.first_name or said.first_name,
        known.last_name or said.last_name,
        known.language or said.language,
        location_id,
        visited_on,
        tuple(old or new for old, new in zip(known.details, said.details, strict=True)),
    )


def corrected(known: Profile, said: Profile) -> Profile:
    """The contact is known from an earlier list: what this one says replaces it, what it leaves empty does not."""
    location_id, visited_on = _later_visit(known, said, is_correction=True)
    return Profile(
        said.first_name or known.first_name,
        said.last_name or known.last_name,
        said.language or known.language,
        location_id,
        visited_on,
        tuple(new or old for old, new in zip(known.details, said.details, strict=True)),
    )


def _later_visit(known: Profile, said: Profile, *, is_correction: bool) -> tuple[UUID | None, date | None]:
    if said.visited_on and (known.visited_on is None or said.visited_on > known.visited_on):
        return said.location_id or known.location_id, said.visited_on
    is_same_day = said.visited_on == known.visited_on
    if known.location_id is None or (is_correction and is_same_day):
        return said.location_id or known.location_id, known.visited_on
    return known.location_id, known.visited_on
