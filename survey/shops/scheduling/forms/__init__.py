"""From URLs and form fields to values of the domain."""

from .bulk import action_id_in, ids_in, kind_in, legs_in, round_in, selection_in, shown_in, terms_in, words_in
from .deciding import comes_back_in, cut_in, days_in, decline_reason_in, place_in
from .views import name_in, opening_view_of_query, view_in, view_of_query

__all__ = [
    "action_id_in",
    "comes_back_in",
    "cut_in",
    "days_in",
    "decline_reason_in",
    "ids_in",
    "kind_in",
    "legs_in",
    "name_in",
    "opening_view_of_query",
    "place_in",
    "round_in",
    "selection_in",
    "shown_in",
    "terms_in",
    "view_in",
    "view_of_query",
    "words_in",
]
