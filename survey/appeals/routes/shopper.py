"""A shopper reads what the affiliate asks about a visit, and answers."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
    Request,
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

from .. import forms, service


@get_page("/shopper/appeals", shopper())
async def question_list(request: Request) -> Page:
    """What waits for an answer."""
    rows = await service.open_questions(scope_of(request), settings_of(request))
    return render(request, "appeals/questions.html", rows=rows)


@get_page("/shopper/appeals/{question_id:uuid}", shopper())
async def question_page(request: Request, question_id: FromPath[UUID]) -> Page:
    """One question."""
    return await _page(request, question_id, form_with({}))


@post_form("/shopper/appeals/{question_id:uuid}", shopper())
async def answer(request: Request, question_id: FromPath[UUID]) -> Page:
    """Answer it."""
    form = await form_of(request)
    words = forms.words_in(form, "words", "Write your answer")
    if not form.is_valid:
        return await _page(request, question_id, form)
    await service.answer(scope_of(request), settings_of(request), question_id, words, now_of(request))
    return redirect(f"/shopper/appeals/{question_id}")


async def _page(request: Request, question_id: UUID, form: Form) -> Page:
    asked, title = await service.asked_in(scope_of(request), settings_of(request), question_id)
    return render(
        request, "appeals/question.html", 422 if form.errors else 200, asked=asked, title=title, form=form,
        errors=form.errors,
    )  # fmt: skip
