"""Use cases of affiliates: begin one, suspend and resume it, change its settings and its looks. Each is audited."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.media import media_of
from survey.media.logos import FILE_BYTES, check_size, logo_from
from survey.media.pictures import in_a_thread
from survey.queue import enqueue
from survey.settings import Settings
from survey.web.brands import Brand

from . import queries
from .domain import (
    ACTIVE,
    LONGEST_SESSION_MINUTES,
    SUSPENDED,
    Appearance,
    Draft,
    Listed,
    ShopTerms,
    TakenName,
    TakenSlug,
    TenantSettings,
    changes,
)
from .queries import find_brand, least_shopper_age_in, sender_of

LOGOS = "logos"
# A client's session shows the logo that there was when it began; the hour is for a sign-in that goes on meanwhile.
LOGO_OUTLIVES = timedelta(minutes=LONGEST_SESSION_MINUTES, hours=1)

__all__ = [
    "Brand",
    "TakenName",
    "TakenSlug",
    "affiliate_in",
    "affiliates",
    "appearance_in",
    "brand_in",
    "change_appearance",
    "change_settings",
    "change_shop_terms",
    "create_affiliate",
    "create_provider",
    "find_brand",
    "least_shopper_age_in",
    "logo_file",
    "remove_logo",
    "resume",
    "sender_of",
    "set_logo",
    "settings_in",
    "shop_terms_in",
    "suspend",
]


async def create_affiliate(scope: Scope, draft: Draft, now: datetime) -> UUID:
    """A new tenant; its id. Its first administrator is invited by accounts. Role.PROVIDER.

    Raises TakenName and TakenSlug.
    """
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
    await _note_own(scope, "affiliate.settings", differences, now)
    return True


async def appearance_in(scope: Scope) -> Appearance:
    """How the scope's affiliate looks to people outside. Raises NotFound."""
    return await queries.appearance_in(scope)


async def change_appearance(scope: Scope, new: Appearance, now: datetime) -> bool:
    """Look so from now on, everywhere at once, and record each difference; False when there was none.

    Raises TakenName where another affiliate's name looks the same; the transaction is lost then.
    """
    differences = changes(await queries.appearance_in(scope, lock=True), new)
    if not differences:
        return False
    await queries.put_appearance(scope, new)
    await _note_own(scope, "affiliate.brand", differences, now)
    return True


async def brand_in(affiliate_id: UUID) -> Brand:
    """What an affiliate's pages wear. Any role that may read affiliates. Raises NotFound."""
    found = await queries.find_brand(affiliate_id)
    if found is None:
        raise NotFound("affiliate")
    return found


async def set_logo(scope: Scope, settings: Settings, sent: tuple[Path, int], now: datetime) -> None:
    """Show a logo, in the place of the one there was. sent: the file and its size in bytes.

    Raises BadPicture; then nothing has changed.
    """
    path, size_bytes = sent
    check_size(size_bytes)
    picture = await in_a_thread(lambda: logo_from(path.read_bytes()))
    media = media_of(settings)
    old = await queries.lock_logo(scope)
    media_key = await media.put(LOGOS, picture, limit_bytes=FILE_BYTES)
    try:
        await queries.put_logo(scope, media_key.removeprefix(f"{LOGOS}/"))
        await _remove_later(old)
        await _note_own(scope, "affiliate.logo", {}, now)
    except BaseException:
        await media.delete(media_key)
        raise


async def remove_logo(scope: Scope, now: datetime) -> None:
    """Show none any more; twice is once. The file goes when no session can show it."""
    old = await queries.lock_logo(scope)
    if old is None:
        return
    await queries.put_logo(scope, None)
    await _remove_later(old)
    await _note_own(scope, "affiliate.logo_remove", {}, now)


async def logo_file(settings: Settings, name: str) -> bytes:
    """A logo (PNG) by the name that its address tells; whoever knows it may see it. Raises NotFound."""
    logo, _, kind = name.rpartition(".")
    if kind != "png":
        raise NotFound("logo")
    return await media_of(settings).read(f"{LOGOS}/{logo}", limit_bytes=FILE_BYTES)


async def _remove_later(logo: str | None) -> None:
    # After the commit: a row without its file would be worse than a file without its row.
    if logo is not None:
        await enqueue(connection(), "affiliates.remove_logo", {"logo": logo}, unique=logo, run_after=LOGO_OUTLIVES)


async def shop_terms_in(scope: Scope) -> ShopTerms:
    """What the scope's affiliate decides for all of its shops. Role.STAFF or SHOPPER. Raises NotFound."""
    return await queries.shop_terms_in(scope)


async def change_shop_terms(scope: Scope, new: ShopTerms, now: datetime) -> bool:
    """Put other terms in place and record each difference, old and new; False when there was none."""
    differences = changes(await queries.shop_terms_in(scope, lock=True), new)
    if not differences:
        return False
    await queries.put_shop_terms(scope, new)
    await _note_own(scope, "affiliate.shop_terms", differences, now)
    return True


async def _change_status(scope: Scope, affiliate_id: UUID, status: str, now: datetime) -> None:
    await queries.affiliate_of_the_platform(affiliate_id)
    if await queries.set_status(affiliate_id, status):
        await _note(scope, affiliate_id, "affiliate.suspend" if status == SUSPENDED else "affiliate.resume", now)


async def _note(scope: Scope, affiliate_id: UUID, action: str, now: datetime) -> None:
    event = Event(affiliate_id, scope.actor_kind, scope.account_id, action, "affiliate", affiliate_id)
    await record(connection(), event, now)


async def _note_own(scope: Scope, action: str, detail: Mapping[str, str | int | bool | None], now: datetime) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "affiliate", scope.affiliate_id, detail=detail
    )
    await record(connection(), event, now)
