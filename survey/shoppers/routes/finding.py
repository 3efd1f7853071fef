"""Finding a shopper by an address, a number or a family name: with a purpose, and read by whoever is found."""

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
from ..domain import BY, PURPOSES, STATUS_WORDS, Listed
from ..service import finding
from .staff import SCHEDULERS


@get_page("/shoppers/find", SCHEDULERS)
async def find_page(request: Request) -> Page:
    """Say what you know of somebody, and why you look for them."""
    return _page(request, form_with({}), None)


@post_form("/shoppers/find", SCHEDULERS)
async def find(request: Request) -> Page:
    """Whom it fits. The words go in a form, never in an address, which histories and logs would keep."""
    form = await form_of(request)
    search = forms.staff.search(form)
    if not form.is_valid:
        return _page(request, form, None, 422)
    found = await finding.find(scope_of(request), settings_of(request), search, now_of(request))
    return _page(request, form, found)


def _page(request: Request, form: Form, rows: list[Listed] | None, status: int = 200) -> Page:
    return render(
        request, "shoppers/find.html", status, rows=rows, form=form, errors=form.errors, ways=list(BY.items()),
        purposes=list(PURPOSES.items()), state_words=STATUS_WORDS, most=finding.MOST_FOUND,
    )  # fmt: skip
