"""From URLs and form fields to values of the domain."""

from .bulk import (
    action_id_in,
    ids_in,
    kind_in,
    legs_in,
    moved_legs_in,
    round_in,
    selection_in,
    shown_in,
    terms_in,
    with_legs,
    words_in,
)
from .deciding import comes_back_in, cut_in, days_in, decline_reason_in, place_in, typed_days_in
from .views import name_in, onward_in, opening_view_of_query, refs_in, view_in, view_of_query

__all__ = [
    "action_id_in",
    "comes_back_in",
    "cut_in",
    "days_in",
    "decline_reason_in",
    "ids_in",
    "kind_in",
    "legs_in",
    "moved_legs_in",
    "name_in",
    "onward_in",
    "opening_view_of_query",
    "place_in",
    "refs_in",
    "round_in",
    "selection_in",
    "shown_in",
    "terms_in",
    "typed_days_in",
    "view_in",
    "view_of_query",
    "with_legs",
    "words_in",
]
