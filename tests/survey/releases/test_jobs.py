"""The worker closes, builds and tidies when it is asked to, and gives up only where another try would not help."""

from datetime import timedelta

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.queue import JobContext, Unretryable
from survey.releases import jobs, service
from survey.settings import Settings
from tests.conftest import NOW
from tests.survey.releases.field import Study


@pytest.fixture
def context(settings: Settings, database: Database) -> JobContext:
    """A worker twelve days later."""
    return JobContext(settings, database, lambda: NOW + timedelta(days=12))


def payload(study: Study) -> dict[str, object]:
    return {"affiliate_id": study.scope.affiliate_id, "study_id": study.id}


async def test_a_job_that_names_no_study_is_not_tried_again(context: JobContext) -> None:
    with pytest.raises(Unretryable):
        await jobs.build_release(context, {"affiliate_id": None, "study_id": 7})


async def test_a_study_is_closed_built_and_tidied_by_its_jobs(
    context: JobContext, study: Study, superuser: asyncpg.Connection
) -> None:
    await jobs.close_due(context, {})
    await jobs.discard_drafts(context, payload(study))  # type: ignore[arg-type]
    await jobs.build_release(context, payload(study))  # type: ignore[arg-type]
    assert await superuser.fetchval("SELECT status FROM field.study WHERE id = $1", study.id) == "released"


async def test_a_tree_that_does_not_hang_together_is_not_tried_again(
    context: JobContext, study: Study, superuser: asyncpg.Connection
) -> None:
    async with transaction(Role.STAFF, affiliate=study.scope.affiliate_id):
        await service.close_study(study.scope, study.id, NOW)
    await superuser.execute("UPDATE field.location SET parent_id = id WHERE id = $1", study.places["leeds"].id)
    with pytest.raises(Unretryable, match="locations do not hang together"):
        await jobs.build_release(context, payload(study))  # type: ignore[arg-type]
    assert await superuser.fetchval("SELECT count(*) FROM release.release WHERE study_id = $1", study.id) == 0
