"""Wishes for another day, for whoever schedules."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.scheduling import service as scheduling
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, service
from ..domain import ANSWER_WORDS, Answer, Impossible, Settled, Wish

SCHEDULERS = staff("affiliate_admin", "manager", "scheduler")
LIST = "/shops/extensions"
SKIPPED = {
    "on_hold": "The shop is on hold. Lift the hold first",
    "wrong_state": "The shop is no longer with this shopper",
    "outside_window": "That day is over. Say no, or write to the shopper",
    "missing": "The shop is gone",
}


@get_page(LIST, SCHEDULERS)
async def extension_list(request: Request) -> Page:
    """What waits for a decision, the oldest first."""
    page = await service.deciding.waiting_extensions(scope_of(request), keyset_of(request))
    return render(request, "board/extensions.html", wishes=page.rows, next_cursor=page.next_cursor)


@get_page(f"{LIST}/{{extension_id:uuid}}", SCHEDULERS, writes="a look at a shopper's words is recorded")
async def extension_one(request: Request, extension_id: FromPath[UUID]) -> Page:
    """One wish, with the shopper's words."""
    return await _page(request, extension_id, form_with({}))


@post_form(f"{LIST}/{{extension_id:uuid}}", SCHEDULERS)
async def decide(request: Request, extension_id: FromPath[UUID]) -> Page:
    """Grant it, which moves the day and what follows from it; or say no, with a reason."""
    form = await form_of(request)
    answer, override_reason = forms.answer_in(form), forms.override_in(form)
    if not form.is_valid:
        return await _page(request, extension_id, form, 422)
    try:
        await _decide(request, extension_id, answer, override_reason)
    except Settled as settled:
        flash(request, "info", f"This was {settled.state.lower()} already; nothing has changed.")
        return redirect(LIST)
    except (Impossible, scheduling.Refusal) as problem:
        form.refuse(*_problem(problem))
        return await _page(request, extension_id, form, 422)
    flash(request, "good", "Declined. The shopper reads why." if answer else "Granted. The shopper's day has moved.")
    return redirect(LIST)


def _problem(problem: Impossible | scheduling.Refusal) -> tuple[str, str]:
    """The field, and what to do."""
    if isinstance(problem, Impossible):
        return "answer", SKIPPED[problem.reason]
    words = "; ".join(reason.staff for reason in problem.verdict.reasons)
    return "override_reason", f"{words}. Give a reason to set the rules aside, or say no."


async def _decide(request: Request, extension_id: UUID, answer: Answer | None, override_reason: str) -> None:
    scope, settings, now = scope_of(request), settings_of(request), now_of(request)
    if answer is None:
        await service.deciding.grant(scope, settings, extension_id, override_reason, now)
    else:
        await service.deciding.decline(scope, settings, extension_id, answer, now)


async def _page(request: Request, extension_id: UUID, form: Form, status: int = 200) -> Page:
    ring = settings_of(request).keyring
    wish, words = await service.deciding.read_extension(scope_of(request), ring, extension_id, now_of(request))
    return render(
        request, "board/deciding.html", status, wish=wish, words=words, form=form, errors=form.errors,
        answers=list(ANSWER_WORDS.items()), is_waiting=wish.state is Wish.ASKED,
    )  # fmt: skip


ROUTES = (extension_list, extension_one, decide)
