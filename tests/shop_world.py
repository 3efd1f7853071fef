"""A world of mystery shops, written as the superuser: whoever tests a part of a shop's life begins in its middle.

In a test: `there = await shop_world(superuser, settings, world.alices.affiliate_id)`, then
`await there.shop("ASSIGNED", held_by=await there.shopper())`, `await there.signed_in(site, shopper)` for a browser, and
`site.signed_in(there.affiliate_id, "scheduler")` (or editor, payroll, manager) for staff. Any column may be overridden.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
from asyncpg.connection import LoggedQuery

from privacy.vault import Place, create_subject, data_key, seal
from survey.db import Role, Scope, Transaction, transaction
from survey.questionnaires.domain import Definition, store_visit, to_json
from survey.settings import Settings

from .conftest import NOW
from .web_client import Browser, Site

PLATFORM = UUID("00000000-0000-4000-8000-00000000a11f")  # the provider's tenant, in which shoppers sign in
DAY = timedelta(days=1)
WEEK = {day: [["07:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
HOLDING = {"OFFERED": "offered", "ASSIGNED": "held", "IN_PROGRESS": "held", "RETURNED": "held"}
WITH_SOMEBODY = frozenset(HOLDING) | {
    "SUBMITTED",
    "IN_REVIEW",
    "APPROVED",
    "RELEASED",
    "CLOSED",
    "REJECTED",
    "EXCLUDED",
}
ADDRESS = {"street": "9 Mill Lane", "city": "Leeds", "region": "Yorkshire", "postal_code": "LS1 1AA", "country": "GB"}


@dataclass(frozen=True, slots=True)
class Shopper:
    """A shopper's profile at one affiliate, and the sign-in behind it."""

    id: UUID
    affiliate_id: UUID
    account_id: UUID

    @property
    def scope(self) -> Scope:
        """On whose behalf the shopper's own requests are."""
        return Scope(self.affiliate_id, self.id, "shopper", "shopper", shopper_id=self.id)

    def transaction(self) -> Transaction:
        """A transaction as the shopper's pages open it."""
        return transaction(Role.SHOPPER, affiliate=self.affiliate_id, shopper=self.id)


