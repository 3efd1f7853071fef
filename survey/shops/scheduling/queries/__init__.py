"""Every SQL statement of scheduling."""

from .board import MOST_SPOTS, counts_of, days_of, lanes_of, shops_of, spots_of
from .choices import choices
from .views import SavedView, delete_view, put_view, views_of

__all__ = [
    "MOST_SPOTS",
    "SavedView",
    "choices",
    "counts_of",
    "days_of",
    "delete_view",
    "lanes_of",
    "put_view",
    "shops_of",
    "spots_of",
    "views_of",
]
