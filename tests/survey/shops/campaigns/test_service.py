"""Planning a campaign, and a shopper who reads its guideline and passes the quiz."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import NotFound, Role, Scope, transaction
from survey.shops.campaigns import service
from survey.shops.campaigns.domain import BadChange, Draft, NoticeDraft, NoTry, Quota, Unanswered, WaveDraft, quiz_of
from tests.conftest import NOW, World

from .conftest import FIRST, LAST, Planned, registered

QUIZ = quiz_of("Where do you stand?\n- Outside\n* At the counter\n\nAnd then?\n* Order\n- Leave")
NOTICE = NoticeDraft(date(2026, 11, 1), "You may be visited.", "letter", "Head of retail", ("GB",))


@asynccontextmanager
async def acting(scope: Scope) -> AsyncIterator[None]:
    """A request of staff."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        yield


@pytest.fixture
async def shopper(winter: Planned, superuser: asyncpg.Connection) -> Scope:
    """A shopper of alice's."""
    return await registered(superuser, winter.scope.affiliate_id)


async def standing(shopper: Scope, guideline_id: UUID) -> tuple[datetime | None, datetime | None]:
    """When the shopper has read a version, and when passed it."""
    briefing = await service.briefing_of(shopper, guideline_id)
    return briefing.read_at, briefing.passed_at


