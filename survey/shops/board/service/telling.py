"""Telling a shopper what was decided about another day, in the transaction that decides it."""

from datetime import datetime

from survey.db import Scope
from survey.settings import Settings
from survey.shoppers import service as shoppers

from ..domain import DECIDED_KIND, Extension


async def tell_decided(scope: Scope, settings: Settings, wish: Extension, now: datetime) -> None:
    """Ask for one mail about a wish; a wish is decided once. Role.STAFF."""
    await shoppers.ask_for_bulk(settings, DECIDED_KIND, [(scope.affiliate_id, wish.id, wish.shopper_id)], now)
