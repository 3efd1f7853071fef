"""Guidelines and their quiz: staff write them, shoppers read them and are certified."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection

from .. import queries
from ..domain import Asked, Briefing, Guideline, Mark, NoTry, Question, TryRule, Unanswered, asked, unanswered
from ..domain import mark as marked
from .notes import note

AS_OFTEN_AS_ONE_LIKES = TryRule()
READ_FIRST = "Read the guideline first, and say that you have: then its quiz opens."
COUNTED = "This try was counted already. What you see is how it stands now."


async def write(
    scope: Scope,
    campaign_id: UUID,
    body: str,
    quiz: Sequence[Question],
    given: tuple[int, datetime],
    rule: TryRule = AS_OFTEN_AS_ONE_LIKES,
) -> int:
    """Write the next version of a campaign's guideline, which is in force at once; its number, from 1.

    given: pass_percent, now. Text and quiz as they are in force make no new version. A certificate belongs to one
    version, and so do tries: whoever had passed before passes again, whoever had used them up has new ones. NotFound.
    """
    pass_percent, now = given
    campaign = await queries.campaign_in(scope, campaign_id, lock=True)
    if campaign.guideline_id is not None:
        current = await queries.guideline_in(scope, campaign.guideline_id)
        present = current.body, current.quiz, current.pass_percent, current.rule
        if present == (body, tuple(quiz), pass_percent, rule):
            return current.number
    guideline_id, number = await queries.insert_guideline(scope, campaign_id, body, quiz, (*given, rule))
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


async def mark(
    scope: Scope, guideline_id: UUID, answers: Mapping[int, frozenset[int]], now: datetime, number: int | None = None
) -> Mark:
    """Mark a try at the quiz and certify the shopper for this version if it is good enough. Role.SHOPPER.

    answers: number of the question, from 1 -> indices of what was picked, from 0. number: of the try that the page was
    for, so that one that is sent twice counts once. The first pass stands. Raises NotFound, NoTry, Unanswered.
    """
    briefing = await queries.briefing_of(scope, guideline_id)
    guideline, tries = briefing.guideline, briefing.tries
    result = marked(guideline.quiz, guideline.pass_percent, answers)
    if briefing.passed_at is not None:
        return result
    if briefing.read_at is None:
        raise NoTry(READ_FIRST)
    if not tries.may_try(guideline.rule, now):
        raise NoTry(tries.words(guideline.rule, now, briefing.time_zone))
    if left_open := unanswered(guideline.quiz, answers):
        raise Unanswered(left_open)
    is_next = number in (None, tries.next_number)
    if not is_next or not await queries.insert_try(scope, guideline_id, tries.next_number, result.percent, now):
        raise NoTry(COUNTED)
    if not result.is_passed:
        await _note(
            scope, "guideline.quiz-failed", guideline_id, now, percent=result.percent, number=tries.next_number
        )  # fmt: skip
    elif await queries.insert_certification(scope, guideline_id, result.percent, now):
        await _note(scope, "guideline.certified", guideline_id, now, percent=result.percent)
    return result


async def grant_try(scope: Scope, guideline_id: UUID, shopper_id: UUID, now: datetime) -> bool:
    """One more try for somebody, at once; False where it was given since their last try. Role.STAFF. NotFound."""
    made = await queries.tries_made(scope, guideline_id, shopper_id)
    if not await queries.insert_grant(scope, guideline_id, shopper_id, made, now):
        return False
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "guideline.grant_try", "guideline", guideline_id,
        subject_id=shopper_id, detail={"after_try": made},
    )  # fmt: skip
    await record(connection(), event, now)
    return True


async def _note(scope: Scope, action: str, guideline_id: UUID, now: datetime, **detail: int) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "guideline", guideline_id, detail=dict(detail)
    )
    await record(connection(), event, now)
