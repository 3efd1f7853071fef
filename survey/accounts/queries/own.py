"""What a person does with their own account: password, name, second factor, links from mails. Role.GATE."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, connection

from ..domain import LinkKind, Occasion

# What the provider asks of its own people binds no shopper, whose sign-in is only kept with it.
_OWN = """
SELECT a.id,
       a.affiliate_id,
       f.name AS affiliate_name,
       a.role,
       a.email,
       a.name,
       a.password_hash,
       a.password_changed_at,
       a.totp_secret,
       a.totp_confirmed_at IS NOT NULL AS has_factor,
       a.totp_last_step,
       a.report_mail,
       a.is_limited,
       f.require_totp AND a.role <> 'shopper' AS require_totp,
       (SELECT count(*) FROM identity.recovery_code c WHERE c.account_id = a.id AND c.used_at IS NULL)
           AS recovery_codes_left
  FROM identity.account a
  JOIN field.affiliate f ON f.id = a.affiliate_id
 WHERE a.id = $1
"""

_OCCASION = """
SELECT d.not_after AS expires_at,
       a.id AS account_id,
       a.affiliate_id,
       f.name AS affiliate_name,
       f.status AS affiliate_status,
       a.status,
       a.password_hash IS NOT NULL AS has_password,
       -- A change of address counts as well: what was mailed to the mailbox before opens nothing any more.
       greatest(a.password_changed_at, (
           SELECT max(greatest(c.taken_at, c.stopped_at)) FROM identity.sign_in_change c WHERE c.account_id = a.id
       )) AS password_changed_at,
       a.email,
       a.name
  FROM ops.delivery d
  JOIN identity.account a ON a.id = d.recipient_id AND a.affiliate_id = d.affiliate_id
  JOIN field.affiliate f ON f.id = a.affiliate_id
 WHERE d.id = $1
   AND d.kind = $2
"""

_WELCOME = """
UPDATE identity.account
   SET password_hash = $2,
       password_changed_at = $3,
       name = $4,
       status = 'active'
 WHERE id = $1
   AND status = 'invited'
RETURNING id
"""

_CONFIRM_FACTOR = """
UPDATE identity.account
   SET totp_confirmed_at = $2,
       totp_last_step = $3
 WHERE id = $1
   AND totp_confirmed_at IS NULL
RETURNING id
"""

_DROP_FACTOR = """
UPDATE identity.account
   SET totp_secret = NULL,
       totp_confirmed_at = NULL
 WHERE id = $1
"""


async def own_account(account_id: UUID) -> Record:
    """The account with what is sealed of it. Raises NotFound."""
    row = await connection().fetchrow(_OWN, account_id)
    if row is None:
        raise NotFound("account")
    return row


async def occasion_of(kind: LinkKind, delivery_id: UUID) -> Occasion | None:
    """The mail behind a link, and its account; None when the mail is no longer known."""
    row = await connection().fetchrow(_OCCASION, delivery_id, kind)
    return Occasion(**row) if row else None


async def welcome(account_id: UUID, password_hash: str, name: bytes, now: datetime) -> bool:
    """Take up an invitation; False when it was taken up or revoked in the meantime."""
    return await connection().fetchval(_WELCOME, account_id, password_hash, now, name) is not None


async def put_password(account_id: UUID, password_hash: str, now: datetime) -> None:
    """A new password."""
    await connection().execute(
        "UPDATE identity.account SET password_hash = $2, password_changed_at = $3 WHERE id = $1",
        account_id,
        password_hash,
        now,
    )


async def rehash(account_id: UUID, old: str, new: str) -> None:
    """The same password under today's parameters, unless it was changed meanwhile."""
    await connection().execute(
        "UPDATE identity.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2", account_id, old, new
    )


async def put_name(account_id: UUID, name: bytes) -> None:
    """A new sealed name."""
    await connection().execute("UPDATE identity.account SET name = $2 WHERE id = $1", account_id, name)


async def put_report_mail(account_id: UUID, chosen: str) -> bool:
    """How often to tell of new reports; False where it was so before, or where the account reads none."""
    found = await connection().fetchval(
        "UPDATE identity.account SET report_mail = $2"
        " WHERE id = $1 AND role = 'client_viewer' AND report_mail <> $2 RETURNING id",
        account_id,
        chosen,
    )
    return found is not None


async def put_secret(account_id: UUID, secret: bytes) -> None:
    """A sealed secret that is not in force until a code confirms it; never over one that is."""
    await connection().execute(
        "UPDATE identity.account SET totp_secret = $2 WHERE id = $1 AND totp_confirmed_at IS NULL", account_id, secret
    )


async def confirm_factor(account_id: UUID, step: int, now: datetime) -> bool:
    """Put the second factor in force; False when another tab has."""
    return await connection().fetchval(_CONFIRM_FACTOR, account_id, now, step) is not None


async def take_step(account_id: UUID, step: int) -> bool:
    """Use up a code; False when it, or a later one, was used already (RFC 6238, section 5.2)."""
    taken = await connection().fetchval(
        "UPDATE identity.account SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 RETURNING id",
        account_id,
        step,
    )
    return taken is not None


async def drop_factor(account_id: UUID) -> None:
    """Switch the second factor off; its secret goes, and the recovery codes with it."""
    await connection().execute(_DROP_FACTOR, account_id)
    await connection().execute("DELETE FROM identity.recovery_code WHERE account_id = $1", account_id)
