"""Accounts, and the recovery codes of those who have a second factor."""

from typing import TypeVar

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_ACCOUNT = Retention("accounts", days=365, counted_from="the day the account was disabled", sweep="sweeps.run")
SIGN_IN = ("let a person sign in", "let an affiliate's administrator see who works for it")
CHANGES = Retention(
    "changes of a sign-in's address",
    days=14,
    counted_from="the day they were asked for",
    sweep="accounts.forget_changes",
)
TELL = ("tell a client's people of new reports as often as they want",)
PROTECT = ("keep others out of a person's account",)


def _of_account(
    column: C,
    category: Category,
    purposes: tuple[str, ...] = SIGN_IN,
    on_erase: Erase = Erase.SHRED,
    subject: str = "id",
) -> C:
    return personal(
        column,
        category,
        subject=subject,
        purposes=purposes,
        retention=WITH_THE_ACCOUNT,
        on_erase=on_erase,
        release=Release.NEVER,
    )


def _of_change(column: C, category: Category, on_erase: Erase = Erase.DELETE) -> C:
    return personal(
        column,
        category,
        subject="account_id",
        purposes=PROTECT,
        retention=CHANGES,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class Account(Table, schema="identity", tablename="account"):
    """Somebody who signs in. Its id is also the id of its key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    role = plain(Text(default=None), "what the account may do")
    client_id = plain(UUID(null=True, default=None), "the client whose releases a viewer reads")
    location_id = plain(UUID(null=True, default=None), "the node of the client's tree that a viewer reads from")
    email = _of_account(Bytea(default=None, secret=True), Category.CONTACT)
    email_index = _of_account(Bytea(default=None), Category.IDENTIFIERS, on_erase=Erase.NULL)
    name = _of_account(Bytea(default=None, secret=True), Category.IDENTIFIERS)
    password_hash = _of_account(Text(null=True, default=None, secret=True), Category.SECURITY, PROTECT, Erase.NULL)
    password_changed_at = _of_account(Timestamptz(null=True, default=None), Category.SECURITY, PROTECT, Erase.NULL)
    totp_secret = _of_account(Bytea(null=True, default=None, secret=True), Category.SECURITY, PROTECT)
    totp_confirmed_at = _of_account(Timestamptz(null=True, default=None), Category.SECURITY, PROTECT, Erase.NULL)
    totp_last_step = plain(BigInt(default=0), "the last code that was used, so that it cannot be used again")
    report_mail = _of_account(Text(default="daily"), Category.PREFERENCES, TELL, Erase.NULL)
    reports_told_at = plain(Timestamptz(null=True, default=None), "up to when a mail has told of new reports")
    is_limited = plain(Boolean(default=False), "whether it works for certain clients alone")
    status = plain(Text(default="invited"), "invited, active or disabled")
    created_at = plain(Timestamptz(default=None), "when the account was made")
    disabled_at = plain(Timestamptz(null=True, default=None), "since when nobody may sign in with it")


class AccountClient(Table, schema="identity", tablename="account_client"):
    """A client that an account works for, where it does not work for all of them."""

    account_id = plain(UUID(primary_key=True, default=None), "the account; leads to the person")
    client_id = plain(UUID(default=None), "the client")
    affiliate_id = plain(UUID(default=None), "tenant key")


class RecoveryCode(Table, schema="identity", tablename="recovery_code"):
    """A code that stands in for the second factor, once."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "the account; leads to the person")
    code_hash = _of_account(Bytea(default=None), Category.SECURITY, PROTECT, Erase.DELETE, "account_id")
    used_at = _of_account(Timestamptz(null=True, default=None), Category.SECURITY, PROTECT, Erase.DELETE, "account_id")


class SignInChange(Table, schema="identity", tablename="sign_in_change"):
    """Another address to sign in with, and the one before it, to which it can be put back for a week."""

    id = plain(UUID(primary_key=True, default=None), "random id; both links name it")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "the account; leads to the person")
    email = _of_change(Bytea(default=None, secret=True), Category.CONTACT, Erase.SHRED)
    email_index = _of_change(Bytea(default=None), Category.IDENTIFIERS)
    old_email = _of_change(Bytea(default=None, secret=True), Category.CONTACT, Erase.SHRED)
    old_email_index = _of_change(Bytea(default=None), Category.IDENTIFIERS)
    asked_at = plain(Timestamptz(default=None), "when it was asked for")
    taken_at = plain(Timestamptz(null=True, default=None), "when the new mailbox answered")
    stopped_at = plain(Timestamptz(null=True, default=None), "when the old mailbox said that it was not its owner")
