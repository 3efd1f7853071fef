"""Drafts that nobody finishes."""

from datetime import timedelta

import pytest

from survey.db import Database, NotFound
from survey.media import media_of
from survey.queue import JobContext
from survey.settings import Settings
from survey.shops.fieldwork.jobs import sweep_drafts
from tests.conftest import NOW

from .conftest import Visit

LATER = NOW + timedelta(days=31)


async def swept(settings: Settings, database: Database) -> None:
    """A month later the job runs."""
    await sweep_drafts.handler(JobContext(settings, database, lambda: LATER), {})


async def test_the_draft_of_a_shop_that_is_still_held_stays(
    visit: Visit, settings: Settings, database: Database
) -> None:
    await visit.fill_in()
    await swept(settings, database)
    assert await visit.report() is not None


async def test_an_old_draft_stays_while_the_law_holds_the_shop(
    visit: Visit, settings: Settings, database: Database
) -> None:
    await visit.fill_in()
    await visit.there.owner.execute("UPDATE identity.assignment SET state = 'flaked' WHERE shop_id = $1", visit.shop_id)
    await visit.there.owner.execute("UPDATE field.shop SET is_legal_hold = true WHERE id = $1", visit.shop_id)
    await swept(settings, database)
    assert await visit.report() is not None


async def test_a_report_that_was_handed_in_stays(visit: Visit, settings: Settings, database: Database) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await swept(settings, database)
    assert await visit.report() is not None


async def test_an_old_draft_of_a_lost_shop_goes_with_key_words_and_pictures(
    visit: Visit, settings: Settings, database: Database
) -> None:
    await visit.fill_in()
    report, (picture,) = await visit.report(), await visit.pictures()
    await visit.there.owner.execute("UPDATE identity.assignment SET state = 'flaked' WHERE shop_id = $1", visit.shop_id)
    await swept(settings, database)
    await swept(settings, database)
    assert await visit.report() is None
    for table, column in (
        ("vault.subject_key", "id"),
        ("field.report_text", "report_id"),
        ("field.evidence", "report_id"),
    ):
        count = await visit.there.owner.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", report["id"])
        assert count == 0, table
    with pytest.raises(NotFound):
        await media_of(settings).size_bytes(picture["media_key"])
    assert [one["action"] for one in await visit.there.events(report["id"])][-1] == "report.draft_expired"
