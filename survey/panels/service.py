"""Use cases of panels: staff make them, people join by double opt-in, look after what is held, and leave."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from asyncpg import Connection

from privacy import consents, optouts, vault
from privacy.audit import Event, record, record_many
from privacy.consents import Wording
from privacy.vault import KeyRing, Place
from survey.affiliates import service as affiliates
from survey.db import Conflict, Scope, connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.panels import queries
from survey.panels.domain import (
    CONFIRM_DAYS,
    EMAIL,
    FIRST_NAME,
    LEFT_DAYS,
    PURPOSE,
    Membership,
    MemberState,
    Panel,
    PanelAudience,
    PanelAudienceCount,
    PanelDraft,
    Person,
    Profile,
)
from survey.panels.queries import Fragment, Sealed
from survey.settings import Settings

CONFIRM_KIND = "panel-confirm"
WELCOME_KIND = "panel-welcome"


class AddressTaken(Conflict):
    """Another panel has this public address."""


class OtherWording(Conflict):
    """The panel's wording is not the one that was agreed to; it has to be shown first."""

    def __init__(self, membership: Membership) -> None:
        super().__init__("the wording was changed")
        self.membership = membership


async def create_panel(scope: Scope, draft: PanelDraft, now: datetime) -> UUID:
    """Make a panel; its id. Raises AddressTaken."""
    created = await queries.insert_panel(scope, draft, now)
    if created is None:
        raise AddressTaken("another panel has this address")
    await _note(scope, "panel.create", "panel", created, now)
    return created


async def change_panel(scope: Scope, panel_id: UUID, draft: PanelDraft, now: datetime) -> None:
    """Change a panel. Members keep what they agreed to; who joins from now on agrees to the new wording."""
    await queries.panel_in(scope, panel_id)
    await queries.update_panel(scope, panel_id, draft)
    await _note(scope, "panel.change", "panel", panel_id, now)


async def panel_in(scope: Scope, panel_id: UUID) -> Panel:
    """A panel. Raises NotFound."""
    return await queries.panel_in(scope, panel_id)


async def open_member(scope: Scope, ring: KeyRing, member_id: UUID, purpose: str, now: datetime) -> Person:
    """A member's name and address for the eyes of staff. The look is recorded with its purpose. Raises NotFound."""
    await queries.member_in(scope, member_id)
    person = (await people_of(connection(), ring, [member_id]))[member_id]
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "panelist.read", "panelist", member_id,
        subject_id=member_id, purpose=purpose,
    )  # fmt: skip
    await record(connection(), event, now)
    return person


async def join(settings: Settings, panel: Panel, typed: tuple[str, str], profile: Profile, now: datetime) -> None:
    """Somebody asks to join: a message to the address decides whether it was they. typed: address, first name.

    The visitor is told the same whether the address is known or not. A member who is active already gets the link to
    their own page instead.
    """
    address, first_name = typed
    index = vault.blind_index(settings.index_key, EMAIL, panel.affiliate_id, optouts.normalised(address))
    present = await queries.find_member(panel.id, index)
    if present is None:
        member_id = uuid4()
        key = await vault.create_subject(connection(), settings.keyring, panel.affiliate_id, member_id)
        suppression = optouts.suppression_key(settings.index_key, address)
        sealed = _sealed(key, member_id, address, first_name)
        await queries.insert_member(panel, member_id, sealed, (index, suppression), profile, now)
        await _note_member(panel.affiliate_id, "panelist.ask", member_id, now)
    else:
        member_id = present["id"]
    is_member = present is not None and present["status"] == MemberState.ACTIVE
    await _write(settings, panel, member_id, address, WELCOME_KIND if is_member else CONFIRM_KIND, now)


