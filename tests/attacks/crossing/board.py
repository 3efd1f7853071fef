"""What a shopper of an affiliate asks for: another day for a shop, in words under seal."""

from uuid import UUID

from survey.shops.board import service
from survey.shops.board.domain import Why
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld


async def another_day(there: ShopWorld, shopper: Shopper, words: str) -> UUID:
    """The id of a wish that waits for a decision."""
    shop_id = await there.shop("ASSIGNED", shopper, planned_on=NOW.date() + DAY)
    wish = (NOW.date() + 3 * DAY, Why.ILLNESS, words)
    async with shopper.transaction():
        await service.mine.ask_for_day(shopper.scope, there.settings.keyring, shop_id, wish, NOW)
        (asked,) = await service.mine.own_wishes(shopper.scope, shop_id)
    return asked.id
