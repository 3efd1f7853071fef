"""Legal holds: placing one on a shop and lifting it. Neither moves the shop; what would be removed waits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from survey.db import Keyset, Paged, Scope, connection

from .. import queries
from ..domain import LegalHold, NotOnLegalHold


@dataclass(frozen=True, slots=True)
class WhyHeld:
    """Why a shop is held: a code of LEGAL_REASONS, and the number of the matter."""

    reason: str
    reference: str


async def place_legal_hold(scope: Scope, shop_id: UUID, why: WhyHeld, now: datetime) -> None:
    """Forbid that anything of a shop is removed, in whatever state it is; twice is once. Raises NotFound."""
    await queries.shop_in(scope, shop_id, lock=True)
    if await queries.has_legal_hold(scope, shop_id):
        return
    hold_id = random_id()
    await queries.place_legal_hold(scope, shop_id, hold_id, (why.reason, why.reference), now)
    await _note(scope, shop_id, "legal_hold", now, {"hold": str(hold_id), "reason": why.reason})


async def lift_legal_hold(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> None:
    """Let what is over go again, with the next nightly sweep. reason: a code of LIFT_REASONS.

    Raises NotFound, NotOnLegalHold.
    """
    await queries.shop_in(scope, shop_id, lock=True)
    if not await queries.has_legal_hold(scope, shop_id):
        raise NotOnLegalHold
    hold_id = await queries.lift_legal_hold(scope, shop_id, reason, now)
    await _note(scope, shop_id, "lift_legal_hold", now, {"hold": str(hold_id), "reason": reason})


async def legal_holds_of(scope: Scope, shop_id: UUID) -> list[LegalHold]:
    """The holds of a shop, the latest first; none for a shop that nobody knows."""
    return await queries.legal_holds_of(scope, shop_id)


async def has_legal_hold(scope: Scope, shop_id: UUID) -> bool:
    """Whether the law holds a shop."""
    return await queries.has_legal_hold(scope, shop_id)


async def legal_holds(scope: Scope, is_lifted: bool, words: str, keyset: Keyset) -> Paged[queries.HoldLine]:
    """Holds that stand, or that were lifted."""
    return await queries.legal_holds(scope, is_lifted, words, keyset)


async def _note(scope: Scope, shop_id: UUID, action: str, now: datetime, detail: dict[str, str]) -> None:
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, f"shop.{action}", "shop", shop_id, detail=detail), now)
