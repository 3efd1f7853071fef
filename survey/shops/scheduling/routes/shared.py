"""What the pages of scheduling share: who may open them, and the words for codes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from survey.db import Keyset, Paged
from survey.shops.campaigns.domain import DAYPART_WORDS
from survey.shops.visits.domain import HOLD_WORDS, difference, money
from survey.web import Request, now_of, scope_of, staff

from .. import forms, queries
from ..domain import COLUMNS, IN_WORK, LAYOUT_WORDS, RISK_WORDS, STATE_WORDS, Row, View

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
    "risk_words": RISK_WORDS, "money": money, "difference": difference,
}  # fmt: skip


def view_of(request: Request) -> View:
    """The view that stands in the URL."""
    return forms.view_of_query(request.scope["query_string"].decode("ascii", "replace"))


def opening_view_of(request: Request) -> View:
    """The view that the board opens with: what is in work, where the URL does not say which shops."""
    return forms.opening_view_of_query(request.scope["query_string"].decode("ascii", "replace"))


async def waiting_of(request: Request, shop_ids: Sequence[UUID]) -> dict[str, object]:
    """What is going to happen to shops that a page shows, and the moment from which it counts."""
    return {"waiting": await queries.waiting_for(scope_of(request), shop_ids), "now": now_of(request)}


async def page_of(request: Request, view: View) -> Paged[Row]:
    """The page that the URL asks for, as long as the view says: `?after=` a row, or `?before=` it. Raises BadCursor.

    Where nothing stands there any more it is the first.
    """
    asked, scope, now = request.query_params, scope_of(request), now_of(request)
    before = asked.get("before")
    keyset = replace(Keyset.read(before or asked.get("after"), view.size), is_back=bool(before))
    page = await queries.shops_of(scope, view, keyset, now)
    if page.rows or keyset.after is None:
        return page
    return await queries.shops_of(scope, view, Keyset(limit=view.size), now)


def amounts(sums: Mapping[str, int]) -> list[str]:
    """Sums by currency, in words."""
    return [money(cents, currency) for currency, cents in sums.items()]
