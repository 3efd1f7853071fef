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
from ..domain import Mark, NoTry, Unanswered, asked, changes_between, html_of


@get_page("/shopper/guidelines/{guideline_id:uuid}", shopper())
async def briefing_page(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """The text, and what is left to do."""
    return await _page(request, guideline_id, form_with({}))


@post_form("/shopper/guidelines/{guideline_id:uuid}/read", shopper())
async def has_read(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """The shopper says to have read it; whoever came from a shop goes back there."""
    form = await form_of(request)
    await service.has_read(scope_of(request), guideline_id, now_of(request))
    shop_id = _id_of(form["shop"])
    if shop_id is not None:
        flash(request, "good", "Noted: you have read this version. The visit can begin.")
        return redirect(f"/shopper/shops/{shop_id}")
    flash(request, "good", "Noted: you have read this version.")
    return redirect(f"/shopper/guidelines/{guideline_id}{_from(request)}")


@post_form("/shopper/guidelines/{guideline_id:uuid}/quiz", shopper())
async def take_quiz(request: Request, guideline_id: FromPath[UUID]) -> Page:
    """A try at the quiz. Which questions were wrong is said, the right answers are not."""
    form, scope = await form_of(request), scope_of(request)
    questions = await service.questions_of(scope, guideline_id)
    sent = forms.picked(form, questions), now_of(request), forms.try_number(form)
    try:
        result = await service.mark(scope, guideline_id, *sent)
    except Unanswered as refused:
        form.errors |= forms.unanswered(questions, refused.numbers)
        return await _page(request, guideline_id, form, status=422)
    except NoTry as refused:
        return _no_try(request, guideline_id, refused)
    if result.is_passed:
        flash(request, "good", f"Passed: {result.percent}% right. You may take shops of this campaign.")
        return redirect(f"/shopper/guidelines/{guideline_id}{_from(request)}")
    # Not a refusal: the try is noted, and a status of 400 or more would undo that.
    return await _page(request, guideline_id, form, result)


def _no_try(request: Request, guideline_id: UUID, refused: NoTry) -> Page:
    flash(request, "attention", refused.text)
    return redirect(f"/shopper/guidelines/{guideline_id}{_from(request)}#quiz")


async def _page(
    request: Request, guideline_id: UUID, form: Form, result: Mark | None = None, status: int = 200
) -> Page:
    scope, asked_for = scope_of(request), request.query_params
    briefing = await service.briefing_of(scope, guideline_id)
    known = await service.known_before(scope, briefing.guideline, _id_of(asked_for.get("since", "")))
    rule, tries, now = briefing.guideline.rule, briefing.tries, now_of(request)
    return render(
        request,
        "campaigns/briefing.html",
        status,
        briefing=briefing,
        text=html_of(briefing.guideline.body),
        known=known,
        changes=changes_between(known.body, briefing.guideline.body) if known else [],
        shop_id=_id_of(asked_for.get("shop", "")),
        is_for_visit="since" in asked_for,
        questions=asked(briefing.guideline.quiz),
        form=form,
        errors=form.errors,
        result=result,
        query=_from(request),
        rule_words=rule.words,
        tries_words=tries.words(rule, now, briefing.time_zone),
        may_try=tries.may_try(rule, now),
    )


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _from(request: Request) -> str:
    """What keeps the shop that the shopper came from."""
    shop_id = _id_of(request.query_params.get("shop", ""))
    return f"?shop={shop_id}" if shop_id else ""
