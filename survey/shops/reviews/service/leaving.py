"""Leaving in what the scan found: with a reason, in sight of everybody who reads the report, and with a way back.

A decision belongs to the words in their text as it stands: whoever edits the text decides anew. What we put in the
place of other words ourselves changes nothing about those that were left.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.redaction import findings, replaced
from privacy.vault import Place, data_keys, unseal_text
from survey.accounts.domain import NAME as ACCOUNT_NAME
from survey.db import Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import NEVER_STAYS, BadEdit, Scanned, Undecided, initials_of
from .holding import held
from .noting import note
from .opening import Opened, finding_in, opened
from .sealing import left_fingerprint, sealed_left_reason

LONGEST_LEFT_REASON = 300


@dataclass(frozen=True, slots=True)
class Leaving:
    """A finding as a form names it, and why it may stay; no reason is asked of what only might be a name."""

    question_id: str
    digest: str
    reason: str = field(default="", repr=False)


async def leave(scope: Scope, settings: Settings, shop_id: UUID, leaving: Leaving, now: datetime) -> None:
    """Leave a finding as it is: it names nobody. Words that only might be a name are left wherever they stand.

    Raises NotFound, DealtWith, NotHeld, OnHold, WrongState, BadEdit without a reason and for what nobody may leave.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    each = finding_in(found, leaving.question_id, leaving.digest)
    if not each.may_stay:
        raise BadEdit("finding", f"This may not stay ({each.kind_words}): replace it or edit the text")
    reason = "" if each.is_perhaps else _reason_in(leaving.reason)
    rows = [
        (one.question_id, one.mark, sealed_left_reason(found.key, found.report.id, one.question_id, reason))
        for one in _same(found, each)
    ]
    await queries.leave_findings(scope, found.report.id, rows, now)
    await note(scope, "leave_finding", found.report.id, now, question=each.question_id, kind=each.finding.kind.value)


async def take_back(scope: Scope, settings: Settings, shop_id: UUID, chosen: tuple[str, str], now: datetime) -> None:
    """Put a finding that was left before the editor again. chosen: field, digest. Twice is once.

    Raises NotFound, DealtWith, NotHeld, OnHold, WrongState.
    """
    await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    each = finding_in(found, *chosen)
    if each.is_left:
        await queries.take_back(scope, found.report.id, [one.mark for one in _same(found, each)])
        kind = each.finding.kind.value
        await note(scope, "take_back_finding", found.report.id, now, question=each.question_id, kind=kind)


async def carry_left(scope: Scope, settings: Settings, found: Opened, name: str, text: str) -> None:
    """After words of ours have come into a text: what was left in it is left still. text: as it stands now."""
    ours = [each for each in found.scanned if each.question_id == name and each.is_left]
    marks = [
        (each.mark, left_fingerprint(settings.index_key, found.report.id, (each.finding.kind.value, each.words, text)))
        for each in ours
    ]
    if marks:
        await queries.carry_left(scope, found.report.id, name, marks)


async def require_decided(scope: Scope, settings: Settings, shop_id: UUID, read: Collection[str] = ()) -> None:
    """Raises Undecided where the texts, read anew, hold what nobody has decided about. Raises NotFound.

    read: whole texts that the client has before it. Times of day in them are nothing new to it, though it may be told
    them less finely since: where one person works alone by now.
    """
    found = await opened(scope, settings, shop_id)
    waiting = (each for each in found.scanned if not each.is_left)
    undecided = {
        each.words.casefold() for each in waiting if not (each.is_time and found.texts[each.question_id] in read)
    }
    if undecided:
        raise Undecided(len(undecided))


async def initials_by_account(scope: Scope, settings: Settings, found: Opened) -> Mapping[UUID, str]:
    """Who left something in, as the page says it."""
    ids = sorted({each.left.by_id for each in found.scanned if each.left})
    sealed = await queries.sealed_editors(scope, ids) if ids else {}
    keys = await data_keys(connection(), settings.keyring, list(sealed)) if sealed else {}
    return {
        account_id: initials_of(unseal_text(keys[account_id], Place(ACCOUNT_NAME, account_id, account_id), name))
        for account_id, (_, name) in sealed.items()
        if account_id in keys
    }


def _same(found: Opened, each: Scanned) -> Sequence[Scanned]:
    if not each.is_perhaps:
        return [one for one in found.scanned if (one.question_id, one.mark) == (each.question_id, each.mark)][:1]
    words = each.words.casefold()
    return [one for one in found.scanned if one.is_perhaps and one.words.casefold() == words]


def _reason_in(typed: str) -> str:
    reason = typed.strip()
    if not reason or len(reason) > LONGEST_LEFT_REASON:
        raise BadEdit("reason", "Say in a few words why it may stay: whoever reads the report after you is told")
    return replaced(reason, [each for each in findings(reason) if each.kind in NEVER_STAYS])
