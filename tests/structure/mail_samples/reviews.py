"""Mail to shoppers about a report of theirs."""

from dataclasses import replace
from uuid import UUID, uuid4

from privacy.vault import Place, create_subject, seal
from survey.accounts.domain import EMAIL, NAME
from survey.db import Role, transaction
from survey.shops.reviews import service
from survey.shops.reviews.domain import Because
from survey.shops.reviews.service import Judged
from tests.conftest import NOW
from tests.shop_world import ShopWorld, insert, shop_world
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
                because = Because("our_mistake", "We sent two people.")
                await service.exclude(there.scope, stage.settings, shop_id, because, NOW)

    return end


async def _manager(stage: Stage) -> None:
    """An active manager with name and address under seal, as accounts make them."""
    account_id = uuid4()
    key = await create_subject(stage.superuser, stage.settings.keyring, stage.affiliate_id, account_id)
    values = {
        "id": account_id, "affiliate_id": stage.affiliate_id, "role": "manager", "status": "active",
        "name": seal(key, Place(NAME, account_id, account_id), "Nell"), "email_index": account_id.bytes,
        "email": seal(key, Place(EMAIL, account_id, account_id), "nell@company.test"), "created_at": NOW,
    }  # fmt: skip
    await insert(stage.superuser, "identity.account", values)


async def _contested(stage: Stage) -> tuple[ShopWorld, UUID]:
    """A rejection that its shopper contests; a manager has been told."""
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    shopper = await there.shopper("Inès Marsh")
    shop_id, _ = await reported(there, shopper, PLAIN)
    await _manager(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.pick_up(there.scope, stage.settings, shop_id, NOW)
        await service.reject(there.scope, stage.settings, shop_id, Because("no_proof", "No receipt was sent."), NOW)
    async with shopper.transaction():
        await service.contest_decision(shopper.scope, stage.settings, shop_id, "It is in the second picture.", NOW)
    await service.tell_contest(stage.settings, stage.affiliate_id, shop_id, NOW)
    return there, shop_id


async def _answered(stage: Stage) -> None:
    there, shop_id = await _contested(stage)
    other = replace(there.scope, account_id=uuid4())
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.judge(other, stage.settings, shop_id, Judged(False, "It shows another day."), NOW)


SAMPLES: dict[str, Sample] = {
    service.RETURNED_KIND: _ending(is_return=True),
    service.DECIDED_KIND: _ending(is_return=False),
    service.CONTESTED_KIND: _contested,
    service.ANSWERED_KIND: _answered,
}
