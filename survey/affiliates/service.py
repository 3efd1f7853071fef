"""Use cases of affiliates: begin one, suspend and resume it, change its settings. Each is audited in place."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from survey.db import Keyset, Paged, Scope, connection

from . import queries
from .domain import ACTIVE, SUSPENDED, Draft, Listed, ShopTerms, TakenSlug, TenantSettings, changes
from .queries import least_shopper_age_in, sender_of

__all__ = [
    "TakenSlug",
    "affiliate_in",
    "affiliates",
    "change_settings",
    "change_shop_terms",
    "create_affiliate",
    "create_provider",
    "least_shopper_age_in",
    "resume",
    "sender_of",
    "settings_in",
    "shop_terms_in",
    "suspend",
]


async def create_affiliate(scope: Scope, draft: Draft, now: datetime) -> UUID:
    """A new tenant; its id. Its first administrator is invited by accounts. Role.PROVIDER. Raises TakenSlug."""
    affiliate_id = random_id()
    await queries.insert_affiliate(affiliate_id, "affiliate", draft, now)
    await _note(scope, affiliate_id, "affiliate.create", now)
    return affiliate_id


async def create_provider(draft: Draft, now: datetime) -> Scope:
    """The tenant that runs the platform, on a new installation; the scope of its people. Role.PROVIDER."""
    affiliate_id = random_id()
    await queries.insert_affiliate(affiliate_id, "provider", draft, now)
    scope = Scope(affiliate_id, None, "provider", "system")
    await _note(scope, affiliate_id, "affiliate.create", now)
    return scope


async def affiliates(words: str, status: str, keyset: Keyset) -> Paged[Listed]:
    """One page of the platform's affiliates. Role.PROVIDER."""
    return await queries.affiliates_of_the_platform(words, status, keyset)


async def affiliate_in(affiliate_id: UUID) -> Listed:
    """One affiliate of the platform. Role.PROVIDER. Raises NotFound."""
    return await queries.affiliate_of_the_platform(affiliate_id)


async def suspend(scope: Scope, affiliate_id: UUID, now: datetime) -> None:
    """Nobody of the affiliate can work from now on; nothing is removed. Role.PROVIDER. Raises NotFound."""
    await _change_status(scope, affiliate_id, SUSPENDED, now)


async def resume(scope: Scope, affiliate_id: UUID, now: datetime) -> None:
    """The affiliate works again. Role.PROVIDER. Raises NotFound."""
    await _change_status(scope, affiliate_id, ACTIVE, now)


async def settings_in(scope: Scope) -> TenantSettings:
    """The settings of the scope's affiliate. Raises NotFound."""
    return await queries.settings_in(scope)


async def change_settings(scope: Scope, new: TenantSettings, now: datetime) -> bool:
    """Put new settings in place and record each difference, old and new; False when there was none."""
    old = await queries.settings_in(scope, lock=True)
    differences = changes(old, new)
    if not differences:
        return False
    await queries.put_settings(scope, new)
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "affiliate.settings", "affiliate",
        scope.affiliate_id, detail=differences,
    )  # fmt: skip
    await record(connection(), event, now)
    return True


async def shop_terms_in(scope: Scope) -> ShopTerms:
    """What the scope's affiliate decides for all of its shops. Role.STAFF or SHOPPER. Raises NotFound."""
    return await queries.shop_terms_in(scope)


async def change_shop_terms(scope: Scope, new: ShopTerms, now: datetime) -> bool:
    """Put other terms in place and record each difference, old and new; False when there was none."""
    differences = changes(await queries.shop_terms_in(scope, lock=True), new)
    if not differences:
        return False
    await queries.put_shop_terms(scope, new)
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "affiliate.shop_terms", "affiliate",
        scope.affiliate_id, detail=differences,
    )  # fmt: skip
    await record(connection(), event, now)
    return True


async def _change_status(scope: Scope, affiliate_id: UUID, status: str, now: datetime) -> None:
    await queries.affiliate_of_the_platform(affiliate_id)
    if await queries.set_status(affiliate_id, status):
        await _note(scope, affiliate_id, "affiliate.suspend" if status == SUSPENDED else "affiliate.resume", now)


async def _note(scope: Scope, affiliate_id: UUID, action: str, now: datetime) -> None:
    event = Event(affiliate_id, scope.actor_kind, scope.account_id, action, "affiliate", affiliate_id)
    await record(connection(), event, now)
