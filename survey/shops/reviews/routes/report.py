"""One report beside its evidence, and who has it in hand."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.questionnaires.domain import TEXT_KINDS
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import html_of
from survey.shops.fieldwork import service as fieldwork
from survey.shops.visits.domain import HOLD_WORDS, TERMINAL, money
from survey.web import (
    Form,
    Page,
    Request,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import queries, service
from ..domain import (
    CONTEST_WORDS,
    EXCLUDE_REASONS,
    FLAG_WORDS,
    REASON_WORDS,
    REJECT_REASONS,
    REOPEN_REASONS,
    ROLES,
    STATE_WORDS,
    Scanned,
    goes_to_client,
)
from ..service import Opened
from .ways import EDITORS, LOOK, act, address, read


class Piece(NamedTuple):
    """A part of a text: ordinary words, or a finding."""

    words: str
    found: Scanned | None


class Line(NamedTuple):
    """A question as the page shows it. fields: the texts that belong to it, in pieces."""

    id: str
    title: str
    section: str
    answers: Sequence[str]
    is_text: bool
    texts: Sequence[tuple[str, Sequence[Piece]]]
    points: tuple[object, object] | None


@get_page("/reviews/{shop_id:uuid}", staff(*EDITORS), writes=LOOK)
async def report_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """A report with answers, pictures, guideline and history side by side; `?about=` begins a note to a question."""
    return await shown(request, shop_id, form_with({"question": request.query_params.get("about", "")}))


async def shown(request: Request, shop_id: UUID, note: Form, refused: tuple[str, Form] | None = None) -> Page:
    """The page of a report; note: a note to the shopper that is being written.

    refused: the form that came back (reject, exclude, reopen, notes, or leave a finding in), and what was typed.
    """
    scope = scope_of(request)
    which, form = refused or ("", form_with({}))
    found = await read(request, shop_id)
    report = found.report
    is_own = report.is_in_review and report.editor_id == scope.account_id
    return render(
        request, "reviews/report.html", 422 if form.errors else 200, found=found, report=report, refused=which,
        form=form, errors=form.errors, lines=lines_of(found),
        guideline=html_of(report.guideline_body) if report.guideline_body else None,
        others=other_texts(found), earlier=await queries.earlier_at(scope, report), is_own=is_own,
        zone=await clients.usual_zone(scope),
        left_by=await service.initials_by_account(scope, settings_of(request), found), own_id=scope.account_id,
        base=address(shop_id), titles=titles_of(found), now=now_of(request), roles=ROLES,
        mention_choices=[(each.token, f"{each.token}, {each.role_words}") for each in found.mentions],
        flag_words=FLAG_WORDS, state_words=STATE_WORDS, for_client=_for_client(found), money=money,
        alike=await queries.alike(scope, report.id), recordings=await fieldwork.recordings_of(scope, report.id),
        heard_before=await queries.heard_before(scope, report.id), note=note,
        phrases=await service.phrases_for(scope, "return") if is_own else (), **await _of_decision(request, found),
    )  # fmt: skip


@post_form("/reviews/{shop_id:uuid}/pick-up", staff(*EDITORS))
async def pick_up(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Begin to read a report, or take it back from the shopper."""
    work = service.pick_up(scope_of(request), settings_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "The report is yours to read.")


@post_form("/reviews/{shop_id:uuid}/take-over", staff(*EDITORS))
async def take_over(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Go on with what a colleague has begun."""
    work = service.take_over(scope_of(request), settings_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "You have taken the report over.")


@post_form("/reviews/{shop_id:uuid}/drop", staff(*EDITORS))
async def drop(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Put a report back into the queue."""
    work = service.drop(scope_of(request), shop_id, now_of(request))
    page = await act(request, shop_id, work, "The report is back in the queue.")
    return redirect("/reviews") if page.status == 303 else page


async def _of_decision(request: Request, found: Opened) -> Mapping[str, object]:
    """What the card of decisions needs beside the report itself."""
    scope, report = scope_of(request), found.report
    return {
        "reject_reasons": list(REJECT_REASONS.items()),
        "exclude_reasons": list(EXCLUDE_REASONS.items()),
        "reopen_reasons": list(REOPEN_REASONS.items()),
        "reasons": REASON_WORDS,
        "proposed_words": found.proposed_words,
        "decisions": await service.decisions_of(scope, found.key, report.id),
        "contest": await queries.find_contest_state(scope, report.shop_id),
        "contest_words": CONTEST_WORDS,
        "hold_words": list(HOLD_WORDS.items()),
        "can_be_held": report.state not in TERMINAL,
        "reshoot": await campaigns.reshoot_of(scope, report.shop_id),
        "next_id": await queries.find_next_waiting(scope, report.shop_id),
    }


def lines_of(found: Opened) -> list[Line]:
    """The questions that were asked, each with its words cut where the scan found something."""
    kinds = {item.id: item.kind in TEXT_KINDS for item in found.definition.items()}
    lines = []
    for row in found.rows:
        own = [name for name in found.texts if name == row.item_id or name.startswith(f"{row.item_id}-")]
        texts = [(name, pieces_of(found.texts[name], _found_in(found, name))) for name in own]
        answers = () if kinds[row.item_id] else row.lines
        points = found.score.points.get(row.item_id)
        lines.append(Line(row.item_id, row.title, row.section_title, answers, kinds[row.item_id], texts, points))
    return lines


def other_texts(found: Opened) -> list[tuple[str, Sequence[Piece]]]:
    """Words that belong to no question that shows, such as why a visit could not be made."""
    shown = {row.item_id for row in found.rows}
    names = [name for name in found.texts if name.split("-")[0] not in shown]
    return [(name, pieces_of(found.texts[name], _found_in(found, name))) for name in names]


def pieces_of(text: str, scanned: Sequence[Scanned]) -> list[Piece]:
    """A text cut into ordinary words and findings."""
    pieces, at = [], 0
    for each in scanned:
        if each.finding.start > at:
            pieces.append(Piece(text[at : each.finding.start], None))
        pieces.append(Piece(each.words, each))
        at = each.finding.end
    return [*pieces, Piece(text[at:], None)] if at < len(text) else pieces


def titles_of(found: Opened) -> dict[str, str]:
    """What the questions are called, by id."""
    return {item.id: item.title for item in found.definition.items()}


def _found_in(found: Opened, name: str) -> list[Scanned]:
    return [each for each in found.scanned if each.question_id == name]


def _for_client(found: Opened) -> set[UUID]:
    report = found.report
    return {
        picture.id
        for picture in found.pictures
        if goes_to_client(picture.kind, report.picture_mode, report.receipt_mode)
    }
