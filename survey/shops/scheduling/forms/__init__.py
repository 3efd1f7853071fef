"""From URLs and form fields to values of the domain."""

from .bulk import action_id_in, kind_in, selection_in, terms_in, words_in
from .views import name_in, view_in, view_of_query

__all__ = ["action_id_in", "kind_in", "name_in", "selection_in", "terms_in", "view_in", "view_of_query", "words_in"]
