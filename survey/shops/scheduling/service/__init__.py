"""Use cases of scheduling."""

from .views import forget_view, save_view

__all__ = ["forget_view", "save_view"]
