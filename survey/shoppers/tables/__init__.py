"""Shoppers, what hangs on one, what an affiliate asks of them, and what they show of themselves."""

from .people import Conflict, Deactivation, EmailChange, Payout, Qualification, Shopper, TaxIdentity
from .rules import Agreement, BandQuestion, ProfileField, QualificationKind
from .shown import Document, Portrait, ProfileAnswer

__all__ = [
    "Agreement",
    "BandQuestion",
    "Conflict",
    "Deactivation",
    "Document",
    "EmailChange",
    "Payout",
    "Portrait",
    "ProfileAnswer",
    "ProfileField",
    "Qualification",
    "QualificationKind",
    "Shopper",
    "TaxIdentity",
]
