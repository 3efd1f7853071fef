"""What the handlers of reviews share: an act on one report, and what to do where it cannot be done."""

from collections.abc import Awaitable, Mapping
from typing import Any
from uuid import UUID

from survey.db import savepoint
from survey.media import Media, media_of
from survey.shops.payments.domain import WrongState as PayWrongState
from survey.shops.visits.domain import Ended, OnHold, WrongActor, WrongState
from survey.web import Form, Page, Request, flash, form_of, now_of, redirect, scope_of, settings_of

from .. import service
from ..domain import (
    BadBox,
    BadEdit,
    BadPoints,
    ContestDecided,
    DealtWith,
    NeedsSecondPerson,
    NotAllowed,
    NotHeld,
    NotReady,
    OwnDecision,
    OwnShop,
)
from ..service import Opened

EDITORS = ("affiliate_admin", "manager", "editor")
LOOK = "a look at a report is recorded"
HEARING = "whoever hears a recording is recorded"
WORDS: Mapping[type[Exception], str] = {
    DealtWith: "This has been dealt with already.",
    NotHeld: "Somebody else has this report in review. Take it over if you are to go on with it.",
    OwnShop: "This visit is your own. A colleague has to read it.",
    OnHold: "The shop is on hold. Lift the hold first.",
    Ended: "The shop has come to its end: there is nothing to hold.",
    WrongActor: "This is not for an editor to do.",
    NeedsSecondPerson: "You proposed this yourself. Somebody else has to confirm it.",
    OwnDecision: "You decided about this report, or proposed to. A colleague decides whether that was right.",
    ContestDecided: "A colleague has decided about this already.",
    PayWrongState: "What this shop pays is in a batch or paid. Ask payroll to take it out or reverse it first.",
}
STATE_ADVICE: Mapping[str, str] = {
    "SUBMITTED": "The report is back in the queue. Pick it up first.",
    "IN_REVIEW": "The report is in review already. Somebody was faster, or this page was old.",
    "RETURNED": "The report is with the shopper. Wait for it, or take it back from here.",
    "APPROVED": "The report is approved. Reopen it to change anything.",
    "RELEASED": "The client has the report. It has to be recalled before it is changed.",
    "REJECTED": "The report is rejected. Only an objection of the shopper opens it again.",
}
OTHER_STATE = "The report is closed. Nothing can be changed any more."
REFUSALS = (
    NotHeld, OwnShop, OnHold, WrongActor, WrongState, NeedsSecondPerson, PayWrongState, BadEdit, BadBox, BadPoints,
    NotAllowed, NotReady, DealtWith, OwnDecision, ContestDecided,
    Ended,
)  # fmt: skip


def address(shop_id: UUID, part: str = "") -> str:
    """The page of a report, or a part of it."""
    return f"/reviews/{shop_id}{part}"


def media_for(request: Request) -> Media:
    """Where pictures are kept."""
    return media_of(settings_of(request))


async def read(request: Request, shop_id: UUID) -> Opened:
    """A report opened to be read by somebody, which is recorded. Raises NotFound."""
    scope = scope_of(request)
    found = await service.opened(scope, settings_of(request), shop_id)
    await service.note_reading(scope, shop_id, service.REVIEW, now_of(request))
    return found


async def act(request: Request, shop_id: UUID, work: Awaitable[object], done: str, part: str = "") -> Page:
    """Do something to a report and go to its page; where it cannot be done, say what to do instead.

    part: where on the page the act shows. A refusal shows at the top. What was written before one is undone.
    """
    await form_of(request)
    try:
        async with savepoint():
            await work
    except REFUSALS as refusal:
        return refused(request, shop_id, refusal)
    flash(request, "good", done)
    return redirect(address(shop_id, part))


async def sent(
    request: Request, work: Awaitable[Any], form: Form, done: str | Mapping[bool, str], to: str
) -> Page | None:
    """Do it and go `to` where it shows, or to the top of that page, which says why it cannot be done now.

    None where a field is wrong: then the form says so. done: what is said then, or what by what the work returns.
    """
    try:
        async with savepoint():
            result = await work
    except BadEdit as bad:
        form.refuse(bad.name, str(bad))
        return None
    except REFUSALS as refusal:
        flash(request, "attention", words_of(refusal))
        return redirect(to.partition("#")[0])
    flash(request, "good", done if isinstance(done, str) else done[result])
    return redirect(to)


def refused(request: Request, shop_id: UUID, refusal: Exception) -> Page:
    """Back to the report, which says what to do instead."""
    flash(request, "attention", words_of(refusal))
    return redirect(address(shop_id))


def words_of(refusal: Exception) -> str:
    """What to do where something cannot be done."""
    if isinstance(refusal, WrongState):
        return STATE_ADVICE.get(refusal.state.value, OTHER_STATE)
    if isinstance(refusal, NotReady):
        return "Before it can be approved: " + "; ".join(gap.text for gap in refusal.gaps) + "."
    if isinstance(refusal, BadEdit | BadBox | BadPoints | NotAllowed):
        return f"{refusal}."
    return WORDS.get(type(refusal), OTHER_STATE)
