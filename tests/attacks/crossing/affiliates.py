"""Affiliates that have done everything once: list, panel, questionnaire, study, answers, release. By services alone."""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from privacy.crypto import random_bytes
from survey.accounts import service as accounts
from survey.accounts.domain import AccountRole, Invitee, Place
from survey.accounts.service import NewAccount
from survey.affiliates import service as affiliates
from survey.affiliates.domain import Draft as Company
from survey.clients import service as clients
from survey.clients.domain import Level, LocationDraft
from survey.contacts import service as contacts
from survey.contacts.domain import Evidence, LegalBasis
from survey.contacts.service import Upload
from survey.db import Role, Scope, transaction
from survey.demo import queries as demo
from survey.demo.fieldwork import Ground, Wave, questionnaire
from survey.demo.lists import client, codes_by_location
from survey.demo.postbox import deliver
from survey.demo.stage import Stage
from survey.mail.mailbox import find_source, folder_of, messages
from survey.panels import service as panels
from survey.panels.domain import PanelDraft, Profile
from survey.questionnaires.domain import store_visit
from survey.shoppers import service as shoppers
from survey.shoppers.domain import BandQuestion, Payout, Registration, TaxKind
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Draft as Shops
from survey.shops.campaigns.domain import Quota, WaveDraft
from survey.shops.payments import service as payments
from survey.studies import service as studies
from survey.studies.domain import Draft
from tests.shop_world import insert

DAY = timedelta(days=1)
HEADINGS = ("E-mail", "First name", "Surname", "Company", "City", "Note", "Store", "Last visit")
EVIDENCE = Evidence("Loyalty card members who visited in October", LegalBasis.LEGITIMATE_INTERESTS)
STORE = "S1"
TREE = (
    LocationDraft("R1", "North", Level.REGION),
    LocationDraft("D1", "Tyne Valley", Level.DISTRICT, "R1"),
    LocationDraft(STORE, "Tyne Market Square", Level.STORE, "D1"),
    LocationDraft("S2", "Tyne Riverside", Level.STORE, "D1"),
)
CROWD = 36
CLOSED = Wave("October visits", "Your last visit", 45, 20, 0, CROWD)
UNTOLD = {
    # Of ours it is the canary's: the only one with a note.
    "contact_id": "SELECT id FROM identity.contact WHERE affiliate_id = $1"
    " ORDER BY octet_length(details) DESC NULLS LAST",
    "questionnaire_id": "SELECT id FROM field.questionnaire WHERE affiliate_id = $1",
    "guideline_id": "SELECT id FROM field.guideline WHERE affiliate_id = $1",
    "release_id": "SELECT id FROM release.release WHERE affiliate_id = $1",
}
DELIVERY = """
SELECT d.id
  FROM ops.delivery d
  JOIN identity.invitation i ON i.id = d.recipient_id
 WHERE i.study_id = $1
   AND i.contact_id = $2
"""
OPEN = Wave("November visits", "Your visit this month", 3, -11, 1, 0)


@dataclass(frozen=True, slots=True)
class Person:
    """A row of a list."""

    email: str
    first_name: str = "Ada"
    last_name: str = "Birk"
    company: str = ""
    city: str = ""
    note: str = ""

    def row(self, store: str = STORE) -> tuple[str, ...]:
        """As the list has it."""
        return (
            *(self.email, self.first_name, self.last_name, self.company, self.city, self.note),
            *(store, "2026-10-20"),
        )


@dataclass(frozen=True, slots=True)
class Affiliate:
    """A company with an administrator and a manager, and one client with a viewer at its head and one at a store."""

    name: str
    stage: Stage
    ground: Ground
    ids: dict[str, UUID]
    people: dict[str, UUID]

    @property
    def scope(self) -> Scope:
        """The manager's."""
        return self.ground.scope


async def provider(stage: Stage) -> tuple[Scope, UUID]:
    """The company that runs the platform, and the account of one of its people."""
    async with transaction(Role.PROVIDER):
        owner = await affiliates.create_provider(_company("platform"), stage.day(120))
        account = await accounts.create_account(
            owner, stage.settings, _account("ines@platform.example", AccountRole.PROVIDER), stage.day(120)
        )
    return owner, account


async def affiliate(stage: Stage, owner: Scope, name: str) -> Affiliate:
    """A company with its people, a client, and a questionnaire; nobody has been asked anything yet."""
    async with transaction(Role.PROVIDER):
        affiliate_id = await affiliates.create_affiliate(owner, _company(name), stage.day(110))
    people = {
        role: await staff_account(stage, affiliate_id, f"{role}@{name}.example", AccountRole(role))
        for role in ("affiliate_admin", "manager", "scheduler", "editor", "payroll")
    }
    scope = Scope(affiliate_id, people["manager"], "manager", "staff")
    client_id = await client(scope, f"{name.capitalize()} Coffee", TREE, stage.day(100))
    version_id = await questionnaire(scope, "After a visit", store_visit(), stage.day(90))
    ground = Ground(scope, client_id, version_id, await codes_by_location(scope, client_id))
    return Affiliate(name, stage, ground, {"client_id": client_id, "affiliate_id": affiliate_id}, people)


