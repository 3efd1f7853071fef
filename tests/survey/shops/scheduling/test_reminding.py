"""Warnings before a shop goes back by itself, and what a shop's page says of its reminders."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling import service
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move
from tests.conftest import NOW, World, unheard_of
from tests.outbox import stop_mail
from tests.shop_world import DAY, Shopper, ShopWorld, moment
from tests.web_client import Browser, Site

from .test_telling import asked_for, composed, given_earlier

HOUR = timedelta(hours=1)


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def late(
    shops: ShopWorld, due_at: datetime, *, who: Shopper | None = None, state: str = "IN_PROGRESS", grace_hours: int = 24
) -> UUID:
    """A shop whose report was due at that moment, given five days ago, planned for the day before yesterday."""
    await shops.configure(grace_hours=grace_hours)
    shop_id = await shops.shop(state, who, planned_on=NOW.date() - 2 * DAY, due_at=due_at)
    await given_earlier(shops, shop_id)
    return shop_id


async def _rows(scheduler: Browser, shop_id: UUID) -> list[str]:
    page = HTMLParser((await scheduler.get(f"/shops/{shop_id}")).text)
    said = [" ".join(each.text(separator=" ").split()) for each in page.css("ul.tasks li")]
    return [words for words in said if words.startswith("Reminder ")]


@pytest.mark.parametrize("state", ["ASSIGNED", "IN_PROGRESS"])
async def test_whoever_owes_a_report_is_warned_once_before_the_shop_goes_back(
    shops: ShopWorld, settings: Settings, state: str
) -> None:
    await late(shops, NOW - HOUR, state=state)
    for _ in range(2):
        await service.remind(settings, NOW)
    (said,) = await composed(shops, settings, "shop-reminder")
    assert said.startswith("Your report is late")
    assert "Monday 23 November, 08:30 (London time)" in said


async def test_a_second_warning_comes_shortly_before_that(shops: ShopWorld, settings: Settings) -> None:
    await late(shops, NOW - 13 * HOUR)
    await service.remind(settings, NOW)
    subjects = sorted(said.partition(" {")[0] for said in await composed(shops, settings, "shop-reminder"))
    assert subjects == ["Your report is late", "Your shop is about to go back"]


@pytest.mark.parametrize(("hours", "grace"), [(-3, 24), (25, 24), (1, 0)])
async def test_nobody_is_warned_before_it_is_due_after_it_went_back_or_without_a_grace(
    shops: ShopWorld, settings: Settings, hours: int, grace: int
) -> None:
    await late(shops, NOW.replace(hour=3) - hours * HOUR, grace_hours=grace)
    await service.remind(settings, NOW.replace(hour=3))
    assert await asked_for(shops, "shop-reminder") == []


@pytest.mark.parametrize("how", ["submit", "plan", "hold", "cancel"])
async def test_a_warning_that_has_become_moot_is_held_back(shops: ShopWorld, settings: Settings, how: str) -> None:
    shop_id = await late(shops, NOW - HOUR)
    await service.remind(settings, NOW)
    async with shops.transaction():
        if how == "plan":
            await visits.plan_many(shops.scope, {shop_id: NOW.date() + 4 * DAY}, NOW)
        elif how == "cancel":
            await visits.fire(shops.scope, shop_id, Move(Event.CANCEL, Actor.SCHEDULER, NOW))
    if how == "submit":
        await shops.owner.execute("UPDATE field.shop SET state = 'SUBMITTED' WHERE id = $1", shop_id)
    if how == "hold":
        await shops.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", shop_id)
    assert await composed(shops, settings, "shop-reminder") == ["the shop has moved since"]


async def test_an_address_that_wants_no_mail_at_all_is_not_warned(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    address = unheard_of()
    robin = await shops.shopper(email=address)
    shop_id = await late(shops, NOW - HOUR, who=robin)
    await stop_mail(settings, shops.affiliate_id, address)
    await service.remind(settings, NOW)
    assert await composed(shops, settings, "shop-reminder") == []
    rows = await shops.owner.fetch("SELECT state, reason FROM ops.delivery WHERE recipient_id = $1", robin.id)
    assert [(row["state"], row["reason"]) for row in rows] == [("skipped", "opted out")]
    assert "Reminder once the report was due not sent: opted out" in await _rows(scheduler, shop_id)


async def test_a_report_that_is_due_at_midnight_is_reminded_of_on_the_day_that_ends_then(
    shops: ShopWorld, settings: Settings
) -> None:
    await given_earlier(shops, await shops.shop("IN_PROGRESS", due_at=NOW.replace(hour=0, minute=0) + DAY))
    await service.remind(settings, NOW)
    (said,) = await composed(shops, settings, "shop-reminder")
    assert said.startswith("Your report is due today")


async def test_another_affiliates_reminders_are_not_there(site: Site, shops: ShopWorld, world: World) -> None:
    shop_id = await shops.shop("ASSIGNED")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert (await stranger.get(f"/shops/{shop_id}")).status_code == 404


async def test_a_shops_page_says_which_reminders_are_to_come(scheduler: Browser, shops: ShopWorld) -> None:
    day = NOW.date() + 5 * DAY
    shop_id = await shops.shop("ASSIGNED", planned_on=day, due_at=moment(7))
    await given_earlier(shops, shop_id)
    assert await _rows(scheduler, shop_id) == [
        f"Reminder 3 days before planned for {day - 3 * DAY:%a %-d %b} 08:00",
        f"Reminder the day before planned for {day - DAY:%a %-d %b} 08:00",
        f"Reminder on the day the report is due planned for {moment(7):%a %-d %b} 07:30",
        f"Reminder once the report was due planned for {moment(7):%a %-d %b} 09:30",
        f"Reminder before it goes back to the board planned for {moment(7) + 12 * HOUR:%a %-d %b} 21:30",
    ]


async def test_a_shops_page_says_what_was_sent_and_what_was_left_out(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY, due_at=moment(3))
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, moment(-1))
    await service.remind(settings, NOW)
    await shops.owner.execute(
        "UPDATE ops.delivery SET state = 'sent', sent_at = $2 WHERE affiliate_id = $1", shops.affiliate_id, NOW
    )
    rows = await _rows(scheduler, shop_id)
    assert rows[:2] == [
        "Reminder 3 days before left out: the shop was given later",
        f"Reminder the day before sent {NOW:%a %-d %b} 09:30",
    ]


async def test_what_nobody_has_is_reminded_of_to_nobody(scheduler: Browser, shops: ShopWorld) -> None:
    assert await _rows(scheduler, await shops.shop()) == []
