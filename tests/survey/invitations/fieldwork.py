"""A client with contacts, a questionnaire, and studies that are taken through their steps as the product would."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from uuid import UUID, uuid4

import asyncpg

from privacy.optouts import suppression_key
from privacy.vault import Place, create_subject, seal
from survey.clients import service as clients
from survey.clients.domain import LocationDraft
from survey.contacts.domain.sealing import sealed_contacts
from survey.db import Role, Scope, transaction
from survey.invitations import emails, service
from survey.invitations.domain import Launched
from survey.mail import queries as outbox
from survey.mail.composing import Composing
from survey.mail.domain import Outgoing, Withheld
from survey.mail.envelope import letterhead_of
from survey.mail.skeleton import message_of
from survey.panels.domain import EMAIL
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import store_visit
from survey.settings import Settings
from survey.studies import service as studies
from survey.studies.domain import PURPOSE, Draft, Study
from tests.conftest import NOW

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """One affiliate at work for one client."""

    scope: Scope
    client_id: UUID
    store_id: UUID
    version_id: UUID
    owner: asyncpg.Connection
    settings: Settings

    @classmethod
    async def begun(
        cls, scope: Scope, owner: asyncpg.Connection, settings: Settings, client: str = "Brightwater Coffee"
    ) -> "Fieldwork":
        """A client with a store, and a questionnaire."""
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            client_id = await clients.create_client(scope, client, NOW)
            root = await clients.root_of(scope, client_id)
            place = LocationDraft("L1", "Leeds Station", "store")
            store_id = await clients.add_location(scope, client_id, place, root.id, NOW)
            asked = await questionnaires.create(scope, "Visits", store_visit(), NOW)
            usable = await questionnaires.usable_versions(scope)
        (version,) = [each.version_id for each in usable if each.questionnaire_id == asked]
        return cls(scope, client_id, store_id, version, owner, settings)

    async def contact(self, email: str, first_name: str = "", *, at_store: bool = True, status: str = "active") -> UUID:
        """A customer on the client's list."""
        contact_id, import_id = uuid4(), uuid4()
        affiliate_id = self.scope.affiliate_id
        async with transaction(Role.STAFF, affiliate=affiliate_id) as here:
            key = await create_subject(here, self.settings.keyring, affiliate_id, contact_id)
        await self.owner.execute(
            "INSERT INTO identity.contact_import (id, affiliate_id, client_id, file_key, file_digest, file_kind,"
            " created_by, created_at) VALUES ($1, $2, $3, '', '', 'csv', $1, $4)",
            import_id, affiliate_id, self.client_id, NOW,
        )  # fmt: skip
        address, names = sealed_contacts([(key, email, (first_name, "", ("",) * 3))])[0]
        await self.owner.execute(
            "INSERT INTO identity.contact (id, affiliate_id, client_id, import_id, email, email_index,"
            " suppression_key, first_name, location_id, visited_on, status, created_on)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            contact_id, affiliate_id, self.client_id, import_id, address, contact_id.bytes,
            suppression_key(self.settings.index_key, email), names.first_name, self.store_id if at_store else None,
            date(2026, 11, 2), status, date(2026, 11, 5),
        )  # fmt: skip
        return contact_id

    async def panel_with(self, email: str, **bands: str) -> tuple[UUID, UUID]:
        """A panel with one member."""
        panel_id, member_id = uuid4(), uuid4()
        affiliate_id = self.scope.affiliate_id
        async with transaction(Role.STAFF, affiliate=affiliate_id) as here:
            key = await create_subject(here, self.settings.keyring, affiliate_id, member_id)
        await self.owner.execute(
            "INSERT INTO field.panel (id, affiliate_id, name, slug, about, wording, created_at)"
            " VALUES ($1, $2, 'Leeds people', $3, 'About', 'I agree', $4)",
            panel_id, affiliate_id, panel_id.hex, NOW,
        )  # fmt: skip
        await self.owner.execute(
            "INSERT INTO identity.panelist (id, affiliate_id, panel_id, email, email_index, suppression_key, age_band,"
            " region, status, joined_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9)",
            member_id, affiliate_id, panel_id, seal(key, Place(EMAIL, member_id, member_id), email), member_id.bytes,
            suppression_key(self.settings.index_key, email), bands.get("age_band"), bands.get("region"), NOW,
        )  # fmt: skip
        return panel_id, member_id

    async def study(self, **changes: object) -> Study:
        """A draft that is ready to be launched but for what `changes` say."""
        draft = Draft(self.client_id, self.version_id, "November", "Your last visit")
        ready = {"opens_at": NOW - DAY, "closes_at": NOW + 20 * DAY, "confirmed": [PURPOSE], **changes}
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            study_id = await studies.create(self.scope, draft, NOW)
            await studies.edit(self.scope, study_id, 1, ready, NOW)
            return await studies.study_in(self.scope, study_id)

    async def launch(self, study: Study, now: datetime = NOW) -> Launched:
        """Press the button on a page that shows this study."""
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            return await service.launch(self.scope, study.id, study.revision, now)

    async def composed(self, study: Study, now: datetime = NOW) -> list[Outgoing | Withheld]:
        """Claim what is due of a study and write the letters, as the worker does."""
        async with transaction(Role.WORKER) as here:
            rows, _ = await outbox.claim(here, now, 10_000, now + DAY, "candour.test")
        ours = [row for row in rows if row.campaign_id == study.id]
        if not ours:
            return []
        async with transaction(Role.WORKER, affiliate=self.scope.affiliate_id) as here:
            return list(await emails.compose(Composing(here, self.settings, now), ours))

    async def mark_sent(self, study: Study, at: datetime) -> None:
        """Let what waits have gone out."""
        await self.owner.execute(
            "UPDATE ops.delivery SET state = 'sent', phase = 'done', sent_at = $2"
            " WHERE campaign_id = $1 AND state = 'queued'",
            study.id,
            at,
        )

    async def bounce(self, study: Study) -> None:
        """The relay says that none of the addresses exists."""
        async with transaction(Role.WORKER) as here:
            rows, _ = await outbox.claim(here, NOW, 10_000, NOW + DAY, "candour.test")
        ours = [row for row in rows if row.campaign_id == study.id]
        async with transaction(Role.WORKER, affiliate=self.scope.affiliate_id) as here:
            await emails.mark_bounced(Composing(here, self.settings, NOW), ours)

    async def set_door(self, study: Study, state: str) -> None:
        """Somebody answers, or declines."""
        await self.owner.execute(
            "UPDATE field.entry SET state = $2 WHERE id = (SELECT id FROM field.entry WHERE study_id = $1"
            " AND state = 'new' LIMIT 1)",
            study.id,
            state,
        )

    async def waiting_invitation(self, study: Study) -> UUID:
        """The invitation of somebody who has not answered."""
        found: UUID = await self.owner.fetchval(
            "SELECT t.invitation_id FROM identity.response_link t JOIN field.entry e ON e.id = t.entry_id"
            " WHERE t.study_id = $1 AND e.state = 'new' LIMIT 1",
            study.id,
        )
        return found

    async def log(self, study: Study) -> list[tuple[str, str, str]]:
        """Kind, state and reason of everything that was to be sent."""
        rows = await self.owner.fetch(
            "SELECT kind, state, reason FROM ops.delivery WHERE campaign_id = $1 ORDER BY kind, state, reason", study.id
        )
        return [tuple(row) for row in rows]


def text_of(outgoing: Outgoing, fieldwork: Fieldwork) -> str:
    """The text part of a message as its recipient reads it, on one line."""
    message = message_of(outgoing, letterhead_of(fieldwork.settings), NOW, is_to_people=True)
    parsed = message_from_bytes(message.content, policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())
