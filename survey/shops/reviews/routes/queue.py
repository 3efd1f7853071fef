"""The editors' queue, and the rubric by which they grade."""

from survey.affiliates import service as affiliates
from survey.clients import service as clients
from survey.web import Page, Request, get_page, keyset_of, now_of, render, scope_of, staff

from .. import forms, queries
from ..domain import FLAG_WORDS, RUBRIC, STATE_WORDS
from .ways import EDITORS

ASKED = ("state", "client", "campaign", "flag", "mine")


@get_page("/reviews", staff(*EDITORS))
async def queue_page(request: Request) -> Page:
    """What waits for an editor, the longest first, narrowed as the address asks."""
    scope, now = scope_of(request), now_of(request)
    wanted = forms.queue_filter(request.query_params, scope.account_id)
    page = await queries.queue_of(scope, wanted, keyset_of(request))
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    return render(
        request, "reviews/queue.html", rows=page.rows, next_cursor=page.next_cursor, asked=asked, now=now,
        counts=await queries.counts_of(scope, wanted, now), clients=await clients.client_names(scope),
        campaigns=await queries.campaigns_in_queue(scope), flag_words=FLAG_WORDS, state_words=STATE_WORDS,
        zone=await clients.usual_zone(scope),
        own_id=scope.account_id, contests=await queries.count_contests(scope),
        is_first_page="after" not in request.query_params,
    )  # fmt: skip


@get_page("/reviews/rubric", staff(*EDITORS))
async def rubric_page(request: Request) -> Page:
    """How reports are graded; shoppers read the same words."""
    terms = await affiliates.shop_terms_in(scope_of(request))
    return render(request, "reviews/rubric.html", rubric=RUBRIC, review_hours=terms.review_hours)
