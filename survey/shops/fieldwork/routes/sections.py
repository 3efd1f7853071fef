"""One section of the report a page: show it, keep it, go on or back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar.params import FromPath
from msgspec.structs import replace

from survey.db import current
from survey.questionnaires.domain import (
    Item,
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
from ..domain import comment_field, comments_wanted, too_few, words_wanted
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
    comments = forms.comments_of(form, comments_wanted(sheet.held.scoring, sheet.definition.sections[n - 1].items))
    posted = service.Posted(n - 1, form.raw, comments.texts, now_of(request))
    sheet, parsed = await service.save_section(scope_of(request), ways.ring_of(request), shop_id, posted)
    if "autosave" in form:
        return render(request, "fieldwork/_saved.html", at=sheet.held.local(posted.now))
    answers = merged(sheet.report.coded, parsed)
    errors = {**_too_short(sheet, n, answers, form), **parsed.errors, **comments.errors}
    if errors and form["go"] != "back":
        page = await _rendered(request, sheet, n, (answers, form.raw, errors), status=422)
        # What was valid stays kept though the page is shown again.
        await current().commit()
        return page
    return _onward(shop_id, sheet, (n, form["go"]), parsed)


def _too_short(sheet: Sheet, n: int, answers: Mapping[str, object], form: Form) -> dict[str, str]:
    """What this page asks in words and got none of, or too few: comments below the top, answers in words."""
    scoring, items = sheet.held.scoring, sheet.definition.sections[n - 1].items
    below = score(scoring, sheet.definition, answers).comments
    reasons = {comment_field(item_id): least for item_id, least in comments_wanted(scoring, items).items()
               if item_id in below}  # fmt: skip
    found = {name: "Say why you answered so" for name in reasons if name in form and not form[name]}
    asked = {**reasons, **words_wanted(scoring, items)}
    return found | {name: few for name, least in asked.items() if form[name] and (few := too_few(form[name], least))}


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


def _with_least(item: Item, least: int) -> Item:
    """A question in words that says how many of them it wants."""
    return replace(item, help=f"{item.help} At least {least} words.".strip()) if least else item


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
    least_words = words_wanted(sheet.held.scoring, items)
    notes = await service.notes_of(scope_of(request), ways.ring_of(request), sheet)
    return render(
        request,
        "fieldwork/section.html",
        status,
        held=sheet.held,
        base=ways.address(sheet.held.id),
        section=sheet.definition.sections[n - 1],
        items=[_with_least(item, least_words.get(item.id, 0)) for item in items],
        least_words=least_words,
        comments=comments_wanted(sheet.held.scoring, items),
        notes=[note for note in notes if note.question_id in {item.id for item in items}],
        values=values,
        errors=errors,
        position=f"Section {visible.index(n - 1) + 1} of {len(visible)}" if n - 1 in visible else "",
        is_from_check="check" in request.query_params,
        today=now_of(request).date().isoformat(),
        lang=sheet.definition.language,
    )
