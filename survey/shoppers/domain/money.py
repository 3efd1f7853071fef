"""Where money goes, and the number that the tax office wants. Both are sealed; pages show the last four characters."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

LAST = 4
KEPT_YEARS = 4  # after the last year in which there was pay: how long the IRS may ask (IRC 6501, with a year to spare)
IBAN_MODULUS, IBAN_REMAINDER = 97, 1  # ISO 13616, by ISO 7064 MOD 97-10
ROUTING_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)  # ABA routing numbers
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_ROUTING = re.compile(r"[0-9]{9}")
_SSN = re.compile(r"(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}")
_EIN = re.compile(r"[0-9]{9}")
_SIN = re.compile(r"[1-9][0-9]{8}")
_OTHER = re.compile(r"[A-Z0-9]{5,20}")


class PayoutKind(StrEnum):
    """How money is sent."""

    IBAN = "iban"
    US_BANK = "us_bank"
    PAYPAL = "paypal"


PAYOUT_WORDS = {
    PayoutKind.US_BANK: "Bank account in the United States",
    PayoutKind.IBAN: "Bank account with an IBAN",
    PayoutKind.PAYPAL: "PayPal",
}


class TaxKind(StrEnum):
    """Which number it is."""

    SSN = "ssn"
    EIN = "ein"
    SIN = "sin"
    OTHER = "other"


TAX_WORDS = {
    TaxKind.SSN: "Social security number (United States)",
    TaxKind.EIN: "Employer identification number (United States)",
    TaxKind.SIN: "Social insurance number (Canada)",
    TaxKind.OTHER: "Tax number of another country",
}


@dataclass(frozen=True, slots=True)
class Payout:
    """Where money goes, open. handle: an IBAN, "routing number/account number", or an address at PayPal."""

    kind: PayoutKind
    handle: str = field(repr=False)

    @property
    def last4(self) -> str:
        """What pages show of it."""
        return self.handle.partition("@")[0][-2:] if self.kind is PayoutKind.PAYPAL else self.handle[-LAST:]


@dataclass(frozen=True, slots=True)
class PayoutShown:
    """What pages show of it."""

    kind: str
    last4: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TaxShown:
    """A tax number as pages show it. last4 is empty while it is asked for and was not given."""

    kind: str | None
    last4: str
    asked_at: datetime
    collected_at: datetime | None
    purge_on: date


def is_iban(text: str) -> bool:
    """Whether these are the letters and digits of an IBAN whose check digits fit (ISO 13616)."""
    if not _IBAN.fullmatch(text):
        return False
    turned = "".join(str(int(mark, 36)) for mark in text[4:] + text[:4])
    return int(turned) % IBAN_MODULUS == IBAN_REMAINDER


def is_bank_routing(text: str) -> bool:
    """Whether this is an ABA routing number whose check digit fits."""
    if not _ROUTING.fullmatch(text):
        return False
    return sum(int(mark) * weight for mark, weight in zip(text, ROUTING_WEIGHTS, strict=True)) % 10 == 0


def is_tax_number(kind: TaxKind, text: str) -> bool:
    """Whether the number, without spaces and dashes, can be one of its kind. A SIN's check digit is Luhn's."""
    match kind:
        case TaxKind.SSN:
            return _SSN.fullmatch(text) is not None
        case TaxKind.EIN:
            return _EIN.fullmatch(text) is not None
        case TaxKind.SIN:
            return _SIN.fullmatch(text) is not None and _luhn(text)
        case TaxKind.OTHER:
            return _OTHER.fullmatch(text) is not None


def purge_day(year: int) -> date:
    """The day on which a number goes that was needed for a year's pay."""
    return date(year + KEPT_YEARS + 1, 1, 1)


def _luhn(digits: str) -> bool:
    doubled = [int(mark) * (1 + at % 2) for at, mark in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