async def staff_account(
    stage: Stage, affiliate_id: UUID, email: str, role: AccountRole, place: Place | None = None
) -> UUID:
    """An account of an affiliate; its id."""
    async with transaction(Role.STAFF, affiliate=affiliate_id):
        system = Scope(affiliate_id, actor_kind="system")
        return await accounts.create_account(system, stage.settings, _account(email, role, place), stage.day(100))


async def another_client(one: Affiliate, name: str) -> Ground:
    """One more client of the affiliate, with the same tree and questionnaire."""
    client_id = await client(one.scope, name, TREE, one.stage.day(100))
    return Ground(one.scope, client_id, one.ground.version_id, await codes_by_location(one.scope, client_id))


def place_of(ground: Ground, code: str) -> UUID:
    """The location with this code."""
    return next(place for place, known in ground.codes.items() if known == code)


async def viewer(one: Affiliate, ground: Ground, location_id: UUID) -> UUID:
    """Somebody of a client who reads from this location downwards; the account's id."""
    email, place = f"{location_id.hex}@client.example", Place(ground.client_id, location_id)
    return await staff_account(one.stage, one.scope.affiliate_id, email, AccountRole.CLIENT_VIEWER, place)


async def root_of(ground: Ground) -> UUID:
    """The head of the client's tree."""
    async with transaction(Role.STAFF, affiliate=ground.scope.affiliate_id):
        return (await clients.root_of(ground.scope, ground.client_id)).id


async def bring_in(stage: Stage, ground: Ground, rows: Sequence[Sequence[str]]) -> UUID:
    """A customer list through the wizard and its two jobs; the import's id."""
    scope, safe, now = ground.scope, contacts.safe_of(stage.settings), stage.day(60)
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            import_id = await contacts.receive(scope, safe, ground.client_id, Upload(path, "customers.csv"), now)
            await contacts.attest(scope, import_id, EVIDENCE, now)
        await contacts.check_import(safe, scope, import_id, lambda: now)
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            version = (await contacts.import_in(scope, import_id)).version
            await contacts.begin_import(scope, import_id, version, now)
        await contacts.run_import(safe, scope, import_id, lambda: now)
    return import_id


async def join(one: Affiliate, person: Person, profile: Profile) -> tuple[UUID, UUID]:
    """A panel, and somebody who asked to join it and pressed the button in the message; both ids."""
    stage, scope = one.stage, one.scope
    draft = PanelDraft("Voices", f"voices-{scope.affiliate_id.hex}", "People who tell shops.", "I want to be asked.")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        panel_id = await panels.create_panel(scope, draft, stage.day(50))
        panel = await panels.panel_in(scope, panel_id)
    async with transaction(Role.DESK):
        await panels.join(stage.settings, panel, (person.email, person.first_name), profile, stage.day(40))
    await deliver(stage, stage.day(40), partial(demo.unsent_to_members, panel_id))
    async with transaction(Role.WORKER):
        (member_id,) = await demo.pending_members(panel_id)
    async with transaction(Role.DESK):
        await panels.confirm(stage.settings, member_id, 1, stage.day(39))
    await deliver(stage, stage.day(39), partial(demo.unsent_to_members, panel_id))
    return panel_id, member_id


async def draft(one: Affiliate) -> UUID:
    """A study that is not launched yet; its id."""
    ground = one.ground
    async with transaction(Role.STAFF, affiliate=one.scope.affiliate_id):
        wanted = Draft(ground.client_id, ground.version_id, "December visits", "Your next visit")
        return await studies.create(one.scope, wanted, one.stage.day(1))


async def campaign(one: Affiliate) -> None:
    """A campaign of mystery shops with a guideline, a scenario and a wave that is not published; their ids."""
    scope, ground, now = one.scope, one.ground, one.stage.day(1)
    wave = WaveDraft("Spring", now.date(), now.date(), Quota())
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        made = await campaigns.create(scope, Shops(ground.client_id, f"{one.name} service check", "in_person"), now)
        await campaigns.edit(scope, made, 1, {"version_id": ground.version_id}, now)
        await campaigns.write(scope, made, f"Go into a {one.name} place.", (), (80, now))
        one.ids["campaign_id"] = made
        one.ids["scenario_id"] = await campaigns.put_scenario(scope, made, None, ("A parent", ""), now)
        one.ids["wave_id"] = await campaigns.put_wave(scope, made, None, wave, now)


