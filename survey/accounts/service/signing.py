"""Signing in: password, choice of company, second factor; slow for strangers who guess, never shut for the owner.

The password is checked between two short transactions, so that guessing keeps no connection busy, and so that a
failure is on record although the request is refused.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import UUID

from privacy.errors import BadToken
from privacy.tokens import Purpose, read_timed, sign_until
from privacy.vault import Place, data_key, unseal_text
from survey.db import NotFound, Role, connection, transaction
from survey.settings import Settings
from survey.web.sessions import change_stage, close_session, open_session
from survey.web.throttle import Limit, spend
from survey.web.visit import Session

from .. import queries
from ..domain import (
    DUMMY_HASH,
    EMAIL,
    SECRET,
    Credentials,
    DeviceCookie,
    Status,
    WrongCode,
    accepted_step,
    address_index,
    code_hash,
    hashed,
    is_outdated,
    is_right,
    stage_after_password,
)
from .records import NEW_DEVICE, ask_for_mail, itself, note
from .threads import aside

# OWASP "device cookies": strangers share the account's bucket, a browser that signed in before has its own.
STRANGERS = Limit("sign-in of strangers", attempts=10, minutes=15)
KNOWN = Limit("sign-in of a known browser", attempts=10, minutes=15)
CODES_OF_STRANGERS = Limit("second factor", attempts=8, minutes=10)
CODES_OF_KNOWN = Limit("second factor in a known browser", attempts=8, minutes=10)
SHORTEST_REFUSAL_SECONDS = 0.25
CHOICE_SECONDS = 300


class Refusal(StrEnum):
    """Why a sign-in came to nothing."""

    WRONG = "wrong"
    SLOW = "slow"
    DISABLED = "disabled"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries to sign in. device: words for the list of sessions; browser: by which it is known again."""

    settings: Settings
    address: str
    password: str
    device: str
    browser: DeviceCookie
    now: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """It came to nothing."""

    why: Refusal
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The password fits accounts at several companies: their names, each with a token that stands for it."""

    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session was begun. token: for the cookie; browser: to be remembered."""

    token: str
    stage: str
    role: str
    browser: DeviceCookie


async def sign_in(attempt: Attempt) -> Refused | Choice | Opened:
    """Try an address and a password. Opens its own transactions."""
    began = monotonic()
    index = address_index(attempt.settings.index_key, attempt.address)
    async with transaction(Role.GATE):
        candidates = await queries.credentials_of(index)
        wait_seconds = await _spend(attempt, candidates, index)
    if wait_seconds:
        await _even_out(began)
        return Refused(Refusal.SLOW, wait_seconds)
    fitting = await _fitting(candidates, attempt.password)
    usable = [account for account in fitting if account.is_welcome]
    if not usable:
        await note_failure(candidates, fitting, attempt.now)
        await _even_out(began)
        return Refused(_reason(fitting))
    if len(usable) > 1:
        return Choice(tuple((account.affiliate_name, _choice_token(attempt, account.id)) for account in usable))
    return await open_for(attempt, usable[0])


async def choose(attempt: Attempt, token: str) -> Refused | Opened:
    """Go on at the company that was chosen. The token is good for five minutes."""
    try:
        account_id = read_timed(attempt.settings.token_keys, Purpose.SIGN_IN, token, now=attempt.now)
        async with transaction(Role.GATE):
            account = await queries.credentials_in(account_id)
    except (BadToken, NotFound):
        return Refused(Refusal.WRONG)
    if not account.is_welcome:
        return Refused(_reason([account]))
    return await open_for(attempt, account)


async def spend_code(session: Session, attempt: Attempt) -> int:
    """Count a code against the browser if it is known, else against the account's strangers; the seconds to wait.

    Whoever has the password and guesses codes elsewhere does not hold up the owner. Role.GATE.
    """
    if attempt.browser.knows(attempt.settings.token_keys, session.account_id):
        subject = attempt.browser.nonce + session.account_id.hex
        return await spend(attempt.settings, CODES_OF_KNOWN, subject, attempt.now)
    return await spend(attempt.settings, CODES_OF_STRANGERS, session.account_id.hex, attempt.now)


async def pass_with_code(session: Session, attempt: Attempt, code: str) -> Opened:
    """The second step with an authenticator's code. Role.GATE. Raises WrongCode."""
    own = await queries.own_account(session.account_id)
    key = await data_key(connection(), attempt.settings.keyring, session.account_id)
    secret = unseal_text(key, Place(SECRET, session.account_id, session.account_id), own["totp_secret"])
    step = accepted_step(secret, code, own["totp_last_step"], attempt.now)
    if step is None or not await queries.take_step(session.account_id, step):
        raise WrongCode
    return await _finish(session, attempt, "code")


async def pass_with_recovery_code(session: Session, attempt: Attempt, code: str) -> Opened:
    """The second step with a recovery code, which is used up. Role.GATE. Raises WrongCode."""
    wanted = code_hash(attempt.settings.index_key, session.account_id.bytes, code)
    if not await queries.use_code(session.account_id, wanted, attempt.now):
        raise WrongCode
    return await _finish(session, attempt, "recovery code")


async def sign_out(session: Session, now: datetime) -> None:
    """End this session. Role.GATE."""
    await close_session(session)
    await note(itself(session.affiliate_id, session.account_id), "account.sign_out", session.account_id, now)


