"""The code below every message, by which its reader finds out whether it is ours: how it is spelt, and read again."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

# Crockford's base 32: no I, L, O or U, so that whatever of them is read in a code has one meaning.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("ILOU", "110V")
BITS_A_CHARACTER = 5
GROUPS, GROUP_CHARACTERS = 3, 4
CODE_CHARACTERS = GROUPS * GROUP_CHARACTERS
LONGEST_TYPED = 60
# What stands between the characters: spaces, dashes and stops of every kind, and marks that nobody sees.
BETWEEN = ("Z", "P", "C")


@dataclass(frozen=True, slots=True)
class Issued:
    """What is kept of a message that goes out. about: what it is, in plain words; sender: who it says it is from.

    code_index, recipient_index: fingerprints of the code and of the address. is_again: a first copy may have arrived.
    """

    affiliate_id: UUID
    code_index: bytes
    about: str
    sender: str
    written_on: date
    recipient_index: bytes
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Genuine:
    """What whoever typed a code of ours is told. is_to_reader: None where they typed no address.

    False says nothing of why: another address, or one that has been forgotten. again_on: a second copy's day.
    """

    about: str
    sender: str
    written_on: date
    again_on: date | None
    is_to_reader: bool | None


def spelled(digest: bytes) -> str:
    """The first sixty bits of a digest, as three groups of four characters."""
    number = int.from_bytes(digest[:8]) >> (64 - CODE_CHARACTERS * BITS_A_CHARACTER)
    places = range((CODE_CHARACTERS - 1) * BITS_A_CHARACTER, -1, -BITS_A_CHARACTER)
    return grouped("".join(ALPHABET[number >> place & len(ALPHABET) - 1] for place in places))


def grouped(characters: str) -> str:
    """A code's characters as they are printed."""
    starts = range(0, CODE_CHARACTERS, GROUP_CHARACTERS)
    return "-".join(characters[start : start + GROUP_CHARACTERS] for start in starts)


def read_code(typed: str) -> str | None:
    """The code as it is printed, however it was typed: small letters, look-alikes, no hyphens. None: it is no code."""
    if len(typed) > LONGEST_TYPED:
        return None
    marks = unicodedata.normalize("NFKC", typed)
    code = (
        "".join(mark for mark in marks if unicodedata.category(mark)[0] not in BETWEEN).upper().translate(LOOK_ALIKES)
    )
    return grouped(code) if len(code) == CODE_CHARACTERS and set(code) <= set(ALPHABET) else None
