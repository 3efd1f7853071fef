"""Passwords: hashed as OWASP advises, and judged in plain words. Slow on purpose: call from a thread."""

import re
import unicodedata
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 12
LONGEST = 256
JUDGED_CHARACTERS = 72  # zxcvbn takes no more; what follows can only make a password better
GOOD_ENOUGH = 3
TELLING_CHARACTERS = 3
LEFT_CHARACTERS = 6
_WORDS = re.compile(r"[\W_]+")

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# What zxcvbn calls the way a password was guessed, and what we say of it.
_REASONS = {
    "dictionary": "It is built from words or names that are tried first.",
    "spatial": "It follows the keys of a keyboard.",
    "repeat": "It repeats itself.",
    "sequence": "It contains a sequence like abc or 6543.",
    "regex": "It contains a year, which is easy to guess.",
    "date": "It contains a date, which is easy to guess.",
}
_ADVICE = "Three or four words that have nothing to do with one another are easy to keep and hard to guess."


def hashed(password: str) -> str:
    """The Argon2id hash with its salt and parameters."""
    return _HASHER.hash(_prepared(password))


def is_right(password_hash: str, password: str) -> bool:
    """Whether the password fits the hash."""
    try:
        return _HASHER.verify(password_hash, _prepared(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def weakness(password: str, own_words: Sequence[str] = ()) -> str:
    """Why the password will not do, in plain words; empty if it will. own_words: name, address, company."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. {_ADVICE}"
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if _is_own(password, own_words):
        return f"Others know your name, your address and your company. {_ADVICE}"
    judged = zxcvbn(
        password[:JUDGED_CHARACTERS], user_inputs=[part for word in own_words for part in _WORDS.split(word)]
    )
    if judged["score"] >= GOOD_ENOUGH:
        return ""
    easiest = min(judged["sequence"], key=lambda part: part["guesses"] / max(1, len(part["token"])), default=None)
    reason = _REASONS.get(easiest["pattern"], "") if easiest else ""
    return " ".join(part for part in ("This password is too easy to guess.", reason, _ADVICE) if part)


def _is_own(password: str, own_words: Sequence[str]) -> bool:
    """Whether little is left of the password without what others know of the person."""
    bare = _bare(password)
    own = [_bare(word) for word in own_words]
    if any(bare in word for word in own):
        return True
    parts = {_bare(part) for word in own_words for part in _WORDS.split(word)} | set(own)
    for part in sorted(parts, key=len, reverse=True):
        bare = bare.replace(part, "") if len(part) >= TELLING_CHARACTERS else bare
    return len(bare) < LEFT_CHARACTERS


def _bare(text: str) -> str:
    return _WORDS.sub("", text.casefold())


def _prepared(password: str) -> str:
    """One spelling whatever keyboard it was typed on (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


# What is checked when there is nothing to check, so that an unknown address takes as long as a wrong password.
DUMMY_HASH = hashed("nobody has this password")
