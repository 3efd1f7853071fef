"""Changing what a shopper wrote: every change keeps old, new and reason, and the shopper is shown it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from privacy.crypto import random_id
from privacy.redaction import DEFAULT_TOKENS, Finding, Kind, findings, replaced
from survey.db import NotFound, Scope
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import TEXT_KINDS, Item
from survey.settings import Settings

from .. import queries
from ..domain import (
    NOBODY,
    BadEdit,
    MentionDraft,
    Scanned,
    allowed,
    next_token,
    purge_day,
)
from ..queries import EditRow, MentionRow
from .holding import held
from .noting import note
from .opening import Opened, finding_in, opened, own_names
from .sealing import left_fingerprint, sealed_in_edit, sealed_of_mention, sealed_text

LONGEST_REASON = 500
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class AnswerEdit:
    """A question's answer as an editor sends it: the form's fields as they are posted, and why."""

    question_id: str
    fields: Mapping[str, Sequence[str]]
    reason: str


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Words of a report as an editor would have them, and why."""

    field: str
    text: str
    reason: str


def item_in(found: Opened, question_id: str) -> Item:
    """A question of the report's own questionnaire. Raises NotFound."""
    for item in found.definition.items():
        if item.id == question_id:
            return item
    raise NotFound("question")


async def edit_answer(scope: Scope, settings: Settings, shop_id: UUID, edit: AnswerEdit, now: datetime) -> None:
    """Change a coded answer; the score follows. The same answer again changes nothing.

    Raises NotFound, BadEdit, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    await _change_answer(scope, settings, shop_id, (edit, "editor"), now)


async def edit_for_appeal(scope: Scope, settings: Settings, shop_id: UUID, edit: AnswerEdit, now: datetime) -> bool:
    """Change a coded answer of a released report because the client was right; False where it is the same already.

    The caller holds the shop and releases it anew. Raises NotFound, BadEdit.
    """
    return await _change_answer(scope, settings, shop_id, (edit, "appeal"), now)


async def _change_answer(
    scope: Scope, settings: Settings, shop_id: UUID, what: tuple[AnswerEdit, str], now: datetime
) -> bool:
    edit, origin = what
    found = await opened(scope, settings, shop_id)
    item = item_in(found, edit.question_id)
    if item.kind in TEXT_KINDS:
        raise NotFound("question")
    value = _parsed(found, item, edit)
    old = found.report.coded.get(item.id)
    if value == old:
        return False
    await queries.write_answer(scope, found.report.id, item.id, value)
    row = _coded_row(scope, found, item.id, (old, value), _required(edit.reason))
    await queries.insert_edit(scope, found.report.id, row._replace(origin=origin), now)
    await _rescored(scope, settings, shop_id)
    await note(scope, "edit", found.report.id, now, question=item.id, origin=origin)
    return True


async def edit_text(scope: Scope, settings: Settings, shop_id: UUID, edit: TextEdit, now: datetime) -> None:
    """Change words. The same words again change nothing. Raises NotFound, BadEdit, NotHeld, OnHold, WrongState."""
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    if edit.field not in found.texts:
        raise NotFound("text")
    text = edit.text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise BadEdit("text", f"Enter between 1 and {LONGEST_TEXT:,} characters")
    await _write_text(scope, settings, found, replace(edit, text=text, reason=_required(edit.reason)), now)


async def replace_finding(
    scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str], now: datetime
) -> None:
    """Put words of ours in the place of what the scan found. chosen: field, digest.

    Raises NotFound, DealtWith where it is gone, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    each = finding_in(found, *chosen)
    token = NOBODY if each.finding.kind is Kind.NAME else DEFAULT_TOKENS[each.finding.kind]
    await _replaced(scope, settings, found, (each, token), now)


