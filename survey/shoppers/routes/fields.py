"""A company's own fields of a profile, as shoppers answer them."""

from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    render,
    scope_of,
    settings_of,
)

from .. import forms
from ..domain import TEXT_CHARACTERS
from ..service import fields
from .own import OWN, PROFILE, saved


@get_page(f"{PROFILE}/fields", OWN)
async def fields_page(request: Request) -> Page:
    """What the company asks beside the bands, each with its reason."""
    told = await fields.own_answers(scope_of(request), settings_of(request).keyring)
    return await _page(request, form_with({f"field-{one}": words for one, words in told.items()}))


@post_form(f"{PROFILE}/fields", OWN)
async def save_fields(request: Request) -> Page:
    """Replace what is told; what is left empty is not told any more."""
    form, scope = await form_of(request), scope_of(request)
    told = forms.shown.told(form, await fields.asked(scope))
    if not form.is_valid:
        return await _page(request, form, 422)
    await fields.tell(scope, settings_of(request).keyring, told, now_of(request))
    return saved(request, "Your answers have been saved.")


async def _page(request: Request, form: Form, status: int = 200) -> Page:
    asked = await fields.asked(scope_of(request))
    return render(
        request, "shoppers/fields.html", status, fields=asked, form=form, errors=form.errors, most=TEXT_CHARACTERS
    )
