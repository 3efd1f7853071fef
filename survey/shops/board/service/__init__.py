"""Use cases of the shopper's side."""

from . import calendar, deciding, listing, messages, mine, news, taking
from .taking import NotForYou

__all__ = ["NotForYou", "calendar", "deciding", "listing", "messages", "mine", "news", "taking"]