async def mention(
    scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str, MentionDraft], now: datetime
) -> None:
    """Put a token in the place of a name; who it stands for is kept as far as the campaign allows.

    chosen: field, digest, who. Raises NotFound, DealtWith, NotAllowed, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    question_id, digest, draft = chosen
    each = finding_in(found, question_id, digest)
    token = draft.token
    if token not in {known.token for known in found.mentions}:
        token = await _new_mention(scope, found, allowed(draft, found.report.employee_id_mode), now)
    await _replaced(scope, settings, found, (each, f"[{token}]"), now)


async def leave(scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str], now: datetime) -> None:
    """Leave a finding as it is: it names nobody. Raises NotFound, BadEdit for numbers that nobody may leave."""
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    each = finding_in(found, *chosen)
    if not each.may_stay or each.finding.kind is Kind.AUTHOR:
        raise BadEdit("finding", f"This may not stay ({each.kind_words}): replace it")
    mark = left_fingerprint(settings.index_key, found.report.id, each.words)
    await queries.leave_finding(scope, found.report.id, each.question_id, mark, now)
    await note(scope, "leave_finding", found.report.id, now, question=each.question_id, kind=each.finding.kind.value)


async def _new_mention(scope: Scope, found: Opened, draft: MentionDraft, now: datetime) -> str:
    token, mention_id = next_token({known.token for known in found.mentions}), random_id()
    row = MentionRow(
        mention_id, token, draft.role,
        sealed_of_mention(found.key, mention_id, "name", draft.name),
        sealed_of_mention(found.key, mention_id, "description", draft.description),
        purge_day(now.date()),
    )  # fmt: skip
    await queries.insert_mention(scope, found.report.id, row, now)
    return token


async def _replaced(scope: Scope, settings: Settings, found: Opened, what: tuple[Scanned, str], now: datetime) -> None:
    """The same words are replaced wherever they stand in the report: a name is rarely there once."""
    each, token = what
    for question_id, text in found.texts.items():
        same = [
            one.finding
            for one in found.scanned
            if one.question_id == question_id and one.words.casefold() == each.words.casefold()
        ]
        new = replaced(text, same, dict.fromkeys(same, token))
        await _write_text(scope, settings, found, TextEdit(question_id, new, f"Took out: {each.kind_words}"), now)


async def _write_text(scope: Scope, settings: Settings, found: Opened, edit: TextEdit, now: datetime) -> None:
    report, old = found.report, found.texts[edit.field]
    if edit.text == old:
        return
    await queries.write_text(scope, report.id, edit.field, sealed_text(found.key, report.id, edit.field, edit.text))
    own = await own_names(scope, settings, report.shop_id)
    known = [each.name for each in found.mentions if each.name]
    known += [each.words for each in found.scanned if each.finding.kind is Kind.NAME and not each.is_left]

    def sealed(column: str, text: str) -> bytes:
        # What a redaction takes out is gone: the trail keeps where it stood and what it was, not what it said.
        clean = _blacked_out(text, findings(text, known, own, report.regions))
        return sealed_in_edit(found.key, report.id, column, edit.field, clean)

    row = EditRow(
        edit.field, scope.account_id, "editor", None, None,
        sealed("old_sealed", old), sealed("new_sealed", edit.text), sealed("reason", edit.reason),
    )  # fmt: skip
    await queries.insert_edit(scope, report.id, row, now)
    await note(scope, "edit", report.id, now, question=edit.field, origin="editor")


def _blacked_out(text: str, found: Sequence[Finding]) -> str:
    return replaced(text, found)


def _coded_row(
    scope: Scope, found: Opened, question_id: str, change: tuple[object, object], reason: str
) -> EditRow:  # fmt: skip
    clean = _blacked_out(reason, findings(reason, regions=found.report.regions))
    sealed = sealed_in_edit(found.key, found.report.id, "reason", question_id, clean)
    return EditRow(question_id, scope.account_id, "editor", *change, None, None, sealed)


def _parsed(found: Opened, item: Item, edit: AnswerEdit) -> object:
    """The coded answer that the fields say; None where the question is left empty. Raises BadEdit."""
    index = next(
        position
        for position, section in enumerate(found.definition.sections)
        if item.id in {each.id for each in section.items}
    )
    whole = questionnaire.section_values(found.compiled, index, found.report.coded, found.texts)
    own = {name for name in whole if name == item.id or name.startswith(f"{item.id}-")}
    posted = {name: values for name, values in whole.items() if name not in own} | dict(edit.fields)
    parsed = questionnaire.parse_section(
        found.compiled, index, posted, found.report.coded, found.report.submitted_at.date()
    )
    for name, message in parsed.errors.items():
        if name == item.id or name.startswith(f"{item.id}-"):
            raise BadEdit(name, message)
    return parsed.coded.get(item.id)


def _required(reason: str) -> str:
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise BadEdit("reason", "Say why, in a few words: the shopper reads it")
    return text


async def _rescored(scope: Scope, settings: Settings, shop_id: UUID) -> None:
    found = await opened(scope, settings, shop_id)
    await queries.write_score(scope, found.report.id, found.score.percent)
