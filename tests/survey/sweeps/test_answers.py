"""Answers go two years after their study closed; what had left for the client stays as it left."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from privacy.vault import Place, create_subject, data_keys, seal
from survey.db import Role, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.releases.domain import Unreleasable
from survey.settings import Settings
from survey.sweeps import service
from tests.conftest import NOW, World
from tests.survey.releases.field import Study, new_client, study_in_field
from tests.web_client import Site

DAY = timedelta(days=1)
TWO_YEARS = 730 * DAY
STORES = {"leeds": 12, "york": 11, "whitby": 13, "bath": 12, "hove": 14}
PEOPLE = sum(STORES.values())


class Closed:
    """A study that has just closed, and where it lies."""

    def __init__(self, study: Study, owner: asyncpg.Connection, settings: Settings) -> None:
        self.study, self.owner, self.settings = study, owner, settings

    async def count(self, table: str = "field.response") -> int:
        """How many answers, or texts, there are."""
        found: int = await self.owner.fetchval(f"SELECT count(*) FROM {table} WHERE study_id = $1", self.study.id)
        return found

    async def sweep(self, now: datetime) -> None:
        """The night's work."""
        await service.run(media_of(self.settings), now)

    async def release(self, now: datetime = NOW) -> UUID | None:
        """Let the numbers leave."""
        return await releases.build_release(self.settings, self.study.scope.affiliate_id, self.study.id, now)

    async def said(self) -> UUID:
        """Somebody has written words, sealed with a key of the answers' own."""
        response_id: UUID = await self.owner.fetchval(
            "SELECT id FROM field.response WHERE study_id = $1 ORDER BY id LIMIT 1", self.study.id
        )
        affiliate_id = self.study.scope.affiliate_id
        key = await create_subject(self.owner, self.settings.keyring, affiliate_id, response_id)
        await self.owner.execute(
            "INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)"
            " VALUES ($1, 'why', $2, $3, $4)",
            response_id, affiliate_id, self.study.id,
            seal(key, Place("field.verbatim.sealed#why", response_id, response_id), "Words"),
        )  # fmt: skip
        return response_id


async def closed_study(owner: asyncpg.Connection, settings: Settings, world: World, *, at: datetime = NOW) -> Closed:
    """Sixty-two people have answered alice's study when it closes."""
    study = await study_in_field(owner, world.alices, await new_client(owner, world.alices), STORES)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await releases.close_study(world.alices, study.id, at)
    return Closed(study, owner, settings)


@pytest.fixture
async def closed(superuser: asyncpg.Connection, settings: Settings, world: World) -> Closed:
    """A study that closed today."""
    return await closed_study(superuser, settings, world)


async def test_answers_go_with_texts_and_keys_and_not_a_day_too_early(closed: Closed) -> None:
    response_id = await closed.said()
    await closed.sweep(NOW + TWO_YEARS)
    assert (await closed.count(), await closed.count("field.verbatim")) == (PEOPLE, 1)
    await closed.sweep(NOW + TWO_YEARS + timedelta(minutes=1))
    assert (await closed.count(), await closed.count("field.verbatim")) == (0, 0)
    assert await data_keys(closed.owner, closed.settings.keyring, [response_id]) == {}


async def test_what_was_released_stays_as_it_left(closed: Closed) -> None:
    release_id = await closed.release()
    cells = "SELECT md5(string_agg(c::text, ',' ORDER BY c::text)) FROM release.cell c WHERE release_id = $1"
    before = await closed.owner.fetchval(cells, release_id)
    await closed.sweep(NOW + TWO_YEARS + DAY)
    assert await closed.count() == 0
    assert await closed.owner.fetchval(cells, release_id) == before
    assert await releases.is_intact(closed.study.scope.affiliate_id, closed.study.id) is True


async def test_asking_for_the_release_again_gives_the_one_that_left(closed: Closed) -> None:
    release_id = await closed.release()
    await closed.sweep(NOW + TWO_YEARS + DAY)
    assert await closed.release(NOW + TWO_YEARS + DAY) == release_id


@pytest.mark.parametrize("days", [730, 731])
async def test_nothing_is_counted_from_answers_that_are_going_or_gone(closed: Closed, days: int) -> None:
    await closed.owner.execute(
        "DELETE FROM field.response WHERE id IN (SELECT id FROM field.response WHERE study_id = $1 LIMIT 20)",
        closed.study.id,
    )
    with pytest.raises(Unreleasable, match="over their time"):
        await closed.release(NOW + days * DAY)


async def test_until_the_day_before_a_release_can_be_made(closed: Closed) -> None:
    assert await closed.release(NOW + 729 * DAY)


async def test_a_study_in_the_field_keeps_its_answers(
    superuser: asyncpg.Connection, settings: Settings, world: World
) -> None:
    study = await study_in_field(superuser, world.alices, await new_client(superuser, world.alices), STORES)
    there = Closed(study, superuser, settings)
    await there.sweep(NOW + 2 * TWO_YEARS)
    assert await there.count() == PEOPLE


async def test_late_and_twice_is_once_and_the_ledger_says_how_many_and_never_who(closed: Closed) -> None:
    for _ in range(2):
        await closed.sweep(NOW + 2 * TWO_YEARS)
    events = await closed.owner.fetch(
        "SELECT detail, subject_id, object_id FROM ledger.event"
        " WHERE affiliate_id = $1 AND detail->>'what' = 'answers'",
        closed.study.scope.affiliate_id,
    )
    assert [tuple(row) for row in events] == [(f'{{"n": {PEOPLE}, "what": "answers"}}', None, None)]


async def test_another_affiliates_answers_stay_until_their_own_time(
    closed: Closed, superuser: asyncpg.Connection, settings: Settings, world: World
) -> None:
    others = await closed_study(superuser, settings, World(world.charlies, world.alices), at=NOW + DAY)
    await closed.sweep(NOW + TWO_YEARS + timedelta(hours=1))
    assert (await closed.count(), await others.count()) == (0, PEOPLE)


async def test_staff_read_that_it_is_too_late_and_not_that_nobody_answered(closed: Closed, site: Site) -> None:
    site.clock.now = NOW + TWO_YEARS + DAY
    await closed.sweep(site.clock.now)
    manager = await site.signed_in(closed.study.scope.affiliate_id)
    release = await manager.get(f"/studies/{closed.study.id}/release")
    assert "Nothing was released of this study" in release.text
    study = await manager.get(f"/studies/{closed.study.id}")
    assert "No longer known" in study.text
    assert "what was released stays" in study.text
