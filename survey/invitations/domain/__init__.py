"""What a launch comes to, and the send log."""

from .launching import Launched, NotReady
from .log import KIND_WORDS, STATE_WORDS, UNREACHABLE, Count, Line, LogFilter, listed_kinds

__all__ = [
    "KIND_WORDS",
    "STATE_WORDS",
    "UNREACHABLE",
    "Count",
    "Launched",
    "Line",
    "LogFilter",
    "NotReady",
    "listed_kinds",
]
