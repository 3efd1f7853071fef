"""Every statement of the shopper's side."""

from . import asked, extensions, feeds, listing, mine, news, shop, threads

__all__ = ["asked", "extensions", "feeds", "listing", "mine", "news", "shop", "threads"]
