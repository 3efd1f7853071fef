"""Mail to shoppers about their pay."""

from survey.shops.payments import service
from survey.shops.payments.domain import PAID_KIND, REMIND_AFTER, WHERE_AGAIN_KIND, WHERE_ASKED_KIND, WHERE_KIND, Item
from tests.conftest import NOW
from tests.shop_world import shop_world
from tests.survey.shops.payments.conftest import Payroll

from .stage import Sample, Stage


async def _paid(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    pay = Payroll(there, stage.scope)
    item = await pay.paid(await pay.payee())
    assert item.batch_id is not None
    await service.tell_paid(stage.settings, stage.affiliate_id, item.batch_id, NOW)


async def _waits(stage: Stage) -> None:
    await _waiting(stage)
    await service.tell_waiting(stage.settings, NOW)


async def _waits_long(stage: Stage) -> None:
    await _waiting(stage)
    for now in (NOW, NOW + REMIND_AFTER):
        await service.tell_waiting(stage.settings, now)


async def _asked(stage: Stage) -> None:
    pay, item = await _waiting(stage)
    async with pay.transaction():
        await service.ask_where(pay.scope, stage.settings, [item.id], 1, NOW)


async def _waiting(stage: Stage) -> tuple[Payroll, Item]:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    pay = Payroll(there, stage.scope)
    return pay, await pay.payable(await there.shopper())


SAMPLES: dict[str, Sample] = {
    PAID_KIND: _paid,
    WHERE_KIND: _waits,
    WHERE_AGAIN_KIND: _waits_long,
    WHERE_ASKED_KIND: _asked,
}
