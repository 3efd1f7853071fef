"""Bank accounts: whether a bank file can hold one, and how a name must be spelt for a bank."""

import re
import unicodedata
from dataclasses import dataclass, field

from survey.shoppers.domain import Payout, PayoutKind, is_bank_routing, is_iban

# ISO 9362: four letters or digits, country, place, perhaps a branch.
BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
US_ACCOUNT = re.compile(r"[0-9]{4,17}")
# Lengths by country, from the IBAN registry; a country that is not here is not refused for its length.
LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27,
}  # fmt: skip
LONGEST_NAME = 70
# The characters that every bank takes (EPC217-08); the rest is spelt with them or left out.
_BANKS_CHARACTERS = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_SPELT = str.maketrans({"ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Œ": "OE", "œ": "oe", "Ł": "L",
                        "ł": "l", "Đ": "D", "đ": "d", "Þ": "Th", "þ": "th", "’": "'", "–": "-", "&": "+"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """Where somebody wants the money, or pays from. bank: a BIC, or a routing number in the US; may be empty."""

    way: PayoutKind
    holder: str = field(repr=False)
    number: str = field(repr=False)
    bank: str = ""

    @property
    def is_transferable(self) -> bool:
        """Whether a bank file can hold it."""
        match self.way:
            case PayoutKind.IBAN:
                return is_account_number(self.number)
            case PayoutKind.US_BANK:
                return US_ACCOUNT.fullmatch(self.number) is not None and is_bank_routing(self.bank)
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Payer:
    """The affiliate's own side: its account (None: only lists, no bank files), and when a tax number is needed.

    tax_from_cents: what a shopper may be paid in a year without one; None: it is never needed.
    """

    account: Account | None = None
    tax_from_cents: int | None = None
    revision: int = 0


def squeezed(text: str) -> str:
    """A number as people group it, without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_account_number(number: str) -> bool:
    """Whether an IBAN's check digits fit and it is as long as its country's are (ISO 13616)."""
    return is_iban(number) and len(number) == LENGTHS.get(number[:2], len(number))


def is_bic(code: str) -> bool:
    """Whether it is shaped like a bank's code."""
    return BIC.fullmatch(code) is not None


def account_of(payout: Payout, holder: str) -> Account:
    """A payout as an account. A US one is kept as "routing number/account number"."""
    if payout.kind is PayoutKind.US_BANK:
        bank, _, number = payout.handle.partition("/")
        return Account(payout.kind, holder, number, bank)
    return Account(payout.kind, holder, payout.handle)


def banks_spelling(text: str, longest: int = LONGEST_NAME) -> str:
    """A name in the characters that banks take; what has no such spelling becomes a dot. Never empty."""
    apart = unicodedata.normalize("NFKD", text.translate(_SPELT))
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    spelt = " ".join(_BANKS_CHARACTERS.sub(".", plain).split())
    return spelt[:longest].strip() or "."
