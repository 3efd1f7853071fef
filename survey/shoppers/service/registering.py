"""Registering with one affiliate: what is typed waits until its address is confirmed, and nobody is told who is known.

The sign-in belongs to the platform's own tenant: one serves several affiliates, and none of them sees it.
"""

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from privacy import consents, vault
from privacy.consents import Wording
from privacy.crypto import random_id
from survey.accounts import service as accounts
from survey.accounts.domain import OwnAccount, read_device_cookie
from survey.accounts.service import Attempt, Opened, Refused, Taking
from survey.db import Role, Scope, connection, transaction
from survey.mail import service as mail
from survey.settings import Settings
from survey.web.sessions import hash_of

from .. import queries
from ..domain import (
    AGREEMENT_PURPOSE,
    CONFIRM_DAYS,
    EMAIL,
    NAME,
    PHONE,
    Agreement,
    Door,
    Pending,
    Registration,
    Status,
    display_code,
    email_index,
    household_index,
    units_of,
    zone_of,
)
from ..queries.registering import SealedDetails
from .likeness import follow
from .notes import CONFIRM_KIND, as_shopper, ask_for_mail, note
from .sealing import sealed_address, sealed_text

SHORTEST_ANSWER_SECONDS = 0.25
METHOD = "ticked on the registration page, then confirmed by e-mail"
BATCH = 500


async def door_called(slug: str) -> Door:
    """The way in to an affiliate. Role.GATE. Raises NotFound."""
    return await queries.registering.door_called(slug)


async def register(settings: Settings, door: Door, agreement: Agreement, typed: Registration, now: datetime) -> None:
    """Somebody wants to register: a message to the address decides whether it was they. Opens its own transaction.

    The answer is the same, and takes as long, whoever is behind the address. What was typed later counts.
    """
    began = monotonic()
    async with transaction(Role.GATE):
        account = await accounts.shopper_account(settings, typed.email, typed.name, now)
        if account is not None:
            await _keep(settings, door, agreement, (account.id, typed), now)
    await asyncio.sleep(max(0.0, began + SHORTEST_ANSWER_SECONDS - monotonic()))


async def pending_behind(shopper_id: UUID) -> Pending:
    """The registration behind a link. Role.GATE. Raises NotFound once it was forgotten."""
    return await queries.registering.pending_behind(shopper_id)


async def account_behind(settings: Settings, pending: Pending) -> OwnAccount:
    """The sign-in that the registration leads to, opened for whoever holds the link. Role.GATE."""
    return await accounts.own_account(settings, pending.account_id)


async def confirm_anew(settings: Settings, pending: Pending, password: tuple[str, str], now: datetime) -> Opened | None:
    """Give the sign-in its password, and make the profile active; None when another tab was faster. Role.GATE.

    password: the new one, and words for the browser in the list of sessions.
    """
    own = await accounts.own_account(settings, pending.account_id)
    taking = Taking(own.name, password[0], password[1], read_device_cookie(""), now)
    opened = await accounts.take_up(settings, pending.account_id, taking)
    if opened is not None:
        await _confirmed(pending, opened.token, now)
    return opened


async def confirm_known(attempt: Attempt, pending: Pending) -> Refused | Opened:
    """The same for a sign-in that has a password, which has to fit. Opens its own transactions."""
    outcome = await accounts.sign_in_to(attempt, pending.account_id)
    if isinstance(outcome, Opened):
        async with transaction(Role.GATE):
            await _confirmed(pending, outcome.token, attempt.now)
    return outcome


async def forget_unconfirmed(now: datetime) -> int:
    """Remove a batch of registrations that nobody confirmed in time, keys and all; how many there were. Role.WORKER."""
    here = connection()
    before = now - timedelta(days=CONFIRM_DAYS + 1)
    await queries.addresses.forget_changes(here, before)
    rows = await queries.registering.unconfirmed(here, before, BATCH)
    if not rows:
        return 0
    ids, account_ids = [row["id"] for row in rows], [row["account_id"] for row in rows]
    orphaned = await queries.registering.delete_unconfirmed(here, ids, account_ids)
    await mail.forget_written_to(here, [*ids, *orphaned])
    await vault.shred_many(here, [*ids, *orphaned])
    for row in rows:
        system = Scope(row["affiliate_id"], None, "system", "system")
        await note(system, "shopper.forget", row["id"], now)
    return len(rows)


async def _keep(
    settings: Settings, door: Door, agreement: Agreement, who: tuple[UUID, Registration], now: datetime
) -> None:
    account_id, typed = who
    index = email_index(settings.index_key, door.id, typed.email)
    present = await queries.registering.find_profile(door.id, account_id, index)
    if present is None:
        shopper_id = random_id()
        key = await vault.create_subject(connection(), settings.keyring, door.id, shopper_id)
        email = sealed_text(key, EMAIL, typed.email), index
        sealed = _sealed(settings, door, key, (agreement, now), typed)
        await queries.registering.insert_profile((shopper_id, door.id, account_id), display_code(), email, sealed)
        await follow(settings, door.id, shopper_id, typed)
        await note(as_shopper(door.id, shopper_id), "shopper.register", shopper_id, now, agreement=agreement.number)
    else:
        shopper_id = present["id"]
        if present["status"] == Status.PENDING:
            key = await vault.data_key(connection(), settings.keyring, shopper_id)
            sealed = _sealed(settings, door, key, (agreement, now), typed)
            await queries.registering.replace_pending(shopper_id, sealed)
            await follow(settings, door.id, shopper_id, typed)
    await ask_for_mail(settings, CONFIRM_KIND, (door.id, shopper_id), typed.email, now, CONFIRM_DAYS)


def _sealed(
    settings: Settings, door: Door, key: vault.DataKey, agreed: tuple[Agreement, datetime], typed: Registration
) -> SealedDetails:
    agreement, agreed_at = agreed
    return SealedDetails(
        name=sealed_text(key, NAME, typed.name),
        phone=sealed_text(key, PHONE, typed.phone),
        address=sealed_address(key, typed.address),
        household_index=household_index(settings.index_key, door.id, typed.address),
        region=typed.address.region,
        time_zone=typed.time_zone or zone_of(typed.address.country, typed.address.region),
        units=units_of(typed.address.country),
        agreement_version=agreement.number,
        agreed_at=agreed_at,
    )


async def _confirmed(pending: Pending, token: str, now: datetime) -> None:
    """Make the profile active once, keep the evidence of what was agreed to, and let the session begin with it."""
    if await queries.registering.confirm(pending.id):
        number = pending.agreement_version or 0
        body = await queries.registering.agreement_words(pending.affiliate_id, number)
        wording = Wording(number, body, METHOD)
        agreed_at = pending.agreed_at or now
        await consents.give(connection(), pending.affiliate_id, pending.id, AGREEMENT_PURPOSE, wording, agreed_at)
        await note(as_shopper(pending.affiliate_id, pending.id), "shopper.confirm", pending.id, now)
    profile = await queries.choosing.profile_of(pending.account_id, pending.id)
    session_hash = hash_of(token)
    if session_hash and profile.can_be_opened and not profile.needs_agreement:
        await queries.choosing.use_profile(session_hash, pending.account_id, pending.id)
