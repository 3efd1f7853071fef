"""Profiles that look alike: our program shows them, and somebody decides."""

from survey.db import NotFound
from survey.web import (
    Page,
    Refused,
    Request,
    flash,
    form_of,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)

from .. import forms
from ..domain import STATUS_WORDS, Verdict, WrongStatus
from ..service import resembling
from ..service import staff as service
from .staff import SCHEDULERS

ALIKE = "/shoppers/alike"
DONE = {
    Verdict.SAME: "One of the two profiles is closed. The shopper is told by mail, and can contest it.",
    Verdict.HOUSEHOLD: "They count as one household from now on.",
    Verdict.UNRELATED: "Remembered. They are shown again only if something new is in common.",
}


@get_page(ALIKE, SCHEDULERS)
async def alike_page(request: Request) -> Page:
    """Pairs that wait for a decision."""
    scope, now = scope_of(request), now_of(request)
    page = await resembling.pairs(scope, now, keyset_of(request))
    return render(
        request, "shoppers/alike.html", pairs=page.rows, next_cursor=page.next_cursor, state_words=STATUS_WORDS,
        counts=await service.counts(scope, now), status="",
    )  # fmt: skip


@post_form(ALIKE, SCHEDULERS)
async def decide_alike(request: Request) -> Page:
    """The same person, one household, or unrelated."""
    form = await form_of(request)
    about, verdict = forms.staff.pair(form), forms.staff.verdict(form)
    if about is None or verdict is None:
        raise NotFound("pair")
    try:
        await resembling.decide(scope_of(request), settings_of(request), about, verdict, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "good", DONE[verdict[0]])
    return redirect(forms.staff.way_back(form, ALIKE))


@post_form(f"{ALIKE}/again", SCHEDULERS)
async def undo_alike(request: Request) -> Page:
    """Take a decision back."""
    form = await form_of(request)
    about = forms.staff.pair(form)
    if about is None:
        raise NotFound("pair")
    await resembling.take_back(scope_of(request), settings_of(request), about, now_of(request))
    flash(request, "good", "The decision is taken back.")
    return redirect(forms.staff.way_back(form, ALIKE))
