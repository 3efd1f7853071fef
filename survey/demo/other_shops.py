"""The demo's smaller programmes: fitting rooms for those who passed a quiz, competitors, calls, and old questions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from survey.db import Role, transaction
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Quota
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HoldReason

from . import queries
from .campaigning import Round, Visitable, campaign, prepared, published
from .cast import SMALL_CLIENTS
from .coffee_shops import MAYA
from .crew import Crew, offer, put_up
from .geography import A_TOWN, COMPETITORS, OUTFITTERS
from .lives import Life, live
from .programmes import CALLS, FITTING, QUESTIONS, RIVALS
from .registering import Member, each
from .reporting import Made
from .stage import Stage

NOT_CERTIFIED = 4  # in each town, every so many-th shopper has not passed the quiz
QUESTION = ("story_all", "Please add what was said when you left.")

# The fitting rooms of the first wave: how many days ago the three shops of each town were visited. Maya lives in the
# first town and made all three of its shops. Reports of the last shops left so late that they can still be contested.
FITTED_AGO = ((48, 37, 26), (46, 40, 24), (45, 39, 25), (44, 36, 23), (43, 35, 22), (42, 34, 21))
FITTED_OVER = 18  # when the wave was over, and nothing could be made anew in its stead
LATE_AGO, LATE_CODES = 8, ("HP-06", "HP-09", "HP-12", "HP-15", "HP-18")
FITTED_ENDS: Mapping[str, tuple[str, str]] = {
    "HP-11": ("REJECTED", "wrong_time"),
    "HP-14": ("EXCLUDED", "place_changed"),
}
# The running wave, by code. What is not here has not been put on the board and waits: the shops there are rebuilt.
# Nobody came to HP-07. Its timer put it back on the board, and it was offered to somebody else minutes ago.
FITTING_NOW: Mapping[str, tuple[str, int]] = {
    "HP-01": ("SUBMITTED", 1), "HP-02": ("ASSIGNED", -1), "HP-03": ("IN_PROGRESS", 0), "HP-04": ("OPEN", 0),
    "HP-05": ("OPEN", 0), "HP-06": ("ASSIGNED", -2), "HP-07": ("NO_SHOW", 3), "HP-08": ("OPEN", 0),
    "HP-09": ("RETURNED", 3), "HP-10": ("APPROVED", 4), "HP-11": ("OPEN", 0), "HP-12": ("ASSIGNED", -3),
}  # fmt: skip
NEXT_TURN = 8  # who is asked next in that town, and has passed the quiz
RIVALS_NOW = {"RV-1": ("RELEASED", 30), "RV-2": ("RELEASED", 28), "RV-3": ("SUBMITTED", 1), "RV-4": ("ASSIGNED", -3)}
RIVAL_TURN = 10  # who goes to a competitor: somebody whose last visit to a coffee house is a while ago
CALLED = {"JC-01": ("RELEASED", 24), "JC-02": ("RELEASED", 22)}  # the other two of that round nobody wanted
CALLS_NOW = {"JC-05": ("APPROVED", 3), "JC-06": ("SUBMITTED", 1), "JC-07": ("ASSIGNED", -2), "JC-08": ("IN_REVIEW", 2),
             "JC-09": ("ASSIGNED", -3), "JC-10": ("SUBMITTED", 1), "JC-11": ("IN_PROGRESS", 0),
             "JC-12": ("ASSIGNED", -4)}  # fmt: skip
# Which of the old calls were Maya's: client, round, shop.
MAYAS = frozenset({(0, 0, 1), (0, 0, 6), (0, 1, 4), (1, 0, 2), (1, 1, 7), (2, 0, 3), (2, 1, 8)})
OLD_ROUNDS = ((106, 93), (92, 79))


async def fitting_rooms(stage: Stage, crew: Crew, client_id: UUID) -> None:
    """Shops that certified shoppers take by themselves: one wave that is over, one that runs."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, FITTING, stage.day(65))
    with stage.step(f"shoppers pass the quiz and make the visits of “{FITTING.name}”"):
        await _certify(stage, crew, campaign_id)
        past = await published(stage, scope, campaign_id, Round("Autumn", 50, 20))
        lives = [_fitted(stage, crew, place, past[code]) for place, code in enumerate(sorted(past))]
        await live(stage, crew, FITTING, lives, stage.day(50))
        await visits.fire_timers(stage.day(19))
        running = await prepared(stage, scope, campaign_id, Round("Winter", 7, -3))
        await put_up(crew, [running[code] for code in FITTING_NOW], stage.day(8))
        await _put_on_hold(stage, crew, [shop for code, shop in running.items() if code not in FITTING_NOW])
        await _fitting_now(stage, crew, running)


async def _put_on_hold(stage: Stage, crew: Crew, shops: Sequence[Visitable]) -> None:
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        for shop in shops:
            await visits.hold(crew.scheduler, shop.id, HoldReason.CLIENT_ASKED, stage.day(7))