async def a_shopper(one: Affiliate, superuser: asyncpg.Connection, typed: Registration) -> None:
    """Somebody who registered there, confirmed, and is asked something."""
    now, settings, scope = one.stage.day(30), one.stage.settings, one.scope
    asked = BandQuestion(uuid4(), "age_band", "Your age", (("young", "Under 40"), ("old", "Over 40")), False, "fit")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await shoppers.rules.publish_agreement(scope, "I keep what I see to myself.", now)
        await shoppers.rules.set_entrance(scope, True, 18, now)
        await shoppers.rules.add_question(scope, asked, now)
    slug = await superuser.fetchval("SELECT slug FROM field.affiliate WHERE id = $1", scope.affiliate_id)
    async with transaction(Role.GATE):
        door = await shoppers.registering.door_called(slug)
    assert door.agreement is not None
    await shoppers.registering.register(settings, door, door.agreement, typed, now)
    shopper_id = await superuser.fetchval("SELECT id FROM identity.shopper WHERE affiliate_id = $1", scope.affiliate_id)
    async with transaction(Role.GATE):
        pending = await shoppers.registering.pending_behind(shopper_id)
        await shoppers.registering.confirm_anew(settings, pending, ("brisk lantern oboe meadow", "a browser"), now)
    one.ids.update(shopper_id=shopper_id, question_id=asked.id)
    one.people["shopper"] = pending.account_id


async def some_pay(one: Affiliate, superuser: asyncpg.Connection, payout: Payout, tax_number: str) -> None:
    """The shopper has made a visit, and what it pays is in a batch. The visit itself is written as rows."""
    now, scope, shopper_id = one.stage.day(10), one.scope, one.ids["shopper_id"]
    shop_id = await _visit(one, superuser, now)
    own = Scope(scope.affiliate_id, one.people["shopper"], "shopper", "shopper", shopper_id=shopper_id)
    async with transaction(Role.SHOPPER, affiliate=scope.affiliate_id, shopper=shopper_id):
        await shoppers.money.set_payout(own, one.stage.settings, payout, now)
        item = await payments.promise(own, shop_id, now)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        item = await payments.make_payable(scope, shop_id, now)
        planned = payments.Planned(uuid4(), item.currency, item.promised_on, 1, item.amounts.total_cents)
        batch = await payments.create_batch(scope, planned, now)
        await shoppers.money.tax_number_needed(scope, shopper_id, now.year, now)
    async with transaction(Role.SHOPPER, affiliate=scope.affiliate_id, shopper=shopper_id):
        await shoppers.money.set_tax_number(own, one.stage.settings.keyring, TaxKind.OTHER, tax_number, now)
    one.ids.update(item_id=item.id, batch_id=batch.id)


async def _visit(one: Affiliate, superuser: asyncpg.Connection, now: datetime) -> UUID:
    campaign_id, wave_id, shop_id = uuid4(), uuid4(), uuid4()
    ours = {"affiliate_id": one.scope.affiliate_id, "created_at": now}
    rows: dict[str, dict[str, object]] = {
        "field.campaign": ours | {"id": campaign_id, "client_id": one.ids["client_id"], "name": "Visits",
                                  "kind": "in_person"},
        "field.wave": ours | {"id": wave_id, "campaign_id": campaign_id, "label": "One", "starts_on": now.date(),
                              "ends_on": now.date()},
        "field.shop": ours | {"id": shop_id, "client_id": one.ids["client_id"], "campaign_id": campaign_id,
                              "wave_id": wave_id, "location_id": place_of(one.ground, STORE), "public_ref": "V-1",
                              "window_start": now, "window_end": one.stage.day(9), "fee_cents": 1200,
                              "reimbursement_cap_cents": 0, "currency": "USD", "state": "APPROVED", "state_since": now},
        "identity.assignment": {"affiliate_id": one.scope.affiliate_id, "shop_id": shop_id, "mode": "manual",
                                "shopper_id": one.ids["shopper_id"], "state": "done", "assigned_at": now},
    }  # fmt: skip
    for table, values in rows.items():
        await insert(superuser, table, values)
    return shop_id


async def know_the_rest(one: Affiliate, superuser: asyncpg.Connection) -> None:
    """Look up the ids that no service hands out: of a contact, the questionnaire, and what was released."""
    for name, statement in UNTOLD.items():
        one.ids[name] = await superuser.fetchval(statement, one.scope.affiliate_id)
        assert one.ids[name], name
    one.ids["delivery_id"] = await superuser.fetchval(DELIVERY, one.ids["opened"], one.ids["contact_id"])
    one.ids["location_id"] = place_of(one.ground, STORE)
    one.ids["account_id"] = one.people["manager"]


def letters(stage: Stage) -> list[tuple[str, str]]:
    """Every message that left: to whom, and everything it says with its parts decoded. The newest first."""
    folder = folder_of(stage.settings)
    return [(caught.to, _words(find_source(folder, caught.id) or b"")) for caught in messages(folder)]


def _words(source: bytes) -> str:
    message = message_from_bytes(source, policy=policy.default)
    headers = [f"{name}: {value}" for name, value in message.items()]
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*headers, *parts])


def _company(name: str) -> Company:
    return Company(name.capitalize(), name, "1 High Street, Testford", f"office@{name}.example")


def _account(email: str, role: AccountRole, place: Place | None = None) -> NewAccount:
    return NewAccount(Invitee(email, "Somebody at work", role, place), random_bytes(24).hex())
