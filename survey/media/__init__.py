"""Files that people hand in or fetch: kept in an object store under random names."""

from .storage import Media, TooLarge, media_of, new_key

__all__ = ["Media", "TooLarge", "media_of", "new_key"]