@dataclass(frozen=True, slots=True)
class ShopWorld:
    """One client with a tree of places, a live campaign with a wave, and the means to add to all of it."""

    owner: asyncpg.Connection
    settings: Settings
    scope: Scope
    client_id: UUID
    root_id: UUID
    region_id: UUID
    store_id: UUID
    version_id: UUID
    campaign_id: UUID
    guideline_id: UUID
    wave_id: UUID

    @property
    def affiliate_id(self) -> UUID:
        """Whose world it is."""
        return self.scope.affiliate_id

    def transaction(self) -> Transaction:
        """A transaction as the staff's pages open it."""
        return transaction(Role.STAFF, affiliate=self.affiliate_id)

    async def location(self, code: str = "", *, under: UUID | None = None, **columns: object) -> UUID:
        """A store below the region (or another node): in Leeds, open every day from 7 to 21 unless told otherwise."""
        location_id = uuid4()
        parent_id = under or self.region_id
        path = await self.owner.fetchval("SELECT path FROM field.location WHERE id = $1", parent_id)
        chosen = code or f"S-{location_id.hex[:6]}"
        values = {
            "id": location_id, "affiliate_id": self.affiliate_id, "client_id": self.client_id, "parent_id": parent_id,
            "level": "store", "code": chosen, "name": f"Store {chosen}", "path": f"{path}{location_id.hex}/",
            "street": "1 High Street", "city": "Leeds", "country": "GB", "time_zone": "Europe/London",
            "latitude": 53.7965, "longitude": -1.5478, "opening_hours": json.dumps(WEEK), "created_at": NOW, **columns,
        }  # fmt: skip
        await insert(self.owner, "field.location", values)
        return location_id

    async def wave(self, label: str, **columns: object) -> UUID:
        """Another wave of the campaign, or of `campaign_id`."""
        values = {
            "id": uuid4(), "affiliate_id": self.affiliate_id, "campaign_id": self.campaign_id, "label": label,
            "starts_on": NOW.date(), "ends_on": NOW.date() + 14 * DAY, "published_at": NOW, "created_at": NOW,
            **columns,
        }  # fmt: skip
        await insert(self.owner, "field.wave", values)
        return UUID(str(values["id"]))

    async def campaign(self, name: str, **columns: object) -> tuple[UUID, UUID]:
        """Another campaign of the client with one wave: the ids of both."""
        campaign_id = uuid4()
        values = {
            "id": campaign_id, "affiliate_id": self.affiliate_id, "client_id": self.client_id, "name": name,
            "kind": "in_person", "version_id": self.version_id, "fee_cents": 1200, "status": "live", "created_at": NOW,
            **columns,
        }  # fmt: skip
        await insert(self.owner, "field.campaign", values)
        return campaign_id, await self.wave("First", campaign_id=campaign_id)

    async def configure(self, **columns: object) -> None:
        """Change columns of the campaign; a mapping or list is stored as JSON."""
        await update(self.owner, "field.campaign", self.campaign_id, columns)

    async def shop(
        self, state: str = "OPEN", held_by: Shopper | None = None, *, planned_on: date | None = None, **columns: object
    ) -> UUID:
        """A shop of the wave at the store. Where its state needs a shopper it is `held_by`, or somebody new."""
        shop_id = uuid4()
        is_assigned = state in WITH_SOMEBODY
        values = {
            "id": shop_id, "affiliate_id": self.affiliate_id, "client_id": self.client_id,
            "campaign_id": self.campaign_id, "wave_id": self.wave_id, "location_id": self.store_id,
            "guideline_id": self.guideline_id, "version_id": self.version_id if is_assigned else None,
            "public_ref": f"T-{shop_id.hex[:10].upper()}", "window_start": NOW - DAY, "window_end": NOW + 14 * DAY,
            "planned_on": planned_on, "due_at": NOW + 2 * DAY if is_assigned else None, "fee_cents": 1200,
            "reimbursement_cap_cents": 800, "currency": "USD", "state": state, "state_since": NOW, "created_at": NOW,
            **columns,
        }  # fmt: skip
        await insert(self.owner, "field.shop", values)
        if is_assigned:
            await self.assignment(
                shop_id, held_by or await self.shopper(), HOLDING.get(state, "done"), planned_on=planned_on
            )
        return shop_id

    async def shops(self, count: int, **columns: object) -> list[UUID]:
        """Many open shops at the store, in one statement."""
        chosen = {"state": "OPEN", "window_start": NOW - DAY, "window_end": NOW + 14 * DAY, **columns}
        rows = await self.owner.fetch(
            "INSERT INTO field.shop (affiliate_id, client_id, campaign_id, wave_id, location_id, guideline_id,"
            " public_ref, window_start, window_end, fee_cents, reimbursement_cap_cents, currency, state, state_since,"
            " created_at) SELECT $1, $2, $3, $4, $5, $6, 'T-' || gen_random_uuid(), $7, $8, 1200, 800, 'USD', $9, $10,"
            " $10 FROM generate_series(1, $11::integer) RETURNING id",
            self.affiliate_id, self.client_id, chosen.get("campaign_id", self.campaign_id),
            chosen.get("wave_id", self.wave_id), chosen.get("location_id", self.store_id), self.guideline_id,
            chosen["window_start"], chosen["window_end"], chosen["state"], NOW, count,
        )  # fmt: skip
        return [row["id"] for row in rows]

    async def shopper(self, name: str = "Robin Marsh", email: str = "", **columns: object) -> Shopper:
        """An active shopper near the store, with a key in the vault and a sign-in of the platform's own tenant.

        Who has read the guideline, unless has_read is False.
        """
        has_read = columns.pop("has_read", True)
        shopper_id = uuid4()
        account_id = columns.pop("account_id", None) or await self.account()
        key = await create_subject(self.owner, self.settings.keyring, self.affiliate_id, shopper_id)

        def sealed(column: str, value: str) -> bytes:
            return seal(key, Place(f"identity.shopper.{column}", shopper_id, shopper_id), value)

        values = {
            "id": shopper_id, "affiliate_id": self.affiliate_id, "account_id": account_id,
            "display_code": f"S-{shopper_id.hex[:6].upper()}", "name": sealed("name", name),
            "email": sealed("email", email or f"{shopper_id.hex[:8]}@shopper.test"), "email_index": shopper_id.bytes,
            "phone": sealed("phone", "+44 113 496 0000"), "address": sealed("address", json.dumps(ADDRESS)),
            "latitude": 53.80, "longitude": -1.55, "time_zone": "Europe/London", "status": "active",
            "agreement_version": 1, "agreed_at": NOW, "created_at": NOW, **columns,
        }  # fmt: skip
        await insert(self.owner, "identity.shopper", values)
        if has_read:
            reading = {"shopper_id": shopper_id, "guideline_id": self.guideline_id, "affiliate_id": self.affiliate_id}
            await insert(self.owner, "identity.guideline_reading", {**reading, "read_at": NOW})
        return Shopper(shopper_id, self.affiliate_id, UUID(str(account_id)))

    async def account(self) -> UUID:
        """A shopper's sign-in. Give it to two profiles at two affiliates for somebody who works for both."""
        await self.owner.execute(
            "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ($1, 'provider', 'Platform', 'platform-of-shoppers', '1 Mill Lane', 'office@platform.test',"
            " $2) ON CONFLICT DO NOTHING",
            PLATFORM, NOW,
        )  # fmt: skip
        account_id = uuid4()
        values = {
            "id": account_id, "affiliate_id": PLATFORM, "role": "shopper", "email": b"", "name": b"",
            "email_index": account_id.bytes, "status": "active", "created_at": NOW,
        }  # fmt: skip
        await insert(self.owner, "identity.account", values)
        return account_id

    async def assignment(
        self, shop_id: UUID, shopper: Shopper, state: str = "held", *, planned_on: date | None = None, **columns: object
    ) -> UUID:
        """Who makes a shop, or made it."""
        values = {
            "id": uuid4(), "affiliate_id": self.affiliate_id, "shop_id": shop_id, "shopper_id": shopper.id,
            "mode": "manual", "state": state, "planned_on": planned_on, "assigned_at": NOW,
            "ended_at": None if state in {"offered", "held"} else NOW, **columns,
        }  # fmt: skip
        if "household_index" not in columns:
            values["household_index"] = await self.owner.fetchval(
                "SELECT household_index FROM identity.shopper WHERE id = $1", shopper.id
            )
        await insert(self.owner, "identity.assignment", values)
        return UUID(str(values["id"]))

    async def visited(self, shopper: Shopper, on: date, **columns: object) -> UUID:
        """A shop that somebody made on a day, closed since."""
        return await self.shop("CLOSED", shopper, planned_on=on, **columns)

    async def application(
        self, shop_id: UUID, shopper: Shopper, state: str = "SUBMITTED", *, note: str = "", **columns: object
    ) -> UUID:
        """Somebody asks for a shop."""
        application_id = uuid4()
        sealed = None
        if note:
            key = await data_key(self.owner, self.settings.keyring, shopper.id)
            sealed = seal(key, Place("identity.application.note", application_id, shopper.id), note)
        values = {
            "id": application_id, "affiliate_id": self.affiliate_id, "shop_id": shop_id, "shopper_id": shopper.id,
            "proposed_on": NOW.date() + 3 * DAY, "note": sealed, "state": state, "created_at": NOW, **columns,
        }  # fmt: skip
        await insert(self.owner, "identity.application", values)
        return application_id

    async def report(self, shop_id: UUID, coded: dict[str, object] | None = None, **columns: object) -> UUID:
        """A report of a shop with its key in the vault; coded: answers by question."""
        report_id = uuid4()
        await create_subject(self.owner, self.settings.keyring, self.affiliate_id, report_id)
        values = {
            "id": report_id, "affiliate_id": self.affiliate_id, "shop_id": shop_id, "version_id": self.version_id,
            "coded": json.dumps(coded or {}), "started_at": NOW, "submitted_at": NOW, **columns,
        }  # fmt: skip
        await insert(self.owner, "field.report", values)
        return report_id

    async def row(self, shop_id: UUID) -> asyncpg.Record:
        """A shop as it is stored."""
        return await self.owner.fetchrow("SELECT * FROM field.shop WHERE id = $1", shop_id)

    async def state_of(self, shop_id: UUID) -> str:
        """Where a shop stands."""
        state: str = await self.owner.fetchval("SELECT state FROM field.shop WHERE id = $1", shop_id)
        return state

    async def events(self, object_id: UUID) -> list[asyncpg.Record]:
        """The audit events about something, in their order: action, actor_kind, actor_id, detail."""
        rows: list[asyncpg.Record] = await self.owner.fetch(
            "SELECT * FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at", object_id
        )
        return rows

    async def signed_in(self, site: Site, shopper: Shopper) -> Browser:
        """The shopper's browser, at this affiliate."""
        browser = await site.with_session(PLATFORM, shopper.account_id)
        await self.owner.execute(
            "UPDATE ops.session SET shopper_id = $2 WHERE id_hash = $1", browser.session_hash, shopper.id
        )
        return browser


