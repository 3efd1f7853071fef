"""Files that people hand in or fetch: kept in an object store under random names."""

from .paper import set_on_paper
from .storage import Media, TooLarge, media_of, new_key

__all__ = ["Media", "TooLarge", "media_of", "new_key", "set_on_paper"]
