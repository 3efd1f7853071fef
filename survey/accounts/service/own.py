"""One's own account: name, password, second factor, recovery codes, sessions. Role.GATE throughout."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from privacy.vault import DataKey, Place, data_key, seal, unseal_text
from survey.db import Scope, connection
from survey.settings import Settings
from survey.web.sessions import OpenSession, change_stage, revoke, revoke_all, sessions_of
from survey.web.visit import Session

from .. import queries
from ..domain import (
    EMAIL,
    NAME,
    SECRET,
    FactorRequired,
    OwnAccount,
    ReportMail,
    WrongCode,
    WrongPassword,
    accepted_step,
    code_hash,
    hashed,
    is_right,
    new_recovery_codes,
    new_secret,
)
from .records import FACTOR_OFF, ask_for_mail, itself, note
from .threads import aside


class Confirmed(NamedTuple):
    """The second factor is in force. codes: shown once; token: of the session under its new id."""

    codes: list[str]
    token: str


async def own_account(settings: Settings, account_id: UUID) -> OwnAccount:
    """One's own account, opened."""
    row = dict(await queries.own_account(account_id))
    key = await data_key(connection(), settings.keyring, account_id)
    row["email"] = _unsealed(key, EMAIL, row["email"])
    row["name"] = _unsealed(key, NAME, row["name"])
    row["totp_secret"] = _unsealed(key, SECRET, row["totp_secret"]) if row["totp_secret"] else ""
    return OwnAccount(**row)


async def own_sessions(account_id: UUID, now: datetime) -> list[OpenSession]:
    """Where one is signed in, the latest first."""
    return await sessions_of(account_id, now)


async def rename(session: Session, settings: Settings, name: str, now: datetime) -> None:
    """Another name; which one is not in the record."""
    account_id = session.account_id
    key = await data_key(connection(), settings.keyring, account_id)
    await queries.put_name(account_id, seal(key, Place(NAME, account_id, account_id), name))
    await note(_scope(session), "account.rename", account_id, now)


async def choose_report_mail(session: Session, chosen: ReportMail, now: datetime) -> None:
    """Hear of new reports by the hour, by the day, or not at all. Twice is once."""
    if await queries.put_report_mail(session.account_id, chosen):
        await note(_scope(session), "account.report_mail", session.account_id, now, chosen=chosen.value)


async def change_password(session: Session, present: str, new: str, now: datetime) -> int:
    """A new password; the other sessions end, and their number is returned. Raises WrongPassword."""
    await require_password(session.account_id, present)
    await queries.put_password(session.account_id, await aside(hashed, new), now)
    ended = await revoke_all(session.account_id, but=session)
    await note(_scope(session), "account.password_change", session.account_id, now, sessions_ended=ended)
    return ended


async def require_password(account_id: UUID, password: str) -> None:
    """Raises WrongPassword unless this is the account's present password."""
    own = await queries.own_account(account_id)
    if own["password_hash"] is None or not await aside(is_right, own["password_hash"], password):
        raise WrongPassword


async def begin_factor(session: Session, settings: Settings) -> None:
    """Draw a secret to be confirmed by a first code; it replaces one that never was."""
    account_id = session.account_id
    key = await data_key(connection(), settings.keyring, account_id)
    await queries.put_secret(account_id, seal(key, Place(SECRET, account_id, account_id), new_secret()))


async def confirm_factor(session: Session, settings: Settings, device: str, code: str, now: datetime) -> Confirmed:
    """Put the second factor in force and go on under a new session id; the other sessions end. Raises WrongCode."""
    own = await own_account(settings, session.account_id)
    step = accepted_step(own.totp_secret, code, own.totp_last_step, now) if own.totp_secret else None
    if step is None or not await queries.confirm_factor(session.account_id, step, now):
        raise WrongCode
    await revoke_all(session.account_id, but=session)
    codes = await _new_codes(session, settings)
    await note(_scope(session), "account.factor_on", session.account_id, now)
    return Confirmed(codes, await change_stage(session, "full", device, now))


async def renew_codes(session: Session, settings: Settings, password: str, now: datetime) -> list[str]:
    """Ten new recovery codes, to be shown once; the old ones are dead. Raises WrongPassword."""
    await require_password(session.account_id, password)
    codes = await _new_codes(session, settings)
    await note(_scope(session), "account.recovery_renew", session.account_id, now)
    return codes


async def are_own_codes(session: Session, settings: Settings, codes: list[str]) -> bool:
    """Whether these are the account's recovery codes, so that a file of them may be made."""
    hashes = [code_hash(settings.index_key, session.account_id.bytes, code) for code in codes]
    return bool(codes) and await queries.codes_known(session.account_id, hashes) == len(set(hashes))


async def switch_factor_off(session: Session, settings: Settings, password: str, now: datetime) -> None:
    """Sign in with the password alone; the owner is told by mail. Raises WrongPassword, FactorRequired."""
    own = await own_account(settings, session.account_id)
    if own.require_totp:
        raise FactorRequired
    await require_password(session.account_id, password)
    await queries.drop_factor(session.account_id)
    await note(_scope(session), "account.factor_off", session.account_id, now)
    await ask_for_mail(
        settings,
        kind=FACTOR_OFF,
        affiliate_id=session.affiliate_id,
        account_id=session.account_id,
        address=own.email,
        now=now,
        context={"at": int(now.timestamp())},
    )


async def revoke_session(session: Session, id_hash: bytes, now: datetime) -> None:
    """End one of one's own sessions. Raises NotFound."""
    await revoke(session.account_id, id_hash)
    await note(_scope(session), "account.session_revoke", session.account_id, now, sessions_ended=1)


async def revoke_others(session: Session, now: datetime) -> int:
    """End every session but this one; how many there were."""
    ended = await revoke_all(session.account_id, but=session)
    await note(_scope(session), "account.session_revoke", session.account_id, now, sessions_ended=ended)
    return ended


async def _new_codes(session: Session, settings: Settings) -> list[str]:
    codes = new_recovery_codes()
    hashes = [code_hash(settings.index_key, session.account_id.bytes, code) for code in codes]
    await queries.replace_codes(session.affiliate_id, session.account_id, hashes)
    return codes


def _unsealed(key: DataKey, column: str, sealed: bytes) -> str:
    return unseal_text(key, Place(column, key.subject_id, key.subject_id), sealed)


def _scope(session: Session) -> Scope:
    return itself(session.affiliate_id, session.account_id)
