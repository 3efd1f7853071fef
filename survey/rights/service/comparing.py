"""What a person's copy would hold, beside what there is: for whoever checks that the promise of a copy is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.db import Role, Scope, transaction
from survey.rights import queries
from survey.rights.domain.copies import KEPT, KINDS
from survey.rights.queries.copies import Wanted
from survey.settings import Settings

from .copy_plan import Source, sources_of
from .gathering import Gathering, gathering_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One person's copy as it would be now. lacking: tables of which it has more or fewer rows than there are.

    unreadable: how many values could not be opened.
    """

    rows: int
    lacking: tuple[str, ...]
    unreadable: int


async def compare(settings: Settings, affiliate_id: UUID, shopper_id: UUID) -> Compared:
    """Gather as the person, count as the worker, which no fence of shoppers binds. Opens its own transactions."""
    scope = Scope(affiliate_id, None, "shopper", "system", shopper_id=shopper_id)
    gathering, sources = gathering_of(scope, settings.keyring), [one for kind in KINDS for one in sources_of(kind)]
    before = await _counted(scope, sources)
    found = {source.table: await _gathered(gathering, source) for source in sources}
    # Work goes on meanwhile: what came or went since the first look is no gap.
    after = await _counted(scope, sources)
    lacking = [name for name, count in found.items() if count not in (before[name], after[name])]
    return Compared(sum(found.values()), tuple(lacking), len(gathering.unreadable))


async def count_overdue(now: datetime) -> int:
    """How many copies should have been removed by now. Role.WORKER."""
    return await queries.copies.count_due(now - KEPT)


async def _gathered(gathering: Gathering, source: Source) -> int:
    return len([None async for _ in gathering.rows(source)])


async def _counted(scope: Scope, sources: list[Source]) -> dict[str, int]:
    wanted = [Wanted(one.table, one.link, (), (), one.only) for one in sources]
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id):
        return await queries.copies.count_rows(scope, wanted)
