"""What shoppers are told by mail: once, in time, and not of what was put right or has moved since."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.db import Role, transaction
from survey.mail import queries as outbox
from survey.mail.composing import Composing, composers_of
from survey.mail.domain import Outgoing
from survey.settings import Settings
from survey.shops.scheduling import emails, service
from survey.shops.scheduling.domain import Tale
from survey.shops.visits import service as visits
from survey.shops.visits.domain import DECLINE_WORDS, Actor, DeclineReason, Event, Move
from tests.conftest import NOW
from tests.outbox import Mail, mails, stop_mail
from tests.shop_world import DAY, ShopWorld, let_down, moment

COMPOSERS = composers_of([emails])
HELD_SINCE = "UPDATE identity.assignment SET assigned_at = $2 WHERE affiliate_id = $1 AND state = 'taken_back'"


async def asked_for(shops: ShopWorld, kind: str = "") -> list[str]:
    """Kinds of the mails in the outbox."""
    rows = await shops.owner.fetch(
        "SELECT kind FROM ops.delivery WHERE affiliate_id = $1 AND ($2 = '' OR kind = $2) ORDER BY kind",
        shops.affiliate_id, kind,
    )  # fmt: skip
    return [row["kind"] for row in rows]


async def composed(shops: ShopWorld, settings: Settings, kind: str) -> list[str]:
    """Of each mail of a kind, what the relay would be given: its subject and values, or why there is none."""
    later = NOW + 40 * DAY
    async with transaction(Role.WORKER) as here:
        claimed, _ = await outbox.claim(here, moment(1), 10_000, later, "candour.test")
    rows = [row for row in claimed if row.affiliate_id == shops.affiliate_id and row.kind == kind]
    if not rows:
        return []
    async with transaction(Role.WORKER, affiliate=shops.affiliate_id) as here:
        made = await COMPOSERS[kind](Composing(here, settings, NOW), rows)
    return [f"{m.letter.subject} {dict(m.values)}" if isinstance(m, Outgoing) else m.reason for m in made]


async def given_earlier(shops: ShopWorld, shop_id: UUID) -> None:
    """Let the assignment be five days old."""
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, moment(-5))


async def test_each_piece_of_news_is_told_once(shops: ShopWorld, settings: Settings) -> None:
    await shops.shop("OFFERED")
    await shops.shop("ASSIGNED")
    for _ in range(2):
        await service.tell(settings, NOW)
    assert await asked_for(shops) == ["shop-assigned", "shop-offer"]


async def test_all_mail_has_a_way_out_and_only_an_offer_is_bulk(shops: ShopWorld, settings: Settings) -> None:
    await shops.shop("OFFERED")
    await shops.shop("ASSIGNED")
    await service.tell(settings, NOW)
    rows = await shops.owner.fetch(
        "SELECT kind, is_bulk, opt_out_link_id IS NOT NULL AS has_link FROM ops.delivery WHERE affiliate_id = $1",
        shops.affiliate_id,
    )
    assert {(row["kind"], row["is_bulk"], row["has_link"]) for row in rows} == {
        ("shop-offer", True, True), ("shop-assigned", False, True),
    }  # fmt: skip


async def test_nobody_hears_of_what_was_undone_in_time(shops: ShopWorld, settings: Settings) -> None:
    shop_id = await shops.shop("ASSIGNED")
    await service.tell(settings, NOW)
    async with shops.transaction():
        await visits.give_back(shops.scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, NOW + timedelta(seconds=20))
    await service.tell(settings, NOW + timedelta(minutes=1))
    assert await asked_for(shops) == ["shop-assigned"]
    assert await composed(shops, settings, "shop-assigned") == ["the shop has moved since"]


async def test_a_shop_that_is_taken_back_later_is_told(shops: ShopWorld, settings: Settings) -> None:
    shop_id = await shops.shop("ASSIGNED")
    await given_earlier(shops, shop_id)
    async with shops.transaction():
        await visits.give_back(shops.scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, NOW)
    await service.tell(settings, NOW)
    (said,) = await composed(shops, settings, "shop-taken-back")
    assert said.startswith("A shop is no longer yours")


async def test_no_mail_says_whose_place_it_is(shops: ShopWorld, settings: Settings) -> None:
    await shops.shop("ASSIGNED", public_ref="NL-7F3K", planned_on=NOW.date() + 3 * DAY)
    await service.tell(settings, NOW)
    (said,) = await composed(shops, settings, "shop-assigned")
    assert "NL-7F3K" in said
    for secret in ("Copperkettle", "Riverside", "CK-031", "Barista", "High Street"):
        assert secret not in said


@pytest.mark.parametrize(("days", "subject"), [(3, "in three days"), (1, "tomorrow")])
async def test_a_visit_is_reminded_of_three_days_and_one_day_before(
    shops: ShopWorld, settings: Settings, days: int, subject: str
) -> None:
    await given_earlier(shops, await shops.shop("ASSIGNED", planned_on=NOW.date() + days * DAY, due_at=moment(9)))
    for _ in range(2):
        await service.remind(settings, NOW)
    (said,) = await composed(shops, settings, "shop-reminder")
    assert subject in said.partition("{")[0]


async def test_a_report_is_reminded_of_on_its_due_day(shops: ShopWorld, settings: Settings) -> None:
    await given_earlier(shops, await shops.shop("IN_PROGRESS", planned_on=NOW.date(), due_at=moment(hours=6)))
    await service.remind(settings, NOW)
    (said,) = await composed(shops, settings, "shop-reminder")
    assert said.startswith("Your report is due today")


@pytest.mark.parametrize("days", [0, 2, 4])
async def test_no_other_day_brings_a_reminder(shops: ShopWorld, settings: Settings, days: int) -> None:
    await given_earlier(shops, await shops.shop("ASSIGNED", planned_on=NOW.date() + days * DAY, due_at=moment(9)))
    await service.remind(settings, NOW)
    assert await asked_for(shops, "shop-reminder") == []


async def test_who_was_given_the_shop_today_and_who_sleeps_are_not_reminded(
    shops: ShopWorld, settings: Settings
) -> None:
    await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY, due_at=moment(9))
    await given_earlier(shops, await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY, due_at=moment(9)))
    await service.remind(settings, NOW.replace(hour=7))
    assert await asked_for(shops, "shop-reminder") == []
    await service.remind(settings, NOW)
    assert await asked_for(shops, "shop-reminder") == ["shop-reminder"]


async def test_a_reminder_is_held_back_when_the_shop_has_moved(shops: ShopWorld, settings: Settings) -> None:
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY, due_at=moment(9))
    await given_earlier(shops, shop_id)
    await service.remind(settings, NOW)
    async with shops.transaction():
        await visits.plan_many(shops.scope, {shop_id: NOW.date() + 4 * DAY}, NOW)
    assert await composed(shops, settings, "shop-reminder") == ["the shop has moved since"]
    await service.remind(settings, NOW + DAY)
    assert len(await asked_for(shops, "shop-reminder")) == 2


async def test_a_message_is_announced_without_its_words(shops: ShopWorld, settings: Settings) -> None:
    robin = await shops.shopper()
    async with shops.transaction():
        await service.write(shops.scope, settings.keyring, [(robin.id, None)], "Doors close at six.", NOW)
    await service.tell(settings, NOW)
    (said,) = await composed(shops, settings, "shop-message")
    assert said.startswith("A message from your scheduler")
    assert "Doors" not in said


async def _answered(shops: ShopWorld, settings: Settings) -> list[Mail]:
    await service.tell(settings, NOW)
    return await mails(settings, shops.affiliate_id, Tale.ANSWER)


async def _given_to(shops: ShopWorld, application_id: UUID) -> None:
    async with shops.transaction():
        await service.approve(shops.scope, application_id, "the client wants it", NOW)


async def test_whoever_asked_for_a_shop_that_somebody_else_makes_is_told_once(
    shops: ShopWorld, settings: Settings
) -> None:
    shop_id, robin, other = await shops.shop(public_ref="NL-7F3K"), await shops.shopper(), await shops.shopper()
    await shops.application(shop_id, other)
    await _given_to(shops, await shops.application(shop_id, robin))
    (told,) = await _answered(shops, settings)
    assert (told.recipient_id, told.subject) == (other.id, "An answer to your application")
    assert "Somebody else makes this visit" in told.text
    assert f"{settings.base_url}/shopper/board" in told.text
    assert told.way_out in told.text
    assert await _answered(shops, settings) == []


async def test_an_answer_says_neither_whose_place_it_is_nor_what_it_pays(shops: ShopWorld, settings: Settings) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper()
    await shops.application(shop_id, await shops.shopper())
    await _given_to(shops, await shops.application(shop_id, robin))
    (told,) = await _answered(shops, settings)
    for secret in ("Copperkettle", "Riverside", "CK-031", "Barista", "Leeds", "12.00", "USD", "Robin"):
        assert secret not in told.text


async def test_whoever_is_turned_down_reads_the_reason(shops: ShopWorld, settings: Settings) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper()
    application_id = await shops.application(shop_id, robin)
    async with shops.transaction():
        await service.turn_down(shops.scope, application_id, DeclineReason.ANOTHER_DAY, NOW)
    (told,) = await _answered(shops, settings)
    assert DECLINE_WORDS[DeclineReason.ANOTHER_DAY] in told.text


async def test_whoever_asked_for_a_shop_that_is_cancelled_is_told(shops: ShopWorld, settings: Settings) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper()
    await shops.application(shop_id, robin)
    async with shops.transaction():
        await visits.fire(shops.scope, shop_id, Move(Event.CANCEL, Actor.SCHEDULER, NOW))
    (told,) = await _answered(shops, settings)
    assert "Nobody makes this visit any more" in told.text


async def test_whoever_gets_the_shop_or_took_the_wish_back_hears_no_answer(
    shops: ShopWorld, settings: Settings
) -> None:
    shop_id, robin, other = await shops.shop(), await shops.shopper(), await shops.shopper()
    withdrawn = await shops.application(shop_id, other)
    async with other.transaction():
        await visits.withdraw(other.scope, withdrawn, NOW)
    await _given_to(shops, await shops.application(shop_id, robin))
    assert await _answered(shops, settings) == []


async def test_whoever_has_stopped_mail_gets_no_answer_by_mail(shops: ShopWorld, settings: Settings) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper(email=(address := f"{uuid4().hex[:8]}@shopper.test"))
    application_id = await shops.application(shop_id, robin)
    await stop_mail(settings, shops.affiliate_id, address)
    async with shops.transaction():
        await service.turn_down(shops.scope, application_id, DeclineReason.RULES, NOW)
    assert await _answered(shops, settings) == []
    reason = await shops.owner.fetchval("SELECT reason FROM ops.delivery WHERE recipient_id = $1", robin.id)
    assert reason == "opted out"


async def test_an_application_that_waits_again_is_told_of_its_second_end_alone(
    shops: ShopWorld, settings: Settings
) -> None:
    shop_id, robin, other = await shops.shop(), await shops.shopper(), await shops.shopper()
    waiting = await shops.application(shop_id, other)
    await _given_to(shops, await shops.application(shop_id, robin))
    await service.tell(settings, NOW)
    await shops.owner.execute(
        "UPDATE identity.application SET state = 'SUBMITTED', decided_at = NULL WHERE id = $1", waiting
    )
    (held_back,) = await mails(settings, shops.affiliate_id, Tale.ANSWER)
    assert held_back.withheld == "the application waits again"
    async with shops.transaction():
        await service.turn_down(shops.scope, waiting, DeclineReason.NOT_NEEDED, NOW + timedelta(minutes=1))
    (told,) = await _answered(shops, settings)
    assert DECLINE_WORDS[DeclineReason.NOT_NEEDED] in told.text


async def test_an_offer_says_until_when_it_stands_by_the_clock_of_the_place(
    shops: ShopWorld, settings: Settings
) -> None:
    store = await shops.location(time_zone="America/New_York")
    shop_id = await shops.shop("OFFERED", location_id=store)
    await shops.owner.execute(
        "INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at) VALUES ($1, $2, 'offer_timeout', $3)",
        shop_id, shops.affiliate_id, NOW + timedelta(hours=20),
    )  # fmt: skip
    await service.tell(settings, NOW)
    [mail] = await mails(settings, shops.affiliate_id, Tale.OFFER)
    assert "The offer stands until Monday 23 November, 00:30 (New York time)." in mail.text
    assert f"/shopper/board/{shop_id}" in mail.text


async def test_who_lost_a_shop_hears_of_the_mark_that_is_proposed_and_where_to_answer_it(
    shops: ShopWorld, settings: Settings
) -> None:
    await let_down(shops)
    await shops.owner.execute(HELD_SINCE, shops.affiliate_id, moment(-3))
    await service.tell(settings, NOW)
    [mail] = await mails(settings, shops.affiliate_id, Tale.TAKEN_BACK)
    assert "a mark is proposed" in mail.subject
    assert "Nobody has decided yet" in mail.text
    assert mail.text.count("/shopper/marks") == 1


async def test_who_lost_a_shop_without_a_mark_is_led_to_their_shops(shops: ShopWorld, settings: Settings) -> None:
    mark_id = await let_down(shops)
    await shops.owner.execute("DELETE FROM identity.mark WHERE id = $1", mark_id)
    await shops.owner.execute(HELD_SINCE, shops.affiliate_id, moment(-3))
    await service.tell(settings, NOW)
    [mail] = await mails(settings, shops.affiliate_id, Tale.TAKEN_BACK)
    assert "mark" not in mail.subject + mail.text
    assert "/shopper/shops" in mail.text
