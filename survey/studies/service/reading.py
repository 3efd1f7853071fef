"""Looking at studies: what one still needs, whom it would reach, and what its messages are made of."""

from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from survey.affiliates import service as affiliates
from survey.clients import service as clients
from survey.db import Scope
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import minutes_to_answer, problems

from .. import queries
from ..domain import Edition, Facts, Reach, Study
from ..queries import Selection


async def study_in(scope: Scope, study_id: UUID, *, lock: bool = False) -> Study:
    """A study; with `lock` nobody else changes it until this transaction ends. Raises NotFound."""
    return await queries.study_in(scope, study_id, lock=lock)


async def studies_by_id(here: Connection, affiliate_id: UUID, study_ids: list[UUID]) -> dict[UUID, Study]:
    """Studies by id, for a composer."""
    return await queries.studies_by_id(here, affiliate_id, study_ids)


async def reach_of(scope: Scope, study: Study, now: datetime) -> Reach:
    """Whom a launch would write to now, in numbers."""
    return await queries.reach_of(scope, study, await _node_path(scope, study), now)


async def selection_of(scope: Scope, study: Study, now: datetime) -> Selection:
    """Whom a launch writes to and whom it passes over, as a SELECT for the statement that launches."""
    return queries.selection(scope, study, await _node_path(scope, study), now)


async def facts_of(scope: Scope, study: Study, now: datetime) -> Facts:
    """What a launch depends on besides the study itself."""
    version = await questionnaires.version_in(scope, study.version_id)
    client = await clients.client_in(scope, study.client_id)
    found = 0 if version.is_frozen else len(problems(version.definition))
    return Facts(await reach_of(scope, study, now), found, client.status == "active")


async def edition_of(scope: Scope, study: Study) -> Edition:
    """What a study's messages are made of. Runs as staff or worker of the affiliate."""
    definition = (await questionnaires.version_in(scope, study.version_id)).definition
    sender = await affiliates.sender_of(scope.affiliate_id)
    return Edition(
        study_id=study.id,
        client_id=study.client_id,
        client_name=study.client_name,
        panel_id=study.panel_id,
        panel_name=study.panel_name,
        title=study.title,
        is_identified=study.is_identified,
        closes_at=study.closes_at,
        time_zone=study.time_zone,
        language=definition.language,
        questions=sum(1 for _ in definition.items()),
        minutes=minutes_to_answer(definition),
        invitation=(study.invitation_subject, study.invitation_body),
        reminder=(study.reminder_subject, study.reminder_body),
        sender=sender,
    )


async def _node_path(scope: Scope, study: Study) -> str | None:
    location_id = study.narrowing.location_id
    return (await clients.location_in(scope, location_id)).path if location_id else None
