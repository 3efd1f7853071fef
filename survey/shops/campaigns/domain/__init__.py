"""Campaigns as pure values: their rules, their scoring, their waves and quotas, their quiz. No I/O."""

from .rules import Requirements, Rotation
from .scoring import ItemScore, Score, Scoring, codes_of, score, seconds_between

__all__ = [
    "ItemScore",
    "Requirements",
    "Rotation",
    "Score",
    "Scoring",
    "codes_of",
    "score",
    "seconds_between",
]
