"""Eligibility as pure functions: facts in, reasons out."""

from .days import open_weekdays
from .facts import History, Known, Place, Rules, ShopFacts, ShopperFacts, Visit, history_of
from .reasons import Code, Reason, Verdict
from .rules import reasons, verdict
from .turns import Pair, in_turn

__all__ = [
    "Code",
    "History",
    "Known",
    "Pair",
    "Place",
    "Reason",
    "Rules",
    "ShopFacts",
    "ShopperFacts",
    "Verdict",
    "Visit",
    "history_of",
    "in_turn",
    "open_weekdays",
    "reasons",
    "verdict",
]
