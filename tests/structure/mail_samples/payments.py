"""Mail to shoppers about their pay."""

from survey.shops.payments import service
from survey.shops.payments.domain import PAID_KIND
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


SAMPLES: dict[str, Sample] = {PAID_KIND: _paid}
