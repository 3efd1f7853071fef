"""A guideline as a shopper meets it: read, say so, and pass its quiz. `?shop=` names the shop that led here."""

from uuid import UUID

from litestar.params import FromPath

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
    shopper,
)

from .. import forms, service
from ..domain import Mark, asked, html_of


@get_page("/shopper/guidelines/{guideline_id:uuid}", shopper())
async def briefing_page(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """The text, and what is left to do."""
    return await _page(request, guideline_id, form_with({}))


@post_form("/shopper/guidelines/{guideline_id:uuid}/read", shopper())
async def has_read(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """The shopper says to have read it."""
    await service.has_read(scope_of(request), guideline_id, now_of(request))
    flash(request, "good", "Noted: you have read this version.")
    return redirect(f"/shopper/guidelines/{guideline_id}{_from(request)}")


@post_form("/shopper/guidelines/{guideline_id:uuid}/quiz", shopper())
async def take_quiz(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """A try at the quiz. Which questions were wrong is said, the right answers are not; it may be tried again."""
    form, scope = await form_of(request), scope_of(request)
    questions = await service.questions_of(scope, guideline_id)
    result = await service.mark(scope, guideline_id, forms.picked(form, questions), now_of(request))
    if result.is_passed:
        flash(request, "good", f"Passed: {result.percent}% right. You may take shops of this campaign.")
        return redirect(f"/shopper/guidelines/{guideline_id}{_from(request)}")
    # Not a refusal: the try is noted, and a status of 400 or more would undo that.
    return await _page(request, guideline_id, form, result)


async def _page(request: Request, guideline_id: UUID, form: Form, result: Mark | None = None) -> Page:
    briefing = await service.briefing_of(scope_of(request), guideline_id)
    return render(
        request,
        "campaigns/briefing.html",
        briefing=briefing,
        text=html_of(briefing.guideline.body),
        questions=asked(briefing.guideline.quiz),
        form=form,
        result=result,
        shop_id=_shop(request),
        query=_from(request),
    )


def _shop(request: Request) -> UUID | None:
    """The shop of the board that the shopper came from."""
    try:
        return UUID(request.query_params.get("shop", ""))
    except ValueError:
        return None


def _from(request: Request) -> str:
    shop_id = _shop(request)
    return f"?shop={shop_id}" if shop_id else ""
