"""From the URL's query to what a page is asked for."""

from .shops import shops_wanted
from .surveys import wanted_in

__all__ = ["shops_wanted", "wanted_in"]
