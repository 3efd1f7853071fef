"""Who acts in the demo's mystery shops, and the few things they do over and over."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import Because, MentionDraft, PhraseDraft
from survey.shops.reviews.service import Approval
from survey.shops.scheduling import service as scheduling
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, Taking

from . import queries
from .campaigning import Visitable
from .registering import Member
from .stage import Stage

# What a shopper reads beside the reason of a rejection or an exclusion.
TOLD = {
    "wrong_place": "The receipt is of the shop across the street. Look at the number of the place in the guideline.",
    "wrong_time": "You went on the day after the window. Ask for another day before it ends.",
    "no_proof": "There is neither a receipt nor a picture that shows that you were there.",
    "scenario_not_played": "You bought a drink, but did not ask for what the scenario says.",
    "incomplete": "Half of the questions about the counter have no answer, and the story stops at the door.",
    "fraud": "The pictures and the times cannot both be right.",
    "place_changed": "The place had closed two days before. You could not know, and you are paid.",
    "guideline_unclear": "Our guideline could be read in two ways. You are paid, and we have changed it.",
    "our_mistake": "We had sent two people to the same place. You are paid.",
    "partly_usable": "You were there, but the till was down, so that the client can use little of it. You are paid.",
}
COACHING = (
    "Clear and in order. Thank you for the times.", "Good. Next time say where you stood when you were greeted.",
    "", "The story is a little short: what was said at the counter?", "Very careful work, and nobody is named.",
)  # fmt: skip
PHRASES = (
    PhraseDraft("return", "Say where you stood", "Please say where you stood when this happened, and for how long."),
    PhraseDraft("return", "No names", "Please write what the person does instead of a name: the barista, the manager."),
    PhraseDraft("coaching", "Clear story", "Your story tells what happened in order. That helps everybody."),
    PhraseDraft("decline", "No proof of the visit", "Neither receipt nor picture shows that the visit was made."),
)


@dataclass(frozen=True, slots=True)
class Crew:
    """The staff of an affiliate by what they do, and its shoppers by number, dealt out among the towns."""

    scheduler: Scope
    editors: Sequence[Scope]
    payroll: Scope
    members: Sequence[Member]
    towns: Sequence[str]

    def at(self, town: str, turn: int) -> Member:
        """A shopper who lives in a town; turn: whose it is, from 0."""
        return self.members[self.towns.index(town) + len(self.towns) * turn]

    def editor_of(self, shop: Visitable) -> Scope:
        """Who reads the reports of a place."""
        return self.editors[int(shop.location_code[-2:]) % len(self.editors)]


async def give(crew: Crew, takings: Mapping[Visitable, tuple[Member, date]], now: datetime) -> None:
    """The scheduler gives shops to shoppers, each for a day."""
    wanted = {shop.id: Taking(member.id, planned_on=day) for shop, (member, day) in takings.items()}
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        effects = await visits.assign_many(crew.scheduler, wanted, Actor.SCHEDULER, Event.ASSIGN, now)
    if effects.skipped:
        raise ValueError(f"shops that could not be given: {dict(effects.skipped)}")


async def offer(crew: Crew, shop: Visitable, member: Member, day: date, now: datetime) -> None:
    """The scheduler offers a shop to somebody."""
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        taking = Taking(member.id, planned_on=day)
        await visits.assign(crew.scheduler, shop.id, taking, Actor.SCHEDULER, Event.OFFER, now)


async def put_up(crew: Crew, shops: Iterable[Visitable], now: datetime) -> None:
    """The scheduler puts drafts on the board."""
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        ids = [shop.id for shop in shops]
        await visits.fire_many(crew.scheduler, ids, Event.PUBLISH, Actor.SCHEDULER, now)


async def cancel(crew: Crew, shop: Visitable, now: datetime) -> None:
    """The scheduler cancels a shop."""
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        await visits.fire(crew.scheduler, shop.id, Move(Event.CANCEL, Actor.SCHEDULER, now))


async def pick_up(stage: Stage, crew: Crew, shop: Visitable, now: datetime) -> None:
    """The editor begins to read."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)