async def confirm(settings: Settings, member_id: UUID, read: int, now: datetime) -> Membership:
    """Make the asker a member and keep the evidence: wording, version, time. Confirming twice changes nothing.

    read: the version of the wording that the asker has read. Raises OtherWording where it is another one now.
    """
    membership = await membership_behind(settings.keyring, member_id)
    panel = membership.panel
    if membership.member.status != MemberState.ACTIVE and read != panel.wording_version:
        raise OtherWording(membership)
    if await queries.confirm(member_id, now):
        wording = Wording(panel.wording_version, panel.wording, "double opt-in by e-mail")
        await consents.give(connection(), panel.affiliate_id, member_id, PURPOSE, wording, now)
        await _note_member(panel.affiliate_id, "panelist.confirm", member_id, now)
        await _write(settings, panel, member_id, membership.email, WELCOME_KIND, now)
    return await membership_behind(settings.keyring, member_id)


async def membership_behind(ring: KeyRing, member_id: UUID) -> Membership:
    """What is held about the holder of a link. Raises NotFound."""
    member = await queries.member_behind(member_id)
    panel = await queries.panel_behind(member.panel_id)
    person = (await people_of(connection(), ring, [member_id]))[member_id]
    brand = await affiliates.brand_in(panel.affiliate_id)
    return Membership(member, panel, brand, person.email, person.first_name)


async def is_stopped(here: Connection, settings: Settings, membership: Membership) -> bool:
    """Whether the member once stopped all surveys: only they can lift that, on their opt-out page."""
    return await optouts.is_stopped(
        here, optouts.suppression_key(settings.index_key, membership.email), None, membership.panel.affiliate_id
    )


async def copy_of(here: Connection, membership: Membership) -> dict[str, object]:
    """Everything held about a member, by name, with the evidence of what they agreed to."""
    member = membership.member
    given = await consents.consents_of(here, member.id)
    return {
        "panel": membership.panel.name,
        "held_by": membership.affiliate,
        "source": "you entered it yourself on the panel's sign-up page",
        "email": membership.email,
        "first_name": membership.first_name,
        "language": member.language,
        "age_band": member.age_band,
        "gender": member.gender,
        "where_you_live": member.region,
        "state": member.status,
        "asked_to_join_at": member.joined_at,
        "confirmed_at": member.confirmed_at,
        "internal_id": member.id,
        "agreements": [
            {
                "given": entry.is_given,
                "wording_version": entry.wording.version,
                "wording": entry.wording.text,
                "how": entry.wording.method,
                "at": entry.at,
            }
            for entry in given
        ],
    }


async def correct(ring: KeyRing, member_id: UUID, first_name: str, profile: Profile, now: datetime) -> None:
    """Let a member correct what is held. Raises NotFound."""
    member = await queries.member_behind(member_id)
    panel = await queries.panel_behind(member.panel_id)
    key = await vault.data_key(connection(), ring, member_id)
    sealed = vault.seal(key, Place(FIRST_NAME, member_id, member_id), first_name) if first_name else None
    await queries.update_member(member_id, sealed, profile)
    await _note_member(panel.affiliate_id, "panelist.correct", member_id, now)


async def leave(ring: KeyRing, member_id: UUID, now: datetime) -> None:
    """Stop being a member: no study of the panel asks any more. The evidence stays. Raises NotFound."""
    membership = await membership_behind(ring, member_id)
    panel = membership.panel
    await queries.leave(member_id)
    wording = Wording(panel.wording_version, panel.wording, "the member's own page")
    await consents.withdraw(connection(), panel.affiliate_id, member_id, PURPOSE, wording, now)
    await _note_member(panel.affiliate_id, "panelist.leave", member_id, now)


async def erase(ring: KeyRing, member_id: UUID, now: datetime) -> None:
    """Leave and be forgotten: the row goes, and the key that could open any copy of it. Raises NotFound."""
    membership = await membership_behind(ring, member_id)
    await leave(ring, member_id, now)
    await mail.forget(connection(), await queries.delete_members(connection(), [member_id]))
    await vault.shred(connection(), member_id)
    await _note_member(membership.panel.affiliate_id, "panelist.erase", member_id, now)


