"""One shop that a shopper holds: where, when, for how much, what is to be done; and its beginning."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.campaigns.domain import html_of
from survey.web import Page, Request, flash, form_of, get_page, now_of, post_form, render, scope_of, shopper

from .. import service
from ..domain import Held, TooEarly, UnreadGuideline
from . import ways

NEW_VERSION = "The guideline has changed. Read what is new before you begin."
READ_FIRST = "Read the guideline first, and say that you have: then the visit can begin."


@get_page("/shopper/shops/{shop_id:uuid}", shopper())
async def show_shop(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The shop with everything a visit needs, and what is still to do."""
    scope = scope_of(request)
    held = await service.seen_in(scope, shop_id, now_of(request))
    context = await _of_report(request, held)
    guideline = await service.guideline_of(scope, held)
    return render(
        request,
        "fieldwork/shop.html",
        held=held,
        base=ways.address(shop_id),
        guideline=html_of(guideline.body) if guideline else "",
        scenario=html_of(held.scenario_body),
        is_too_early=held.is_too_early(now_of(request)),
        **context,
    )


async def _of_report(request: Request, held: Held) -> dict[str, object]:
    """What is written so far, and what the editor asks."""
    if not held.is_started:
        return {"tasks": [], "notes": [], "titles": {}, "places": {}, "submitted": "", "is_writable": False}
    scope = scope_of(request)
    sheet = await service.sheet_of(scope, held.id)
    return {
        "tasks": service.tasks_of(sheet, await service.pictures_of(scope, sheet.report)),
        "notes": await service.notes_of(scope, ways.ring_of(request), sheet),
        "titles": {item.id: item.title for item in sheet.definition.items()},
        "places": {item.id: each.index + 1 for each in sheet.compiled.sections for item in each.section.items},
        "submitted": held.when(sheet.report.submitted_at),
        "is_writable": sheet.is_writable,
    }


@get_page("/shopper/shops/{shop_id:uuid}/guideline", shopper())
async def show_guideline(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Guideline and scenario on a page of their own, to be had at hand during the visit."""
    scope = scope_of(request)
    held = await service.seen_in(scope, shop_id, now_of(request))
    guideline = await service.guideline_of(scope, held)
    return render(
        request,
        "fieldwork/guideline.html",
        held=held,
        base=ways.address(shop_id),
        guideline=html_of(guideline.body) if guideline else "",
        scenario=html_of(held.scenario_body),
    )


@post_form("/shopper/shops/{shop_id:uuid}/start", shopper())
async def start(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Begin the visit, and go on to its report or to what to do where it cannot be made."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _started(request, shop_id, form["then"]))


async def _started(request: Request, shop_id: UUID, then: str) -> Page:
    try:
        await service.start(scope_of(request), ways.ring_of(request), shop_id, now_of(request))
    except TooEarly:
        flash(request, "attention", "It is too early: the visit may not begin before its first day.")
        return ways.to(shop_id)
    except UnreadGuideline as unread:
        flash(request, "attention", NEW_VERSION if unread.is_new else READ_FIRST)
        return ways.to(shop_id)
    return ways.to(shop_id, "closed" if then == "closed" else "1")
