"""Mystery shops in the demo: the shoppers of both companies, and what they make for whom."""

from collections.abc import Mapping
from uuid import UUID

from survey.db import Scope
from survey.shoppers.domain import ConflictKind

from . import cast, queries
from .coffee_shops import barista_welcome
from .crew import Crew
from .geography import branches_tree, outfitters_tree
from .lists import client
from .neighbours import NORTHERN_TOWNS, TOWNS, neighbours
from .other_shops import fitting_rooms, member_calls
from .paying import LAST, THIRD, pay, put_together, set_up
from .postbox import deliver
from .registering import Member, conflict, register
from .stage import Stage

MEMBERS = 44  # five a town, and some more
NORTHERNERS = 16
# Shoppers above the five a town: they are registered, and go to no coffee house.
IN_CONFLICT = {40: ConflictKind.WORKS_THERE, 41: ConflictKind.HOUSEHOLD, 43: ConflictKind.COMPETITOR}
SHARED = 4  # shoppers of Kestrel who are registered with Harbour too


async def shops(stage: Stage, kestrel: Mapping[str, Scope], harbour: Mapping[str, Scope], coffee_id: UUID) -> None:
    """The whole of it. kestrel, harbour: staff by slug; coffee_id: the coffee houses' client."""
    ours, theirs = await _members(stage, kestrel[cast.SCHEDULER.slug], harbour[cast.OTHER.slug])
    crew = Crew(kestrel[cast.SCHEDULER.slug], kestrel[cast.EDITOR.slug], kestrel[cast.PAYROLL.slug], ours)
    await set_up(stage, crew)
    await _conflicts(stage, ours, coffee_id)
    await barista_welcome(stage, crew, coffee_id)
    larch_id = await client(crew.scheduler, cast.LARCH, outfitters_tree(), stage.day(100))
    await fitting_rooms(stage, crew, larch_id)
    await pay(stage, crew, THIRD)
    await put_together(stage, crew, LAST)
    other = harbour[cast.OTHER.slug]
    juniper_id = await client(other, cast.JUNIPER, branches_tree(), stage.day(100))
    await member_calls(stage, Crew(other, other, other, theirs), juniper_id)
    await deliver(stage, stage.now, queries.unsent_to_people)


async def _conflicts(stage: Stage, members: list[Member], client_id: UUID) -> None:
    """Some are no strangers to the coffee houses, and say so."""
    for number, kind in IN_CONFLICT.items():
        await conflict(members[number], client_id, kind, stage)


async def _members(stage: Stage, kestrel: Scope, harbour: Scope) -> tuple[list[Member], list[Member]]:
    people = neighbours(0, MEMBERS, TOWNS)
    northerners = neighbours(MEMBERS, NORTHERNERS, NORTHERN_TOWNS)
    passwords: dict[str, str] = {}
    with stage.step(f"{len(people) + len(northerners)} mystery shoppers register"):
        ours = await register(stage, kestrel, cast.KESTREL.slug, people, passwords)
        theirs = await register(stage, harbour, cast.HARBOUR.slug, [*people[:SHARED], *northerners], passwords)
    return ours, theirs
