"""Disclosures: what left for which client, built from which categories, with the digest of exactly what left.

A `domain` module imports from `privacy.disclosures.domain`, because this package reaches the database.
"""

from .domain import Disclosure, Position, RecordedDisclosure
from .service import disclosures_of, record

__all__ = ["Disclosure", "Position", "RecordedDisclosure", "disclosures_of", "record"]
