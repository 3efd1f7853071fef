"""Guidelines and their quiz: staff write them, shoppers read them and are certified."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection

from .. import queries
from ..domain import Asked, Briefing, Guideline, Mark, Question, asked
from ..domain import mark as marked
from .notes import note


async def write(
    scope: Scope, campaign_id: UUID, body: str, quiz: Sequence[Question], given: tuple[int, datetime]
) -> int:
    """Write the next version of a campaign's guideline, which is in force at once; its number, from 1.

    given: pass_percent, now. Text and quiz as they are in force make no new version. A certificate belongs to one
    version: whoever had passed before passes again. Raises NotFound.
    """
    pass_percent, now = given
    campaign = await queries.campaign_in(scope, campaign_id, lock=True)
    if campaign.guideline_id is not None:
        current = await queries.guideline_in(scope, campaign.guideline_id)
        if (current.body, current.quiz, current.pass_percent) == (body, tuple(quiz), pass_percent):
            return current.number
    guideline_id, number = await queries.insert_guideline(scope, campaign_id, body, quiz, given)
    changes = {"guideline_id": guideline_id, "is_certified": bool(quiz)}
    await queries.write_campaign(scope, campaign_id, changes)
    await note(scope, "campaign.guideline", campaign_id, now, guideline=str(guideline_id), number=number)
    return number


async def guideline_in(scope: Scope, guideline_id: UUID) -> Guideline:
    """A version with its text. Raises NotFound."""
    return await queries.guideline_in(scope, guideline_id)


async def questions_of(scope: Scope, guideline_id: UUID) -> list[Asked]:
    """The quiz of a version without its answers; empty where there is none. Raises NotFound."""
    return asked((await queries.guideline_in(scope, guideline_id)).quiz)


async def briefing_of(scope: Scope, guideline_id: UUID) -> Briefing:
    """A version with when the shopper has read it, and when passed its quiz. Role.SHOPPER. Raises NotFound."""
    return await queries.briefing_of(scope, guideline_id)


async def known_before(scope: Scope, guideline: Guideline, since: UUID | None) -> Guideline | None:
    """The version that the shopper knows: the last one that was read, or the one a shop was given out with (since).

    Role.SHOPPER. A version of another campaign, or a later one, is none.
    """
    known = await queries.read_before(scope, guideline)
    if known is not None or since is None:
        return known
    given = await queries.guideline_in(scope, since)
    is_earlier = given.campaign_id == guideline.campaign_id and given.number < guideline.number
    return given if is_earlier else None


async def has_read(scope: Scope, guideline_id: UUID, now: datetime) -> None:
    """Note that the shopper says to have read a version; twice is once. Role.SHOPPER. Raises NotFound."""
    await queries.guideline_in(scope, guideline_id)
    if await queries.insert_reading(scope, guideline_id, now):
        await _note(scope, "guideline.acknowledge", guideline_id, now)


async def mark(scope: Scope, guideline_id: UUID, answers: Mapping[int, frozenset[int]], now: datetime) -> Mark:
    """Mark a try at the quiz and certify the shopper for this version if it is good enough. Role.SHOPPER.

    answers: number of the question, from 1 -> indices of what was picked, from 0. The first pass stands. NotFound.
    """
    guideline = await queries.guideline_in(scope, guideline_id)
    result = marked(guideline.quiz, guideline.pass_percent, answers)
    if not result.is_passed:
        await _note(scope, "guideline.quiz-failed", guideline_id, now, percent=result.percent)
    elif await queries.insert_certification(scope, guideline_id, result.percent, now):
        await _note(scope, "guideline.certified", guideline_id, now, percent=result.percent)
    return result


async def _note(scope: Scope, action: str, guideline_id: UUID, now: datetime, **detail: int) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "guideline", guideline_id, detail=dict(detail)
    )
    await record(connection(), event, now)
