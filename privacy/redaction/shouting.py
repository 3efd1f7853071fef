"""What is shouted, read calmly: where every letter is large, a large letter says nothing about who is meant.

Letter for letter, so that what is found in the calm reading stands at the same place in the text.
"""

import re

from .names import CALENDAR, COMMON, FUNCTIONS, ROLES

_CAPITALS = r"[A-Z][A-Z'-]*"
# Two words may be an abbreviation and a thing, "a DIET COKE"; three are somebody who shouts.
_SHOUTED = re.compile(rf"(?<![\w'-])(?:{_CAPITALS},? ){{2,}}{_CAPITALS}(?![\w'-])")
_WORD = re.compile(_CAPITALS)
_OF_A_THING = re.compile(r"\b(?:the|an?|this|these|any|no|some|every) [A-Z]")
_ENDS = ("ly", "ed", "tion", "less", "ful")  # of words, and hardly ever of names
_ORDINARY = frozenset(re.findall(r"[a-z]+", ROLES)) | COMMON | FUNCTIONS | CALENDAR


def calmly(text: str, small: frozenset[str]) -> str:
    """The text with each shouted word in small letters, or with one capital where it may be a name.

    small: further words, in small letters, that name nobody.
    """
    return _SHOUTED.sub(lambda run: _calm_run(run[0], small), text)


def _calm_run(run: str, small: frozenset[str]) -> str:
    calm = _WORD.sub(lambda word: _calm(word[0], small), run)
    return _OF_A_THING.sub(lambda thing: thing[0].lower(), calm)


def _calm(word: str, small: frozenset[str]) -> str:
    plain = word.lower()
    stem = plain.removesuffix("'s")
    is_ordinary = stem in _ORDINARY or stem in small or stem.removesuffix("s") in FUNCTIONS or stem.endswith(_ENDS)
    return plain if is_ordinary or len(stem) < 3 else word[0] + plain[1:]
