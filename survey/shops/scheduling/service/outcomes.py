"""What came of an act on many shops, put together: who was left out and why, and what an undo needs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from survey.db import Scope, connection
from survey.shops.visits.domain import Effects

from .. import queries
from ..domain import SKIP_WORDS, Before, Chosen, Outcome, Skipped


async def outcome_of(
    scope: Scope,
    shops: Sequence[Chosen],
    effects: Effects,
    refused: tuple[Skipped, ...] = (),
    words: Mapping[str, str] = SKIP_WORDS,
) -> Outcome:
    """What came of moves: those that were done, and by reason, in words, those that rules or the machine refused."""
    done = set(effects.done)
    refs = {shop.id: shop.public_ref for shop in shops}
    by_machine: dict[str, list[str]] = defaultdict(list)
    for code, ids in effects.skipped.items():
        by_machine[words.get(code, code)] += (refs[each] for each in ids if each in refs)
    return Outcome(
        effects.done,
        (*refused, *skipped_of(by_machine)),
        await before_of(scope, [shop for shop in shops if shop.id in done]),
    )


async def before_of(scope: Scope, shops: Sequence[Chosen]) -> dict[str, Before]:
    """What was there, and the revision that the act has left: the undo touches nothing that has moved since."""
    revisions = await queries.revisions_of(scope, [shop.id for shop in shops])
    return {
        str(shop.id): {
            "revision": revisions[shop.id],
            "planned_on": shop.planned_on.isoformat() if shop.planned_on else None,
            "due_at": shop.due_at.isoformat() if shop.due_at else None,
            "fee_cents": shop.fee_cents,
            "bonus_cents": shop.bonus_cents,
            "unassign_count": shop.unassign_count,
        }
        for shop in shops
    }


async def note_each(
    scope: Scope, action: str, details: Iterable[tuple[UUID, Mapping[str, str | int]]], now: datetime
) -> None:
    """An audit event for each of the shops."""
    events = [
        AuditEvent(scope.affiliate_id, scope.actor_kind, scope.account_id, action, "shop", shop_id, detail=detail)
        for shop_id, detail in details
    ]
    await record_many(connection(), events, now)


def sorted_by(shops: Sequence[Chosen], refusal: Callable[[Chosen], str]) -> tuple[list[Chosen], dict[str, list[str]]]:
    """Those against which nothing speaks, and the references of the others by what does."""
    taken: list[Chosen] = []
    refused: dict[str, list[str]] = defaultdict(list)
    for shop in shops:
        why = refusal(shop)
        if why:
            refused[why].append(shop.public_ref)
        else:
            taken.append(shop)
    return taken, refused


def skipped_of(refused: Mapping[str, Sequence[str]]) -> tuple[Skipped, ...]:
    """The same as an outcome has it, what left out most first."""
    return tuple(
        Skipped(why, tuple(refs)) for why, refs in sorted(refused.items(), key=lambda pair: -len(pair[1])) if refs
    )
