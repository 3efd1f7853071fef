"""What the pages of scheduling share: who may open them, and the words for codes."""

from collections.abc import Mapping

from survey.shops.campaigns.domain import DAYPART_WORDS
from survey.shops.visits.domain import HOLD_WORDS, difference, money
from survey.web import Request, staff

from .. import forms
from ..domain import COLUMNS, IN_WORK, LAYOUT_WORDS, STATE_WORDS, View

SELECTION_BYTES = 512 * 1024  # two thousand ids or codes
SCHEDULERS = staff("affiliate_admin", "manager", "scheduler")
KINDS = {
    "DRAFT": "quiet", "OPEN": "attention", "OFFERED": "info", "ASSIGNED": "info", "IN_PROGRESS": "info",
    "SUBMITTED": "info", "IN_REVIEW": "info", "RETURNED": "attention", "APPROVED": "good", "RELEASED": "good",
    "CLOSED": "good", "REJECTED": "danger", "EXCLUDED": "quiet", "CANCELLED": "quiet", "EXPIRED": "danger",
}  # fmt: skip
WORDS = {
    "in_work": IN_WORK, "state_words": STATE_WORDS, "state_kinds": KINDS, "daypart_words": DAYPART_WORDS,
    "layout_words": LAYOUT_WORDS, "column_words": COLUMNS, "hold_words": HOLD_WORDS,
    "money": money, "difference": difference,
}  # fmt: skip


def view_of(request: Request) -> View:
    """The view that stands in the URL."""
    return forms.view_of_query(request.scope["query_string"].decode("ascii", "replace"))


def opening_view_of(request: Request) -> View:
    """The view that the board opens with: what is in work, where the URL does not say which shops."""
    return forms.opening_view_of_query(request.scope["query_string"].decode("ascii", "replace"))


def amounts(sums: Mapping[str, int]) -> list[str]:
    """Sums by currency, in words."""
    return [money(cents, currency) for currency, cents in sums.items()]
