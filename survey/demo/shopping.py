"""Mystery shops in the demo: the shoppers of both companies, and what they make for whom."""

from collections.abc import Mapping
from uuid import UUID

from survey.db import Scope

from . import cast
from .coffee_shops import barista_welcome
from .crew import Crew
from .neighbours import NORTHERN_TOWNS, TOWNS, neighbours
from .registering import Member, register
from .stage import Stage

MEMBERS = 40  # five a town
NORTHERNERS = 16
SHARED = 4  # shoppers of Kestrel who are registered with Harbour too


async def shops(stage: Stage, kestrel: Mapping[str, Scope], harbour: Mapping[str, Scope], coffee_id: UUID) -> None:
    """The whole of it. kestrel, harbour: staff by slug; coffee_id: the coffee houses' client."""
    ours, theirs = await _members(stage, kestrel[cast.SCHEDULER.slug], harbour[cast.OTHER.slug])
    crew = Crew(kestrel[cast.SCHEDULER.slug], kestrel[cast.EDITOR.slug], kestrel[cast.PAYROLL.slug], ours)
    await barista_welcome(stage, crew, coffee_id)


async def _members(stage: Stage, kestrel: Scope, harbour: Scope) -> tuple[list[Member], list[Member]]:
    people = neighbours(0, MEMBERS, TOWNS)
    northerners = neighbours(MEMBERS, NORTHERNERS, NORTHERN_TOWNS)
    passwords: dict[str, str] = {}
    with stage.step(f"{len(people) + len(northerners)} mystery shoppers register"):
        ours = await register(stage, kestrel, cast.KESTREL.slug, people, passwords)
        theirs = await register(stage, harbour, cast.HARBOUR.slug, [*people[:SHARED], *northerners], passwords)
    return ours, theirs
