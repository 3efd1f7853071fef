"""A shop's history: what was there before, whom it concerned, and who did it."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from privacy.vault import Place, create_subject, seal
from survey.accounts.domain import EMAIL, NAME
from survey.shops.scheduling.domain import Happened, called, told
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move
from tests.conftest import NOW, World, unheard_of
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import Browser, Site

from .effects import do, text_of

WHO = uuid4()


def a_line(action: str, **detail: object) -> Happened:
    """A line of the ledger about what Rosa Marin did."""
    return Happened(NOW, "staff", WHO, f"shop.{action}", detail, None)


def said_of(happened: Happened) -> tuple[str, tuple[str, ...], str]:
    """What is told of it, where Rosa Marin is known."""
    line = told(happened, {WHO: "Rosa Marin"}, "USD", "UTC")
    return line.what, line.changes, line.by


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def _account(browser: Browser) -> UUID:
    assert browser.account_id
    return browser.account_id


async def _named(shops: ShopWorld, browser: Browser, affiliate_id: UUID, name: str) -> None:
    """Give a colleague a name and an address."""
    who = _account(browser)
    key = await create_subject(shops.owner, shops.settings.keyring, affiliate_id, who)
    sealed = [seal(key, Place(column, who, who), words) for column, words in ((NAME, name), (EMAIL, unheard_of()))]
    await shops.owner.execute("UPDATE identity.account SET name = $2, email = $3 WHERE id = $1", who, *sealed)


async def _event(shops: ShopWorld, shop_id: UUID, actor_id: UUID) -> None:
    await shops.owner.execute(
        "INSERT INTO ledger.event (affiliate_id, actor_kind, actor_id, action, object_kind, object_id, at, detail)"
        " VALUES ($1, 'staff', $2, 'shop.hold', 'shop', $3, $4, '{}')",
        shops.affiliate_id, actor_id, shop_id, NOW,
    )  # fmt: skip


async def test_a_name_of_another_affiliate_is_never_shown(
    site: Site, scheduler: Browser, shops: ShopWorld, world: World
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    await _named(shops, stranger, world.charlies.affiliate_id, "Rosa Marin")
    shop_id = await shops.shop()
    await _event(shops, shop_id, _account(stranger))
    said = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert "Hold by somebody who has left" in said
    assert "Rosa" not in said


async def test_that_a_colleagues_name_was_read_is_recorded(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    colleague = await site.signed_in(shops.affiliate_id, "manager")
    await _named(shops, colleague, shops.affiliate_id, "Rosa Marin")
    shop_id = await shops.shop()
    await do(colleague, {"kind": "pay", "fee": "22", "ids": str(shop_id)})
    page = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert f"Pay fee USD 12.00 → USD 22.00 by Rosa M., {NOW:%a %-d %b %H:%M}" in page
    row = await shops.owner.fetchrow(
        "SELECT actor_id, purpose FROM ledger.event WHERE action = 'account.read' AND subject_id = $1",
        colleague.account_id,
    )
    assert (row["actor_id"], row["purpose"]) == (scheduler.account_id, "see who did what to a shop")


async def test_a_page_that_is_loaded_again_is_one_look_at_its_names(
    site: Site, scheduler: Browser, shops: ShopWorld
) -> None:
    colleague = await site.signed_in(shops.affiliate_id, "manager")
    await _named(shops, colleague, shops.affiliate_id, "Rosa Marin")
    shop_id = await shops.shop()
    await _event(shops, shop_id, _account(colleague))
    for seconds in (0, 30, 90):
        site.clock.now = NOW + timedelta(seconds=seconds)
        assert "by Rosa M." in text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    looks = await shops.owner.fetch(
        "SELECT at FROM ledger.event WHERE action = 'account.read' AND subject_id = $1 ORDER BY at",
        colleague.account_id,
    )
    assert [row["at"] for row in looks] == [NOW, NOW + timedelta(seconds=90)]


async def test_another_day_says_which_it_was(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY)
    later = NOW.date() + 2 * DAY
    fields = {"kind": "plan", "ids": str(shop_id), "day": later.isoformat(), "override": "1", "override_reason": "ill"}
    await do(scheduler, fields)
    event = (await shops.events(shop_id))[-1]
    assert json.loads(event["detail"])["from_day"] == (NOW.date() + DAY).isoformat()
    said = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert f"day {NOW.date() + DAY:%a %-d %b} → {later:%a %-d %b}" in said


async def test_what_the_clock_and_the_shopper_did_says_so(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop("ASSIGNED", robin, due_at=moment(-5))
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, moment(-6))
    async with robin.transaction():
        await visits.fire(robin.scope, shop_id, Move(Event.START, Actor.SHOPPER, NOW))
    await visits.fire_timers(moment(hours=1))
    await shops.owner.execute("UPDATE field.shop_timer SET due_at = $2 WHERE shop_id = $1", shop_id, NOW)
    await visits.fire_timers(moment(hours=1))
    said = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert "Start assigned → in progress by the shopper" in said
    assert "Overdue in progress → open S-7F3K by the clock" in said


@pytest.mark.parametrize(
    ("detail", "changes"),
    [
        ({"from_fee": 1800, "fee": 2200, "from_bonus": 0, "bonus": 0}, ("fee USD 18.00 → USD 22.00",)),
        ({"from_day": None, "planned_on": "2026-11-24"}, ("day none → Tue 24 Nov",)),
        ({"planned_on": "2026-11-24", "is_override": True}, ("day Tue 24 Nov", "(rules set aside)")),
        (
            {"from_until": "2026-11-24T00:00:00+00:00", "until": "2026-11-26T00:00:00+00:00"},
            ("window until Mon 23 Nov → Wed 25 Nov",),
        ),
        (
            {"from_since": "2026-11-24T00:00:00+00:00", "since": "2026-11-25T07:30:00+00:00"},
            ("window since Tue 24 Nov → Wed 25 Nov 07:30",),
        ),
        ({"from": "OPEN", "to": "CANCELLED", "reason": "place_closed"}, ("open → cancelled", "(place closed)")),
        ({"from": "OPEN", "to": "A_STATE_OF_OLD"}, ("open → A_STATE_OF_OLD",)),
    ],
)
def test_old_and_new_stand_side_by_side_where_both_are_known(
    detail: dict[str, object], changes: tuple[str, ...]
) -> None:
    assert said_of(a_line("hold", **detail)) == ("Hold", changes, "Rosa M.")


@pytest.mark.parametrize(
    ("action", "what"),
    [("approve_application", "Application approved"), ("auto_offer_stop", "No longer offered in turn"),
     ("self_assign", "Taken from the job board"), ("assign", "Assign")],
)  # fmt: skip
def test_what_happened_is_told_in_words_of_the_trade(action: str, what: str) -> None:
    assert said_of(a_line(action))[0] == what


def test_a_window_is_told_by_the_clock_of_the_place() -> None:
    detail = {"from_until": "2026-11-24T00:00:00+00:00", "until": "2026-11-26T00:00:00+00:00"}
    line = told(a_line("window", **detail), {}, "USD", "America/New_York")
    assert line.changes == ("window until Mon 23 Nov 19:00 → Wed 25 Nov 19:00",)


@pytest.mark.parametrize(
    ("name", "words"), [("Rosa Marin", "Rosa M."), ("Rosa", "Rosa"), ("Ana de la Cruz", "Ana C."), ("", "")]
)
def test_a_colleague_is_called_by_the_first_name(name: str, words: str) -> None:
    assert called(name) == words
