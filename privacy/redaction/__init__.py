"""What in a text says who somebody is, or must not be kept at all: proposals for people, and the replacing of it.

Pure: no database, no network. Telephone numbers are recognised by the phonenumbers library, which is data and rules.
"""

from .numbers import bank_accounts, card_numbers, folded, is_worth_a_look, social_security_numbers
from .perhaps import perhaps_names
from .reading import bare, read_plainly
from .scanning import HARD, Finding, Kind, findings, with_perhaps, with_times
from .words import DEFAULT_TOKENS, replaced

__all__ = [
    "DEFAULT_TOKENS",
    "HARD",
    "Finding",
    "Kind",
    "bank_accounts",
    "bare",
    "card_numbers",
    "findings",
    "folded",
    "is_worth_a_look",
    "perhaps_names",
    "read_plainly",
    "replaced",
    "social_security_numbers",
    "with_perhaps",
    "with_times",
]
