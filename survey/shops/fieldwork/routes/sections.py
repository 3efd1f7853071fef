"""One section of the report a page: show it, keep it, go on or back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar.params import FromPath
from msgspec.structs import replace

from survey.db import current
from survey.questionnaires.domain import (
    Item,
    Parsed,
    asked_if,
    form_values,
    merged,
    next_section,
    parse_section,
    previous_section,
    sections_read,
    visible_items,
    visible_sections,
)
from survey.shops.campaigns.domain import score
from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, redirect, render, scope_of, shopper

from .. import forms, service
from ..domain import SentPage, Unasked, comment_field, comments_wanted, too_few, unasked, words_wanted
from ..service import Sheet
from . import ways

Values = Mapping[str, Sequence[str]]

# Asks for a section though it may not be asked, and comes with one that was filled in so: without a connection nobody
# can say what is asked, so every question is offered with its condition, and what the answers make of it is told later.
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Line:
    """A question of a page: whether it is asked as things stand, and when it is, if not always."""

    item: Item
    is_asked: bool
    condition: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: the answers by which it does, what is in its fields, and what is wrong with it."""

    answers: Mapping[str, object]
    values: Values
    errors: Mapping[str, str]
    unasked: Sequence[Unasked] = ()


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
    if n - 1 not in visible_sections(sheet.compiled, answers) and not _is_whole(request, sheet, n):
        return ways.to(shop_id, "visit")
    texts = service.texts_of(ways.ring_of(request), sheet.report)
    values: dict[str, list[str]] = {name: [text] for name, text in texts.items()}
    for item in visible_items(sheet.compiled, n - 1, answers):
        values |= form_values(item, answers, texts)
    missing = "missing" in request.query_params
    errors = parse_section(sheet.compiled, n - 1, values, answers).errors if missing else {}
    return await _rendered(request, sheet, n, Shown(answers, values, errors))


def _is_whole(request: Request, sheet: Sheet, n: int) -> bool:
    """Whether a page is to be put aside for want of a connection, asked or not."""
    return WHOLE in request.query_params and 1 <= n <= len(sheet.compiled.sections)


async def _keep(request: Request, shop_id: UUID, n: int, form: Form) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not 1 <= n <= len(sheet.compiled.sections):
        return ways.to(shop_id, "visit")
    comments = forms.comments_of(form, comments_wanted(sheet.held.scoring, sheet.definition.sections[n - 1].items))
    posted = service.Posted(n - 1, form.raw, comments.texts, now_of(request))
    sheet, parsed = await service.save_section(scope_of(request), ways.ring_of(request), shop_id, posted)
    left = _unasked(request, sheet, posted, parsed) if WHOLE in form else []
    if "autosave" in form:
        saved_at = sheet.held.local(posted.now)
        return render(request, "fieldwork/_saved.html", at=saved_at, base=ways.address(shop_id), unasked=left)
    answers = merged(sheet.report.coded, parsed)
    errors = {**_too_short(sheet, n, answers, form), **parsed.errors, **comments.errors}
    if errors and form["go"] != "back":
        page = await _rendered(request, sheet, n, Shown(answers, form.raw, errors, left), status=422)
        # What was valid stays kept though the page is shown again.
        await current().commit()
        return page
    place = _onward(sheet, (n, form["go"]), parsed)
    if WHOLE in form:
        base, onward = ways.address(shop_id), ways.address(shop_id, place)
        return render(request, "fieldwork/_kept.html", base=base, onward=onward, unasked=left)
    return ways.to(shop_id, place)


def _unasked(request: Request, sheet: Sheet, posted: service.Posted, parsed: Parsed) -> list[Unasked]:
    texts = service.texts_of(ways.ring_of(request), sheet.report)
    return unasked(sheet.compiled, SentPage(posted.section, posted.form, sheet.report.coded, texts), parsed)


def _too_short(sheet: Sheet, n: int, answers: Mapping[str, object], form: Form) -> dict[str, str]:
    """What this page asks in words and got none of, or too few: comments below the top, answers in words."""
    scoring, items = sheet.held.scoring, sheet.definition.sections[n - 1].items
    below = score(scoring, sheet.definition, answers).comments
    reasons = {comment_field(item_id): least for item_id, least in comments_wanted(scoring, items).items()
               if item_id in below}  # fmt: skip
    found = {name: "Say why you answered so" for name in reasons if name in form and not form[name]}
    asked = {**reasons, **words_wanted(scoring, items)}
    return found | {name: few for name, least in asked.items() if form[name] and (few := too_few(form[name], least))}


def _onward(sheet: Sheet, step: tuple[int, str], parsed: Parsed) -> str:
    """Where a kept section leads: the rest of the address."""
    n, go = step
    answers = merged(sheet.report.coded, parsed)
    if go == "back":
        before = previous_section(sheet.compiled, answers, before=n - 1)
        return "" if before is None else str(before + 1)
    if parsed.revealed:
        return f"{n}#{min(parsed.revealed)}"
    after = next_section(sheet.compiled, answers, after=n - 1)
    if go == "check":
        return "check"
    return "visit" if after is None else str(after + 1)


def _with_least(item: Item, least: int) -> Item:
    """A question in words that says how many of them it wants."""
    return replace(item, help=f"{item.help} At least {least} words.".strip()) if least else item


def _lines(sheet: Sheet, n: int, answers: Mapping[str, object]) -> list[Line]:
    """Every question of a section in its order, also those that are not asked."""
    definition = sheet.definition
    shown = {item.id for item in visible_items(sheet.compiled, n - 1, answers)}
    items = definition.sections[n - 1].items
    least_words = words_wanted(sheet.held.scoring, items)
    return [
        Line(_with_least(item, least_words.get(item.id, 0)), item.id in shown, asked_if(item, definition))
        for item in items
    ]


async def _rendered(request: Request, sheet: Sheet, n: int, shown: Shown, status: int = 200) -> Page:
    visible = visible_sections(sheet.compiled, shown.answers)
    section = sheet.definition.sections[n - 1]
    lines = _lines(sheet, n, shown.answers)
    asked = {line.item.id for line in lines if line.is_asked}
    notes = await service.notes_of(scope_of(request), ways.ring_of(request), sheet)
    return render(
        request,
        "fieldwork/section.html",
        status,
        held=sheet.held,
        base=ways.address(sheet.held.id),
        section=section,
        condition=asked_if(section, sheet.definition),
        lines=lines,
        least_words=words_wanted(sheet.held.scoring, section.items),
        comments=comments_wanted(sheet.held.scoring, section.items),
        notes=[note for note in notes if note.question_id in asked],
        values=shown.values,
        errors=shown.errors,
        unasked=shown.unasked,
        reads=sorted(index + 1 for index in sections_read(sheet.compiled, n - 1)),
        decides=[
            each.index + 1 for each in sheet.compiled.sections if n - 1 in sections_read(sheet.compiled, each.index)
        ],
        version=sheet.report.version_id,
        position=f"Section {visible.index(n - 1) + 1} of {len(visible)}" if n - 1 in visible else "",
        whole_position=f"Section {n} of {len(sheet.definition.sections)}",
        is_from_check="check" in request.query_params,
        today=now_of(request).date().isoformat(),
        lang=sheet.definition.language,
    )
