"""The people of an affiliate: inviting, listing, changing and disabling them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from privacy.audit import Event, record_looks, record_many
from privacy.crypto import random_id
from privacy.vault import KeyRing, Place, create_subject, data_key, data_keys, seal, unseal_text
from survey.db import Conflict, Keyset, Paged, Scope, connection
from survey.mail import service as mail
from survey.settings import Settings
from survey.web.sessions import revoke_all

from .. import queries
from ..domain import (
    EMAIL,
    INVITATION_LIFE,
    LIMITED_ROLES,
    NAME,
    AccountRole,
    Invitee,
    LastAdministrator,
    LinkKind,
    Listed,
    ListFilter,
    NotYourself,
    Person,
    Status,
    address_index,
    hashed,
)
from ..domain import Place as Node
from .limiting import lift
from .records import FACTOR_OFF, addressees, ask_for_mail, note
from .threads import aside

GONE = "(removed)"
MANAGE = "manage who works for the affiliate"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that is active at once: for demonstrations, and the first provider of an installation."""

    invitee: Invitee
    password: str


async def create_account(scope: Scope, settings: Settings, new: NewAccount, now: datetime) -> UUID:
    """An account with a password, active at once; its id. Role.STAFF, or PROVIDER. Raises TakenAddress."""
    account_id = await _insert(scope.affiliate_id, settings, new.invitee, await aside(hashed, new.password), now)
    await note(scope, "account.create", account_id, now, role=new.invitee.role)
    return account_id


async def invite(scope: Scope, settings: Settings, affiliate_id: UUID, invitee: Invitee, now: datetime) -> UUID:
    """Invite somebody to the affiliate by mail; the account's id. Role.STAFF, or PROVIDER. Raises TakenAddress.

    Whoever is to work for certain clients works for none until `limit` has said for which, as another role: what
    comes between leaves them with too little and never with too much.
    """
    account_id = await _insert(affiliate_id, settings, invitee, None, now)
    invited = Scope(affiliate_id, scope.account_id, scope.role, scope.actor_kind)
    await note(invited, "account.invite", account_id, now, role=invitee.role)
    await _send_invitation(settings, affiliate_id, account_id, invitee.email, now)
    return account_id


async def invite_again(scope: Scope, settings: Settings, account_id: UUID, now: datetime) -> None:
    """Send the invitation once more, also to somebody whose invitation was revoked. Role.GATE. Raises Conflict."""
    row = await queries.locked_person(scope, account_id)
    if row["has_password"]:
        raise Conflict("the invitation was taken up")
    await queries.set_status(scope, account_id, Status.INVITED)
    await _send_invitation(settings, scope.affiliate_id, account_id, await _address(settings, account_id), now)
    await note(scope, "account.invite_again", account_id, now)


async def people(scope: Scope, settings: Settings, wanted: ListFilter, keyset: Keyset, now: datetime) -> Paged[Person]:
    """One page of people, opened; that they were seen is recorded. Role.STAFF."""
    page = await queries.people_of(scope, wanted, keyset)
    return Paged(await _opened(scope, settings.keyring, page.rows, now), page.next_cursor)


async def person(scope: Scope, settings: Settings, account_id: UUID, now: datetime) -> Person:
    """One person, opened; that they were seen is recorded. Role.STAFF. Raises NotFound."""
    return (await _opened(scope, settings.keyring, [await queries.person_in(scope, account_id)], now))[0]


async def is_unreachable(scope: Scope, row: Listed) -> bool:
    """Whether an invitation stayed here because its address takes no mail. Role.STAFF."""
    is_invited = row.status == Status.INVITED
    return is_invited and await mail.is_unwanted(scope.affiliate_id, row.id, LinkKind.INVITATION)


async def change_role(scope: Scope, account_id: UUID, role: AccountRole, node: Node | None, now: datetime) -> bool:
    """Another role or place; sessions end, since they were opened for the old one. Role.GATE.

    True where a limit to certain clients ended with it. Raises NotFound, NotYourself, LastAdministrator.
    """
    if account_id == scope.account_id:
        raise NotYourself
    row = await queries.locked_person(scope, account_id)
    if role != AccountRole.AFFILIATE_ADMIN:
        _require_another_administrator(row)
    if node is not None:
        await queries.require_place(scope, node)
    is_freed = row["is_limited"] and role not in LIMITED_ROLES
    if is_freed:
        await lift(scope, account_id, now)
    await queries.put_role(scope, account_id, role, node)
    await revoke_all(account_id)
    places = {"location.old": _text(row["location_id"]), "location.new": _text(node.location_id if node else None)}
    await note(scope, "account.change_role", account_id, now, **{"role.old": row["role"], "role.new": role} | places)
    return is_freed


