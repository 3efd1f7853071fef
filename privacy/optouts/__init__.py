"""Opt-outs: platform-wide, without addresses, for ever unless undone by the person.

A `domain` module imports from `privacy.optouts.domain`, because this package reaches the database.
"""

from .domain import Link, Source, Stop, StopScope, normalised, suppression_key, suppression_keys
from .service import active_stops, find_link, is_stopped, link_for, links_for, resume, stop, stopped_keys

__all__ = [
    "Link",
    "Source",
    "Stop",
    "StopScope",
    "active_stops",
    "find_link",
    "is_stopped",
    "link_for",
    "links_for",
    "normalised",
    "resume",
    "stop",
    "stopped_keys",
    "suppression_key",
    "suppression_keys",
]
