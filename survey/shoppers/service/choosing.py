"""At which affiliate a session is: chosen by whoever signed in, after the agreement in force was accepted there."""

from datetime import datetime
from uuid import UUID

from privacy import consents, vault
from privacy.consents import Wording
from privacy.vault import KeyRing
from survey.db import Role, Scope, connection, transaction
from survey.web.visit import Session

from .. import queries
from ..domain import AGREEMENT_PURPOSE, Agreement, Deactivation, OwnProfile, WrongStatus
from .notes import as_shopper, note, own_id
from .sealing import CONTEST, opened_decision, sealed_words

METHOD = "ticked at sign-in"


async def profiles(session: Session) -> list[OwnProfile]:
    """The profiles that this sign-in leads to. Role.GATE."""
    return await queries.choosing.profiles_of(session.account_id)


async def profile(session: Session, shopper_id: UUID) -> OwnProfile:
    """One of them. Role.GATE. Raises NotFound."""
    return await queries.choosing.profile_of(session.account_id, shopper_id)


async def choose(session: Session, one: OwnProfile, now: datetime) -> bool:
    """Go on at this affiliate. False where its agreement has to be accepted first. Role.GATE. Raises WrongStatus."""
    if not one.can_be_opened:
        raise WrongStatus
    if one.needs_agreement:
        return False
    await queries.choosing.use_profile(session.id_hash, session.account_id, one.id)
    await note(as_shopper(one.affiliate_id, one.id), "shopper.sign_in", one.id, now)
    return True


async def agreement_of(one: OwnProfile) -> Agreement:
    """The version in force at the affiliate of a profile. Role.GATE. Raises NotFound."""
    return await queries.own.agreement_now(as_shopper(one.affiliate_id, one.id))


async def accept_agreement(session: Session, shopper_id: UUID, number: int, now: datetime) -> None:
    """Accept a version, in the words that were shown, and go on at the affiliate. Opens its own transactions.

    Raises NotFound for what is not one's own, WrongStatus where a newer version has come since the page was shown.
    """
    async with transaction(Role.GATE):
        one = await profile(session, shopper_id)
    if not one.can_be_opened or number != one.agreement_number:
        raise WrongStatus
    async with transaction(Role.SHOPPER, affiliate=one.affiliate_id, shopper=one.id):
        await accept(as_shopper(one.affiliate_id, one.id), number, now)
    async with transaction(Role.GATE):
        await choose(session, await profile(session, shopper_id), now)


async def accept(scope: Scope, number: int, now: datetime) -> None:
    """Keep which words were accepted, and when. Twice is once. Role.SHOPPER. Raises NotFound."""
    words = await queries.own.agreement_numbered(scope, number)
    if not await queries.own.accept(scope, number, now):
        return
    wording = Wording(number, words.body, METHOD)
    await consents.give(connection(), scope.affiliate_id, own_id(scope), AGREEMENT_PURPOSE, wording, now)
    await note(scope, "shopper.agree", own_id(scope), now, agreement=number)


async def decisions(session: Session, ring: KeyRing) -> dict[UUID, Deactivation]:
    """Why profiles of this sign-in are shut, by profile. Role.GATE."""
    rows = await queries.choosing.decisions_about(session.account_id)
    keys = await vault.data_keys(connection(), ring, [row["shopper_id"] for row in rows])
    return {
        row["shopper_id"]: opened_decision(keys[row["shopper_id"]], row) for row in rows if row["shopper_id"] in keys
    }


async def contest(session: Session, ring: KeyRing, shopper_id: UUID, words: str, now: datetime) -> None:
    """Say that a decision is wrong; a person decides again. Role.GATE. Raises NotFound, WrongStatus."""
    one = await profile(session, shopper_id)
    decision = (await decisions(session, ring)).get(shopper_id)
    if decision is None:
        raise WrongStatus
    key = await vault.data_key(connection(), ring, shopper_id)
    sealed = sealed_words(key, CONTEST, decision.id, words)
    if not await queries.choosing.contest(decision.id, sealed, now):
        raise WrongStatus
    await note(as_shopper(one.affiliate_id, shopper_id), "shopper.contest", shopper_id, now)