async def demo_session(settings: Settings, address: str, device: str, now: datetime) -> tuple[str, str]:
    """A full session for an account of the demo world: the cookie's value, and the role. Role.GATE. Raises NotFound."""
    found = await queries.credentials_of(address_index(settings.index_key, address))
    if not found:
        raise NotFound("account")
    token = await open_session(found[0].id, "full", device, now)
    await note(itself(found[0].affiliate_id, found[0].id), "account.sign_in", found[0].id, now, how="demo")
    return token, found[0].role


async def note_wrong_code(session: Session, now: datetime) -> None:
    """A code did not fit; on record although the request is refused. Role.GATE."""
    await note(itself(session.affiliate_id, session.account_id), "account.code_failed", session.account_id, now)


async def _spend(attempt: Attempt, candidates: Sequence[Credentials], index: bytes) -> int:
    """Count the attempt in the browser's own bucket if it is known, else in that of the account's strangers."""
    keys = attempt.settings.token_keys
    if any(attempt.browser.knows(keys, account.id) for account in candidates):
        return await spend(attempt.settings, KNOWN, attempt.browser.nonce + index.hex(), attempt.now)
    return await spend(attempt.settings, STRANGERS, index.hex(), attempt.now)


async def count_stranger(attempt: Attempt, account_id: UUID) -> int:
    """Count an attempt at one account by a browser nobody knows; the seconds to wait. Role.GATE."""
    return await spend(attempt.settings, STRANGERS, account_id.hex, attempt.now)


async def judge_password(account: Credentials, password: str) -> bool:
    """Whether the password opens the account; takes as long where it has none."""
    return bool(await _fitting([account], password))


async def _fitting(candidates: Sequence[Credentials], password: str) -> list[Credentials]:
    """The accounts that the password opens; where there is none to try, a dummy is, which takes as long."""
    hashes = [account.password_hash or DUMMY_HASH for account in candidates] or [DUMMY_HASH]
    verdicts = await asyncio.gather(*(aside(is_right, one, password) for one in hashes))
    return [account for account, fits in zip(candidates, verdicts, strict=False) if fits]


async def open_for(attempt: Attempt, account: Credentials) -> Opened:
    """Begin a session for an account whose password was right. Opens its own transaction."""
    stage = stage_after_password(account)
    fresh = await _fresh_hash(account, attempt.password)
    async with transaction(Role.GATE, affiliate=account.affiliate_id):
        if fresh and account.password_hash:
            await queries.rehash(account.id, account.password_hash, fresh)
        token = await open_session(account.id, stage, attempt.device, attempt.now)
        scope = itself(account.affiliate_id, account.id)
        await note(scope, "account.sign_in", account.id, attempt.now, how="password", stage=stage)
        if stage == "password":
            return Opened(token, stage, account.role, attempt.browser)
        await _tell_of_new_device(attempt, account.affiliate_id, account.id)
    return Opened(token, stage, account.role, attempt.browser.knowing(attempt.settings.token_keys, account.id))


async def _finish(session: Session, attempt: Attempt, how: str) -> Opened:
    token = await change_stage(session, "full", attempt.device, attempt.now)
    scope = itself(session.affiliate_id, session.account_id)
    await note(scope, "account.sign_in", session.account_id, attempt.now, how=how, stage="full")
    await _tell_of_new_device(attempt, session.affiliate_id, session.account_id)
    browser = attempt.browser.knowing(attempt.settings.token_keys, session.account_id)
    return Opened(token, "full", session.role, browser)


async def _tell_of_new_device(attempt: Attempt, affiliate_id: UUID, account_id: UUID) -> None:
    """Write to the owner when a browser signs in that has not done so before."""
    if attempt.browser.knows(attempt.settings.token_keys, account_id):
        return
    own = await queries.own_account(account_id)
    key = await data_key(connection(), attempt.settings.keyring, account_id)
    await ask_for_mail(
        attempt.settings,
        kind=NEW_DEVICE,
        affiliate_id=affiliate_id,
        account_id=account_id,
        address=unseal_text(key, Place(EMAIL, account_id, account_id), own["email"]),
        now=attempt.now,
        context={"device": attempt.device, "at": int(attempt.now.timestamp())},
    )


async def _fresh_hash(account: Credentials, password: str) -> str | None:
    if not password or account.password_hash is None or not is_outdated(account.password_hash):
        return None
    return await aside(hashed, password)


async def note_failure(candidates: Sequence[Credentials], fitting: Sequence[Credentials], now: datetime) -> None:
    """Failures are on record with each account they were aimed at; an address nobody has leaves no trace."""
    why = _reason(fitting)
    async with transaction(Role.GATE):
        for account in candidates:
            scope = itself(account.affiliate_id, account.id)
            await note(scope, "account.sign_in_failed", account.id, now, why=why)


def _reason(fitting: Sequence[Credentials]) -> Refusal:
    if not fitting:
        return Refusal.WRONG
    return Refusal.DISABLED if fitting[0].status != Status.ACTIVE else Refusal.SUSPENDED


def _choice_token(attempt: Attempt, account_id: UUID) -> str:
    return sign_until(attempt.settings.token_keys, Purpose.SIGN_IN, account_id, now=attempt.now, seconds=CHOICE_SECONDS)


async def _even_out(began: float) -> None:
    """Every refusal takes as long, whether the address is known or not."""
    await asyncio.sleep(max(0.0, began + SHORTEST_REFUSAL_SECONDS - monotonic()))
