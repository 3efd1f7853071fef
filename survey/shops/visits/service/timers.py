"""What happens to shops by itself: late, twice or in any order, the machine is asked each time."""

from datetime import datetime
from uuid import UUID

from survey.db import Role, Scope, transaction

from .. import queries
from ..domain import LINES, Actor, Event, Move, Planned, Shop, planned, true_moment
from .applications import settle
from .moving import carry_out

BATCH = 500
SYSTEM = Scope(UUID(int=0), actor_kind="system")  # of no tenant: each shop carries its own


async def fire_timers(now: datetime) -> int:
    """Fire whatever is due, a batch a transaction, and say how many moves it came to. Two workers never take the same.

    It goes on until nothing moves: a shop that comes back after its window has ended expires in the same run, however
    full the batches are, so that a second run straight after the first finds nothing to do.
    """
    moved = 0
    while True:
        async with transaction(Role.WORKER):
            seen, fired = await _fire_batch(now)
        moved += fired
        if not fired and seen < BATCH:
            return moved


async def settle_shop(affiliate_id: UUID, shop_id: UUID, now: datetime) -> None:
    """End what other people's applications for a shop are left, once a shopper has taken it. May run twice."""
    async with transaction(Role.WORKER, affiliate=affiliate_id):
        await settle(Scope(affiliate_id, actor_kind="system"), [shop_id], now)


async def _fire_batch(now: datetime) -> tuple[int, int]:
    """Seen and fired. A timer that came too early sleeps on; one that its state has outlived goes."""
    due = await queries.due_timers(now, BATCH)
    moves: dict[UUID, Planned] = {}
    early: list[tuple[Shop, Event, datetime]] = []
    stale: list[tuple[UUID, Event]] = []
    for shop, event, written in due:
        moment = true_moment(shop, event, written)
        if (shop.state, event) not in LINES:
            stale.append((shop.id, event))
        elif moment > now:
            early.append((shop, event, moment))
        elif shop.id not in moves:
            moves[shop.id] = planned(shop, Move(event, Actor.TIMER, now))
    await queries.drop_timers(stale)
    await queries.set_timers([shop for shop, _, _ in early], [{event: moment} for _, event, moment in early])
    await carry_out(SYSTEM, list(moves.values()), now)
    return len(due), len(moves)
