"""Mail to shoppers about their shops."""

from uuid import uuid4

from survey.db import Role, transaction
from survey.shops.scheduling import service
from survey.shops.scheduling.domain import Kind, Shown, Tale, Terms
from survey.shops.visits.domain import DeclineReason, NewWindow
from tests.conftest import NOW
from tests.shop_world import DAY, ShopWorld, moment, shop_world

from .stage import Sample, Stage


async def _world(stage: Stage) -> ShopWorld:
    return await shop_world(stage.superuser, stage.settings, stage.affiliate_id)


async def _offered(stage: Stage) -> None:
    await (await _world(stage)).shop("OFFERED")
    await service.tell(stage.settings, NOW)


async def _assigned(stage: Stage) -> None:
    await (await _world(stage)).shop("ASSIGNED")
    await service.tell(stage.settings, NOW)


async def _taken_back(stage: Stage) -> None:
    there = await _world(stage)
    shop_id, shopper = await there.shop(), await there.shopper()
    await there.assignment(shop_id, shopper, "taken_back", assigned_at=moment(-3))
    await service.tell(stage.settings, NOW)


async def _moved(stage: Stage) -> None:
    there = await _world(stage)
    shop_id = await there.shop("ASSIGNED")
    await stage.superuser.execute(
        "UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, moment(-5)
    )
    terms = Terms(window=NewWindow(by_days=2))
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        shown = Shown((shop_id,), (), {})
        await service.do(stage.scope, stage.settings.keyring, uuid4(), Kind.WINDOW, terms, shown, moment(hours=-1))
    await service.tell(stage.settings, NOW)


async def _reminded(stage: Stage) -> None:
    there = await _world(stage)
    shop_id = await there.shop("ASSIGNED", planned_on=NOW.date() + DAY)
    await stage.superuser.execute(
        "UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, moment(-5)
    )
    await service.remind(stage.settings, NOW)


async def _written(stage: Stage) -> None:
    shopper = await (await _world(stage)).shopper()
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.write(stage.scope, stage.settings.keyring, [(shopper.id, None)], "Doors close at six.", NOW)
    await service.tell(stage.settings, NOW)


async def _answered(stage: Stage) -> None:
    there = await _world(stage)
    shop_id, shopper = await there.shop(), await there.shopper()
    application_id = await there.application(shop_id, shopper)
    async with there.transaction():
        await service.turn_down(there.scope, application_id, DeclineReason.SOMEBODY_NEARER, NOW)
    await service.tell(stage.settings, NOW)


SAMPLES: dict[str, Sample] = {
    Tale.OFFER: _offered,
    Tale.ASSIGNED: _assigned,
    Tale.TAKEN_BACK: _taken_back,
    Tale.MOVED: _moved,
    Tale.REMINDER: _reminded,
    Tale.MESSAGE: _written,
    Tale.ANSWER: _answered,
}
