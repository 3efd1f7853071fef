"""What one batch of a list means for the contacts that are there: whom to add, whom to change, what to count."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from .imports import Counts
from .merging import corrected, filled
from .rows import ListedPerson, Profile


class Item(NamedTuple):
    """A person of the list with the keyed hashes of the address. is_repeat: the address stood in the list before."""

    person: ListedPerson
    email_index: bytes
    suppression_key: bytes
    is_repeat: bool


class Known(NamedTuple):
    """A contact that is there already, opened."""

    id: UUID
    profile: Profile


class Addition(NamedTuple):
    """A contact to be."""

    item: Item
    profile: Profile


class Change(NamedTuple):
    """A contact that the list changes."""

    id: UUID
    profile: Profile


class Split(NamedTuple):
    """A batch in two: what can be looked up at once, and what repeats rows of earlier batches, stored or not yet."""

    ready: list[Item]
    late: list[Item]


def split(items: Sequence[Item]) -> Split:
    """Which items can be judged while the batch before is still being stored."""
    first = {item.email_index for item in items if not item.is_repeat}
    if len(first) == len(items):
        return Split(list(items), [])
    return Split(
        [item for item in items if item.email_index in first],
        [item for item in items if item.email_index not in first],
    )


class Plan(NamedTuple):
    """What to do with a batch."""

    additions: list[Addition]
    changes: list[Change]


def planned(items: Sequence[Item], known: Mapping[bytes, Known], counts: Counts) -> Plan:
    """Fold a batch into what is known, row by row in the order of the list, and count on; `known` by address index."""
    profiles: dict[bytes, Profile] = {}
    new: dict[bytes, Item] = {}
    for item in items:
        said = item.person.profile
        index = item.email_index
        before = profiles.get(index)
        if before is not None:
            profiles[index] = filled(before, said)
            counts.merged += 1
        elif (contact := known.get(index)) is not None:
            profiles[index] = _known(contact, item, said, counts)
        else:
            # When a list is only looked through, a repeat finds nothing that the row before it has added.
            new[index], profiles[index] = item, said
            counts.merged += item.is_repeat
            counts.new += not item.is_repeat
    additions = [Addition(item, profiles[index]) for index, item in new.items()]
    changes = [
        Change(contact.id, profiles[index])
        for index, contact in known.items()
        if index in profiles and profiles[index] != contact.profile
    ]
    return Plan(additions, changes)


def _known(contact: Known, item: Item, said: Profile, counts: Counts) -> Profile:
    if item.is_repeat:
        counts.merged += 1
        return filled(contact.profile, said)
    profile = corrected(contact.profile, said)
    if profile == contact.profile:
        counts.unchanged += 1
    else:
        counts.updated += 1
    return profile
