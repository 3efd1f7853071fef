"""How a client's people hear of new reports: collected, at their own pace, in scope, without a word of any report."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from survey.media import media_of
from survey.releases import service
from survey.releases.domain import NEWS_KIND
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.outbox import Mail, mails, stop_mail
from tests.shop_world import ShopWorld, shop_world, update
from tests.survey.releases.shops import BAD, COMMENT, VISIT, approved, tell
from tests.survey.releases.viewers import viewer_with_key

MORNING = datetime(2026, 11, 23, 7, 5, tzinfo=NOW.tzinfo)
HOUR = timedelta(hours=1)


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


async def _released(there: ShopWorld, at: datetime = NOW, coded: dict[str, object] | None = None) -> UUID:
    one = await approved(there, coded=coded)
    async with there.transaction():
        await service.release_shop(there.scope, there.settings, media_of(there.settings), one.shop_id, at)
    return one.shop_id


async def _viewer(there: ShopWorld, pace: str = "daily", at: UUID | None = None) -> UUID:
    viewer_id = await viewer_with_key(there, at or there.root_id)
    await update(there.owner, "identity.account", viewer_id, {"report_mail": pace})
    return viewer_id


async def _told(there: ShopWorld, now: datetime) -> list[Mail]:
    await service.tell_news(there.settings, now)
    return await mails(there.settings, there.affiliate_id, NEWS_KIND, now)


async def test_whoever_reads_another_place_hears_nothing(there: ShopWorld) -> None:
    await _viewer(there, at=await there.location("CK-044"))
    await _released(there)
    assert await _told(there, MORNING) == []


async def test_reports_of_a_day_are_told_in_one_mail_the_next_morning_and_once(there: ShopWorld) -> None:
    viewer_id = await _viewer(there)
    for minutes in range(3):
        await _released(there, NOW + timedelta(minutes=minutes))
    assert await _told(there, NOW + 8 * HOUR) == []
    (told,) = await _told(there, MORNING)
    assert (told.recipient_id, "3 new reports are there" in told.text) == (viewer_id, True)
    assert f"{there.settings.base_url}/portal/shops" in told.text
    assert told.way_out in told.text
    for later in (MORNING, MORNING + 5 * HOUR, MORNING + 24 * HOUR):
        assert await _told(there, later) == []


async def test_the_morning_is_that_of_the_viewers_place(there: ShopWorld) -> None:
    await there.owner.execute("UPDATE field.location SET time_zone = 'America/New_York' WHERE id = $1", there.root_id)
    await _viewer(there)
    await _released(there)
    assert await _told(there, MORNING) != []
    await _released(there, MORNING + HOUR)
    assert await _told(there, MORNING + 4 * HOUR) == []
    assert len(await _told(there, MORNING + 5 * HOUR)) == 1


async def test_whoever_wants_to_hear_every_hour_hears_on_the_hour(there: ShopWorld) -> None:
    await _viewer(there, "hourly", there.store_id)
    await _released(there)
    assert await _told(there, NOW.replace(hour=10, minute=1)) == []
    (told,) = await _told(there, NOW.replace(hour=10, minute=10))
    assert "A new report is there" in told.text
    await _released(there, NOW.replace(hour=10, minute=20))
    assert await _told(there, NOW.replace(hour=10, minute=50)) == []
    assert len(await _told(there, NOW.replace(hour=11, minute=10))) == 1


async def test_whoever_wants_no_such_mail_gets_none(there: ShopWorld) -> None:
    await _viewer(there, "never")
    await _released(there)
    assert await _told(there, MORNING) == []


async def test_whoever_changes_their_mind_before_it_goes_out_gets_none(there: ShopWorld) -> None:
    viewer_id = await _viewer(there)
    await _released(there)
    await service.tell_news(there.settings, MORNING)
    await update(there.owner, "identity.account", viewer_id, {"report_mail": "never"})
    (held_back,) = await mails(there.settings, there.affiliate_id, NEWS_KIND, MORNING)
    assert held_back.withheld


async def test_whoever_has_stopped_mail_gets_none(there: ShopWorld) -> None:
    viewer_id = await _viewer(there)
    await stop_mail(there.settings, there.affiliate_id, f"{viewer_id.hex}@client.test")
    await _released(there)
    assert await _told(there, MORNING) == []


async def test_a_failed_visit_has_had_its_own_mail_and_is_not_told_again(there: ShopWorld) -> None:
    await _viewer(there)
    await _released(there, coded=BAD)
    assert len(await mails(there.settings, there.affiliate_id, service.ALERT_KIND)) == 1
    assert await _told(there, MORNING) == []


async def test_what_was_taken_back_before_the_mail_goes_out_is_not_told(there: ShopWorld) -> None:
    await _viewer(there)
    shop_id = await _released(there)
    await service.tell_news(there.settings, MORNING)
    async with there.transaction():
        await service.recall_shop(there.scope, shop_id, "mistake", MORNING)
    (held_back,) = await mails(there.settings, there.affiliate_id, NEWS_KIND, MORNING)
    assert held_back.withheld


async def test_a_version_after_an_appeal_is_no_new_report(there: ShopWorld) -> None:
    await _viewer(there)
    shop_id = await _released(there)
    assert len(await _told(there, MORNING)) == 1
    async with there.transaction():
        media = media_of(there.settings)
        await service.release_again(there.scope, there.settings, media, shop_id, MORNING + HOUR)
    assert await _told(there, MORNING + 24 * HOUR) == []


async def test_the_mail_says_nothing_of_a_report_or_its_place(there: ShopWorld) -> None:
    await _viewer(there)
    await _released(there)
    (told,) = await _told(there, MORNING)
    for secret in (COMMENT, "Riverside", "CK-031", "Barista", "November", "%", "Tamsin"):
        assert secret not in told.text
