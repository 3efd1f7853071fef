"""Every statement of the shopper's side."""

from . import extensions, feeds, leaving, listing, mine, news, shop, threads

__all__ = ["extensions", "feeds", "leaving", "listing", "mine", "news", "shop", "threads"]