async def disable(scope: Scope, account_id: UUID, now: datetime) -> None:
    """Nobody signs in with this account any more; its sessions end, an open invitation dies. Role.GATE.

    Raises NotFound, NotYourself, LastAdministrator.
    """
    if account_id == scope.account_id:
        raise NotYourself
    row = await queries.locked_person(scope, account_id)
    _require_another_administrator(row)
    await queries.set_status(scope, account_id, Status.DISABLED)
    await revoke_all(account_id)
    is_revoked = row["status"] == Status.INVITED
    await note(scope, "account.invite_revoke" if is_revoked else "account.disable", account_id, now)


async def enable(scope: Scope, settings: Settings, account_id: UUID, now: datetime) -> bool:
    """The account works again with the password it had; one that never had any is invited again.

    True where it works at once. Role.GATE. Raises NotFound.
    """
    row = await queries.locked_person(scope, account_id)
    if not row["has_password"]:
        await invite_again(scope, settings, account_id, now)
        return False
    await queries.set_status(scope, account_id, Status.ACTIVE)
    await note(scope, "account.enable", account_id, now)
    return True


async def free_of_factor(scope: Scope, settings: Settings, account_id: UUID, now: datetime) -> None:
    """Take the second factor off somebody who has lost phone and codes; they are told by mail. Role.GATE.

    Where the affiliate requires one, the next sign-in sets up a new one. Raises NotFound, NotYourself.
    """
    if account_id == scope.account_id:
        raise NotYourself
    await queries.locked_person(scope, account_id)
    await queries.drop_factor(account_id)
    await revoke_all(account_id)
    await note(scope, "account.factor_off", account_id, now)
    await ask_for_mail(
        settings,
        kind=FACTOR_OFF,
        affiliate_id=scope.affiliate_id,
        account_id=account_id,
        address=await _address(settings, account_id),
        now=now,
        context={"at": int(now.timestamp())},
    )


async def _insert(
    affiliate_id: UUID, settings: Settings, invitee: Invitee, password_hash: str | None, now: datetime
) -> UUID:
    if invitee.place is not None:
        await queries.require_place(Scope(affiliate_id), invitee.place)
    account_id = random_id()
    key = await create_subject(connection(), settings.keyring, affiliate_id, account_id)
    await queries.insert_account(
        account_id,
        affiliate_id,
        role=invitee.role,
        place=invitee.place,
        email=seal(key, Place(EMAIL, account_id, account_id), invitee.email),
        email_index=address_index(settings.index_key, invitee.email),
        name=seal(key, Place(NAME, account_id, account_id), invitee.name),
        password_hash=password_hash,
        now=now,
        is_limited=invitee.clients is not None,
    )
    return account_id


async def _send_invitation(
    settings: Settings, affiliate_id: UUID, account_id: UUID, address: str, now: datetime
) -> None:
    await ask_for_mail(
        settings,
        kind=LinkKind.INVITATION,
        affiliate_id=affiliate_id,
        account_id=account_id,
        address=address,
        now=now,
        life=INVITATION_LIFE,
    )


async def _address(settings: Settings, account_id: UUID) -> str:
    own = await queries.own_account(account_id)
    key = await data_key(connection(), settings.keyring, account_id)
    return unseal_text(key, Place(EMAIL, account_id, account_id), own["email"])


async def names_in(
    scope: Scope, settings: Settings, account_ids: Sequence[UUID], purpose: str, now: datetime
) -> dict[UUID, str]:
    """What colleagues are called, by account; those who are gone are not in it. Looks are recorded. Role.STAFF."""
    found = await addressees(connection(), settings.keyring, list(set(account_ids)))
    events = [
        Event(scope.affiliate_id, scope.actor_kind, scope.account_id, "account.read", "account", each, each, purpose)
        for each in found
        if each != scope.account_id
    ]
    if events:
        await record_looks(connection(), events, now)
    return {each: person.name for each, person in found.items()}


async def _opened(scope: Scope, ring: KeyRing, rows: Sequence[Listed], now: datetime) -> list[Person]:
    keys = await data_keys(connection(), ring, [row.id for row in rows])
    events = [
        Event(scope.affiliate_id, scope.actor_kind, scope.account_id, "account.read", "account", row.id, row.id, MANAGE)
        for row in rows
        if row.id != scope.account_id
    ]
    if events:
        await record_many(connection(), events, now)
    opened = []
    for row in rows:
        if key := keys.get(row.id):
            name = unseal_text(key, Place(NAME, row.id, row.id), row.name)
            opened.append(Person(row, name, unseal_text(key, Place(EMAIL, row.id, row.id), row.email)))
        else:
            opened.append(Person(row, GONE, GONE))
    return opened


def _require_another_administrator(row: Record) -> None:
    is_working = row["role"] == AccountRole.AFFILIATE_ADMIN and row["status"] == Status.ACTIVE
    if is_working and row["other_administrators"] == 0:
        raise LastAdministrator


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
