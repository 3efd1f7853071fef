"""A campaign like another one, and the wave after a wave."""

from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.shops.campaigns import queries, service
from survey.shops.campaigns.domain import Quota, Scenario, Wave, WaveDraft, following, quiz_of
from tests.conftest import NOW, World
from tests.web_client import Site

from .conftest import Planned

QUIZ = quiz_of("Where?\n- Outside\n* Inside")


async def copied(winter: Planned) -> UUID:
    """A copy of the campaign, with a quiz and a scenario."""
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        await service.write(winter.scope, winter.campaign_id, "Go in.", QUIZ, (90, NOW))
        await service.put_scenario(winter.scope, winter.campaign_id, None, ("A parent", "Push a pram."), NOW)
        return await service.copy_campaign(winter.scope, winter.campaign_id, NOW)


async def test_another_tenants_campaign_and_wave_are_not_copied(site: Site, world: World, winter: Planned) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    editor = await site.signed_in(world.alices.affiliate_id, "editor")
    for url in (f"/campaigns/{winter.campaign_id}/copy", f"/waves/{winter.wave_id}/next"):
        assert (await charlie.post(url)).status_code == 404
        assert (await editor.post(url)).status_code == 403


async def test_a_copy_has_the_rules_the_guideline_and_the_scenarios_and_no_wave(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    copy_id = await copied(winter)
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        first = await queries.campaign_in(winter.scope, winter.campaign_id)
        copy = await queries.campaign_in(winter.scope, copy_id)
        guideline = await queries.numbered(winter.scope, copy_id, 1)
        (scenario,) = await queries.scenarios_of(winter.scope, copy_id)
    assert (copy.name, copy.status, copy.guideline_number) == ("Winter (copy)", "draft", 1)
    own = {"id", "name", "status", "guideline_id", "guideline_number", "revision", "created_at"}
    same = [name for name in type(first).__slots__ if name not in own]
    assert {name: getattr(copy, name) for name in same} == {name: getattr(first, name) for name in same}
    assert (guideline.body, guideline.quiz, guideline.pass_percent) == ("Go in.", QUIZ, 90)
    assert scenario == Scenario(scenario.id, copy_id, "A parent", "Push a pram.")
    assert await superuser.fetchval("SELECT count(*) FROM field.wave WHERE campaign_id = $1", copy_id) == 0


async def test_copying_leaves_its_source_in_the_ledger(winter: Planned, superuser: asyncpg.Connection) -> None:
    copy_id = await copied(winter)
    detail = await superuser.fetchval(
        "SELECT detail ->> 'source' FROM ledger.event WHERE object_id = $1 AND action = 'campaign.copy'", copy_id
    )
    assert detail == str(winter.campaign_id)


async def test_copies_and_next_waves_get_names_of_their_own(site: Site, world: World, winter: Planned) -> None:
    scheduler = await site.signed_in(world.alices.affiliate_id, "scheduler")
    pages = []
    for _ in range(2):
        sent = await scheduler.post(f"/campaigns/{winter.campaign_id}/copy")
        pages.append((await scheduler.get(sent.headers["location"])).text)
    assert "<h1>Winter (copy)</h1>" in pages[0]
    assert "<h1>Winter (copy) 2</h1>" in pages[1]
    await scheduler.post(f"/waves/{winter.wave_id}/publish")
    for words in ("<h1>From 15 December 2026</h1>", "<h1>From 15 December 2026 2</h1>"):
        sent = await scheduler.post(f"/waves/{winter.wave_id}/next")
        page = (await scheduler.get(sent.headers["location"])).text
        assert words in page
        assert "15 Dec 2026 to 28 Dec 2026" in page
        assert "9 shops at 3 locations" in page


@pytest.mark.parametrize(
    ("label", "days", "after"),
    [
        ("December 2026", ("2026-12-01", "2026-12-31"), ("January 2027", "2027-01-01", "2027-01-31")),
        ("January", ("2027-01-01", "2027-01-31"), ("February", "2027-02-01", "2027-02-28")),
        ("Wave 3", ("2026-12-07", "2026-12-13"), ("Wave 4", "2026-12-14", "2026-12-20")),
        ("Q4", ("2026-10-01", "2026-12-31"), ("From 1 January 2027", "2027-01-01", "2027-03-31")),
        ("December", ("2026-12-01", "2026-12-14"), ("From 15 December 2026", "2026-12-15", "2026-12-28")),
        ("January 2026", ("2026-01-01", "2026-01-31"), ("November 2026", "2026-11-01", "2026-11-30")),
    ],
)
def test_the_next_round_follows_the_last_and_is_not_over(
    label: str, days: tuple[str, str], after: tuple[str, str, str]
) -> None:
    quota = Quota({"morning": 2}, (), {"x": {"late": 1}})
    first, last, then_first, then_last = map(date.fromisoformat, (*days, *after[1:]))
    wave = Wave(uuid4(), uuid4(), label, first, last, quota, NOW, NOW)
    assert following(wave, NOW.date()) == WaveDraft(after[0], then_first, then_last, quota)
