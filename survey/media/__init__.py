"""Files that people hand in or fetch: kept in an object store under random names."""

from .storage import Media, TooLarge, media_of

__all__ = ["Media", "TooLarge", "media_of"]
