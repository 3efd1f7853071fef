"""One section of the report a page: show it, keep it, go on or back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar.params import FromPath

from survey.db import current
from survey.questionnaires.domain import (
    Parsed,
    form_values,
    merged,
    next_section,
    parse_section,
    previous_section,
    visible_items,
    visible_sections,
)
from survey.shops.campaigns.domain import score
from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, redirect, render, scope_of, shopper

from .. import forms, service
from ..domain import comment_field, comments_wanted
from ..service import Sheet
from . import ways

Values = Mapping[str, Sequence[str]]


@get_page("/shopper/shops/{shop_id:uuid}/report/{n:int}", shopper())
async def show_section(request: Request, shop_id: FromPath[UUID], n: FromPath[int]) -> Page:
    """A section with what was answered before."""
    return await ways.on_the_report(request, shop_id, lambda: _show(request, shop_id, n))


@post_form("/shopper/shops/{shop_id:uuid}/report/{n:int}", shopper(), limit_bytes=ways.REPORT_BYTES)
async def keep_section(request: Request, shop_id: FromPath[UUID], n: FromPath[int]) -> Page:
    """Keep a section and go on or back, or stay when something is missing or the draft saves itself."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _keep(request, shop_id, n, form))


async def _show(request: Request, shop_id: UUID, n: int) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not sheet.is_writable:
        return redirect(f"{ways.address(shop_id)}/report")
    answers = sheet.report.coded
    if n - 1 not in visible_sections(sheet.compiled, answers):
        return ways.to(shop_id, "visit")
    texts = service.texts_of(ways.ring_of(request), sheet.report)
    values: dict[str, list[str]] = {name: [text] for name, text in texts.items()}
    for item in visible_items(sheet.compiled, n - 1, answers):
        values |= form_values(item, answers, texts)
    missing = "missing" in request.query_params
    errors = parse_section(sheet.compiled, n - 1, values, answers).errors if missing else {}
    return await _rendered(request, sheet, n, (answers, values, errors))


async def _keep(request: Request, shop_id: UUID, n: int, form: Form) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not 1 <= n <= len(sheet.compiled.sections):
        return ways.to(shop_id, "visit")
    wanted = comments_wanted(sheet.held.scoring, sheet.definition.sections[n - 1].items)
    comments = forms.comments_of(form, wanted)
    posted = service.Posted(n - 1, form.raw, comments.texts, now_of(request))
    sheet, parsed = await service.save_section(scope_of(request), ways.ring_of(request), shop_id, posted)
    if "autosave" in form:
        return render(request, "fieldwork/_saved.html", at=sheet.held.local(posted.now))
    answers = merged(sheet.report.coded, parsed)
    errors = {**parsed.errors, **comments.errors, **_unexplained(sheet, answers, form, wanted)}
    if errors and form["go"] != "back":
        page = await _rendered(request, sheet, n, (answers, form.raw, errors), status=422)
        # What was valid stays kept though the page is shown again.
        await current().commit()
        return page
    return _onward(shop_id, sheet, (n, form["go"]), parsed)


def _unexplained(sheet: Sheet, answers: Mapping[str, object], form: Form, wanted: frozenset[str]) -> dict[str, str]:
    """Answers below the top whose reason was asked for on this page and not given."""
    asked = score(sheet.held.scoring, sheet.definition, answers).comments & wanted
    names = [comment_field(item_id) for item_id in sorted(asked)]
    return {name: "Say why you answered so" for name in names if name in form and not form[name]}


def _onward(shop_id: UUID, sheet: Sheet, step: tuple[int, str], parsed: Parsed) -> Page:
    """Where a kept section leads."""
    n, go = step
    answers = merged(sheet.report.coded, parsed)
    if go == "back":
        before = previous_section(sheet.compiled, answers, before=n - 1)
        return ways.to(shop_id) if before is None else ways.to(shop_id, str(before + 1))
    if parsed.revealed:
        return ways.to(shop_id, f"{n}#{min(parsed.revealed)}")
    after = next_section(sheet.compiled, answers, after=n - 1)
    if go == "check":
        return ways.to(shop_id, "check")
    return ways.to(shop_id, "visit" if after is None else str(after + 1))


async def _rendered(
    request: Request,
    sheet: Sheet,
    n: int,
    shown: tuple[Mapping[str, object], Values, Mapping[str, str]],
    status: int = 200,
) -> Page:
    answers, values, errors = shown
    visible = visible_sections(sheet.compiled, answers)
    items = visible_items(sheet.compiled, n - 1, answers)
    notes = await service.notes_of(scope_of(request), ways.ring_of(request), sheet)
    return render(
        request,
        "fieldwork/section.html",
        status,
        held=sheet.held,
        base=ways.address(sheet.held.id),
        section=sheet.definition.sections[n - 1],
        items=items,
        comments=comments_wanted(sheet.held.scoring, items),
        notes=[note for note in notes if note.question_id in {item.id for item in items}],
        values=values,
        errors=errors,
        position=f"Section {visible.index(n - 1) + 1} of {len(visible)}" if n - 1 in visible else "",
        is_from_check="check" in request.query_params,
        today=now_of(request).date().isoformat(),
        lang=sheet.definition.language,
    )
