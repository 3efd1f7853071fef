"""Changing an answer or words, and dealing with what the scan found."""

from collections.abc import Awaitable
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
from ..service import AnswerEdit, Leaving, TextEdit
from .report import shown
from .ways import EDITORS, LOOK, REFUSALS, act, address, read, refused, sent

OWN_FIELDS = ("csrf", "reason", "shown")
SAVED = "The change is kept with its reason. The shopper sees both."
SAME = "It says that already: nothing was changed."
DONE = {"leave": "It stays as it is.", "take_back": "It is to be dealt with again."}


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
    work = service.edit_answer(scope_of(request), settings_of(request), shop_id, edit, now_of(request))
    done = await _edited(request, shop_id, work, form, f"#q-{name}")
    return done or await _answer_page(request, shop_id, name, form)


@get_page("/reviews/{shop_id:uuid}/texts/{name:str}", staff(*EDITORS), writes=LOOK)
async def text_page(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Ask for other words, and why."""
    return await _text_page(request, shop_id, name, None)


@post_form("/reviews/{shop_id:uuid}/texts/{name:str}", staff(*EDITORS))
async def edit_text(request: Request, shop_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Change words."""
    form = await form_of(request)
    edit = TextEdit(name, form["text"], form["reason"])
    work = service.edit_text(scope_of(request), settings_of(request), shop_id, edit, now_of(request))
    done = await _edited(request, shop_id, work, form, f"#q-{name.split('-')[0]}")
    return done or await _text_page(request, shop_id, name, form)


@post_form("/reviews/{shop_id:uuid}/findings", staff(*EDITORS))
async def deal_with_finding(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Replace what the scan found, or words that an editor has marked, by ours or by a token; or leave it."""
    form = await form_of(request)
    done = DONE.get(form["act"], SAVED)
    if form["act"] == "leave":
        page = await sent(request, _work_of(request, shop_id, form), form, done, address(shop_id, "#findings"))
        return page or await shown(request, shop_id, form_with({}), ("leave", form))
    return await act(request, shop_id, _work_of(request, shop_id, form), done, "#findings")


def _work_of(request: Request, shop_id: UUID, form: Form) -> Awaitable[None]:
    scope, settings, now = scope_of(request), settings_of(request), now_of(request)
    chosen = form["field"], form["finding"]
    match form["act"]:
        case "leave":
            return service.leave(scope, settings, shop_id, Leaving(*chosen, form["reason"]), now)
        case "take_back":
            return service.take_back(scope, settings, shop_id, chosen, now)
        case "token":
            return service.mention(scope, settings, shop_id, (*chosen, forms.mention_in(form)), now)
        case "person":
            marked = form["field"], form["words"], forms.mention_in(form)
            return service.mark_person(scope, settings, shop_id, marked, now)
        case _:
            return service.replace_finding(scope, settings, shop_id, chosen, now)


async def _edited(request: Request, shop_id: UUID, work: Awaitable[bool], form: Form, anchor: str) -> Page | None:
    """Change it and go back to it; to the top of the report where it cannot be changed now, which says why.

    None where a field is wrong: then the form says so.
    """
    try:
        async with savepoint():
            is_changed = await work
    except BadEdit as error:
        form.refuse(error.name, str(error))
        return None
    except REFUSALS as refusal:
        return refused(request, shop_id, refusal)
    flash(request, *(("good", SAVED) if is_changed else ("attention", SAME)))
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
