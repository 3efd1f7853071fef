"""What an affiliate decides about its shoppers as a whole, for its administrators."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import Conflict
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

from .. import forms
from ..domain import MOST_FIELDS, BandQuestion
from ..service import fields, rules

ADMINISTRATORS = staff("affiliate_admin")
RULES = "/shoppers/rules"


@get_page(RULES, ADMINISTRATORS)
async def rules_page(request: Request) -> Page:
    """The way in, the agreement, the questions, and what can be recorded."""
    return await _page(request, form_with({}))


@post_form(f"{RULES}/entrance", ADMINISTRATORS)
async def save_entrance(request: Request) -> Page:
    """Open or close the way in, and say from which age on."""
    form, scope = await form_of(request), scope_of(request)
    least_age, takes = forms.staff.least_age(form), form["takes_shoppers"] == "yes"
    if takes and not await rules.agreements(scope):
        form.refuse("takes_shoppers", "Publish an agreement first: nobody can register without one")
    if not form.is_valid:
        return await _page(request, form, 422)
    await rules.set_entrance(scope, takes, least_age, now_of(request))
    flash(request, "good", "Saved.")
    return redirect(RULES)


@post_form(f"{RULES}/agreement", ADMINISTRATORS)
async def publish(request: Request) -> Page:
    """The next version of the agreement."""
    form = await form_of(request)
    body = forms.staff.agreement(form)
    if not form.is_valid:
        return await _page(request, form, 422)
    number = await rules.publish_agreement(scope_of(request), body, now_of(request))
    flash(request, "good", f"Version {number} is in force. Shoppers are asked to accept it when they next sign in.")
    return redirect(RULES)


@get_page(f"{RULES}/questions/new", ADMINISTRATORS)
async def new_question(request: Request) -> Page:
    """Ask something more."""
    return _question_page(request, None, form_with({}))


@post_form(f"{RULES}/questions/new", ADMINISTRATORS)
async def add_question(request: Request) -> Page:
    """Add it."""
    form = await form_of(request)
    one = forms.staff.question(form)
    if form.is_valid:
        try:
            await rules.add_question(scope_of(request), one, now_of(request))
        except Conflict:
            form.refuse("code", "Another question has this code. Choose another")
    return redirect(RULES) if form.is_valid else _question_page(request, None, form, 422)


@get_page(f"{RULES}/questions/{{question_id:uuid}}", ADMINISTRATORS)
async def question_page(request: Request, question_id: FromPath[UUID]) -> Page:
    """One question."""
    one = await rules.question(scope_of(request), question_id)
    return _question_page(request, one, forms.staff.shown_question(one))


@post_form(f"{RULES}/questions/{{question_id:uuid}}", ADMINISTRATORS)
async def change_question(request: Request, question_id: FromPath[UUID]) -> Page:
    """Change it, or ask it no more."""
    form, scope = await form_of(request), scope_of(request)
    old = await rules.question(scope, question_id)
    one = forms.staff.question(form, old)
    if not form.is_valid:
        return _question_page(request, old, form, 422)
    await rules.change_question(scope, one, now_of(request))
    flash(request, "good", "The question has been saved.")
    return redirect(RULES)


async def _page(request: Request, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    entrance = await rules.entrance(scope)
    return render(
        request, "shoppers/rules.html", status, entrance=entrance, agreements=await rules.agreements(scope),
        questions=await rules.questions(scope), kinds=await rules.qualification_kinds(scope),
        uses=await rules.uses_of_kinds(scope, now_of(request).date()),
        fields=await fields.fields(scope), most_fields=MOST_FIELDS, form=form, errors=form.errors,
        address=f"{settings_of(request).base_url}/register/{entrance.slug}",
    )  # fmt: skip


def _question_page(request: Request, one: BandQuestion | None, form: Form, status: int = 200) -> Page:
    return render(request, "shoppers/question.html", status, question=one, form=form, errors=form.errors)
