"""Every statement about affiliates."""

from datetime import datetime
from uuid import UUID

import asyncpg

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.mail.domain import Sender
from survey.web.brands import Brand, brand_from

from .domain import (
    PROVIDER_NAME,
    Appearance,
    Draft,
    Listed,
    ShopTerms,
    TakenName,
    TakenSlug,
    TenantSettings,
    key_of,
)

NAME_KEY = "affiliate_name_key"

_LIST = """
SELECT id,
       name,
       slug,
       status,
       require_totp,
       created_at
  FROM field.affiliate
 WHERE kind = 'affiliate'
   AND ($1 = '' OR strpos(lower(name), lower($1)) > 0)
   AND ($2 = '' OR status = $2)
   AND ($3::text IS NULL OR (lower(name), id) > ($3, $4::uuid))
 ORDER BY lower(name), id
 LIMIT $5
"""

_INSERT = """
INSERT INTO field.affiliate (id, kind, name, name_key, slug, postal_address, contact_email, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_SETTINGS = """
SELECT require_totp,
       session_minutes
  FROM field.affiliate
 WHERE id = $1
"""

_APPEARANCE = """
SELECT name,
       accent,
       contact_email,
       contact_phone,
       postal_address
  FROM field.affiliate
 WHERE id = $1
"""

_PUT_APPEARANCE = """
UPDATE field.affiliate
   SET name = $2,
       -- A name that stays is nobody's to refuse, though one like it was there before names were compared.
       name_key = CASE WHEN name = $2 THEN name_key ELSE $3 END,
       accent = $4,
       contact_email = $5,
       contact_phone = $6,
       postal_address = $7
 WHERE id = $1
"""

# Whoever runs the platform has its name outside: people who sign in there for other companies know no other.
_NAME_OUTSIDE = "CASE f.kind WHEN 'provider' THEN $2::text ELSE f.name END"

_BRAND = f"""
SELECT field.brand_of(f) || jsonb_build_object('name', {_NAME_OUTSIDE})
  FROM field.affiliate f
 WHERE f.id = $1
"""  # noqa: S608  (made of constants)

_SENDER = f"""
SELECT {_NAME_OUTSIDE},
       f.postal_address,
       f.contact_email,
       f.contact_phone,
       f.accent
  FROM field.affiliate f
 WHERE f.id = $1
"""  # noqa: S608  (made of constants)

_SHOP_TERMS = """
SELECT review_hours,
       return_hours,
       appeal_days,
       pay_days
  FROM field.affiliate
 WHERE id = $1
"""

_PUT_SETTINGS = """
UPDATE field.affiliate
   SET require_totp = $2,
       session_minutes = $3
 WHERE id = $1
"""

_SET_STATUS = """
UPDATE field.affiliate
   SET status = $2
 WHERE id = $1
   AND kind = 'affiliate'
   AND status <> $2
RETURNING id
"""


async def affiliates_of_the_platform(words: str, status: str, keyset: Keyset) -> Paged[Listed]:
    """One page of the provider's list, by name. Role.PROVIDER. Raises BadCursor."""
    name, row_id = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(_LIST, words, status, name, row_id, keyset.rows_to_fetch)
    return paged([Listed(**row) for row in rows], keyset, lambda row: (row.name.lower(), row.id))


async def affiliate_of_the_platform(affiliate_id: UUID) -> Listed:
    """One affiliate. Role.PROVIDER. Raises NotFound, also for the provider itself."""
    row = await connection().fetchrow(
        "SELECT id, name, slug, status, require_totp, created_at FROM field.affiliate"
        " WHERE id = $1 AND kind = 'affiliate'",
        affiliate_id,
    )
    if row is None:
        raise NotFound("affiliate")
    return Listed(**row)


