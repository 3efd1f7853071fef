"""Mystery shops in the demo: the shoppers of both companies, and what they make for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.shoppers import service as shoppers
from survey.shoppers.domain import ConflictKind, TaxKind
from survey.shops.reviews import service as reviews
from survey.shops.visits import service as visits
from survey.sweeps import service as sweeps

from . import cast, queries
from .coffee_shops import MAYA, barista_welcome
from .crew import Crew
from .geography import small_tree
from .lists import client, places_by_code
from .neighbours import AMERICAN, NORTHERN, neighbours
from .other_shops import fitting_rooms, member_calls, old_calls, rivals
from .paying import LAST, put_together, set_up
from .postbox import deliver
from .registering import conflict, register
from .stage import Stage

# A hundred and twenty people: eighty-five work for the American company, twenty for the other, fifteen for both.
AMERICANS, BOTH, NORTHERNERS = 100, 15, 20
# By town: who is no stranger to the coffee houses. The plan sends the first of a town to none of them.
IN_CONFLICT = {"Mill": ConflictKind.WORKS_THERE, "Prairie": ConflictKind.HOUSEHOLD, "Bluffs": ConflictKind.COMPETITOR}
SMALL_LETTERS = ("FF", "AS", "BG")
CALL_PURPOSE = "call about a shop"
TAX_NUMBER = "123456789"


@dataclass(frozen=True, slots=True)
class Clients:
    """For whom shops are made, by id."""

    coffee: UUID
    outfitters: UUID
    union: UUID


async def shops(stage: Stage, ours: Mapping[str, Scope], theirs: Mapping[str, Scope], clients: Clients) -> None:
    """The whole of it. ours, theirs: the staff of the two companies by slug."""
    crew, others = await _crews(stage, ours, theirs)
    await set_up(stage, crew)
    await _conflicts(stage, crew)
    await _history(stage, crew)
    places = await places_by_code(crew.scheduler, clients.coffee)
    await rivals(stage, crew, clients.coffee, places)
    await fitting_rooms(stage, crew, clients.outfitters)
    await _tax_number(stage, crew)
    await barista_welcome(stage, crew, clients.coffee, places)
    await put_together(stage, crew, LAST)
    await _looked_at(stage, crew)
    await member_calls(stage, others, clients.union, await places_by_code(others.scheduler, clients.union))
    await visits.fire_timers(stage.now)
    await _looked_through(stage)
    await sweeps.run(media_of(stage.settings), stage.now)
    with stage.step("shoppers are told by mail"):
        await deliver(stage, stage.now, queries.unsent_to_people)


async def _history(stage: Stage, crew: Crew) -> None:
    """Small clients whose shops are closed long since."""
    with stage.step("shoppers call three small clients, months ago"):
        for number, (name, letters) in enumerate(zip(cast.SMALL_CLIENTS, SMALL_LETTERS, strict=True)):
            client_id = await client(crew.scheduler, name, small_tree(letters), stage.day(112))
            await old_calls(stage, crew, client_id, number)


async def _tax_number(stage: Stage, crew: Crew) -> None:
    """Maya gives her number, since she has earned so much that she was asked for it."""
    maya, ring = crew.members[MAYA], stage.settings.keyring
    async with maya.acts():
        await shoppers.money.set_tax_number(maya.scope, ring, TaxKind.EIN, TAX_NUMBER, stage.day(24))


async def _looked_through(stage: Stage) -> None:
    """What was handed in is looked through, as the worker does each minute."""
    with stage.step("reports are looked through for what an editor should see twice"):
        while await reviews.flag_waiting(stage.settings, stage.now):
            pass


async def _looked_at(stage: Stage, crew: Crew) -> None:
    """A scheduler opens Maya's name to call her. Payroll has opened her account twice by now, for two batches."""
    maya = crew.members[MAYA]
    async with transaction(Role.STAFF, affiliate=crew.scheduler.affiliate_id):
        when = stage.day(3) + timedelta(hours=7)
        await shoppers.staff.open_shopper(crew.scheduler, stage.settings.keyring, maya.id, CALL_PURPOSE, when)


async def _conflicts(stage: Stage, crew: Crew) -> None:
    """Some are no strangers to the coffee houses, and say so."""
    for town, kind in IN_CONFLICT.items():
        await conflict(crew.at(town, 0), cast.COPPERKETTLE, kind, stage)


async def _crews(stage: Stage, ours: Mapping[str, Scope], theirs: Mapping[str, Scope]) -> tuple[Crew, Crew]:
    people = neighbours(0, AMERICANS, AMERICAN)
    northerners = neighbours(AMERICANS, NORTHERNERS, NORTHERN)
    passwords: dict[str, str] = {}
    scheduler, other = ours[cast.SCHEDULER.slug], theirs[cast.BEACON_SCHEDULER.slug]
    with stage.step(f"{len(people)} mystery shoppers register with {cast.NORTHLIGHT.name}"):
        members = await register(stage, scheduler, cast.NORTHLIGHT.slug, people, passwords)
    with stage.step(f"{NORTHERNERS} others and {BOTH} of them register with {cast.BEACON.name}"):
        others = await register(stage, other, cast.BEACON.slug, [*people[:BOTH], *northerners], passwords)
    editors = [scope for slug, scope in ours.items() if slug.endswith("editor")]
    crew = Crew(scheduler, editors, ours[cast.PAYROLL.slug], members, AMERICAN)
    return crew, Crew(other, [theirs[cast.BEACON_EDITOR.slug]], theirs[cast.OTHER.slug], others, NORTHERN)
