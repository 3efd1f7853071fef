"""Barista Welcome in the demo: two waves that are over, one that runs, one that is planned; every state of a shop."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from survey.shops.visits import service as visits

from .appealing import contest
from .campaigning import Round, Visitable, campaign, planned, published
from .crew import Crew, approve, ask, ask_for, cancel, exclude, give, offer, pick_up, reject, release, reply, send_back
from .narratives import WITH_A_NAME
from .paying import FIRST, SECOND, pay
from .programmes import BARISTAS
from .registering import each
from .reporting import Made, begin, report
from .stage import Stage

CONTESTED, CORRECTED, EXPLAINED, ASKED = 0, 25, 14, 34  # released stores about which there are appeals
A_DISTRICT = 5  # stores
SOUTH = 25  # the region of the later stores, which does worse of late
FIRST_DAY, DAYS = 4, 20
MOST_MADE = 40
LEAST_MADE = 8  # so that a small world has the stores that its pages speak of
NOBODY_TOOK, CANCELLED, REJECTED, EXCLUDED, FLAKED = 7, 23, 31, 18, 12  # stores of past waves with another fate
# What has become of the running wave's forty shops, by the number of the store.
NOW = " ".join(
    (
        "RELEASED OPEN OPEN OPEN OPEN",
        "SUBMITTED ASSIGNED OPEN IN_REVIEW APPROVED",
        "OPEN IN_PROGRESS OFFERED SUBMITTED RELEASED",
        "NO_SHOW ASSIGNED RETURNED RELEASED APPROVED",
        "SUBMITTED IN_PROGRESS OPEN CANCELLED ASSIGNED",
        "RELEASED OPEN ASSIGNED IN_REVIEW SUBMITTED",
        "REJECTED OPEN ASSIGNED NO_SHOW RELEASED",
        "EXCLUDED OPEN OFFERED ASSIGNED IN_PROGRESS",
    )
).split()
# How many days ago a shop with this fate was, or will be, visited; later ones of the same fate come a day later.
VISITED = {"APPROVED": 7, "REJECTED": 6, "EXCLUDED": 6, "IN_REVIEW": 1, "RETURNED": 2, "SUBMITTED": 1,
           "IN_PROGRESS": 0, "ASSIGNED": -1, "NO_SHOW": 3, "RELEASED": 8}  # fmt: skip
APPEALED = {"contested": CONTESTED, "corrected": CORRECTED, "explained": EXPLAINED, "asked": ASKED}
STAGGERED = frozenset({"APPROVED", "RELEASED", "ASSIGNED"})
# Words and answers that the demo's pages lead to: a name and a card number, and what a client contests.
WORDS: Mapping[int, Mapping[str, str]] = {
    5: {"story_service": WITH_A_NAME},
    CONTESTED: {"greeted_30": "no"},
    CORRECTED: {"tables": "no"},
}
# Who asks for which open shop: store, turn in its district. Nobody of them was at the brand in the last weeks.
ASKED_FOR = ((1, 1), (1, 2), (4, 3), (7, 4), (10, 0), (22, 2), (31, 1))
LETTERS = (
    ("The store’s page says that it is being painted this week. Shall I go all the same?", ""),
    ("May I bring my daughter along? She is four.", "Of course. Please leave her out of the report."),
)
WISHES = ("I pass there on my way to work.", "", "Mornings suit me best; I could go on any weekday.")


async def barista_welcome(stage: Stage, crew: Crew, client_id: UUID) -> None:
    """The campaign with its four waves, and the pay for the first two."""
    scope = crew.scheduler
    campaign_id = await campaign(scope, client_id, BARISTAS, stage.day(90))
    for number, (begins, ends, batch) in enumerate(((75, 48, FIRST), (45, 18, SECOND)), start=1):
        one = Round(f"{stage.day(begins):%B %Y}", begins, ends)
        with stage.step(f"shoppers make the visits of “{BARISTAS.name}”, {one.label}"):
            await _past_wave(stage, crew, campaign_id, (number, one))
        with stage.step(f"payroll pays for {one.label}"):
            await pay(stage, crew, batch, is_smooth=number == 1)
    with stage.step(f"shoppers are in the middle of “{BARISTAS.name}”"):
        shops = await published(stage, scope, campaign_id, Round("This month", 10, -18))
        await _running_wave(stage, crew, shops)
    with stage.step("the client contests answers, and plans what to do"):
        await contest(stage, crew, client_id, {about: shops[store] for about, store in APPEALED.items()})
    await planned(stage, scope, campaign_id, Round("Next month", -25, -50))


def quality_of(store: int, wave: int) -> float:
    """How well a store does, from 0 to 1: its own way, a little progress, and the South that falls behind."""
    own = random.Random(f"shop {store}").gauss(0.78, 0.1)  # noqa: S311 - nothing secret
    slump = 0.1 * (wave - 1) if store >= SOUTH else 0.0
    return max(0.25, min(0.97, own + 0.02 * wave - slump))


async def _past_wave(stage: Stage, crew: Crew, campaign_id: UUID, which: tuple[int, Round]) -> None:
    number, one = which
    shops = await published(stage, crew.scheduler, campaign_id, one)
    many = max(LEAST_MADE, stage.scaled(MOST_MADE))
    taken = [store for store in range(many) if store not in (NOBODY_TOOK, CANCELLED) and store < len(shops)]
    visited = {store: _visit(stage, crew, (number, one.begins_days_ago), store, shops[store]) for store in taken}
    await give(crew, {made.shop: (made.member, made.at.date()) for made in visited.values()},
               stage.day(one.begins_days_ago - 1))  # fmt: skip
    flaked = {FLAKED} if number == 2 else set()
    await each(_life(stage, crew, store, made) for store, made in visited.items() if store not in flaked)
    if many > CANCELLED:
        await cancel(crew, shops[CANCELLED], stage.day(one.begins_days_ago - 8))
    await visits.fire_timers(stage.day(one.ends_days_ago - 2))


def _visit(stage: Stage, crew: Crew, wave: tuple[int, int], store: int, shop: Visitable) -> Made:
    """Each store is another shopper's in each wave, and each shopper goes on the same day of each wave."""
    number, begins = wave
    member = crew.at(store // A_DISTRICT, store % A_DISTRICT + number)
    ago = begins - FIRST_DAY - member.person.number * 5 % DAYS
    at = stage.day(ago) + timedelta(hours=2, minutes=store * 7 % 270)
    return Made(shop, member, at, quality_of(store, number))


async def _life(stage: Stage, crew: Crew, store: int, made: Made) -> None:
    sent = await report(stage, made, BARISTAS)
    read = sent + timedelta(hours=18)
    if store == REJECTED:
        await reject(stage, crew, made.shop, "scenario_not_played", read)
    elif store == EXCLUDED:
        await exclude(stage, crew, made.shop, "place_changed", read)
    else:
        await approve(stage, crew, made.shop, read)
        await release(stage, crew, made.shop, read + timedelta(hours=4))


async def _running_wave(stage: Stage, crew: Crew, shops: Sequence[Visitable]) -> None:
    made = {store: _running(stage, crew, store, shops[store]) for store, fate in enumerate(NOW) if fate in VISITED}
    await give(crew, {one.shop: (one.member, one.at.date()) for one in made.values()}, stage.day(9))
    await each(_now(stage, crew, store, one) for store, one in made.items())
    # Those who let a shop down lose it; a person has still to decide whether that counts.
    await visits.fire_timers(stage.now)
    for store in [store for store, fate in enumerate(NOW) if fate == "CANCELLED"]:
        await cancel(crew, shops[store], stage.day(4))
    offered = [store for store, fate in enumerate(NOW) if fate == "OFFERED"]
    offered.append(NOW.index("NO_SHOW"))
    for place, store in enumerate(offered):
        member, day = crew.at(store // A_DISTRICT, store % A_DISTRICT + 1), _ahead(stage, 3 + place)
        await offer(crew, shops[store], member, day, stage.now - timedelta(minutes=3 + 170 * place))
    await _asked_for(stage, crew, shops)
    await _talk(stage, crew, shops)


async def _asked_for(stage: Stage, crew: Crew, shops: Sequence[Visitable]) -> None:
    """Applications that wait for the scheduler."""
    for place, (store, turn) in enumerate(ASKED_FOR):
        member = crew.at(store // A_DISTRICT, turn)
        wish = _ahead(stage, 2 + place), WISHES[place % len(WISHES)]
        await ask_for(stage, member, shops[store], wish, stage.now - timedelta(hours=2 + place * 5))


def _running(stage: Stage, crew: Crew, store: int, shop: Visitable) -> Made:
    fate = NOW[store]
    earlier = NOW[:store].count(fate)
    member = crew.at(store // A_DISTRICT, store % A_DISTRICT + 3)
    ago = VISITED[fate] - (earlier if fate in STAGGERED else 0)
    at = stage.day(ago) + timedelta(hours=2, minutes=store * 7 % 270)
    words = WORDS.get(store, {})
    if fate == "IN_PROGRESS":
        return Made(shop, member, min(at, stage.now - timedelta(hours=1)), quality_of(store, 3), words, 1 + earlier)
    return Made(shop, member, at, quality_of(store, 3), words)


async def _now(stage: Stage, crew: Crew, store: int, made: Made) -> None:
    """Bring one of the running wave's shops to where it stands."""
    fate = NOW[store]
    if fate in ("ASSIGNED", "NO_SHOW"):
        return
    if fate == "IN_PROGRESS":
        await begin(stage, made, BARISTAS)
        return
    read = await report(stage, made, BARISTAS) + timedelta(hours=14)
    match fate:
        case "APPROVED" | "RELEASED":
            await approve(stage, crew, made.shop, read)
            if fate == "RELEASED":
                await release(stage, crew, made.shop, read + timedelta(hours=5))
        case "REJECTED":
            await reject(stage, crew, made.shop, "wrong_time", read)
        case "EXCLUDED":
            await exclude(stage, crew, made.shop, "guideline_unclear", read)
        case "IN_REVIEW":
            await pick_up(stage, crew, made.shop, stage.now - timedelta(minutes=40 + store))
        case "RETURNED":
            question = ("story_all", "You write that you had to say your order twice. Was anything done about it?")
            await send_back(stage, crew, made.shop, question, stage.now - timedelta(hours=5))


async def _talk(stage: Stage, crew: Crew, shops: Sequence[Visitable]) -> None:
    """Two shoppers have written about their shops; one has an answer."""
    holders = [store for store, fate in enumerate(NOW) if fate == "ASSIGNED"]
    for place, store in enumerate(holders[: len(LETTERS)]):
        member = crew.at(store // A_DISTRICT, store % A_DISTRICT + 3)
        asked, answer = LETTERS[place]
        await ask(stage, member, shops[store], asked, stage.now - timedelta(hours=4 + 22 * place))
        if answer:
            await reply(stage, crew, (member, shops[store]), answer, stage.now - timedelta(hours=21))


def _ahead(stage: Stage, days: int) -> date:
    return stage.day(-days).date()