async def approve(stage: Stage, crew: Crew, shop: Visitable, now: datetime) -> None:
    """The editor reads a report and approves it."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)
        await _approve_held(stage, editor, shop, now)


async def approve_masked(stage: Stage, crew: Crew, shop: Visitable, now: datetime) -> None:
    """The same with a report that names somebody: a mark takes the place of the name, wherever it stands."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)
        while found := (await reviews.opened(editor, stage.settings, shop.id)).to_deal_with:
            chosen = found[0].question_id, found[0].digest, MentionDraft("barista")
            await reviews.mention(editor, stage.settings, shop.id, chosen, now + timedelta(minutes=5))
        await _approve_held(stage, editor, shop, now)


async def _approve_held(stage: Stage, editor: Scope, shop: Visitable, now: datetime) -> None:
    chance = random.Random(f"grade of {shop.location_code} {now:%j}")  # noqa: S311 - nothing secret
    points = {"accuracy": chance.choice((4, 4, 3)), "narrative": chance.choice((3, 3, 2, 1)),
              "evidence": chance.choice((2, 2, 1)), "care": 1}  # fmt: skip
    for picture_id in await queries.pictures_for_client(editor, shop.id):
        await reviews.redact(editor, media_of(stage.settings), shop.id, (picture_id, ()), now)
    approval = Approval(points, chance.choice(COACHING), is_read=True)
    await reviews.approve(editor, stage.settings, shop.id, approval, now + timedelta(minutes=20))


async def write_phrases(crew: Crew, now: datetime) -> None:
    """What editors write again and again, as they would put it together."""
    editor = crew.editors[0]
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        for phrase in PHRASES:
            await reviews.add_phrase(editor, phrase, now)


async def release(stage: Stage, crew: Crew, shop: Visitable, now: datetime) -> UUID:
    """An approved report leaves for its client; its reference there."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        return await releases.release_shop(editor, stage.settings, media_of(stage.settings), shop.id, now)


async def reject(stage: Stage, crew: Crew, shop: Visitable, reason: str, now: datetime) -> None:
    """The editor rejects a report."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)
        because = Because(reason, TOLD[reason])
        await reviews.reject(editor, stage.settings, shop.id, because, now + timedelta(minutes=12))


async def exclude(stage: Stage, crew: Crew, shop: Visitable, reason: str, now: datetime) -> None:
    """The editor keeps a report from the client; it is paid."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)
        because = Because(reason, TOLD[reason])
        await reviews.exclude(editor, stage.settings, shop.id, because, now + timedelta(minutes=9))


async def send_back(stage: Stage, crew: Crew, shop: Visitable, words: tuple[str, str], now: datetime) -> None:
    """The editor asks something, and returns the report. words: question, text."""
    editor = crew.editor_of(shop)
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, stage.settings, shop.id, now)
        await reviews.add_note(editor, stage.settings, shop.id, words, now)
        await reviews.send_back(editor, stage.settings, shop.id, now + timedelta(minutes=5))


async def ask_for(stage: Stage, member: Member, shop: Visitable, wish: tuple[date, str], now: datetime) -> None:
    """A shopper asks for an open shop. wish: day, and words for the scheduler."""
    async with member.acts():
        await visits.apply(member.scope, stage.settings, shop.id, wish, now)


async def ask(stage: Stage, member: Member, shop: Visitable, words: str, now: datetime) -> None:
    """A shopper writes to the staff about a shop."""
    async with member.acts():
        await scheduling.ask(member.scope, stage.settings.keyring, shop.id, words, now)


async def reply(stage: Stage, crew: Crew, about: tuple[Member, Visitable], words: str, now: datetime) -> None:
    """The scheduler writes to a shopper about a shop."""
    member, shop = about
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        await scheduling.write(crew.scheduler, stage.settings.keyring, [(member.id, shop.id)], words, now)