async def insert_affiliate(affiliate_id: UUID, kind: str, draft: Draft, now: datetime) -> None:
    """A new tenant. Raises TakenName and TakenSlug."""
    try:
        await connection().execute(
            _INSERT, affiliate_id, kind, draft.name, key_of(draft.name), draft.slug, draft.postal_address,
            draft.contact_email, now,
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise (TakenName if error.constraint_name == NAME_KEY else TakenSlug) from None


async def set_status(affiliate_id: UUID, status: str) -> bool:
    """Suspend or resume; False when it was so already."""
    return await connection().fetchval(_SET_STATUS, affiliate_id, status) is not None


async def settings_in(scope: Scope, *, lock: bool = False) -> TenantSettings:
    """The settings of the scope's affiliate, locked against other writers if asked. Raises NotFound."""
    row = await connection().fetchrow(_SETTINGS + (" FOR UPDATE" if lock else ""), scope.affiliate_id)
    if row is None:
        raise NotFound("affiliate")
    return TenantSettings(**row)


async def put_settings(scope: Scope, new: TenantSettings) -> None:
    """Replace the settings."""
    await connection().execute(_PUT_SETTINGS, scope.affiliate_id, new.require_totp, new.session_minutes)


async def appearance_in(scope: Scope, *, lock: bool = False) -> Appearance:
    """How the scope's affiliate looks, locked against other writers if asked. Raises NotFound."""
    row = await connection().fetchrow(_APPEARANCE + (" FOR UPDATE" if lock else ""), scope.affiliate_id)
    if row is None:
        raise NotFound("affiliate")
    return Appearance(**row)


async def put_appearance(scope: Scope, new: Appearance) -> None:
    """Replace it, but for the logo. Raises TakenName where another affiliate's name looks the same."""
    try:
        await connection().execute(
            _PUT_APPEARANCE, scope.affiliate_id, new.name, key_of(new.name), new.accent, new.contact_email,
            new.contact_phone, new.postal_address,
        )  # fmt: skip
    except asyncpg.UniqueViolationError:
        raise TakenName from None


async def lock_logo(scope: Scope) -> str | None:
    """The name of the logo's file, None where there is none; locked against other writers."""
    found: str | None = await connection().fetchval(
        "SELECT logo FROM field.affiliate WHERE id = $1 FOR UPDATE", scope.affiliate_id
    )
    return found


async def put_logo(scope: Scope, logo: str | None) -> None:
    """Another logo, or none."""
    await connection().execute("UPDATE field.affiliate SET logo = $2 WHERE id = $1", scope.affiliate_id, logo)


async def find_brand(affiliate_id: UUID) -> Brand | None:
    """What the affiliate's pages wear. Any role that may read affiliates. Its name is the one that mail has."""
    return brand_from(await connection().fetchval(_BRAND, affiliate_id, PROVIDER_NAME))


async def shop_terms_in(scope: Scope, *, lock: bool = False) -> ShopTerms:
    """What the scope's affiliate decides for its shops, locked against other writers if asked. Raises NotFound."""
    row = await connection().fetchrow(_SHOP_TERMS + (" FOR UPDATE" if lock else ""), scope.affiliate_id)
    if row is None:
        raise NotFound("affiliate")
    return ShopTerms(**row)


async def put_shop_terms(scope: Scope, new: ShopTerms) -> None:
    """Replace them."""
    await connection().execute(
        "UPDATE field.affiliate SET review_hours = $2, return_hours = $3, appeal_days = $4, pay_days = $5"
        " WHERE id = $1",
        scope.affiliate_id,
        new.review_hours,
        new.return_hours,
        new.appeal_days,
        new.pay_days,
    )


async def least_shopper_age_in(scope: Scope) -> int:
    """From which age on people can register as shoppers, in years."""
    years: int = await connection().fetchval(
        "SELECT least_shopper_age FROM field.affiliate WHERE id = $1", scope.affiliate_id
    )
    return years


async def sender_of(affiliate_id: UUID) -> Sender:
    """Who writes: what every mail must name. Raises NotFound, and EnvelopeIncomplete where the address is not known."""
    row = await connection().fetchrow(_SENDER, affiliate_id, PROVIDER_NAME)
    if row is None:
        raise NotFound("affiliate")
    return Sender(*row)