async def shop_world(
    owner: asyncpg.Connection, settings: Settings, affiliate_id: UUID, definition: Definition | None = None
) -> ShopWorld:
    """A client with headquarters, a region and a store, and a live campaign with one published wave without shops."""
    made = await _client(owner, affiliate_id)
    version_id, campaign_id, guideline_id, wave_id = (uuid4() for _ in range(4))
    questionnaire = {
        "id": uuid4(), "affiliate_id": affiliate_id, "name": f"Visits {version_id.hex[:6]}", "created_at": NOW,
        "changed_at": NOW,
    }  # fmt: skip
    await insert(owner, "field.questionnaire", questionnaire)
    version = {
        "id": version_id, "affiliate_id": affiliate_id, "questionnaire_id": questionnaire["id"], "number": 1,
        "definition": to_json(definition or store_visit()), "frozen_at": NOW, "created_at": NOW,
    }  # fmt: skip
    await insert(owner, "field.questionnaire_version", version)
    scope = Scope(affiliate_id, uuid4(), "scheduler")
    there = ShopWorld(owner, settings, scope, *made, version_id, campaign_id, guideline_id, wave_id)
    campaign = {
        "id": campaign_id, "affiliate_id": affiliate_id, "client_id": made[0], "name": "Barista Welcome",
        "kind": "in_person", "version_id": version_id, "fee_cents": 1200, "reimbursement_cap_cents": 800,
        "status": "live", "created_at": NOW,
    }  # fmt: skip
    await insert(owner, "field.campaign", campaign)
    guideline = {
        "id": guideline_id, "affiliate_id": affiliate_id, "campaign_id": campaign_id, "number": 1,
        "body": "Order a drink. Count the seconds.", "created_at": NOW,
    }  # fmt: skip
    await insert(owner, "field.guideline", guideline)
    await there.configure(guideline_id=guideline_id)
    await there.wave("November", id=wave_id)
    return there


