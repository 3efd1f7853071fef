"""Changing what a shopper wrote: every change keeps old, new and reason, and the shopper is shown it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from uuid import UUID

from privacy.crypto import random_id
from privacy.redaction import DEFAULT_TOKENS, Finding, Kind, findings, replaced
from survey.db import NotFound, Scope
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import TEXT_KINDS, Item
from survey.settings import Settings
from survey.shops.fieldwork.domain import COMMENT_CHARACTERS

from .. import queries
from ..domain import (
    LONGEST_REASON,
    NOBODY,
    BadEdit,
    MentionDraft,
    Scanned,
    allowed,
    next_token,
    places_of,
    purge_day,
    spellings_of,
)
from ..queries import EditRow, MentionRow
from .holding import held
from .leaving import carry_left
from .noting import note
from .opening import Opened, finding_in, opened, own_names
from .sealing import sealed_in_edit, sealed_of_mention, sealed_text

TOOK_OUT = "Took out a person’s name or description"
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
    hidden: Sequence[str] = dataclass_field(default=(), repr=False)  # words that the trail must not keep
    origin: str = "editor"


def item_in(found: Opened, question_id: str) -> Item:
    """A question of the report's own questionnaire. Raises NotFound."""
    for item in found.definition.items():
        if item.id == question_id:
            return item
    raise NotFound("question")


async def edit_answer(scope: Scope, settings: Settings, shop_id: UUID, edit: AnswerEdit, now: datetime) -> bool:
    """Change a coded answer; the score follows. False where it is the same already.

    Raises NotFound, BadEdit, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    return await _change_answer(scope, settings, shop_id, (edit, "editor"), now)


async def edit_for_appeal(scope: Scope, settings: Settings, shop_id: UUID, edit: AnswerEdit, now: datetime) -> bool:
    """Change a coded answer of a released report because the client was right; False where it is the same already.

    The caller holds the shop and releases it anew. Raises NotFound, BadEdit.
    """
    return await _change_answer(scope, settings, shop_id, (edit, "appeal"), now)


async def edit_words_for_appeal(scope: Scope, settings: Settings, shop_id: UUID, edit: TextEdit, now: datetime) -> None:
    """Change the words beside an answer that an appeal has changed; empty words take them out.

    Left as they were, they would stand beside what they do not explain. The caller holds the shop and releases it
    anew. Raises NotFound, BadEdit.
    """
    found = await opened(scope, settings, shop_id)
    if edit.field not in found.texts:
        raise NotFound("text")
    whole = replace(edit, text=edit.text.strip(), reason=_required(edit.reason), origin="appeal")
    if len(whole.text) > COMMENT_CHARACTERS and whole.text != found.texts[edit.field]:
        raise BadEdit("beside", f"Enter at most {COMMENT_CHARACTERS:,} characters")
    await _write_text(scope, settings, found, whole, now)


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


async def edit_text(scope: Scope, settings: Settings, shop_id: UUID, edit: TextEdit, now: datetime) -> bool:
    """Change words; False where they are the same already. Raises NotFound, BadEdit, NotHeld, OnHold, WrongState."""
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    if edit.field not in found.texts:
        raise NotFound("text")
    text = edit.text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise BadEdit("text", f"Enter between 1 and {LONGEST_TEXT:,} characters")
    if text == found.texts[edit.field]:
        return False
    await _write_text(scope, settings, found, replace(edit, text=text, reason=_required(edit.reason)), now)
    return True


async def replace_finding(
    scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str], now: datetime
) -> None:
    """Put words of ours in the place of what the scan found. chosen: field, digest.

    Raises NotFound, DealtWith where it is gone, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    each = finding_in(found, *chosen)
    token = NOBODY if each.is_person else DEFAULT_TOKENS[each.finding.kind]
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
    await _replaced(scope, settings, found, (each, await _token_for(scope, found, draft, now)), now)


async def mark_person(
    scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str, MentionDraft], now: datetime
) -> None:
    """Put a token in the place of any words that an editor has seen to be somebody; where the campaign says nothing
    of people, words that name nobody.

    chosen: field, words of its text, who. Raises NotFound, BadEdit where the text has no such words, NotAllowed,
    NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    question_id, words, draft = chosen
    if question_id not in found.texts:
        raise NotFound("text")
    spellings = spellings_of(words, found.texts[question_id])
    if not spellings:
        raise BadEdit("words", "The text has no such words: type them as they stand there")
    is_nobody = found.report.employee_id_mode == "none"
    token = NOBODY if is_nobody else await _token_for(scope, found, draft, now)
    for name, text in found.texts.items():
        places = [Finding(*place, Kind.NAME) for place in places_of(spellings, text)]
        new = replaced(text, places, dict.fromkeys(places, token))
        await _write_text(scope, settings, found, TextEdit(name, new, TOOK_OUT, spellings), now)
        await carry_left(scope, settings, found, name, new)
    await note(scope, "mark_person", found.report.id, now, question=question_id)


async def _token_for(scope: Scope, found: Opened, draft: MentionDraft, now: datetime) -> str:
    """The token of somebody who is in the report already, or of somebody new."""
    token = draft.token
    if token not in {known.token for known in found.mentions}:
        token = await _new_mention(scope, found, allowed(draft, found.report.employee_id_mode), now)
    return f"[{token}]"


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
        reason = TOOK_OUT if each.is_person else f"Took out: {each.kind_words}"
        await _write_text(scope, settings, found, TextEdit(question_id, new, reason), now)
        await carry_left(scope, settings, found, question_id, new)


async def _write_text(scope: Scope, settings: Settings, found: Opened, edit: TextEdit, now: datetime) -> None:
    report, old = found.report, found.texts[edit.field]
    if edit.text == old:
        return
    sealed_new = sealed_text(found.key, report.id, edit.field, edit.text) if edit.text else None
    await queries.write_text(scope, report.id, edit.field, sealed_new)
    own = await own_names(scope, settings, report.shop_id)
    known = [each.name for each in found.mentions if each.name]
    known += [each.words for each in found.scanned if each.is_person and not each.is_left]
    known += edit.hidden

    def sealed(column: str, text: str) -> bytes:
        # What a redaction takes out is gone: the trail keeps where it stood and what it was, not what it said.
        clean = _blacked_out(text, findings(text, known, own, report.regions))
        return sealed_in_edit(found.key, report.id, column, edit.field, clean)

    row = EditRow(
        edit.field, scope.account_id, edit.origin, None, None,
        sealed("old_sealed", old), sealed("new_sealed", edit.text), sealed("reason", edit.reason),
    )  # fmt: skip
    await queries.insert_edit(scope, report.id, row, now)
    await note(scope, "edit", report.id, now, question=edit.field, origin=edit.origin)


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
