"""Where a shopper goes on from a page of a report, and where instead when the report is not there to be written."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from privacy.vault import KeyRing
from survey.media import Media, media_of
from survey.shops.visits.domain import OnHold, WrongActor, WrongState
from survey.web import Page, Request, flash, is_partial, redirect, render, settings_of

from ..domain import HandedIn, NotStarted, WentBack

REPORT_BYTES = 256 * 1024
UPLOAD_BYTES = 40_000_000
SENT = "This report has been handed in. What you see is what was sent."
NOT_STARTED = "Start the visit first: then its report can be written."
WENT_BACK = "This visit went back to the board before the report came. Your draft is kept: ask your scheduler for it."
ON_HOLD = "This visit is on hold. Nothing is lost: your scheduler will tell you how it goes on."
MOVED = "This visit has changed meanwhile. Here is how it stands now."


def address(shop_id: UUID, place: str = "") -> str:
    """The address of a shop, or of a part of its report."""
    return f"/shopper/shops/{shop_id}/report/{place}" if place else f"/shopper/shops/{shop_id}"


def to(shop_id: UUID, place: str = "") -> Page:
    """Send the browser there."""
    return redirect(address(shop_id, place))


def ring_of(request: Request) -> KeyRing:
    """The keys of this deployment."""
    return settings_of(request).keyring


def media_for(request: Request) -> Media:
    """Where pictures are kept."""
    return media_of(settings_of(request))


async def on_the_report(request: Request, shop_id: UUID, work: Callable[[], Awaitable[Page]]) -> Page:
    """Do the work of a page; where the report cannot be written, say why and go where it can be seen."""
    try:
        return await work()
    except NotStarted:
        return _elsewhere(request, shop_id, NOT_STARTED)
    except HandedIn:
        return _unsaved(request, SENT) if is_partial(request) else redirect(f"{address(shop_id)}/report")
    except WentBack:
        return _elsewhere(request, shop_id, WENT_BACK)
    except OnHold:
        return _elsewhere(request, shop_id, ON_HOLD)
    except (WrongState, WrongActor):
        return _elsewhere(request, shop_id, MOVED)


def _elsewhere(request: Request, shop_id: UUID, text: str) -> Page:
    if is_partial(request):
        return _unsaved(request, text)
    flash(request, "attention", text)
    return to(shop_id)


def _unsaved(request: Request, text: str) -> Page:
    """For a page that was saving itself: what it says instead of "Saved"."""
    return render(request, "fieldwork/_unsaved.html", text=text)
