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
from .deciding import addressed_in, comes_back_in, cut_in, days_in, decline_reason_in, order_in, place_in, typed_days_in
from .lines import lines_in
from .pay import shown_pay
from .views import name_in, onward_in, opening_view_of_query, refs_in, view_in, view_of_query

__all__ = [
    "action_id_in",
    "addressed_in",
    "comes_back_in",
    "cut_in",
    "days_in",
    "decline_reason_in",
    "ids_in",
    "kind_in",
    "legs_in",
    "lines_in",
    "moved_legs_in",
    "name_in",
    "onward_in",
    "opening_view_of_query",
    "order_in",
    "place_in",
    "refs_in",
    "round_in",
    "selection_in",
    "shown_in",
    "shown_pay",
    "terms_in",
    "typed_days_in",
    "view_in",
    "view_of_query",
    "with_legs",
    "words_in",
]
