"""A shopper's copy of their own data, asked for and made; it waits, sealed, like any other file."""

from survey.db import Role, Scope, transaction
from survey.rights.service import copying, making
from survey.settings import Settings
from tests.conftest import NOW

from .affiliates import Affiliate

PASSWORD = "brisk lantern oboe meadow"  # with which shoppers register in this world


async def a_copy(one: Affiliate, settings: Settings) -> None:
    """What the button and the worker do."""
    affiliate_id, shopper_id = one.scope.affiliate_id, one.ids["shopper_id"]
    own = Scope(affiliate_id, shopper_id, "shopper", "shopper", shopper_id=shopper_id)
    async with transaction(Role.SHOPPER, affiliate=affiliate_id, shopper=shopper_id):
        await copying.ask_copy(own, None, NOW)
        asked = await copying.own_copy(own)
    assert asked is not None
    await making.make(settings, own, asked.id, asked.media_key, NOW)
