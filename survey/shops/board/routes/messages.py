"""The shopper's messages: threads with whoever schedules."""

from datetime import timedelta
from uuid import UUID

from litestar.params import FromPath

from survey.shoppers import service as shoppers
from survey.shops.scheduling.domain import ANSWER_WITHIN, waited_words
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
    shopper,
)

from .. import forms, service

OWN = shopper()
MESSAGES = "/shopper/messages"
HOURS = int(ANSWER_WITHIN.total_seconds() // 3600)


@get_page(MESSAGES, OWN)
async def thread_list(request: Request) -> Page:
    """What was said last comes first."""
    now = now_of(request)
    page = await service.messages.own_threads(scope_of(request), keyset_of(request), now)
    waits = {row.id: waited_words(row.waiting_since, now)[0] for row in page.rows if row.waiting_since}
    return render(
        request, "board/messages.html", threads=page.rows, next_cursor=page.next_cursor, waits=waits, hours=HOURS
    )  # fmt: skip


@get_page(f"{MESSAGES}/new", OWN)
async def new_message(request: Request) -> Page:
    """Write about a shop, or in general."""
    shop_id = forms.id_in(request.query_params.get("shop"))
    await service.messages.check_about(scope_of(request), shop_id, now_of(request))
    return _writing(request, shop_id, form_with({}))


@post_form(f"{MESSAGES}/new", OWN)
async def send_new(request: Request) -> Page:
    """Send it."""
    form = await form_of(request)
    shop_id = forms.id_in(form["shop"])
    words = forms.words_in(form, is_needed=True)
    if not form.is_valid:
        return _writing(request, shop_id, form, 422)
    return await _sent(request, shop_id, words)


@get_page(f"{MESSAGES}/{{thread_id:uuid}}", OWN, writes="what was opened is new no more")
async def thread_page(request: Request, thread_id: FromPath[UUID]) -> Page:
    """One thread."""
    return await _page(request, thread_id, form_with({}))


@post_form(f"{MESSAGES}/{{thread_id:uuid}}", OWN)
async def reply(request: Request, thread_id: FromPath[UUID]) -> Page:
    """Go on with it."""
    form, scope = await form_of(request), scope_of(request)
    words = forms.words_in(form, is_needed=True)
    if not form.is_valid:
        return await _page(request, thread_id, form, 422)
    thread, _ = await service.messages.read_thread(scope, settings_of(request).keyring, thread_id, now_of(request))
    return await _sent(request, thread.shop_id, words)


async def _sent(request: Request, shop_id: UUID | None, words: str) -> Page:
    ring = settings_of(request).keyring
    thread_id = await service.messages.say(scope_of(request), ring, shop_id, words, now_of(request))
    flash(request, "good", f"Sent. We mean to answer within {HOURS} hours, and you get a mail that says so.")
    return redirect(f"{MESSAGES}/{thread_id}")


def _writing(request: Request, shop_id: UUID | None, form: Form, status: int = 200) -> Page:
    return render(
        request, "board/new_message.html", status, shop_id=shop_id, form=form, errors=form.errors, hours=HOURS
    )  # fmt: skip


async def _page(request: Request, thread_id: UUID, form: Form, status: int = 200) -> Page:
    scope, now = scope_of(request), now_of(request)
    thread, messages = await service.messages.read_thread(scope, settings_of(request).keyring, thread_id, now)
    # What was sent this very minute waits for nobody yet.
    since = await service.messages.waits_since(scope, thread_id, now)
    wait = waited_words(since, now) if since and now - since >= timedelta(minutes=1) else None
    return render(
        request, "board/thread.html", status, thread=thread, messages=messages, form=form, errors=form.errors,
        wait=wait, hours=HOURS, zone=await shoppers.own.clock(scope),
    )  # fmt: skip


ROUTES = (thread_list, new_message, send_new, thread_page, reply)
