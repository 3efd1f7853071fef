"""What a shopper reads of the review of their own report, and the rubric."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import Page, Request, get_page, render, scope_of, settings_of, shopper

from .. import service
from ..domain import EXCLUDE_REASONS, REJECT_REASONS, REVIEW_HOURS, RUBRIC, in_words


@get_page("/shopper/shops/{shop_id:uuid}/review", shopper())
async def own_review(request: Request, shop_id: FromPath[UUID]) -> Page:
    """What was decided about one's own report, and every change that was made in one's name."""
    told = await service.told(scope_of(request), settings_of(request), shop_id)
    return render(
        request, "reviews/own.html", told=told, rubric=RUBRIC, base=f"/shopper/shops/{shop_id}",
        reasons={**REJECT_REASONS, **EXCLUDE_REASONS},
        edits=in_words(told.edits, told.definition), titles={item.id: item.title for item in told.definition.items()},
    )  # fmt: skip


@get_page("/shopper/rubric", shopper())
async def own_rubric(request: Request) -> Page:
    """How reports are graded; editors read the same words."""
    return render(request, "reviews/own_rubric.html", rubric=RUBRIC, review_hours=REVIEW_HOURS)