async def people_of(here: Connection, ring: KeyRing, member_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Address, first name, language, panel and joining day of members: two statements however many."""
    rows = await queries.sealed_of(here, member_ids)
    keys = await vault.data_keys(here, ring, [row["id"] for row in rows])
    people = {}
    for row in rows:
        member_id = row["id"]
        if key := keys.get(member_id):
            email = vault.unseal_text(key, Place(EMAIL, member_id, member_id), row["email"])
            name = row["first_name"]
            first = vault.unseal_text(key, Place(FIRST_NAME, member_id, member_id), name) if name else ""
            people[member_id] = Person(email, first, row["language"], row["panel"], row["joined_at"])
    return people


async def forget_unconfirmed(here: Connection, now: datetime) -> int:
    """Remove who never confirmed within the days of the link, with their keys; one batch. Role.WORKER."""
    gone = await queries.stale_pending(here, now - timedelta(days=CONFIRM_DAYS))
    await mail.forget(here, await queries.delete_members(here, gone))
    await vault.shred_many(here, gone)
    return len(gone)


async def affiliates_left(here: Connection) -> list[UUID]:
    """Affiliates that have to forget somebody some day. Role.WORKER."""
    return await queries.affiliates_left(here)


async def forget_left(here: Connection, affiliate_id: UUID, now: datetime) -> int:
    """Remove who left thirty days ago, with their keys; one batch. The evidence stays. Role.WORKER of the affiliate."""
    gone = await queries.long_left(here, affiliate_id, now - timedelta(days=LEFT_DAYS))
    await mail.forget(here, await queries.delete_members(here, gone))
    await vault.shred_many(here, gone)
    events = [
        Event(affiliate_id, "system", None, "panelist.erase", "panelist", member_id, subject_id=member_id)
        for member_id in gone
    ]
    await record_many(here, events, now)
    return len(gone)


async def audience_count(scope: Scope, panel_id: UUID, client_id: UUID, audience: PanelAudience) -> PanelAudienceCount:
    """How many members an audience has, and how many of them have asked not to be written to (for this client)."""
    return await queries.count_audience(scope, (panel_id, client_id), audience)


def audience_sql(scope: Scope, ids: tuple[UUID, UUID], audience: PanelAudience, first_parameter: int = 1) -> Fragment:
    """A SELECT to stand as a sub-query in the statement that launches a study. ids: the panel's and the client's.

    Columns: panelist_id, affiliate_id, suppression_key, language, status, demographics (bands as JSON), is_suppressed.
    One row for each member that fits, the suppressed and the bounced (by status) among them. Parameters are numbered
    from `first_parameter`; the values come with the fragment. Role.STAFF or Role.WORKER of the scope's affiliate.
    """
    return queries.audience_fragment(scope, ids, audience, first_parameter)


def _sealed(key: vault.DataKey, member_id: UUID, address: str, first_name: str) -> Sealed:
    name = vault.seal(key, Place(FIRST_NAME, member_id, member_id), first_name) if first_name else None
    return Sealed(vault.seal(key, Place(EMAIL, member_id, member_id), address), name)


async def _write(settings: Settings, panel: Panel, member_id: UUID, address: str, kind: str, now: datetime) -> None:
    key = optouts.suppression_key(settings.index_key, address)
    link_id = await optouts.link_for(connection(), key, panel.affiliate_id, None)
    # Each request is an occasion of its own: somebody who lost the first message may ask again. Both kinds answer to
    # what the member did a moment ago.
    delivery = Delivery(
        panel.affiliate_id, uuid4(), member_id, kind, is_bulk=False, suppression_key=key, not_before=now,
        opt_out_link_id=link_id, is_asked=True,
    )  # fmt: skip
    await mail.enqueue(delivery)


async def _note(scope: Scope, action: str, kind: str, object_id: UUID, now: datetime) -> None:
    event = Event(scope.affiliate_id, scope.actor_kind, scope.account_id, action, kind, object_id)
    await record(connection(), event, now)


async def _note_member(affiliate_id: UUID, action: str, member_id: UUID, now: datetime) -> None:
    event = Event(affiliate_id, "subject", None, action, "panelist", member_id, subject_id=member_id)
    await record(connection(), event, now)
