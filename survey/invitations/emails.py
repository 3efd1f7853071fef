"""Invitations and reminders: the study's letter, filled for each of its people."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from privacy.tokens import Purpose, sign
from survey.contacts import service as contacts
from survey.db import Scope
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Claimed, Outgoing, Withheld
from survey.panels import service as panels
from survey.settings import Settings
from survey.studies import service as studies
from survey.studies.domain import Composition, Message, Recipient, composition

from . import queries
from .domain import UNREACHABLE
from .queries import Invited

GONE = "no longer on the list"
CLOSED = "the study has closed"
ANSWERED = "has answered or declined"
DONE = frozenset({"finished", "declined"})


class Person(Protocol):
    """What contacts and members of a panel have in common."""

    @property
    def email(self) -> str:
        """The address."""

    @property
    def first_name(self) -> str:
        """Empty where it is not known."""


async def mark_bounced(composing: Composing, rows: Sequence[Claimed]) -> None:
    """The addresses of these rows do not exist."""
    await queries.mark_bounced(composing.connection, [row.recipient_id for row in rows])


@composer(
    *Message, to=Audience.PEOPLE, about="an invitation to answer a survey, or a reminder of one", on_bounce=mark_bounced
)
async def compose(composing: Composing, rows: Sequence[Claimed]) -> list[Outgoing | Withheld]:
    """Messages of one kind and one affiliate, of however many studies."""
    letters = await _letters(composing, rows)
    invited = await queries.invited(composing.connection, [row.recipient_id for row in rows])
    people = await _people(composing, invited.values())
    return [
        _message(row, letters.get(row.campaign_id), invited.get(row.recipient_id), people, composing.settings)
        for row in rows
    ]


async def _letters(composing: Composing, rows: Sequence[Claimed]) -> Mapping[UUID, Composition]:
    """The letter of each study that is in the field."""
    scope = Scope(rows[0].affiliate_id, actor_kind="system")
    ids = list({row.campaign_id for row in rows})
    found = await studies.studies_by_id(composing.connection, scope.affiliate_id, ids)
    message = Message(rows[0].kind)
    return {
        study.id: composition(await studies.edition_of(scope, study), message)
        for study in found.values()
        if study.is_in_field
    }


async def _people(composing: Composing, invited: Collection[Invited]) -> Mapping[UUID, Person]:
    """Addresses and names, by contact or member. Who was erased is not among them."""
    here, ring = composing.connection, composing.settings.keyring
    listed = await contacts.people_of(here, ring, [each.contact_id for each in invited if each.contact_id])
    joined = await panels.people_of(here, ring, [each.panelist_id for each in invited if each.panelist_id])
    return {**listed, **joined}


def _message(
    row: Claimed,
    letter: Composition | None,
    invited: Invited | None,
    people: Mapping[UUID, Person],
    settings: Settings,
) -> Outgoing | Withheld:
    """One person's copy, or why there is none."""
    if letter is None:
        return Withheld(row, CLOSED)
    person = people.get(invited.person_id) if invited else None
    if invited is None or person is None or invited.since is None:
        return Withheld(row, GONE)
    if invited.status in UNREACHABLE:
        return Withheld(row, UNREACHABLE[invited.status])
    if invited.entry_id is None:
        return Withheld(row, CLOSED)
    if invited.entry_state in DONE:
        return Withheld(row, ANSWERED)
    url = f"{settings.base_url}/s/{sign(settings.token_keys, Purpose.SURVEY, invited.entry_id)}"
    recipient = Recipient(person.first_name, invited.store or "", invited.visited_on, invited.since)
    return Outgoing(row, person.email, letter.letter, letter.frame, letter.values(recipient, url))