async def let_down(there: ShopWorld, me: Shopper | None = None) -> UUID:
    """A shop that somebody (or `me`) took and did not make; the id of the mark that is proposed for it."""
    me, shop_id, mark_id = me or await there.shopper(), await there.shop("OPEN"), uuid4()
    values = {
        "id": mark_id, "affiliate_id": there.affiliate_id, "shopper_id": me.id, "shop_id": shop_id, "kind": "no_show",
        "assignment_id": await there.assignment(shop_id, me, "taken_back"), "proposed_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "identity.mark", values)
    return mark_id


@asynccontextmanager
async def counted(connection: asyncpg.Connection) -> AsyncIterator[list[str]]:
    """The statements that a block asks of the database; complete when the block has ended."""
    asked: list[str] = []

    def note(record: LoggedQuery) -> None:
        asked.append(record.query)

    connection.add_query_logger(note)
    try:
        yield asked
        # asyncpg tells its listeners in the next round of the loop.
        await asyncio.sleep(0)
    finally:
        connection.remove_query_logger(note)


async def insert(owner: asyncpg.Connection, table: str, values: dict[str, object]) -> None:
    """One row; a mapping or list is stored as JSON."""
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await owner.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", *_stored(values.values()))


async def update(owner: asyncpg.Connection, table: str, row_id: UUID, values: dict[str, object]) -> None:
    """Change columns of one row."""
    sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, start=2))
    await owner.execute(f"UPDATE {table} SET {sets} WHERE id = $1", row_id, *_stored(values.values()))


def moment(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the tests' present."""
    return NOW + timedelta(days=days, hours=hours)


async def _client(owner: asyncpg.Connection, affiliate_id: UUID) -> tuple[UUID, UUID, UUID, UUID]:
    client_id, root_id, region_id, store_id = (uuid4() for _ in range(4))
    client = {"id": client_id, "affiliate_id": affiliate_id, "name": f"Copperkettle {client_id.hex[:6]}"}
    await insert(owner, "field.client", client | {"created_at": NOW})
    root, region = f"/{root_id.hex}/", f"/{root_id.hex}/{region_id.hex}/"
    for values in (
        {"id": root_id, "parent_id": None, "level": "hq", "code": "HQ", "name": "Headquarters", "path": root},
        {"id": region_id, "parent_id": root_id, "level": "region", "code": "W", "name": "West", "path": region},
        {
            "id": store_id, "parent_id": region_id, "level": "store", "code": "CK-031", "name": "Riverside",
            "path": f"{region}{store_id.hex}/", "street": "1 High Street", "city": "Leeds", "country": "GB",
            "time_zone": "Europe/London", "latitude": 53.7965, "longitude": -1.5478, "opening_hours": json.dumps(WEEK),
        },
    ):  # fmt: skip
        await insert(
            owner,
            "field.location",
            {"affiliate_id": affiliate_id, "client_id": client_id, "created_at": NOW, **values},
        )
    return client_id, root_id, region_id, store_id


def _stored(values: Iterable[object]) -> list[object]:
    return [json.dumps(value) if isinstance(value, dict | list) else value for value in values]
