"""Deciding marks that were proposed, and contesting them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record
from privacy.vault import KeyRing, Place, data_key, seal, unseal_text
from survey.db import Keyset, Paged, Scope, connection

from .. import queries
from ..domain import (
    COUNTING,
    AssignmentState,
    ContestReason,
    DecisionReason,
    Mark,
    MarkEvent,
    MarkKind,
    MarkState,
    mark_after,
)

WORDS = "identity.mark.contest_words"
READ_PURPOSE = "decide about a mark"


async def undecided_marks(scope: Scope, keyset: Keyset) -> Paged[Mark]:
    """One page of marks that wait for a person. Raises BadCursor."""
    return await queries.undecided_marks(scope, keyset)


async def marks_of(scope: Scope, shopper_id: UUID, keyset: Keyset) -> Paged[Mark]:
    """One page of a shopper's marks: staff's view, or the shopper's own. Raises BadCursor."""
    return await queries.marks_of(scope, shopper_id, keyset)


async def decide_mark(scope: Scope, mark_id: UUID, event: MarkEvent, reason: DecisionReason, now: datetime) -> None:
    """Staff confirm or dismiss a mark, also one that was contested. Raises NotFound, MarkSettled."""
    mark = await queries.mark_in(scope, mark_id)
    state = mark_after(mark.state, event)
    await queries.decide_mark(scope, mark_id, state, reason, now)
    if mark.kind is MarkKind.NO_SHOW:
        counts = AssignmentState.FLAKED if state in COUNTING else AssignmentState.TAKEN_BACK
        await queries.set_assignment_state(scope, mark.assignment_id, counts)
    await _record(scope, mark, f"mark.{event}", now, reason)


async def propose_mark(scope: Scope, shop_id: UUID, kind: MarkKind, now: datetime) -> None:
    """Staff propose a mark against whoever made a shop; somebody decides about it as about any other."""
    made = await queries.propose_mark(scope, shop_id, kind, now)
    if made is None:
        return
    event = AuditEvent(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "mark.propose", "mark", made["id"],
        subject_id=made["shopper_id"], detail={"kind": kind.value},
    )  # fmt: skip
    await record(connection(), event, now)


async def remove_mark(scope: Scope, shop_id: UUID, kind: MarkKind, now: datetime) -> None:
    """A mark of a shop counts no more: what it rested on is overturned. Without one, or twice, nothing happens."""
    mark = await queries.find_mark(scope, shop_id, kind)
    if mark is None or mark.state is MarkState.DISMISSED:
        return
    state = mark_after(mark.state, MarkEvent.REMOVE)
    await queries.decide_mark(scope, mark.id, state, DecisionReason.OVERTURNED, now)
    await _record(scope, mark, "mark.remove", now, DecisionReason.OVERTURNED)


async def contest_mark(
    scope: Scope, mark_id: UUID, reason: ContestReason, now: datetime, *, ring: KeyRing | None = None, words: str = ""
) -> None:
    """The shopper says why a mark is wrong, in words of their own too, which are sealed; a person decides again.

    Raises NotFound, MarkSettled.
    """
    mark = await queries.mark_in(scope, mark_id)
    mark_after(mark.state, MarkEvent.CONTEST)
    sealed = None
    if words and ring is not None:
        key = await data_key(connection(), ring, mark.shopper_id)
        sealed = seal(key, Place(WORDS, mark_id, mark.shopper_id), words)
    await queries.contest_mark(scope, mark_id, (reason, sealed), now)
    await _record(scope, mark, "mark.contest", now, reason)


async def own_words(ring: KeyRing, marks: Sequence[Mark]) -> dict[UUID, str]:
    """What the shopper wrote against marks of theirs, opened; by mark. Role.SHOPPER."""
    wordy = [mark for mark in marks if mark.words]
    if not wordy:
        return {}
    key = await data_key(connection(), ring, wordy[0].shopper_id)
    return {mark.id: unseal_text(key, Place(WORDS, mark.id, mark.shopper_id), mark.words or b"") for mark in wordy}


async def read_contest(scope: Scope, ring: KeyRing, mark_id: UUID, now: datetime) -> tuple[Mark, str]:
    """Staff read what the shopper wrote against a mark; the look is recorded. Role.STAFF. Raises NotFound."""
    mark = await queries.mark_in(scope, mark_id, lock=False)
    words = (await own_words(ring, [mark])).get(mark_id, "")
    if words:
        event = AuditEvent(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "mark.read", "mark", mark.id,
            subject_id=mark.shopper_id, purpose=READ_PURPOSE, detail=scope.seen_as,
        )  # fmt: skip
        await record(connection(), event, now)
    return mark, words


async def _record(scope: Scope, mark: Mark, action: str, now: datetime, reason: str) -> None:
    event = AuditEvent(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "mark", mark.id,
        subject_id=mark.shopper_id, detail={"kind": mark.kind.value, "reason": reason},
    )  # fmt: skip
    await record(connection(), event, now)