async def with_quiz(winter: Planned, superuser: asyncpg.Connection) -> UUID:
    """A second version of the guideline that has a quiz; its id."""
    async with acting(winter.scope):
        await service.write(winter.scope, winter.campaign_id, "Stand at the counter.", QUIZ, (80, NOW))
    found: UUID = await superuser.fetchval("SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id)
    return found


async def test_another_tenants_campaign_is_not_found(world: World, winter: Planned) -> None:
    stranger = world.charlies
    for attempt in (
        lambda: service.edit(stranger, winter.campaign_id, 1, {"name": "Mine"}, NOW),
        lambda: service.write(stranger, winter.campaign_id, "x", (), (80, NOW)),
        lambda: service.put_wave(stranger, winter.campaign_id, None, WaveDraft("X", FIRST, LAST, Quota()), NOW),
        lambda: service.record_notice(stranger, winter.campaign_id, NOTICE, NOW),
        lambda: service.create(stranger, Draft(winter.client_id, "Mine", "web"), NOW),
    ):
        with pytest.raises(NotFound):
            async with acting(stranger):
                await attempt()


async def test_two_campaigns_of_a_client_cannot_have_one_name(winter: Planned) -> None:
    with pytest.raises(service.Taken):
        async with acting(winter.scope):
            await service.create(winter.scope, Draft(winter.client_id, "Winter", "web"), NOW)


async def test_a_page_that_is_old_is_refused(winter: Planned) -> None:
    with pytest.raises(service.StaleCampaign):
        async with acting(winter.scope):
            await service.edit(winter.scope, winter.campaign_id, 1, {"fee_cents": 1}, NOW)


async def test_what_is_as_it_was_changes_nothing(winter: Planned, superuser: asyncpg.Connection) -> None:
    async with acting(winter.scope):
        await service.edit(winter.scope, winter.campaign_id, 0, {"fee_cents": 1200, "name": "Winter"}, NOW)
    assert await superuser.fetchval("SELECT revision FROM field.campaign WHERE id = $1", winter.campaign_id) == 3


async def test_staff_may_be_named_only_after_they_were_told(winter: Planned, superuser: asyncpg.Connection) -> None:
    with pytest.raises(BadChange, match="Record first"):
        async with acting(winter.scope):
            await service.edit(winter.scope, winter.campaign_id, 3, {"employee_id_mode": "name"}, NOW)
    async with acting(winter.scope):
        await service.record_notice(winter.scope, winter.campaign_id, NOTICE, NOW)
        await service.edit(winter.scope, winter.campaign_id, 4, {"employee_id_mode": "name"}, NOW)
    row = await superuser.fetchrow(
        "SELECT n.channel, n.jurisdictions, n.attested_by FROM field.campaign c JOIN field.staff_notice n"
        " ON n.id = c.staff_notice_id WHERE c.id = $1 AND c.employee_id_mode = 'name'",
        winter.campaign_id,
    )
    assert tuple(row) == ("letter", ["GB"], "Head of retail")


async def test_a_notice_that_shops_rest_on_gives_way_only_to_one_that_was_given_there_too(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.location SET country = 'GB' WHERE country = ''")
    async with acting(winter.scope):
        first = await service.record_notice(winter.scope, winter.campaign_id, NOTICE, NOW)
        await service.edit(winter.scope, winter.campaign_id, 4, {"employee_id_mode": "name"}, NOW)
        assert (await service.publish_wave(winter.scope, winter.wave_id, NOW)).skipped == {"untold": 1}
        away = await service.record_notice(
            winter.scope, winter.campaign_id, replace(NOTICE, jurisdictions=("US",)), NOW
        )
    rests = "SELECT staff_notice_id FROM field.campaign WHERE id = $1"
    assert await superuser.fetchval(rests, winter.campaign_id) == first
    revision = await superuser.fetchval("SELECT revision FROM field.campaign WHERE id = $1", winter.campaign_id)
    with pytest.raises(BadChange, match="where this notice was not given: 6 in GB"):
        async with acting(winter.scope):
            await service.edit(winter.scope, winter.campaign_id, revision, {"staff_notice_id": away}, NOW)
    async with acting(winter.scope):
        both = replace(NOTICE, jurisdictions=("US", "GB"))
        third = await service.record_notice(winter.scope, winter.campaign_id, both, NOW)
    assert await superuser.fetchval(rests, winter.campaign_id) == third


async def test_nobody_at_a_competitor_is_named_or_recorded(winter: Planned) -> None:
    changes = {"kind": "competitor", "recording_mode": "audio"}
    with pytest.raises(BadChange, match="recorded at a competitor"):
        async with acting(winter.scope):
            await service.edit(winter.scope, winter.campaign_id, 3, changes, NOW)


async def test_once_shops_are_out_reports_only_ever_say_less(winter: Planned, superuser: asyncpg.Connection) -> None:
    async with acting(winter.scope):
        await service.publish_wave(winter.scope, winter.wave_id, NOW)
    for changes in ({"time_precision": "minute"}, {"kind": "web"}, {"version_id": None}):
        with pytest.raises(BadChange, match="Shops have been published"):
            async with acting(winter.scope):
                await service.edit(winter.scope, winter.campaign_id, 4, changes, NOW)
    async with acting(winter.scope):
        await service.edit(winter.scope, winter.campaign_id, 4, {"time_precision": "wave", "fee_cents": 2000}, NOW)
    assert await superuser.fetchval("SELECT min(fee_cents) FROM field.shop WHERE wave_id = $1", winter.wave_id) == 1200


async def test_a_closed_campaign_publishes_nothing_until_it_is_open_again(winter: Planned) -> None:
    async with acting(winter.scope):
        await service.set_status(winter.scope, winter.campaign_id, is_closed=True, now=NOW)
    with pytest.raises(service.NotPublishable):
        async with acting(winter.scope):
            await service.publish_wave(winter.scope, winter.wave_id, NOW)
    async with acting(winter.scope):
        await service.set_status(winter.scope, winter.campaign_id, is_closed=False, now=NOW)
        assert (await service.publish_wave(winter.scope, winter.wave_id, NOW)).shops == 9


async def test_a_scenario_that_shops_play_stays(winter: Planned) -> None:
    async with acting(winter.scope):
        played = await service.put_scenario(winter.scope, winter.campaign_id, None, ("A parent", ""), NOW)
        await service.publish_wave(winter.scope, winter.wave_id, NOW)
        spare = await service.put_scenario(winter.scope, winter.campaign_id, None, ("A tourist", ""), NOW)
        assert await service.remove_scenario(winter.scope, spare, NOW) == winter.campaign_id
    with pytest.raises(service.InUse):
        async with acting(winter.scope):
            await service.remove_scenario(winter.scope, played, NOW)


async def test_locations_of_another_client_are_no_quota(winter: Planned) -> None:
    draft = WaveDraft("Stray", FIRST, LAST, Quota({"any": 1}, (str(uuid4()),)))
    with pytest.raises(BadChange, match="locations of this client"):
        async with acting(winter.scope):
            await service.put_wave(winter.scope, winter.campaign_id, None, draft, NOW)


async def test_the_same_guideline_again_is_no_new_version(winter: Planned) -> None:
    async with acting(winter.scope):
        again = await service.write(winter.scope, winter.campaign_id, "# Go in\n\nOrder a *coffee*.", (), (80, NOW))
        other = await service.write(winter.scope, winter.campaign_id, "Go in.", (), (80, NOW))
    assert (again, other) == (1, 2)


async def test_a_shopper_of_another_affiliate_finds_no_guideline(
    world: World, winter: Planned, superuser: asyncpg.Connection
) -> None:
    guideline_id = await with_quiz(winter, superuser)
    stranger = await registered(superuser, world.charlies.affiliate_id)
    async with transaction(Role.SHOPPER, affiliate=stranger.affiliate_id, shopper=stranger.shopper_id):
        for attempt in (service.questions_of, service.guideline_in):
            with pytest.raises(NotFound):
                await attempt(stranger, guideline_id)
        with pytest.raises(NotFound):
            await service.mark(stranger, guideline_id, {}, NOW)


async def test_a_shopper_reads_fails_and_passes_and_each_is_noted_once(
    winter: Planned, shopper: Scope, superuser: asyncpg.Connection
) -> None:
    guideline_id = await with_quiz(winter, superuser)
    right = {1: frozenset({1}), 2: frozenset({0})}
    async with transaction(Role.SHOPPER, affiliate=shopper.affiliate_id, shopper=shopper.shopper_id):
        with pytest.raises(NoTry, match="Read the guideline first"):
            await service.mark(shopper, guideline_id, right, NOW)
        await service.has_read(shopper, guideline_id, NOW)
        await service.has_read(shopper, guideline_id, NOW)
        with pytest.raises(Unanswered):
            await service.mark(shopper, guideline_id, {1: frozenset({0})}, NOW)
        assert not (await service.mark(shopper, guideline_id, right | {1: frozenset({0})}, NOW)).is_passed
        assert await standing(shopper, guideline_id) == (NOW, None)
        for _ in range(2):
            assert (await service.mark(shopper, guideline_id, right, NOW)).is_passed
        assert await standing(shopper, guideline_id) == (NOW, NOW)
    actions = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE object_id = $1 AND action LIKE 'guideline.%' ORDER BY action",
        guideline_id,
    )
    assert [row["action"] for row in actions] == [
        "guideline.acknowledge",
        "guideline.certified",
        "guideline.quiz-failed",
    ]


async def test_a_certificate_belongs_to_one_version(
    winter: Planned, shopper: Scope, superuser: asyncpg.Connection
) -> None:
    first = await with_quiz(winter, superuser)
    async with transaction(Role.SHOPPER, affiliate=shopper.affiliate_id, shopper=shopper.shopper_id):
        await service.has_read(shopper, first, NOW)
        await service.mark(shopper, first, {1: frozenset({1}), 2: frozenset({0})}, NOW)
    async with acting(winter.scope):
        await service.write(winter.scope, winter.campaign_id, "Stand elsewhere.", QUIZ, (80, NOW))
    second = await superuser.fetchval("SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id)
    async with transaction(Role.SHOPPER, affiliate=shopper.affiliate_id, shopper=shopper.shopper_id):
        assert (await standing(shopper, first))[1] == NOW
        assert (await standing(shopper, second))[1] is None


async def test_a_shopper_cannot_certify_another(winter: Planned, shopper: Scope, superuser: asyncpg.Connection) -> None:
    guideline_id = await with_quiz(winter, superuser)
    other = await registered(superuser, winter.scope.affiliate_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.SHOPPER, affiliate=shopper.affiliate_id, shopper=shopper.shopper_id):
            await service.has_read(replace(shopper, shopper_id=other.shopper_id), guideline_id, NOW)
