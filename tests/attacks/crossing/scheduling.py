"""What a scheduler of an affiliate leaves behind: a shop that somebody asks for, a view, an act, a thread."""

from uuid import UUID, uuid4

from survey.shops.scheduling import service
from survey.shops.scheduling.domain import Filter, Kind, Shown, Terms, View
from survey.shops.visits.domain import HoldReason, State
from tests.conftest import NOW
from tests.shop_world import Shopper, ShopWorld

from .canary import Visitor


async def scheduled(there: ShopWorld, shopper: Shopper, who: Visitor) -> dict[str, UUID]:
    """The ids of what only a scheduler has."""
    shop_id, held, action_id = await there.shop(), await there.shop(), uuid4()
    application_id = await there.application(shop_id, shopper, note=who.plea)
    ring, terms = there.settings.keyring, Terms(hold_reason=HoldReason.LEGAL)
    async with there.transaction():
        view = View(Filter(state=(State.OPEN,)))
        view_id = await service.save_view(there.scope, "Open", view, NOW, is_shared=False)
        await service.do(there.scope, ring, action_id, Kind.HOLD, terms, Shown((held,), (), {}), NOW)
    async with shopper.transaction():
        thread_id = await service.ask(shopper.scope, ring, shop_id, who.question, NOW)
    return {"application_id": application_id, "view_id": view_id, "action_id": action_id, "thread_id": thread_id}
