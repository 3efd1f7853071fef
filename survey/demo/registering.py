"""Mystery shoppers of the demo: they register, confirm by mail, fill in their profiles, and say where money goes."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from privacy.crypto import random_bytes
from survey.accounts.domain import read_device_cookie
from survey.accounts.service import Attempt
from survey.db import Role, Scope, Transaction, transaction
from survey.shoppers import service as shoppers
from survey.shoppers.domain import Agreement, BandQuestion, ConflictKind, Door, Way, email_index

from . import queries
from .neighbours import ASKED, Neighbour
from .postbox import deliver
from .stage import Stage

AT_ONCE = 8
PASSWORD_BYTES = 24
LEAST_AGE = 18
NO_PAYOUT = 25  # every so many-th has not said where money goes
ANSWERED = 6  # every so many-th has not answered what is asked
DEVICE = "Phone"
AGREEMENT = """## What we agree on

You are an independent contractor: you choose which shops to take, and nobody tells you how to spend your day.

- Take a shop only if you can make it on the day, in the part of the day, and in the way that its guideline says.
- Report what you saw and heard, in your own words, on the day of the visit.
- Keep to yourself that you are a mystery shopper, where you went, and what you found.
- Do not write names of people into a report unless its guideline asks for them.

We pay what stands at a shop within the days that stand there, once the report is approved. What a client says
afterwards does not change your pay."""


@dataclass(frozen=True, slots=True)
class Member:
    """A shopper at one affiliate. code: by which staff know them."""

    person: Neighbour
    code: str
    scope: Scope

    def acts(self) -> Transaction:
        """A transaction as the shopper's pages open it."""
        return transaction(Role.SHOPPER, affiliate=self.scope.affiliate_id, shopper=self.id)

    @property
    def id(self) -> UUID:
        """The profile's id."""
        return self.scope.shopper_id or UUID(int=0)


async def way_in(stage: Stage, scope: Scope) -> Agreement:
    """Open an affiliate's door: the agreement, what is asked, from which age on."""
    now = stage.day(118)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        number = await shoppers.rules.publish_agreement(scope, AGREEMENT, now)
        await shoppers.rules.set_entrance(scope, takes_shoppers=True, least_age=LEAST_AGE, now=now)
        for code, (label, bands, is_required, reason) in ASKED.items():
            question = BandQuestion(uuid4(), code, label, bands, is_required, reason)
            await shoppers.rules.add_question(scope, question, now)
    return Agreement(number, AGREEMENT)


async def register(
    stage: Stage, scope: Scope, slug: str, people: Sequence[Neighbour], passwords: dict[str, str]
) -> list[Member]:
    """People register at an affiliate; each as they are known there, in the same order.

    passwords: by address, of those who have a sign-in; new ones are added.
    """
    agreement = await way_in(stage, scope)
    async with transaction(Role.GATE):
        door = await shoppers.registering.door_called(slug)
    await each(_ask(stage, door, agreement, person) for person in people)
    await deliver(stage, stage.day(110), queries.unsent_to_people)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        known = await queries.shoppers_by_index(scope)
    members = [_member(stage, scope, person, known) for person in people]
    await each(_confirm(stage, member, passwords) for member in members)
    await each(_settle_in(stage, member) for member in members)
    return members


async def conflict(member: Member, company: str, kind: ConflictKind, stage: Stage) -> None:
    """A shopper says that they are no stranger to a business."""
    async with member.acts():
        await shoppers.conflicts.declare(member.scope, stage.settings.keyring, company, kind, stage.day(100))


async def each(acts: Iterable[Coroutine[None, None, None]]) -> None:
    """Run them a few at a time, as people come: no more at once than the pools have connections."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(act: Coroutine[None, None, None]) -> None:
        async with room:
            await act

    await asyncio.gather(*(one(act) for act in acts))


def _member(stage: Stage, scope: Scope, person: Neighbour, known: Mapping[bytes, tuple[UUID, str]]) -> Member:
    shopper_id, code = known[email_index(stage.settings.index_key, scope.affiliate_id, person.email)]
    return Member(person, code, Scope(scope.affiliate_id, shopper_id, "shopper", "shopper", shopper_id=shopper_id))


async def _ask(stage: Stage, door: Door, agreement: Agreement, person: Neighbour) -> None:
    await shoppers.registering.register(stage.settings, door, agreement, person.registration, stage.day(110))


async def _confirm(stage: Stage, member: Member, passwords: dict[str, str]) -> None:
    """Press the button in the mail. Whoever has a sign-in from another company uses its password."""
    now, person = stage.day(109), member.person
    async with transaction(Role.GATE):
        pending = await shoppers.registering.pending_behind(member.id)
    if person.email in passwords:
        browser = read_device_cookie("")
        attempt = Attempt(stage.settings, person.email, passwords[person.email], DEVICE, browser, now)
        await shoppers.registering.confirm_known(attempt, pending)
        return
    passwords[person.email] = random_bytes(PASSWORD_BYTES).hex()
    async with transaction(Role.GATE):
        chosen = (passwords[person.email], DEVICE)
        await shoppers.registering.confirm_anew(stage.settings, pending, chosen, now)


async def _settle_in(stage: Stage, member: Member) -> None:
    """Complete the profile."""
    now, scope, person = stage.day(108), member.scope, member.person
    async with member.acts():
        await shoppers.own.correct(scope, stage.settings, person.details, now)
        await shoppers.starting.keep(scope, person.start, Way.MAP, now)
        if person.number % ANSWERED != ANSWERED - 1:
            await shoppers.own.answer(scope, person.bands, now)
        if person.number % NO_PAYOUT != NO_PAYOUT - 1:
            await shoppers.money.set_payout(scope, stage.settings, person.payout, now)
