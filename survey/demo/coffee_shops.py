"""Barista Welcome in the demo: two waves that are over and one that runs; every state a shop can be in."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from survey.shops.campaigns.domain import Quota
from survey.shops.visits import service as visits

from .appealing import ANSWERS, contest
from .campaigning import Round, Shops, Visitable, campaign, published
from .crew import Crew, ask, ask_for, cancel, offer, reply, write_phrases
from .geography import DISTRICTS, REGIONS, near
from .lives import Life, live
from .narratives import WITH_A_NAME, WITH_A_NAME_ONCE
from .paying import FIRST, SECOND, pay
from .programmes import BARISTAS
from .registering import Member
from .reporting import Made, Oddity
from .stage import Stage

MAYA = 0
# Turns among those who live in a store's town: Maya and her housemate come first and are kept out of the plan.
FIRST_TURN = {1: 2, 2: 7}
# How many days ago the first, second … store of each district was visited. Rotation holds: nobody goes to the brand
# twice in fourteen days, nor to a place twice in sixty.
VISITED_AGO = {1: (66, 63, 60, 57, 54, 51), 2: (36, 33, 24, 21, 18, 16)}
# Reports of the second wave's later stores left together, not long ago: their appeal window is still open.
TOGETHER_FROM, TOGETHER_AGO = 2, 13
# What Maya made herself, by wave and store: how many days ago. It is 41 days since she was at Almond Row.
MAYAS = {(1, "CK-029"): 69, (1, "CK-038"): 55, (1, "CK-033"): 41, (2, "CK-034"): 27}
EXPIRED = {1: "CK-008", 2: "CK-006"}
CANCELLED = {1: "CK-023", 2: "CK-012"}
# Rejected once the window was over, so that nobody could make them anew in their stead.
REJECTED = {(1, "CK-013"): "scenario_not_played", (2, "CK-014"): "wrong_time", (2, "CK-017"): "wrong_time"}
REJECTED_AGO = {1: 39, 2: 9}
EXCLUDED = {(1, "CK-018"): "place_changed", (2, "CK-021"): "guideline_unclear"}

# What has become of the running wave's shops, district by district.
NOW: Mapping[str, str] = {
    "Harbor": "OPEN SUBMITTED ASSIGNED OPEN IN_PROGRESS",
    "Mill": "ASSIGNED OPEN SUBMITTED OPEN ASSIGNED",
    "Lakeside": "OPEN IN_PROGRESS ASSIGNED OPEN OPEN",
    "Prairie": "ASSIGNED OPEN IN_REVIEW APPROVED OPEN",
    "Bluffs": "NO_SHOW ASSIGNED OPEN IN_PROGRESS ASSIGNED",
    "Foothill": "OPEN ASSIGNED OPEN SUBMITTED OPEN",
    "Valley": "RETURNED OPEN OPEN ASSIGNED IN_REVIEW OPEN",
    "Coast": "OPEN SUBMITTED APPROVED ASSIGNED OFFERED IN_PROGRESS",
}
# How many days ago a shop with this fate was, or will be, visited; those ahead come a day later each.
DAYS_AGO = {"APPROVED": 6, "RETURNED": 3, "IN_REVIEW": 2, "SUBMITTED": 1, "IN_PROGRESS": 0,
            "NO_SHOW": 3, "ASSIGNED": -2}  # fmt: skip
RE_OFFERED = "CK-021"  # nobody came to it: offered to somebody else since
# Morning, as the client wants it at Riverside; the wave's other shops may be made at any time.
MORNING = "CK-031"
# Words that the demo's pages lead to: a name and a card number.
WORDS: Mapping[str, Mapping[str, str]] = {"CK-002": {"story_service": WITH_A_NAME}}
# The same in the wave before, where an editor has taken the name out and the client reads the rest.
MASKED: Mapping[str, Mapping[str, str]] = {"CK-031": {"story_service": WITH_A_NAME_ONCE}}
# What an editor should look at twice: a report that is another's over again, one whose writer stood two miles away, one
# of an hour at which the place was closed, one that nobody could have typed so fast.
COPIED = {"CK-008": "CK-010"}
FAR, FAR_DEGREES = "CK-029", 0.03
CLOSED, CLOSED_AT, CLOSED_AGO = "CK-038", time(21, 40), 2
HASTY, HASTY_SECONDS = "CK-018", 40
QUESTION = ("story_all", "You write that you had to say your order twice. Was anything done about it?")
# Who asks for which open shop: store, turn in its town. None of them was at the brand in the last two weeks.
ASKED_FOR = (("CK-001", 8), ("CK-001", 9), ("CK-004", 10), ("CK-007", 8), ("CK-011", 9), ("CK-023", 9), ("CK-026", 8),
             ("CK-032", 10))  # fmt: skip
LETTERS = (
    ("The store’s page says that it is being painted this week. Shall I go all the same?", ""),
    ("May I bring my daughter along? She is four.", "Of course. Please leave her out of the report."),
)
WISHES = ("I pass there on my way to work.", "", "Mornings suit me best; I could go on any weekday.")
SLUMP = 0.182  # what stores of the West have lost since the first wave: six points, as chance has it
GREETED = 13  # and of so many of them one still greets its guests soon enough


class Store(NamedTuple):
    """A coffee house. place: the how-many-eth of its district."""

    code: str
    town: str
    place: int


def stores() -> Iterator[Store]:
    """All of them in the order of their numbers."""
    towns = [(town, place) for town, (_, names) in DISTRICTS.items() for place in range(len(names))]
    return (Store(f"CK-{at:03}", town, place) for at, (town, place) in enumerate(towns, start=1))


async def barista_welcome(stage: Stage, crew: Crew, client_id: UUID, places: Mapping[str, UUID]) -> None:
    """The campaign with its three waves, and the pay for the first two. places: locations by code."""
    regions = Quota(nodes=tuple(str(places[f"R{number}"]) for number in range(1, len(REGIONS) + 1)))
    campaign_id = await campaign(crew.scheduler, client_id, BARISTAS, stage.day(90))
    for number, (begins, ends, batch) in enumerate(((70, 41, FIRST), (40, 11, SECOND)), start=1):
        one = Round(f"Wave {number}, {stage.day(begins):%B}", begins, ends, regions)
        with stage.step(f"shoppers make the visits of “{BARISTAS.name}”, {one.label}"):
            shops = await _past_wave(stage, crew, campaign_id, (number, one))
        with stage.step(f"payroll pays for {one.label}"):
            await pay(stage, crew, batch, is_smooth=number == 2)
    with stage.step("the client contests answers, and plans what to do"):
        await contest(stage, crew, client_id, shops)
        await write_phrases(crew, stage.day(60))
    with stage.step(f"shoppers are in the middle of “{BARISTAS.name}”"):
        own = {str(places[MORNING]): {"morning": 1}}
        one = Round(f"Wave 3, {stage.now:%B}", 10, -17, replace_quota(regions, own))
        await _running_wave(stage, crew, await published(stage, crew.scheduler, campaign_id, one))


def replace_quota(quota: Quota, own: Mapping[str, dict[str, int]]) -> Quota:
    """The same with counts of their own for some places."""
    return Quota(quota.dayparts, quota.nodes, dict(own))


def quality_of(store: Store, wave: int) -> float:
    """How well a store does, from 0 to 1: its own way, a little progress, and the West that falls behind."""
    own = random.Random(f"shop {store.code}").gauss(0.78, 0.1)  # noqa: S311 - nothing secret
    slump = SLUMP if store.town in REGIONS["West"] and wave > 1 else 0.0
    return max(0.25, min(0.97, own + 0.01 * wave - slump))


async def _past_wave(stage: Stage, crew: Crew, campaign_id: UUID, which: tuple[int, Round]) -> Shops:
    number, one = which
    shops = await published(stage, crew.scheduler, campaign_id, one)
    await cancel(crew, shops[CANCELLED[number]], stage.day(one.begins_days_ago - 1))
    nobodys = {EXPIRED[number], CANCELLED[number]}
    lives = [_past(stage, crew, number, store, shops[store.code]) for store in stores() if store.code not in nobodys]
    await live(stage, crew, BARISTAS, lives, stage.day(one.begins_days_ago))
    await visits.fire_timers(stage.day(one.ends_days_ago - 1))
    return shops


def _past(stage: Stage, crew: Crew, wave: int, store: Store, shop: Visitable) -> Life:
    """What became of a shop of a wave that is over."""
    mayas = MAYAS.get((wave, store.code))
    member = crew.members[MAYA] if mayas else crew.at(store.town, FIRST_TURN[wave] + store.place)
    ago = mayas or VISITED_AGO[wave][store.place]
    words = _words(store) if wave > 1 else {}
    made = Made(shop, member, _noon(stage, shop, ago), quality_of(store, wave), words)
    if why := REJECTED.get((wave, store.code)):
        return Life("REJECTED", made, stage.day(REJECTED_AGO[wave]), why)
    if why := EXCLUDED.get((wave, store.code)):
        return Life("EXCLUDED", made, why=why)
    later = store.place - TOGETHER_FROM
    together = stage.day(TOGETHER_AGO - later) + timedelta(minutes=int(store.code[-2:]))
    is_masked = wave > 1 and store.code in MASKED
    return Life("RELEASED", made, together if wave == 2 and later >= 0 else None, is_masked=is_masked)


def _words(store: Store) -> Mapping[str, str]:
    """What the second wave found there, as far as it is decided: what is contested, and who was not greeted."""
    is_slow = store.town in REGIONS["West"] and int(store.code[-2:]) % GREETED
    own = dict(ANSWERS.get(store.code, {})) | dict(MASKED.get(store.code, {}))
    return ({"greeted_30": "no"} if is_slow else {}) | own


async def _running_wave(stage: Stage, crew: Crew, shops: Shops) -> None:
    fates = {store: fate for store in stores() for fate in [NOW[store.town].split()[store.place]]}
    ahead = iter(range(len(fates)))
    lives = [
        _present(stage, crew, (store, shops[store.code]), (fate, next(ahead) if fate == "ASSIGNED" else 0))
        for store, fate in fates.items()
        if fate in DAYS_AGO
    ]
    await live(stage, crew, BARISTAS, lives, stage.day(9))
    # Those who let a shop down lose it; a person has still to decide whether that counts.
    await visits.fire_timers(stage.now - timedelta(minutes=20))
    for place, code in enumerate(code for store, fate in fates.items() if fate == "OFFERED" for code in [store.code]):
        await _offered(stage, crew, shops[code], stage.now - timedelta(hours=3 + place))
    await _offered(stage, crew, shops[RE_OFFERED], stage.now - timedelta(hours=7))
    await _asked_for(stage, crew, shops)
    await _talk(stage, crew, shops, [life for life in lives if life.fate == "ASSIGNED"])


def _present(stage: Stage, crew: Crew, which: tuple[Store, Visitable], how: tuple[str, int]) -> Life:
    (store, shop), (fate, later) = which, how
    many = len(DISTRICTS[store.town][1])
    member = crew.at(store.town, FIRST_TURN[1] + (store.place + 1) % many)
    at = _noon(stage, shop, DAYS_AGO[fate] - later)
    made = Made(shop, member, at, quality_of(store, 3), WORDS.get(store.code, {}))
    if store.code == MORNING:
        made = replace(made, at=stage.local(DAYS_AGO[fate], shop.time_zone, time(7, 52)))
    if fate == "IN_PROGRESS":
        made = replace(made, at=stage.now - timedelta(minutes=50), stops_after=1 + store.place % 3)
    return Life(fate, _oddly(stage, crew, store, made), asked=QUESTION)


def _oddly(stage: Stage, crew: Crew, store: Store, made: Made) -> Made:
    """A visit as it is, or as an editor should look at it twice."""
    if earlier := COPIED.get(store.code):
        (whose,) = (each for each in stores() if each.code == earlier)
        copied = _past(stage, crew, 2, whose, replace(made.shop, location_code=earlier)).made
        return replace(made, quality=copied.quality, words=copied.words, odd=Oddity(copies=copied))
    if store.code == FAR:
        north, east = near(store.town, int(store.code[-3:]))
        return replace(made, odd=Oddity(checked_in_at=(round(north + FAR_DEGREES, 3), round(east, 3))))
    if store.code == CLOSED:
        return replace(made, at=stage.local(CLOSED_AGO, made.shop.time_zone, CLOSED_AT))
    return replace(made, odd=Oddity(written_in_seconds=HASTY_SECONDS)) if store.code == HASTY else made


async def _offered(stage: Stage, crew: Crew, shop: Visitable, now: datetime) -> None:
    store = next(store for store in stores() if store.code == shop.location_code)
    day = stage.local(-4, shop.time_zone, time(12)).date()
    await offer(crew, shop, crew.at(store.town, FIRST_TURN[2] + 2), day, now)


async def _asked_for(stage: Stage, crew: Crew, shops: Shops) -> None:
    """Applications that wait for the scheduler."""
    towns = {store.code: store.town for store in stores()}
    for place, (code, turn) in enumerate(ASKED_FOR):
        wish = stage.day(-2 - place).date(), WISHES[place % len(WISHES)]
        await ask_for(
            stage, crew.at(towns[code], turn), shops[code], wish, stage.now - timedelta(hours=2 + place * 5)
        )  # fmt: skip


async def _talk(stage: Stage, crew: Crew, shops: Shops, held: list[Life]) -> None:
    """Two shoppers have written about their shops; one has an answer."""
    for place, (life, (asked, answer)) in enumerate(zip(held, LETTERS, strict=False)):
        member: Member = life.made.member
        await ask(stage, member, life.made.shop, asked, stage.now - timedelta(hours=4 + 22 * place))
        if answer:
            await reply(stage, crew, (member, life.made.shop), answer, stage.now - timedelta(hours=21))


def _noon(stage: Stage, shop: Visitable, ago: int) -> datetime:
    """About noon at a place, so many days ago; each place at a minute of its own."""
    minutes = int(shop.location_code[-2:]) * 7 % 150
    return stage.local(ago, shop.time_zone, time(11 + minutes // 60, minutes % 60))
