"""Mail to shoppers about a report of theirs."""

from survey.db import Role, transaction
from survey.shops.reviews import service
from tests.conftest import NOW
from tests.shop_world import shop_world
from tests.survey.shops.reviews.conftest import PLAIN, reported

from .stage import Sample, Stage


def _ending(is_return: bool) -> Sample:
    async def end(stage: Stage) -> None:
        there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
        shop_id, _ = await reported(there, await there.shopper("Inès Marsh"), PLAIN)
        async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
            await service.pick_up(there.scope, stage.settings, shop_id, NOW)
            if is_return:
                await service.add_note(there.scope, stage.settings, shop_id, ("", "Which till was it?"), NOW)
                await service.send_back(there.scope, stage.settings, shop_id, NOW)
            else:
                await service.exclude(there.scope, stage.settings, shop_id, "our_mistake", NOW)

    return end


SAMPLES = {service.RETURNED_KIND: _ending(is_return=True), service.DECIDED_KIND: _ending(is_return=False)}
