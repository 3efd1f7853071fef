"""What becomes of the demo's shops: from the day on which somebody takes one to the state in which it is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .crew import Crew, approve, approve_masked, exclude, give, pick_up, reject, release, send_back
from .programmes import Programme
from .registering import each
from .reporting import Made, begin, report
from .stage import Stage

# A report is read on the day after; where nothing else is said it leaves a few hours later.
READ_AFTER = timedelta(hours=18)
RELEASED_AFTER = timedelta(hours=4)
NOT_STARTED = frozenset({"ASSIGNED", "NO_SHOW"})


@dataclass(frozen=True, slots=True)
class Life:
    """One shop that somebody took. fate: the state it ends in (a timer closes what was released long ago).

    decided: when its report leaves or is rejected, if not soon; why: the code of a rejection or exclusion; asked:
    question and words of an editor who sends it back; is_masked: whether somebody is named in it, and taken out.
    """

    fate: str
    made: Made
    decided: datetime | None = None
    why: str = ""
    asked: tuple[str, str] = ("", "")
    is_masked: bool = False


async def live(stage: Stage, crew: Crew, programme: Programme, lives: Sequence[Life], given: datetime) -> None:
    """The scheduler gives the shops on one day; then each goes its way."""
    taken = {one.made.shop: (one.made.member, one.made.local.date()) for one in lives}
    await give(crew, taken, given)
    await each(_live(stage, crew, programme, one) for one in lives if one.fate not in NOT_STARTED)


async def _live(stage: Stage, crew: Crew, programme: Programme, life: Life) -> None:
    made, shop = life.made, life.made.shop
    if life.fate == "IN_PROGRESS":
        await begin(stage, made, programme)
        return
    read = await report(stage, made, programme) + READ_AFTER
    match life.fate:
        case "APPROVED":
            await approve(stage, crew, shop, read)
        case "RELEASED":
            await (approve_masked if life.is_masked else approve)(stage, crew, shop, read)
            await release(stage, crew, shop, life.decided or read + RELEASED_AFTER)
        case "REJECTED":
            await reject(stage, crew, shop, life.why, life.decided or read)
        case "EXCLUDED":
            await exclude(stage, crew, shop, life.why, read)
        case "IN_REVIEW":
            await pick_up(stage, crew, shop, stage.now - timedelta(minutes=40 + int(shop.location_code[-2:])))
        case "RETURNED":
            await send_back(stage, crew, shop, life.asked, stage.now - timedelta(hours=5))
