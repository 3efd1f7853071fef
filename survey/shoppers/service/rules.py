"""What an affiliate decides about its shoppers as a whole: the way in, the agreement, what is asked. Role.STAFF."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Conflict, Scope, connection

from .. import queries
from ..domain import Agreement, BandQuestion, QualificationKind, Use
from ..queries.rules import Entrance


class CodeTaken(Conflict):
    """Another question or qualification is filed under this code."""


async def entrance(scope: Scope) -> Entrance:
    """The way in."""
    return await queries.rules.seen_entrance(scope)


async def set_entrance(scope: Scope, takes_shoppers: bool, least_age: int, now: datetime) -> bool:
    """Open or close the way in, and say from which age on; False where that is so already."""
    old = await queries.rules.entrance_of(scope)
    if (old.takes_shoppers, old.least_age) == (takes_shoppers, least_age):
        return False
    await queries.rules.put_entrance(scope, takes_shoppers, least_age)
    detail = {
        "takes.old": old.takes_shoppers, "takes.new": takes_shoppers, "age.old": old.least_age, "age.new": least_age,
    }  # fmt: skip
    await _note(scope, "shoppers.entrance", None, now, **detail)
    return True


async def agreements(scope: Scope) -> list[Agreement]:
    """Every version, the latest first."""
    return await queries.rules.agreements_of(scope)


async def publish_agreement(scope: Scope, body: str, now: datetime) -> int:
    """The next version, which shoppers are asked at their next sign-in; the same words again are no new version.

    Raises Conflict when a colleague publishes one at this moment.
    """
    versions = await queries.rules.agreements_of(scope)
    if versions and versions[0].body == body:
        return versions[0].number
    number = versions[0].number + 1 if versions else 1
    if not await queries.rules.insert_agreement(scope, number, body, now):
        raise Conflict("another version was published at this moment")
    await _note(scope, "shoppers.agreement", None, now, number=number)
    return number


async def questions(scope: Scope) -> list[BandQuestion]:
    """Every question, also those that are not asked any more."""
    return await queries.rules.questions_of(scope)


async def question(scope: Scope, question_id: UUID) -> BandQuestion:
    """One question. Raises NotFound."""
    return await queries.rules.question_in(scope, question_id)


async def add_question(scope: Scope, one: BandQuestion, now: datetime) -> None:
    """Ask something more. Raises CodeTaken."""
    if not await queries.rules.insert_question(scope, one, now):
        raise CodeTaken("another question has this code")
    await _note(scope, "shoppers.question_add", one.id, now, code=one.code)


async def change_question(scope: Scope, one: BandQuestion, now: datetime) -> None:
    """Change a question, or ask it no more. Answers that were given stay with their owners. Raises NotFound."""
    await queries.rules.question_in(scope, one.id)
    await queries.rules.put_question(scope, one)
    await _note(scope, "shoppers.question_change", one.id, now, code=one.code, is_asked=one.is_asked)


async def qualification_kinds(scope: Scope) -> list[QualificationKind]:
    """What can be recorded of a shopper."""
    return await queries.rules.kinds_of(scope)


async def qualification_kind(scope: Scope, kind_id: UUID) -> QualificationKind:
    """One of them. Raises NotFound."""
    return await queries.rules.kind_in(scope, kind_id)


async def add_qualification_kind(scope: Scope, one: QualificationKind, now: datetime) -> None:
    """Something more that can be recorded. Raises CodeTaken."""
    created_id = await queries.rules.insert_kind(scope, one)
    if created_id is None:
        raise CodeTaken("another qualification has this code")
    await _note(
        scope, "shoppers.qualification_add", created_id, now, code=one.code, takes_documents=one.takes_documents
    )


async def change_qualification_kind(scope: Scope, one: QualificationKind, now: datetime) -> None:
    """Change its words, and whether documents are taken for it. Raises NotFound."""
    await queries.rules.kind_in(scope, one.id)
    await queries.rules.put_kind(scope, one)
    await _note(scope, "shoppers.qualification_change", one.id, now, code=one.code, takes_documents=one.takes_documents)


async def uses_of_kinds(scope: Scope, today: date) -> dict[str, Use]:
    """How many shoppers hold each qualification, and ask for it, by its code."""
    return await queries.rules.holders_of(scope, today)


async def use_of_kind(scope: Scope, kind: QualificationKind, today: date) -> Use:
    """Who hangs on one, the campaigns that want it named."""
    use = (await queries.rules.holders_of(scope, today)).get(kind.code, Use(0, 0))
    return replace(use, campaigns=await queries.rules.campaigns_wanting(scope, kind.code))


async def retire_qualification_kind(scope: Scope, kind_id: UUID, now: datetime) -> None:
    """Let nobody new get it, and no campaign ask for it anew; who has it keeps it. Twice is once. Raises NotFound."""
    one = await queries.rules.kind_in(scope, kind_id)
    if await queries.rules.retire_kind(scope, kind_id, now):
        await _note(scope, "shoppers.qualification_retire", kind_id, now, code=one.code)


async def restore_qualification_kind(scope: Scope, kind_id: UUID, now: datetime) -> None:
    """Let people get it again. Twice is once. Raises NotFound."""
    one = await queries.rules.kind_in(scope, kind_id)
    if await queries.rules.restore_kind(scope, kind_id):
        await _note(scope, "shoppers.qualification_restore", kind_id, now, code=one.code)


async def _note(
    scope: Scope, action: str, object_id: UUID | None, now: datetime, **detail: str | int | bool | None
) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "shopper rules", object_id, detail=detail
    )  # fmt: skip
    await record(connection(), event, now)
