"""Editors let approved reports of shops leave, one or many, see exactly what leaves, and take reports back."""

from collections.abc import Awaitable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.db import savepoint
from survey.media import media_of
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import OwnShop, Undecided
from survey.shops.visits import service as visits
from survey.shops.visits.domain import OnHold, State, WrongActor, WrongState, money
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
    staff,
)

from .. import forms, queries, service
from ..domain import Revealing, is_held_lower

EDITORS = ("affiliate_admin", "manager", "editor")
ADMINS = ("affiliate_admin", "manager")
PURPOSE = "see what a client reads of it"
STATES: Mapping[str, tuple[State, ...]] = {"ready": (State.APPROVED,), "released": (State.RELEASED, State.CLOSED)}
WORDS: Mapping[type[Exception], str] = {
    OnHold: "The shop is on hold. Whoever put it there has to lift that first.",
    WrongState: "Nothing has happened: the report is not where this can happen to it. The page was old.",
    WrongActor: "This is not for an editor to do.",
    OwnShop: "This visit is your own. A colleague has to release it.",
}
REFUSALS = (OnHold, WrongState, WrongActor, OwnShop, Revealing, Undecided)
CLEAR: Mapping[str, Any] = {"found": (), "undecided": 0}


@get_page("/releases", staff(*EDITORS))
async def release_list(request: Request) -> Page:
    """What is approved and waits for its release, or has been released."""
    state = request.query_params.get("state", "ready")
    chosen = state if state in STATES else "ready"
    scope = scope_of(request)
    page = await queries.shops_in(scope, STATES[chosen], keyset_of(request))
    return render(
        request, "releases/shops.html", rows=page.rows, next_cursor=page.next_cursor, state=chosen,
        is_first="after" not in request.query_params, zone=await clients.usual_zone(scope),
    )  # fmt: skip


@post_form("/releases/preview", staff(*EDITORS))
async def preview_many(request: Request) -> Page:
    """What would come of releasing what is ticked. Nothing leaves; the last look at each is recorded, as always."""
    chosen = forms.chosen_shops(await form_of(request))
    if not chosen:
        flash(request, "info", "Tick what is to be released.")
        return redirect("/releases")
    rows = await service.rehearsed(scope_of(request), settings_of(request), chosen, now_of(request))
    return render(
        request, "releases/preview.html", leaving=[row for row in rows if not row.why],
        staying=[row for row in rows if row.why],
    )  # fmt: skip


@post_form("/releases", staff(*EDITORS))
async def release_many(request: Request) -> Page:
    """Release what is ticked; what cannot leave stays, and is counted."""
    chosen = forms.chosen_shops(await form_of(request))
    done = 0
    for shop_id in chosen:
        done += await _is_done(request, shop_id, _release(request, shop_id))
    if done:
        flash(request, "good", f"{done} released.")
    if done < len(chosen):
        flash(request, "attention", f"{len(chosen) - done} stayed here. Open them to see why.")
    return redirect("/releases")


@get_page("/releases/{shop_id:uuid}", staff(*EDITORS), writes="a look at a report is recorded")
async def shop_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Exactly what the client gets, or has; what there was before."""
    scope = scope_of(request)
    shop = await visits.shop_in(scope, shop_id)
    versions = await queries.versions_of(scope, shop_id)
    standing = await queries.find_standing(scope, shop_id)
    shown = await _shown(request, shop_id, standing)
    await reviews.note_reading(scope, shop_id, PURPOSE, now_of(request))
    return render(
        request, "releases/shop.html", shop=shop, versions=versions, standing=standing, reasons=forms.RECALL_REASONS,
        money=money, leaves_at=await queries.find_release_moment(scope, shop_id),
        is_legal_hold=await visits.has_legal_hold(scope, shop_id), zone=await clients.usual_zone(scope), **shown,
    )  # fmt: skip


@post_form("/releases/{shop_id:uuid}", staff(*EDITORS))
async def release(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Let it leave."""
    await _act(request, shop_id, _release(request, shop_id), "The client can read the report now.")
    return redirect(f"/releases/{shop_id}")


@post_form("/releases/{shop_id:uuid}/recall", staff(*ADMINS))
async def recall(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Take it back."""
    await visits.shop_in(scope_of(request), shop_id)
    reason = forms.find_recall_reason(await form_of(request))
    if reason is None:
        flash(request, "attention", "Choose why the report is taken back.")
        return redirect(f"/releases/{shop_id}#recall")
    work = service.recall_shop(scope_of(request), shop_id, reason, now_of(request))
    await _act(request, shop_id, work, "The report is withdrawn. The client sees that it was, and since when.")
    return redirect(f"/releases/{shop_id}")


async def _shown(request: Request, shop_id: UUID, standing: queries.Standing | None) -> dict[str, Any]:
    if standing is not None:
        return _seen(standing.snapshot, standing.time_shown, standing.score)
    try:
        ready = await service.prepared(scope_of(request), settings_of(request), shop_id, now_of(request))
    except (Revealing, Undecided) as refusal:
        kinds = refusal.kinds if isinstance(refusal, Revealing) else ()
        undecided = refusal.count if isinstance(refusal, Undecided) else 0
        return {"content": None, "time_shown": "", "score": None, "found": kinds, "undecided": undecided}
    return _seen(ready.snapshot.content, ready.snapshot.time_shown, ready.snapshot.score)


def _seen(content: Mapping[str, Any], time_shown: str, score: Decimal | None) -> dict[str, Any]:
    held = is_held_lower(content, score)
    return {"content": content, "time_shown": time_shown, "score": score, "is_held_lower": held, **CLEAR}


def _release(request: Request, shop_id: UUID) -> Awaitable[object]:
    settings = settings_of(request)
    return service.release_shop(scope_of(request), settings, media_of(settings), shop_id, now_of(request))


async def _act(request: Request, shop_id: UUID, work: Awaitable[object], done: str) -> None:
    try:
        async with savepoint():
            await work
    except REFUSALS as refusal:
        await _note_refused(request, shop_id, refusal)
        flash(request, "attention", WORDS.get(type(refusal), f"It stays here: {refusal}."))
    else:
        flash(request, "good", done)


async def _is_done(request: Request, shop_id: UUID, work: Awaitable[object]) -> bool:
    try:
        async with savepoint():
            await work
    except REFUSALS as refusal:
        await _note_refused(request, shop_id, refusal)
        return False
    return True


async def _note_refused(request: Request, shop_id: UUID, refusal: Exception) -> None:
    """A name that was opened for the last look was opened, also where nothing came of it."""
    if isinstance(refusal, Revealing | Undecided):
        await service.note_name_look(scope_of(request), shop_id, now_of(request))
