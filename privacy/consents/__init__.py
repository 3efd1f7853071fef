"""Consents: what somebody agreed to, in which words, and when they stopped agreeing.

A `domain` module imports from `privacy.consents.domain`, because this package reaches the database.
"""

from .domain import Consent, Wording
from .service import consents_of, current_consents, give, is_given, withdraw

__all__ = ["Consent", "Wording", "consents_of", "current_consents", "give", "is_given", "withdraw"]
