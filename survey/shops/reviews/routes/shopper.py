"""What a shopper reads of the review of their own report, and the rubric."""

from uuid import UUID

from litestar.params import FromPath

from survey.affiliates import service as affiliates
from survey.db import savepoint
from survey.shops.visits.domain import OnHold, WrongState
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    shopper,
)

from .. import service
from ..domain import LAST_GRADES, REASON_WORDS, RUBRIC, BadEdit, ContestOver

SENT = "Sent. Somebody who had no part in the decision looks at it, and you get a mail."
TWICE = "You have contested this already. You get a mail when somebody has decided."
NOT_NOW = "This cannot be contested now: the page was old, the report is looked at again, or the visit is on hold."


@get_page("/shopper/shops/{shop_id:uuid}/review", shopper())
async def own_review(request: Request, shop_id: FromPath[UUID]) -> Page:
    """What was decided about one's own report, and every change that was made in one's name."""
    return await _page(request, shop_id, form_with({}))


@post_form("/shopper/shops/{shop_id:uuid}/contest", shopper())
async def contest(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Say why a rejection or a grade is wrong."""
    form, settings = await form_of(request), settings_of(request)
    work = service.contest_decision(scope_of(request), settings, shop_id, form["words"], now_of(request))
    try:
        async with savepoint():
            is_new = await work
    except BadEdit as bad:
        form.refuse("words", str(bad))
        return await _page(request, shop_id, form)
    except ContestOver:
        flash(request, "info", "The fourteen days in which this could be contested are over.")
    except (WrongState, OnHold):
        flash(request, "info", NOT_NOW)
    else:
        flash(request, "good" if is_new else "info", SENT if is_new else TWICE)
    return redirect(f"/shopper/shops/{shop_id}/review")


@get_page("/shopper/grades", shopper())
async def own_grades(request: Request) -> Page:
    """Each report's grade, the own one that eligibility asks, how it is counted, and what moved it."""
    found = await service.own_grades(scope_of(request), settings_of(request))
    return render(request, "reviews/own_grades.html", found=found, rubric=RUBRIC, last=LAST_GRADES)


@get_page("/shopper/rubric", shopper())
async def own_rubric(request: Request) -> Page:
    """How reports are graded; editors read the same words."""
    terms = await affiliates.shop_terms_in(scope_of(request))
    return render(request, "reviews/own_rubric.html", rubric=RUBRIC, review_hours=terms.review_hours)


async def _page(request: Request, shop_id: UUID, form: Form) -> Page:
    told = await service.told(scope_of(request), settings_of(request), shop_id)
    return render(
        request, "reviews/own.html", 422 if form.errors else 200, told=told, rubric=RUBRIC,
        base=f"/shopper/shops/{shop_id}", reasons=REASON_WORDS, form=form, errors=form.errors,
        titles={item.id: item.title for item in told.definition.items()},
        can_contest=told.can_contest(now_of(request)),
    )  # fmt: skip
