"""From URLs and form fields to values of the domain."""

from .views import name_in, view_in, view_of_query

__all__ = ["name_in", "view_in", "view_of_query"]
