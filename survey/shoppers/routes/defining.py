"""What administrators define for all shoppers: qualifications with their documents, and fields of their own."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.db import Conflict
from survey.web import (
    MADE,
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    id_once,
    is_there,
    now_of,
    once,
    post_form,
    redirect,
    render,
    scope_of,
)

from .. import forms
from ..domain import FIELD_WORDS, KEPT_DAYS, ProfileField, QualificationKind
from ..service import fields, rules
from .rules import ADMINISTRATORS, RULES

TAKEN = "Another qualification has this code. Choose another"


@get_page(f"{RULES}/qualifications/new", ADMINISTRATORS)
async def new_kind(request: Request) -> Page:
    """Something more that can be recorded of a shopper."""
    return await _kind_page(request, None, form_with({}))


@post_form(f"{RULES}/qualifications", ADMINISTRATORS)
async def add_kind(request: Request) -> Page:
    """Add it."""
    scope, form, now = scope_of(request), await form_of(request), now_of(request)
    one = replace(forms.defining.kind(form, now), id=id_once(scope, form))
    if form.is_valid:
        try:
            await rules.add_qualification_kind(scope, one, now)
        except Conflict:
            if await is_there(rules.qualification_kind(scope, one.id)):
                flash(request, "info", MADE)
                return redirect(f"{RULES}/qualifications/{one.id}")
            form.refuse("code", TAKEN)
    return redirect(RULES) if form.is_valid else await _kind_page(request, None, form, 422)


@get_page(f"{RULES}/qualifications/{{kind_id:uuid}}", ADMINISTRATORS)
async def kind_page(request: Request, kind_id: FromPath[UUID]) -> Page:
    """One qualification."""
    one = await rules.qualification_kind(scope_of(request), kind_id)
    return await _kind_page(request, one, forms.defining.shown_kind(one))


@post_form(f"{RULES}/qualifications/{{kind_id:uuid}}", ADMINISTRATORS)
async def change_kind(request: Request, kind_id: FromPath[UUID]) -> Page:
    """Change its words, and whether documents are taken for it."""
    form, scope, now = await form_of(request), scope_of(request), now_of(request)
    old = await rules.qualification_kind(scope, kind_id)
    one = forms.defining.kind(form, now, old)
    if not form.is_valid:
        return await _kind_page(request, old, form, 422)
    await rules.change_qualification_kind(scope, one, now)
    flash(request, "good", "The qualification has been saved.")
    return redirect(RULES)


@post_form(f"{RULES}/qualifications/{{kind_id:uuid}}/retire", ADMINISTRATORS)
async def retire_kind(request: Request, kind_id: FromPath[UUID]) -> Page:
    """Let nobody new get it."""
    await rules.retire_qualification_kind(scope_of(request), kind_id, now_of(request))
    flash(request, "good", "Retired. Nobody new gets it; who has it keeps it.")
    return redirect(f"{RULES}/qualifications/{kind_id}")


@post_form(f"{RULES}/qualifications/{{kind_id:uuid}}/restore", ADMINISTRATORS)
async def restore_kind(request: Request, kind_id: FromPath[UUID]) -> Page:
    """Let people get it again."""
    await rules.restore_qualification_kind(scope_of(request), kind_id, now_of(request))
    flash(request, "good", "Restored. Shoppers can get it again.")
    return redirect(f"{RULES}/qualifications/{kind_id}")


@get_page(f"{RULES}/fields/new", ADMINISTRATORS)
async def new_field(request: Request) -> Page:
    """Ask something more, in a field of the company's own."""
    return _field_page(request, None, form_with({}))


@post_form(f"{RULES}/fields/new", ADMINISTRATORS)
async def add_field(request: Request) -> Page:
    """Add it."""
    form = await form_of(request)
    one = forms.defining.profile_field(form)
    if form.is_valid:
        try:
            await fields.add(scope_of(request), one, now_of(request))
        except fields.TooMany as problem:
            form.refuse("", problem.text)
    return redirect(RULES) if form.is_valid else _field_page(request, None, form, 422)


@get_page(f"{RULES}/fields/{{field_id:uuid}}", ADMINISTRATORS)
async def field_page(request: Request, field_id: FromPath[UUID]) -> Page:
    """One field."""
    one = await fields.field(scope_of(request), field_id)
    return _field_page(request, one, forms.defining.shown_field(one))


@post_form(f"{RULES}/fields/{{field_id:uuid}}", ADMINISTRATORS)
async def change_field(request: Request, field_id: FromPath[UUID]) -> Page:
    """Change it, or ask it no more: then what was told in it goes."""
    form, scope = await form_of(request), scope_of(request)
    old = await fields.field(scope, field_id)
    one = forms.defining.profile_field(form, old)
    if form.is_valid:
        try:
            await fields.change(scope, one, now_of(request))
        except fields.TooMany as problem:
            form.refuse("", problem.text)
    return redirect(RULES) if form.is_valid else _field_page(request, old, form, 422)


async def _kind_page(request: Request, one: QualificationKind | None, form: Form, status: int = 200) -> Page:
    use = await rules.use_of_kind(scope_of(request), one, now_of(request).date()) if one else None
    return render(
        request, "shoppers/kind.html", status, kind=one, use=use, form=form if one else once(form), errors=form.errors,
        kept_days=KEPT_DAYS,
    )  # fmt: skip


def _field_page(request: Request, one: ProfileField | None, form: Form, status: int = 200) -> Page:
    kinds = [(kind.value, words) for kind, words in FIELD_WORDS.items()]
    context = {"field": one, "kinds": kinds, "kind_words": FIELD_WORDS[one.kind] if one else ""}
    return render(request, "shoppers/field.html", status, form=form, errors=form.errors, **context)
