"""From fields to domain values, with messages for people: by who fills them in."""

from . import own, registering, staff

__all__ = ["own", "registering", "staff"]
