"""Applications: asking for a shop, and every way of hearing back."""

from datetime import timedelta
from uuid import UUID

import pytest

from privacy.vault import Place, data_key, unseal_text
from survey.db import Database, NotFound, Role, transaction
from survey.queue import JobContext
from survey.settings import Settings
from survey.shops.visits import jobs, service
from survey.shops.visits.domain import (
    Actor,
    AlreadyApplied,
    Decided,
    DeclineReason,
    Event,
    OutsideWindow,
    WrongState,
)
from survey.shops.visits.service import Move, Taking
from survey.shops.visits.service.applications import NOTE
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, shop_world

SOON = NOW.date() + timedelta(days=2)


async def ask(me: Shopper, settings: Settings, shop_id: UUID, day=SOON, words: str = "") -> UUID:  # type: ignore[no-untyped-def]
    """As the shopper."""
    async with me.transaction():
        return await service.apply(me.scope, settings, shop_id, (day, words), NOW)


async def states(shops: ShopWorld, *application_ids: UUID) -> list[str]:
    """Where applications stand, in the order asked."""
    found = "SELECT id, state FROM identity.application WHERE id = ANY($1::uuid[])"
    rows = {row["id"]: row["state"] for row in await shops.owner.fetch(found, list(application_ids))}
    return [rows[each] for each in application_ids]


async def test_a_shop_that_is_not_open_cannot_be_asked_for(shops: ShopWorld, settings: Settings) -> None:
    me = await shops.shopper()
    with pytest.raises(WrongState):
        await ask(me, settings, await shops.shop("ASSIGNED"))
    with pytest.raises(OutsideWindow):
        await ask(me, settings, await shops.shop("OPEN"), NOW.date() + timedelta(days=99))


async def test_another_affiliates_shop_cannot_be_asked_for(shops: ShopWorld, world: World, settings: Settings) -> None:
    there = await shop_world(shops.owner, settings, world.charlies.affiliate_id)
    with pytest.raises(NotFound):
        await ask(await shops.shopper(), settings, await there.shop("OPEN"))


async def test_somebody_asks_for_a_shop_with_a_day_and_a_sealed_word(shops: ShopWorld, settings: Settings) -> None:
    me = await shops.shopper()
    application_id = await ask(me, settings, await shops.shop("OPEN"), words="I am there anyway")
    row = await shops.owner.fetchrow("SELECT * FROM identity.application WHERE id = $1", application_id)
    assert (row["shopper_id"], row["proposed_on"], row["state"]) == (me.id, SOON, "SUBMITTED")
    key = await data_key(shops.owner, settings.keyring, me.id)
    assert unseal_text(key, Place(NOTE, application_id, me.id), row["note"]) == "I am there anyway"
    (event,) = await shops.events(application_id)
    assert (event["action"], event["subject_id"]) == ("application.submit", me.id)


async def test_asking_twice_is_told_so_and_harms_nothing(shops: ShopWorld, settings: Settings) -> None:
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    await ask(me, settings, shop_id)
    async with me.transaction() as connection:
        with pytest.raises(AlreadyApplied):
            await service.apply(me.scope, settings, shop_id, (None, ""), NOW)
        assert await connection.fetchval("SELECT count(*) FROM identity.application") == 1


async def test_who_withdraws_may_ask_again(shops: ShopWorld, settings: Settings) -> None:
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    first = await ask(me, settings, shop_id)
    async with me.transaction():
        await service.withdraw(me.scope, first, NOW)
    second = await ask(me, settings, shop_id)
    assert await states(shops, first, second) == ["WITHDRAWN", "SUBMITTED"]


async def test_nobody_withdraws_or_answers_what_is_not_theirs(shops: ShopWorld, world: World) -> None:
    me, other = await shops.shopper(), await shops.shopper()
    application_id = await shops.application(await shops.shop("OPEN"), me)
    async with other.transaction():
        with pytest.raises(NotFound):
            await service.withdraw(other.scope, application_id, NOW)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.turn_down(world.charlies, application_id, DeclineReason.RULES, NOW)
    assert await states(shops, application_id) == ["SUBMITTED"]


