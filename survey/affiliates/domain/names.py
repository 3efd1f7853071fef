"""Names and contacts that people outside read: what may stand in them, and when two names look the same. Pure.

Whoever gets a mail knows an affiliate by its name alone. What can turn a line around, hide in it, begin a header or
pass for somebody else is refused, not mended: the words say what it was. After Unicode's security mechanisms,
https://www.unicode.org/reports/tr39/ (confusable detection, mixed scripts), as far as Latin, Greek and Cyrillic go.
"""

import re
from collections.abc import Iterator
from unicodedata import category, combining, name, normalize

PLATFORM = "candour"
LONGEST_PHONE = 40
FEWEST_DIGITS = 5
_BREAKING = frozenset("\r\n\x0b\x0c\x85\u2028\u2029")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKUP = frozenset("<>")
_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_PHONE = re.compile(r"(\+?[0-9(][0-9 ().\-/]{4,32})(?: ?(?:ext|x)\.? ?[0-9]{1,6})?")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
# Letters of other scripts, and signs, that most typefaces draw like one of ours; small letters, as they are compared.
_LOOKS_LIKE = str.maketrans(
    {
        double: letter
        for letter, doubles in {
            "a": "аα@", "b": "вβьʙ", "c": "сᴄϲ", "d": "ԁ", "e": "еєεɛ", "g": "ɡ", "h": "һнʜ", "i": "іιı", "j": "јϳ",
            "k": "кκᴋ", "l": "ӏł1|!", "m": "мᴍ", "n": "пηɴ", "o": "оοσᴏø0", "p": "рρ", "q": "ԛ", "r": "гʀ", "s": "ѕ$",
            "t": "тτᴛ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝωшᴡ", "x": "хχ", "y": "уγүʏ", "z": "ᴢ",
        }.items()
        for double in doubles
    }
)  # fmt: skip


def trouble_in_line(text: str) -> str | None:
    """Why a text may not stand on one line of a page or a mail, as the end of "Enter …"; None where it may."""
    if set(text) & _BREAKING:
        return "without a line break"
    return _trouble_in(text)


def trouble_in_lines(text: str) -> str | None:
    """The same for a text of several lines."""
    return _trouble_in(text.replace("\r\n", "").replace("\n", ""))


def trouble_in_name(text: str) -> str | None:
    """Why nobody may be called so; None where it is a name."""
    if trouble := trouble_in_line(text):
        return trouble
    if _ADDRESS.search(normalize("NFKC", text)):
        return "without an address: it stands where people look for who writes, not where"
    if any(len(_scripts_of(word)) > 1 for word in _WORD.findall(text)):
        return "whose words are each of one alphabet: letters of another one that look alike mislead people"
    if not key_of(text):
        return "with at least one letter or digit"
    if PLATFORM in key_of(text):
        return "of your own: this one reads like the platform’s, Candour"
    return None


def is_phone(text: str) -> bool:
    """Whether it is a telephone number as people write one: digits, and what parts them."""
    found = _PHONE.fullmatch(text)
    return found is not None and len(text) <= LONGEST_PHONE and len(re.sub("[^0-9]", "", found[1])) >= FEWEST_DIGITS


def key_of(text: str) -> str:
    """A name as the eye sees it: no case, accents, spaces or signs, and look-alikes as the letters that they pass for.

    Two names with one key are one name to whoever reads a mail. Empty for a name without letters and digits.
    """
    plain = normalize("NFKD", normalize("NFKC", text).casefold())
    bare = "".join(mark for mark in plain if not combining(mark)).translate(_LOOKS_LIKE)
    return "".join(_kept(bare)).replace("i", "l")


def _kept(text: str) -> Iterator[str]:
    return (mark for mark in text if mark.isalnum())


def _trouble_in(text: str) -> str | None:
    marks = set(text)
    if marks & _TURNING:
        return "without marks that turn the direction of writing around: they can make a text read as another one"
    if any(category(mark) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for mark in marks):
        return "without characters that cannot be seen"
    if marks & _MARKUP:
        return "without < and >"
    return None


def _scripts_of(word: str) -> set[str]:
    return {script for mark in word for script in _SCRIPTS if name(mark, "").startswith(script)}
