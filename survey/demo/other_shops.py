"""The demo's smaller programmes: fitting rooms, for those who passed a quiz, and calls at the other company."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from survey.db import Role, transaction
from survey.shops.campaigns import service as campaigns
from survey.shops.visits import service as visits

from . import queries
from .campaigning import Round, Visitable, campaign, published
from .crew import Crew, approve, give, pick_up, release, send_back
from .neighbours import TOWNS
from .programmes import CALLS, FITTING, Programme
from .registering import Member, each
from .reporting import Made, report
from .stage import Stage

A_TOWN = 3  # shops of Larch & Loom
NOT_CERTIFIED = 4  # every so many-th shopper has not passed the quiz
LEAST_MADE = 4
# By number of the shop: what has become of it in the running wave. What is not here is open.
FITTING_NOW: Mapping[int, str] = {
    3: "SUBMITTED", 5: "ASSIGNED", 6: "APPROVED", 7: "ASSIGNED", 8: "IN_REVIEW", 9: "ASSIGNED", 10: "ASSIGNED",
    11: "APPROVED", 12: "SUBMITTED", 13: "APPROVED", 14: "ASSIGNED", 15: "RETURNED", 16: "SUBMITTED",
}  # fmt: skip
CALLS_NOW: Mapping[int, str] = {
    0: "APPROVED",
    2: "SUBMITTED",
    4: "ASSIGNED",
    5: "IN_REVIEW",
    7: "ASSIGNED",
    9: "SUBMITTED",
}
QUESTION = ("story_all", "Please add what was said when you left.")


async def fitting_rooms(stage: Stage, crew: Crew, client_id: UUID) -> None:
    """Shops that certified shoppers take by themselves: one wave that is over, one that runs."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, FITTING, stage.day(65))
    with stage.step(f"shoppers pass the quiz and make the visits of “{FITTING.name}”"):
        await _certify(stage, crew, campaign_id)
        past = await published(stage, scope, campaign_id, Round("Autumn", 50, 26))
        many = min(len(past), max(LEAST_MADE, stage.scaled(len(past))))
        takers = {at: (shop, _fitter(crew, at, 1)) for at, shop in enumerate(past[:many]) if at % 9 != 4}
        await _made(stage, crew, FITTING, takers, 46)
        await visits.fire_timers(stage.day(24))
        running = await published(stage, scope, campaign_id, Round("Winter", 7, -4))
        now = {at: (shop, _fitter(crew, at, 2)) for at, shop in enumerate(running) if at in FITTING_NOW}
        await _running(stage, crew, FITTING, (now, FITTING_NOW))


async def member_calls(stage: Stage, crew: Crew, client_id: UUID) -> None:
    """Calls at the other company, by its own shoppers and some who work for both."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, CALLS, stage.day(60))
    with stage.step(f"shoppers make the calls of “{CALLS.name}”"):
        past = await published(stage, scope, campaign_id, Round("First round", 44, 20))
        many = min(len(past), max(LEAST_MADE, stage.scaled(len(past))))
        callers = {at: (shop, _caller(crew, at)) for at, shop in enumerate(past[:many])}
        await _made(stage, crew, CALLS, callers, 40)
        await visits.fire_timers(stage.day(18))
        running = await published(stage, scope, campaign_id, Round("Second round", 6, -15))
        now = {at: (shop, _caller(crew, at + 3)) for at, shop in enumerate(running) if at in CALLS_NOW}
        await _running(stage, crew, CALLS, (now, CALLS_NOW))


async def _certify(stage: Stage, crew: Crew, campaign_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        guideline_id = await queries.guideline_of(crew.scheduler, campaign_id)
    right = {number: frozenset(question.right) for number, question in enumerate(FITTING.quiz, start=1)}
    wrong = right | {1: frozenset({2})}
    for member in crew.members:
        async with member.acts():
            await campaigns.has_read(member.scope, guideline_id, stage.day(60))
            answers = right if _is_certified(member) else wrong
            await campaigns.mark(member.scope, guideline_id, answers, stage.day(60))


def _is_certified(member: Member) -> bool:
    return member.person.number % NOT_CERTIFIED != NOT_CERTIFIED - 1


def _fitter(crew: Crew, at: int, wave: int) -> Member:
    """Somebody in the shop's town who has passed; nobody twice in a wave. Maya is kept free."""
    town, turn = at // A_TOWN, at % A_TOWN
    there = [crew.members[town + len(TOWNS) * each] for each in range(len(crew.members) // len(TOWNS))]
    able = [member for member in there if _is_certified(member) and member.person.number] or there
    return able[(turn + wave) % len(able)]


def _caller(crew: Crew, at: int) -> Member:
    return crew.members[(at + 4) % len(crew.members)]


Taken = Mapping[int, tuple[Visitable, Member]]


async def _made(stage: Stage, crew: Crew, programme: Programme, taken: Taken, first_ago: int) -> None:
    """Visits that are over: given, made, reported, approved."""
    made = [_visit(stage, at, who, first_ago - at) for at, who in taken.items()]
    await give(crew, {one.shop: (one.member, one.at.date()) for one in made}, stage.day(first_ago + 2))
    await each(_released(stage, crew, programme, one) for one in made)


async def _running(stage: Stage, crew: Crew, programme: Programme, now: tuple[Taken, Mapping[int, str]]) -> None:
    taken, fates = now
    days = {"APPROVED": 4, "ASSIGNED": -2}
    made = {at: _visit(stage, at, who, days.get(fates[at], 1)) for at, who in taken.items()}
    await give(crew, {one.shop: (one.member, one.at.date()) for one in made.values()}, stage.day(5))
    await each(_now(stage, crew, programme, (fates[at], one)) for at, one in made.items())


async def _now(stage: Stage, crew: Crew, programme: Programme, life: tuple[str, Made]) -> None:
    fate, made = life
    if fate == "ASSIGNED":
        return
    if fate == "APPROVED":
        await _approved(stage, crew, programme, made)
        return
    await report(stage, made, programme)
    if fate == "IN_REVIEW":
        await pick_up(stage, crew, made.shop, stage.now - timedelta(minutes=75))
    elif fate == "RETURNED":
        await send_back(stage, crew, made.shop, QUESTION, stage.now - timedelta(hours=3))


async def _approved(stage: Stage, crew: Crew, programme: Programme, made: Made) -> None:
    sent = await report(stage, made, programme)
    await approve(stage, crew, made.shop, sent + timedelta(hours=20))


async def _released(stage: Stage, crew: Crew, programme: Programme, made: Made) -> None:
    await _approved(stage, crew, programme, made)
    await release(stage, crew, made.shop, made.at + timedelta(hours=30))


def _visit(stage: Stage, at: int, who: tuple[Visitable, Member], ago: int) -> Made:
    shop, member = who
    moment = stage.day(ago) + timedelta(hours=2, minutes=at * 11 % 200)
    return Made(shop, member, moment, 0.6 + at * 7 % 5 * 0.08)