async def test_staff_say_no_with_a_reason(shops: ShopWorld) -> None:
    application_id = await shops.application(await shops.shop("OPEN"), await shops.shopper())
    async with shops.transaction():
        await service.turn_down(shops.scope, application_id, DeclineReason.SOMEBODY_NEARER, NOW)
        with pytest.raises(Decided):
            await service.turn_down(shops.scope, application_id, DeclineReason.RULES, NOW)
    row = await shops.owner.fetchrow("SELECT * FROM identity.application WHERE id = $1", application_id)
    assert (row["state"], row["reason"], row["decided_at"]) == ("DECLINED", "somebody_nearer", NOW)
    assert [event["action"] for event in await shops.events(application_id)] == ["application.decline"]


async def test_who_is_chosen_is_approved_and_the_others_are_superseded(shops: ShopWorld) -> None:
    me, other, shop_id = await shops.shopper(), await shops.shopper(), await shops.shop("OPEN")
    mine, theirs = await shops.application(shop_id, me), await shops.application(shop_id, other)
    async with shops.transaction():
        taking = Taking(me.id, mode="application", planned_on=SOON)
        await service.assign(shops.scope, shop_id, taking, Actor.SCHEDULER, Event.APPROVE_APPLICATION, NOW)
    assert await states(shops, mine, theirs) == ["APPROVED", "SUPERSEDED"]
    (event,) = await shops.events(theirs)
    assert (event["action"], event["subject_id"]) == ("application.supersede", other.id)


async def test_an_offer_to_somebody_leaves_applications_waiting_until_it_is_taken(
    shops: ShopWorld, settings: Settings, database: Database
) -> None:
    me, other, shop_id = await shops.shopper(), await shops.shopper(), await shops.shop("OPEN")
    theirs = await shops.application(shop_id, other)
    async with shops.transaction():
        await service.assign(shops.scope, shop_id, Taking(me.id), Actor.SCHEDULER, Event.OFFER, NOW)
    assert await states(shops, theirs) == ["SUBMITTED"]
    async with me.transaction():
        await service.accept(me.scope, shop_id, NOW)
    await settled(shops, settings, database, shop_id)
    assert await states(shops, theirs) == ["SUPERSEDED"]


async def test_a_shopper_who_takes_a_shop_ends_the_others_applications_by_a_job(
    shops: ShopWorld, settings: Settings, database: Database
) -> None:
    await shops.configure(is_self_assign=True)
    me, other, shop_id = await shops.shopper(), await shops.shopper(), await shops.shop("OPEN")
    mine, theirs = await shops.application(shop_id, me), await shops.application(shop_id, other)
    async with me.transaction():
        await service.assign(me.scope, shop_id, Taking(me.id, mode="self"), Actor.SHOPPER, Event.SELF_ASSIGN, NOW)
    assert await states(shops, mine, theirs) == ["APPROVED", "SUBMITTED"]
    await settled(shops, settings, database, shop_id)
    assert await states(shops, mine, theirs) == ["APPROVED", "SUPERSEDED"]


async def settled(shops: ShopWorld, settings: Settings, database: Database, shop_id: UUID) -> None:
    """The job that was asked for has run, and run again."""
    asked = "SELECT count(*) FROM ops.job WHERE entrypoint = 'visits.settle_applications' AND dedupe_key LIKE $1"
    assert await shops.owner.fetchval(asked, f"%{shop_id}") == 1
    for _ in range(2):
        payload = {"affiliate_id": shops.affiliate_id, "shop_id": shop_id}
        await jobs.settle_applications(JobContext(settings, database, lambda: NOW), payload)


async def test_applications_for_a_shop_that_nobody_makes_expire(shops: ShopWorld) -> None:
    cancelled, ended = await shops.shop("OPEN"), await shops.shop("OPEN", window_end=NOW)
    me = await shops.shopper()
    first, second = await shops.application(cancelled, me), await shops.application(ended, me)
    async with shops.transaction():
        await service.fire(shops.scope, cancelled, Move(Event.CANCEL, Actor.SCHEDULER, NOW))
        await service.refresh_timers(shops.scope, [ended], NOW)
    await service.fire_timers(NOW)
    assert await states(shops, first, second) == ["EXPIRED", "EXPIRED"]
