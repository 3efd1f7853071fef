"""Threads with shoppers: unanswered first, each with an owner and a clock."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
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
)

from .. import forms, queries, service
from ..domain import Unaddressed, waited_words
from .shared import SCHEDULERS


@get_page("/messages", SCHEDULERS)
async def thread_list(request: Request) -> Page:
    """Who waits for an answer, the longest wait first; then what was said last."""
    scope, now = scope_of(request), now_of(request)
    is_mine = request.query_params.get("mine") == "1"
    page = await queries.threads_of(scope, keyset_of(request), scope.account_id if is_mine else None)
    return render(
        request, "scheduling/messages.html", rows=page.rows, next_cursor=page.next_cursor, is_mine=is_mine,
        waiting=await queries.count_waiting(scope), account_id=scope.account_id,
        zone=await clients.usual_zone(scope),
        waits={row.id: waited_words(row.waiting_since, now) for row in page.rows if row.waiting_since},
    )  # fmt: skip


@get_page("/messages/new", SCHEDULERS)
async def new_message(request: Request) -> Page:
    """Where staff write to somebody who has not written, such as who applied for a shop."""
    asked = request.query_params
    filled = {"shopper": asked.get("shopper", ""), "shop": asked.get("shop", "")}
    return render(request, "scheduling/new_message.html", form=form_with(filled), errors={})


@post_form("/messages/new", SCHEDULERS)
async def send_message(request: Request) -> Page:
    """Write; the answer comes to whoever wrote."""
    form = await form_of(request)
    about, words = forms.addressed_in(form), forms.words_in(form)
    if form.is_valid:
        try:
            ring = settings_of(request).keyring
            thread_id = await service.begin(scope_of(request), ring, about, words, now_of(request))
        except Unaddressed as refusal:
            form.refuse(refusal.field, f"{refusal}")
    if not form.is_valid:
        return render(request, "scheduling/new_message.html", 422, form=form, errors=form.errors)
    flash(request, "good", "Your message is there; the shopper gets a mail that says so.")
    return redirect(f"/messages/{thread_id}")


@get_page("/messages/{thread_id:uuid}", SCHEDULERS, writes="a look at a shopper's words is recorded")
async def thread_page(request: Request, thread_id: FromPath[UUID]) -> Page:
    """A thread's words; the look is recorded."""
    return await _page(request, thread_id, form_with({}))


@post_form("/messages/{thread_id:uuid}", SCHEDULERS)
async def answer(request: Request, thread_id: FromPath[UUID]) -> Page:
    """Write back; the clock stops."""
    form, scope = await form_of(request), scope_of(request)
    words = forms.words_in(form)
    if not form.is_valid:
        return await _page(request, thread_id, form, 422)
    thread = await queries.thread_in(scope, thread_id)
    ring, about = settings_of(request).keyring, [(thread.shopper_id, thread.shop_id)]
    await service.write(scope, ring, about, words, now_of(request))
    flash(request, "good", "Your answer is there; the shopper gets a mail that says so.")
    return redirect(f"/messages/{thread_id}")


@post_form("/messages/{thread_id:uuid}/own", SCHEDULERS)
async def own(request: Request, thread_id: FromPath[UUID]) -> Page:
    """Be the one who answers."""
    await service.take_over(scope_of(request), thread_id, now_of(request))
    return redirect(f"/messages/{thread_id}")


async def _page(request: Request, thread_id: UUID, form: Form, status: int = 200) -> Page:
    scope, now = scope_of(request), now_of(request)
    thread, messages = await service.read_thread(scope, settings_of(request).keyring, thread_id, now)
    wait = waited_words(thread.waiting_since, now) if thread.waiting_since else ""
    return render(
        request, "scheduling/thread.html", status, thread=thread, messages=messages, form=form, errors=form.errors,
        wait=wait, account_id=scope.account_id, zone=await clients.usual_zone(scope),
    )  # fmt: skip


ROUTES = (thread_list, new_message, send_message, thread_page, answer, own)
