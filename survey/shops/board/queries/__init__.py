"""Every statement of the shopper's side."""

from . import extensions, feeds, listing, mine, news, shop, threads

__all__ = ["extensions", "feeds", "listing", "mine", "news", "shop", "threads"]
