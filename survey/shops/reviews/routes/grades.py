"""A shopper's grades for staff: each report's, the own one, and what moved it."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import Page, Request, get_page, now_of, render, scope_of, settings_of, staff

from .. import service
from ..domain import LAST_GRADES, RUBRIC


@get_page(
    "/shoppers/{shopper_id:uuid}/grades",
    staff("affiliate_admin", "manager", "scheduler"),
    writes="a look at a shopper's grades is recorded",
)
async def grades_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """The grades of one shopper, by code."""
    found = await service.grades_of(scope_of(request), settings_of(request), shopper_id, now_of(request))
    return render(
        request, "reviews/grades.html", found=found, shopper_id=shopper_id, rubric=RUBRIC, last=LAST_GRADES,
        trend=found.trend,
    )  # fmt: skip
