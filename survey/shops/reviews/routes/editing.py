"""Changing an answer or words, and dealing with what the scan found."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound, savepoint
from survey.questionnaires.domain import TEXT_KINDS, form_values
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
    staff,
)

from .. import forms, service
from ..domain import BadEdit
from ..service import AnswerEdit, TextEdit
from .ways import EDITORS, LOOK, REFUSALS, act, address, read, refused

OWN_FIELDS = ("csrf", "reason", "shown")
SAVED = "The change is kept with its reason. The shopper sees both."


@get_page("/reviews/{shop_id:uuid}/answers/{name:str}", staff(*EDITORS), writes=LOOK)
async def answer_page(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Ask for another answer, and why."""
    return await _answer_page(request, shop_id, name, None)


@post_form("/reviews/{shop_id:uuid}/answers/{name:str}", staff(*EDITORS))
async def edit_answer(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Change an answer; the score follows."""
    form = await form_of(request)
    fields = {field: values for field, values in form.raw.items() if field not in OWN_FIELDS}
    edit = AnswerEdit(name, fields, form["reason"])
    try:
        async with savepoint():
            await service.edit_answer(scope_of(request), settings_of(request), shop_id, edit, now_of(request))
    except BadEdit as error:
        form.refuse(error.name, str(error))
        return await _answer_page(request, shop_id, name, form)
    except REFUSALS as refusal:
        return refused(request, shop_id, refusal)
    return _saved(request, shop_id, f"#q-{name}")


@get_page("/reviews/{shop_id:uuid}/texts/{name:str}", staff(*EDITORS), writes=LOOK)
async def text_page(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Ask for other words, and why."""
    return await _text_page(request, shop_id, name, None)


@post_form("/reviews/{shop_id:uuid}/texts/{name:str}", staff(*EDITORS))
async def edit_text(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Change words."""
    form = await form_of(request)
    edit = TextEdit(name, form["text"], form["reason"])
    try:
        async with savepoint():
            await service.edit_text(scope_of(request), settings_of(request), shop_id, edit, now_of(request))
    except BadEdit as error:
        form.refuse(error.name, str(error))
        return await _text_page(request, shop_id, name, form)
    except REFUSALS as refusal:
        return refused(request, shop_id, refusal)
    return _saved(request, shop_id, f"#q-{name.split('-')[0]}")


@post_form("/reviews/{shop_id:uuid}/findings", staff(*EDITORS))
async def deal_with_finding(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Replace what the scan found, by words of ours or by a token; or leave it."""
    form, scope, settings, now = await form_of(request), scope_of(request), settings_of(request), now_of(request)
    chosen = form["field"], form["finding"]
    match form["act"]:
        case "leave":
            work, done = service.leave(scope, settings, shop_id, chosen, now), "It stays as it is."
        case "token":
            draft = forms.mention_in(form)
            work, done = service.mention(scope, settings, shop_id, (*chosen, draft), now), SAVED
        case _:
            work, done = service.replace_finding(scope, settings, shop_id, chosen, now), SAVED
    return await act(request, shop_id, work, done, "#findings")


def _saved(request: Request, shop_id: UUID, anchor: str) -> Page:
    flash(request, "good", SAVED)
    return redirect(address(shop_id, anchor))


async def _answer_page(request: Request, shop_id: UUID, name: str, form: Form | None) -> Page:
    found = await read(request, shop_id)
    item = service.item_in(found, name)
    if item.kind in TEXT_KINDS:
        raise NotFound("question")
    shown = form or form_with({})
    values = dict(shown.raw) if form else form_values(item, found.report.coded, found.texts)
    return render(
        request, "reviews/answer.html", 422 if form else 200, report=found.report, item=item, values=values,
        form=shown, errors=shown.errors, base=address(shop_id),
    )  # fmt: skip


async def _text_page(request: Request, shop_id: UUID, name: str, form: Form | None) -> Page:
    found = await read(request, shop_id)
    if name not in found.texts:
        raise NotFound("text")
    shown = form or form_with({"text": found.texts[name]})
    title = next((item.title for item in found.definition.items() if item.id == name.split("-")[0]), "The visit")
    return render(
        request, "reviews/text.html", 422 if form else 200, report=found.report, title=title, form=shown,
        errors=shown.errors, base=address(shop_id), field_name=name,
    )  # fmt: skip
