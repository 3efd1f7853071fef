"""A shopper asks to be erased at one company, having read what stays and why."""

from survey.rights.service import erasing
from survey.shops.visits.domain import money
from survey.web import Page, Request, form_of, form_with, get_page, now_of, post_form, render, scope_of, shopper
from survey.web.forms import Form

ERASE = "/shopper/profile/erase"


@get_page(ERASE, shopper())
async def erase_page(request: Request) -> Page:
    """What goes, what stays, what is still owed."""
    return await _erase_page(request, form_with({}))


@post_form(ERASE, shopper())
async def erase_profile(request: Request) -> Page:
    """Erase the profile."""
    form = await form_of(request)
    if form["sure"] != "yes":
        form.refuse("sure", "Tick this if you are sure: nobody can bring it back")
        return await _erase_page(request, form)
    await erasing.ask_erasure(scope_of(request), now_of(request))
    return render(request, "rights/profile_erased.html")


async def _erase_page(request: Request, form: Form) -> Page:
    kept = await erasing.kept_of(scope_of(request))
    owed = [money(cents, currency) for currency, cents in kept.owed]
    return render(
        request, "rights/erase_profile.html", 422 if form.errors else 200, kept=kept, owed=owed, errors=form.errors,
    )  # fmt: skip