async def rivals(stage: Stage, crew: Crew, client_id: UUID, places: Mapping[str, UUID]) -> None:
    """A look at four competitors of the coffee houses, for their headquarters."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, RIVALS, stage.day(60))
    with stage.step(f"shoppers take “{RIVALS.name}”"):
        quota = Quota(nodes=tuple(str(places[code]) for code, _, _ in COMPETITORS))
        shops = await published(stage, scope, campaign_id, Round("Four competitors", 44, -10, quota))
        towns = {code: town for code, _, town in COMPETITORS}
        lives = [_life(stage, RIVALS_NOW[code], shop, crew.at(towns[code], RIVAL_TURN)) for code, shop in shops.items()]
        await live(stage, crew, RIVALS, lives, stage.day(44))


async def member_calls(stage: Stage, crew: Crew, client_id: UUID, places: Mapping[str, UUID]) -> None:
    """Calls at the other company, by its own shoppers and some who work for both."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, CALLS, stage.day(60))
    with stage.step(f"shoppers make the calls of “{CALLS.name}”"):
        for label, region, days, fates in (
            ("Highland", "J1", (40, 20), CALLED),
            ("Lowland", "J2", (6, -15), CALLS_NOW),
        ):
            one = Round(label, *days, Quota(nodes=(str(places[region]),)))
            shops = await published(stage, scope, campaign_id, one)
            lives = [_life(stage, fate, shops[code], crew.members[int(code[-2:]) * 2]) for code, fate in fates.items()]
            await live(stage, crew, CALLS, lives, stage.day(days[0]))
            await visits.fire_timers(stage.day(max(days[1] - 1, 0)))


async def old_calls(stage: Stage, crew: Crew, client_id: UUID, number: int) -> None:
    """Twenty calls to a small client, long closed. number: the how-many-eth of the small clients."""
    scope = crew.scheduler
    programme = replace(QUESTIONS, name=f"A Question for {SMALL_CLIENTS[number]}")
    campaign_id = await campaign(scope, client_id, programme, stage.day(107))
    for turn, (begins, ends) in enumerate(OLD_ROUNDS):
        shops = await published(stage, scope, campaign_id, Round(f"Wave {turn + 1}", begins, ends))
        lives = []
        for place, code in enumerate(sorted(shops), start=1):
            first = number * 20 + turn * 10 + 11
            member = crew.members[MAYA if (number, turn, place) in MAYAS else first + place]
            lives.append(_life(stage, ("RELEASED", begins - 1 - place), shops[code], member))
        await live(stage, crew, programme, lives, stage.day(begins))
        await visits.fire_timers(stage.day(ends - 16))


def _fitted(stage: Stage, crew: Crew, place: int, shop: Visitable) -> Life:
    """What became of the how-many-eth fitting room of the wave that is over."""
    towns = [town for towns in OUTFITTERS.values() for town in towns]
    town, turn = divmod(place, A_TOWN)
    member = crew.members[MAYA] if town == 0 else crew.at(towns[town], turn)
    made = _made(stage, shop, member, FITTED_AGO[town][turn])
    fate, why = FITTED_ENDS.get(shop.location_code, ("RELEASED", ""))
    late = stage.day(LATE_AGO) if shop.location_code in LATE_CODES else None
    if fate == "REJECTED":
        late = stage.day(FITTED_OVER)
    return Life(fate, made, late, why)


async def _fitting_now(stage: Stage, crew: Crew, shops: Mapping[str, Visitable]) -> None:
    towns = [town for towns in OUTFITTERS.values() for town in towns]
    lives = []
    for place, code in enumerate(sorted(FITTING_NOW)):
        town, turn = divmod(place, A_TOWN)
        member = crew.at(towns[town], 4 + turn)
        fate = FITTING_NOW[code]
        if fate[0] != "OPEN":
            lives.append(_life(stage, fate, shops[code], member))
    await live(stage, crew, FITTING, lives, stage.day(7))
    await visits.fire_timers(stage.now - timedelta(minutes=20))
    (code,) = (code for code, fate in FITTING_NOW.items() if fate[0] == "NO_SHOW")
    here = towns[(int(code[-2:]) - 1) // A_TOWN]
    await offer(crew, shops[code], crew.at(here, NEXT_TURN), stage.day(-2).date(), stage.now - timedelta(minutes=3))


async def _certify(stage: Stage, crew: Crew, campaign_id: UUID) -> None:
    """Everybody reads the guideline and tries its quiz; some do not pass."""
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        guideline_id = await queries.guideline_of(crew.scheduler, campaign_id)
    right = {number: frozenset(question.right) for number, question in enumerate(FITTING.quiz, start=1)}
    wrong = right | {1: frozenset({2})}

    async def tries(member: Member) -> None:
        async with member.acts():
            await campaigns.has_read(member.scope, guideline_id, stage.day(60))
            turn = member.person.number // len(crew.towns)
            answers = wrong if turn % NOT_CERTIFIED == NOT_CERTIFIED - 1 else right
            await campaigns.mark(member.scope, guideline_id, answers, stage.day(60))

    await each(tries(member) for member in crew.members)


def _life(stage: Stage, fate: tuple[str, int], shop: Visitable, member: Member) -> Life:
    """A shop with its fate and how many days ago that was; what was released long ago is closed by a timer."""
    name, ago = fate
    made = _made(stage, shop, member, ago)
    if name == "IN_PROGRESS":
        made = Made(shop, member, _ago(stage, 1), made.quality, stops_after=1)
    late = stage.day(LATE_AGO) if name == "RELEASED" and ago <= 30 else None
    return Life(name, made, late, asked=QUESTION)


def _made(stage: Stage, shop: Visitable, member: Member, ago: int) -> Made:
    number = int(shop.location_code[-2:].strip("-"))
    at = stage.local(ago, shop.time_zone, time(11 + number % 3, number * 11 % 60))
    return Made(shop, member, at, 0.6 + number * 7 % 5 * 0.08)


def _ago(stage: Stage, hours: int) -> datetime:
    return stage.now - timedelta(hours=hours)
