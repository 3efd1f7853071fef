"""Append-only events, written with what they tell of, and a hash chain over them.

A `domain` module imports from `privacy.audit.domain`, because this package reaches the database.
"""

from .domain import Event, Head, Verdict
from .queries import insertion, values_of
from .service import chain, record, record_look, record_looks, record_many, verify_chain

__all__ = [
    "Event",
    "Head",
    "Verdict",
    "chain",
    "insertion",
    "record",
    "record_look",
    "record_looks",
    "record_many",
    "values_of",
    "verify_chain",
]
