"""Numbers that must not stand in a text: cards, social security and bank accounts, each with where it stands."""

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int]  # from, to: positions in the text, the second one behind it

_COUNTRY = r"(?<![A-Za-z0-9])[A-Za-z]{2}"
_GAP = r"[ \u00a0\u202f.\-\u2010-\u2013]"
# Nothing that we refuse has fewer than nine digits (or, a bank account, a country and ten more signs). The pattern
# begins with a digit, so that it costs nothing where there is none.
_WORTH_A_LOOK = re.compile(rf"\d(?:(?:{_GAP}?\d){{8}}|(?<={_COUNTRY}\d)\d(?:{_GAP}?[A-Za-z0-9]){{10}})")
_SOCIAL_SECURITY = re.compile(
    rf"(?<![\d-])\d{{3}}({_GAP})\d\d\1\d{{4}}(?![\d-])"
    rf"|\b(?:ssn|soc(?:ial)?\.?(?: ?sec(?:urity)?)?)\.?(?: (?:number|no|nr|num)\b\.?)?(?: (?:is|was|as|being))?"
    rf"\W{{0,3}}\d{{3}}{_GAP}?\d\d{_GAP}?\d{{4}}(?!\d)",
    re.IGNORECASE,
)
_DIGITS = re.compile(rf"\d+(?:{_GAP}\d+)*")
_GROUP = re.compile(r"\d+")
_ONE_GAP = re.compile(_GAP)
_ACCOUNT_START = re.compile(rf"{_COUNTRY}\d\d")
_CARD_LENGTHS = range(13, 20)
# ISO 13616, the registry's lengths of whole account numbers by country.
_ACCOUNT_LENGTHS = {
    country: int(length)
    for country, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
    YE30
""",
    )
}


def is_worth_a_look(text: str) -> bool:
    """Whether a text has enough digits together to hold something refused; cheap, so that whole rows can be asked."""
    return _WORTH_A_LOOK.search(text) is not None


def folded(text: str) -> str:
    """The text with full-width and other digits as ours, sign by sign: positions stay what they were."""
    if text.isascii():
        return text
    return "".join(letter if letter.isascii() else _plain(letter) for letter in text)


def social_security_numbers(text: str) -> Iterator[Span]:
    """Numbers written as 123-45-6789, or called by their name."""
    return (found.span() for found in _SOCIAL_SECURITY.finditer(text))


def card_numbers(text: str) -> Iterator[Span]:
    """Neighbouring groups of digits that make a card number; groups, since an expiry date may follow it."""
    for run in _DIGITS.finditer(text):
        groups = [found.span() for found in _GROUP.finditer(text, run.start(), run.end())]
        first = 0
        while first < len(groups):
            last = _last_of_card(text, groups, first)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def bank_accounts(text: str) -> Iterator[Span]:
    """Account numbers after ISO 13616 whose check digits are right (ISO 7064, modulo 97)."""
    for start in _ACCOUNT_START.finditer(text):
        end = _end_of_account(text, start.start())
        if end is not None:
            yield start.start(), end


def _plain(letter: str) -> str:
    normal = unicodedata.normalize("NFKC", letter)
    return normal if len(normal) == 1 else letter


def _last_of_card(text: str, groups: list[Span], first: int) -> int | None:
    """The last of the groups that make a card number from the first one on."""
    digits = ""
    for last in range(first, len(groups)):
        digits += text[slice(*groups[last])]
        if len(digits) >= _CARD_LENGTHS.stop:
            return None
        if len(digits) in _CARD_LENGTHS and digits[0] in "23456" and _passes_luhn(digits):
            return last
    return None


def _passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    numbers = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[1::2])
    return (sum(numbers[0::2]) + sum(doubled)) % 10 == 0


def _end_of_account(text: str, start: int) -> int | None:
    """Where the account number that begins here ends: the length is the country's, whatever the gaps."""
    length = _ACCOUNT_LENGTHS.get(text[start : start + 2].upper(), 0)
    signs, end = "", start
    for letter in text[start : start + 2 * length]:
        if len(signs) == length:
            break
        end += 1
        signs += "" if _ONE_GAP.fullmatch(letter) else letter
    if not length or len(signs) < length or not signs.isascii() or not signs.isalnum():
        return None
    return end if int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1 else None
