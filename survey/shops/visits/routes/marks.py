"""Marks: staff decide what a machine proposed; shoppers see theirs and contest them."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
from survey.web import (
    Page,
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
    shopper,
    staff,
)

from .. import forms, service
from ..domain import CONTEST_WORDS, DECISION_WORDS, KIND_WORDS, STATE_WORDS, UNDECIDED, MarkSettled, reason_words

DECIDERS = staff("affiliate_admin", "manager", "scheduler")
SETTLED = "This mark had been decided already; nothing has changed."
CONTESTABLE = ("PROPOSED", "CONFIRMED")


@get_page("/shops/marks", DECIDERS)
async def mark_list(request: Request) -> Page:
    """What waits for a person's decision, the oldest first."""
    page = await service.undecided_marks(scope_of(request), keyset_of(request))
    return render(
        request, "visits/marks.html", marks=page.rows, next_cursor=page.next_cursor, kinds=KIND_WORDS,
        contests=CONTEST_WORDS, decisions=DECISION_WORDS,
    )  # fmt: skip


@get_page("/shops/marks/{mark_id:uuid}", DECIDERS, writes="a look at a shopper's words is recorded")
async def mark_page(request: Request, mark_id: FromPath[UUID]) -> Page:
    """One mark with what the shopper wrote against it."""
    mark, words = await service.read_contest(scope_of(request), settings_of(request).keyring, mark_id, now_of(request))
    return render(
        request, "visits/mark.html", mark=mark, words=words, kinds=KIND_WORDS, contests=CONTEST_WORDS,
        decisions=DECISION_WORDS, undecided=UNDECIDED,
    )  # fmt: skip


@post_form("/shops/marks/{mark_id:uuid}", DECIDERS)
async def decide(request: Request, mark_id: FromPath[UUID]) -> Page:
    """Confirm or dismiss a mark."""
    form = await form_of(request)
    event, reason = forms.decision(form)
    if not form.is_valid:
        flash(request, "danger", forms.CHOOSE)
        return redirect("/shops/marks")
    try:
        await service.decide_mark(scope_of(request), mark_id, event, reason, now_of(request))
        flash(request, "good", "Decided. The shopper can read it, and answer.")
    except MarkSettled:
        flash(request, "info", SETTLED)
    return redirect("/shops/marks")


@get_page("/shopper/marks", shopper())
async def own_marks(request: Request) -> Page:
    """Everything that is said against the shopper, and what came of it."""
    scope = scope_of(request)
    if scope.shopper_id is None:
        raise NotFound("shopper")
    page = await service.marks_of(scope, scope.shopper_id, keyset_of(request))
    return render(
        request, "visits/own_marks.html", marks=page.rows, next_cursor=page.next_cursor, kinds=KIND_WORDS,
        states=STATE_WORDS, reason_words=reason_words, contests=CONTEST_WORDS, contestable=CONTESTABLE,
        words=await service.own_words(settings_of(request).keyring, page.rows),
    )  # fmt: skip


@post_form("/shopper/marks/{mark_id:uuid}", shopper())
async def contest(request: Request, mark_id: FromPath[UUID]) -> Page:
    """Say why a mark is wrong."""
    form = await form_of(request)
    reason, words = forms.contest(form)
    if not form.is_valid:
        flash(request, "danger", forms.CHOOSE)
        return redirect("/shopper/marks")
    try:
        ring = settings_of(request).keyring
        await service.contest_mark(scope_of(request), mark_id, reason, now_of(request), ring=ring, words=words)
        flash(request, "good", "Thank you. Somebody will look at it again; until then it counts for nothing.")
    except MarkSettled:
        flash(request, "info", SETTLED)
    return redirect("/shopper/marks")
