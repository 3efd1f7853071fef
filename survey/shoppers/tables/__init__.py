"""Shoppers, what hangs on one, what an affiliate asks of them, and what they show of themselves."""

from .likeness import Likeness, LikenessVerdict
from .people import Conflict, Deactivation, EmailChange, Payout, Qualification, Shopper, TaxIdentity
from .restrictions import Restriction
from .rules import Agreement, BandQuestion, ProfileField, QualificationKind
from .shown import Document, Portrait, ProfileAnswer

__all__ = [
    "Agreement",
    "BandQuestion",
    "Conflict",
    "Deactivation",
    "Document",
    "EmailChange",
    "Likeness",
    "LikenessVerdict",
    "Payout",
    "Portrait",
    "ProfileAnswer",
    "ProfileField",
    "Qualification",
    "QualificationKind",
    "Restriction",
    "Shopper",
    "TaxIdentity",
]
