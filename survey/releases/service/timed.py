"""Reports that leave by themselves some hours after their approval: the editor's word, carried out by the clock.

Everything is asked again when the moment comes: late, twice or in two workers at once it is one release or none.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from privacy import audit
from survey.db import Role, Scope, connection, savepoint, transaction
from survey.media import Media
from survey.settings import Settings
from survey.shops.reviews.domain import Undecided
from survey.shops.visits import service as visits
from survey.shops.visits.domain import State

from .. import queries
from ..domain import Revealing
from .looking import note_name_look
from .shops import release_shop
from .staying import tell_stayed

AT_ONCE = 50


async def release_due(settings: Settings, media: Media, now: datetime) -> int:
    """Release what is due, each in a transaction of its own; how many left."""
    async with transaction(Role.WORKER):
        due = await queries.due_releases(now, AT_ONCE)
    left = 0
    for affiliate_id, shop_id in due:
        async with transaction(Role.STAFF, affiliate=affiliate_id):
            left += await _release(Scope(affiliate_id, actor_kind="system"), settings, media, shop_id, now)
    return left


async def _release(system: Scope, settings: Settings, media: Media, shop_id: UUID, now: datetime) -> bool:
    """Whether it left. What would tell who made the visit, or is not decided, stays: recorded and told."""
    shop = await visits.shop_in(system, shop_id, lock=True)
    found = await queries.find_due_release(system, shop_id, now)
    if found is None or shop.state is not State.APPROVED or shop.is_on_hold:
        return False
    is_wanted, editor_id = found
    if not is_wanted or editor_id is None:
        await queries.drop_release_timer(system, shop_id)
        return False
    editor = replace(system, account_id=editor_id, actor_kind="staff")
    try:
        async with savepoint():
            await release_shop(editor, settings, media, shop_id, now, is_timed=True)
    except (Revealing, Undecided) as refusal:
        await queries.drop_release_timer(system, shop_id)
        found_kinds = refusal.kinds if isinstance(refusal, Revealing) else ("undecided",)
        detail = {"found": " ".join(sorted(found_kinds))}
        actor = (system.affiliate_id, system.actor_kind, None)
        await note_name_look(editor, shop_id, now)
        await audit.record(connection(), audit.Event(*actor, "shop_report.stayed", "shop", shop_id, detail=detail), now)
        await tell_stayed(system, settings, shop_id, editor_id, now)
        return False
    return True
