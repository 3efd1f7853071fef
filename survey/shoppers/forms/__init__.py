"""From fields to domain values, with messages for people: by who fills them in."""

from . import defining, own, registering, restricting, shown, staff, starting

__all__ = ["defining", "own", "registering", "restricting", "shown", "staff", "starting"]
