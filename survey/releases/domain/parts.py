"""What of a report goes by itself when its time is over: pictures, and what names a client's staff. Signed one by one.

Of a name is signed a digest with a salt, which is stored beside the name and goes with it: what is signed stays for
good, and without its salt nobody can try names against it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.json import decode

SALT_BYTES = 16
PUT_IN = "a picture was put in that was not signed"
ANOTHER = "a picture is not the one that was signed"
EARLY = "a picture is gone before its time"
SOMEBODY_PUT_IN = "somebody of the staff was put in who was not signed"
SOMEBODY_GONE = "somebody of the staff is gone"
SOMEBODY_ELSE = "what names somebody of the staff is not what was signed"
NAME_EARLY = "what names somebody of the staff is gone before its time"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is signed. position: its place among those of the report; digest: SHA-256 of its file, in hex."""

    id: UUID
    position: int
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a client's staff. mark: the salted digest of name and description, in hex; empty where neither is."""

    token: str
    role: str
    purge_after: date
    mark: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What was signed of a report's parts."""

    pictures: Sequence[Picture] = ()
    staff: Sequence[Person] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A picture as it is stored. media_key: of its file."""

    id: UUID
    position: int
    kind: str
    media_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of a report's parts. is_over: whether the time of its pictures is: by age, recall or version."""

    pictures: Sequence[Filed]
    staff: Sequence[Person]
    is_over: bool


class _Listed(Struct):
    pictures: list[tuple[UUID, int, str, str]] | None = None
    staff: list[tuple[str, str, date, str]] | None = None


def spelt(parts: Parts) -> dict[str, object]:
    """The parts as they stand in a statement."""
    return {
        "pictures": [[str(each.id), each.position, each.kind, each.digest] for each in parts.pictures],
        "staff": [[each.token, each.role, each.purge_after.isoformat(), each.mark] for each in parts.staff],
    }


def parts_in(statement: str) -> Parts | None:
    """The parts in a statement that holds; None for one that was signed before parts were listed."""
    listed = decode(statement, type=_Listed)
    if listed.pictures is None or listed.staff is None:
        return None
    return Parts([Picture(*each) for each in listed.pictures], [Person(*each) for each in listed.staff])


def faults_in(parts: Parts, held: Held, today: date) -> list[str]:
    """What is wrong with what is stored of a report's parts, in words. What is in the files has to be read besides."""
    return [*_of_pictures(parts, held), *_of_staff(parts, held, today)]


def _of_pictures(parts: Parts, held: Held) -> Iterator[str]:
    signed = {each.id: each for each in parts.pictures}
    for each in held.pictures:
        known = signed.pop(each.id, None)
        if known is None:
            yield PUT_IN
        elif (known.position, known.kind) != (each.position, each.kind):
            yield ANOTHER
    if signed and not held.is_over:
        yield EARLY


def _of_staff(parts: Parts, held: Held, today: date) -> Iterator[str]:
    stored = {each.token: each for each in held.staff}
    for each in parts.staff:
        found = stored.pop(each.token, None)
        if found is None:
            yield SOMEBODY_GONE
        elif (found.role, found.purge_after) != (each.role, each.purge_after):
            yield SOMEBODY_ELSE
        elif found.mark != each.mark:
            # By the day that was signed: the one in the database could have been moved.
            is_over = each.purge_after <= today
            if found.mark or not is_over:
                yield SOMEBODY_ELSE if found.mark else NAME_EARLY
    if stored:
        yield SOMEBODY_PUT_IN
