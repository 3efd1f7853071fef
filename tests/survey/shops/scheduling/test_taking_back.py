"""Taking many shops back: shown before, done when the half minute is over, with a note; never a mark."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling import service
from survey.shops.scheduling.domain import TAKE_BACK_WORDS, told_apart
from survey.shops.visits.domain import LINES, Effects, Event, State
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld
from tests.web_client import Browser, Site

from .effects import do, preview, text_of

LATER = NOW + timedelta(seconds=31)
NOTE = "The client moves the visit to spring."
ASKED = {"kind": "take_back", "reason": "client_asked"}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def asked(shop_ids: Iterable[UUID], **fields: str) -> dict[str, object]:
    """The form that asks for these shops."""
    return {**ASKED, **fields, "ids": [str(each) for each in shop_ids]}


async def taken(
    shops: ShopWorld, scheduler: Browser, shop_ids: Iterable[UUID], now: datetime = LATER, **fields: str
) -> str:
    """Take shops back, and let the half minute pass; the path of the act."""
    result = await do(scheduler, asked(shop_ids, **fields))
    await service.carry_out_waiting(shops.settings.keyring, now)
    return result


async def given(
    shops: ShopWorld, shopper: Shopper | None = None, state: str = "ASSIGNED", **columns: datetime | str
) -> UUID:
    """A shop that somebody has had since yesterday."""
    shop_id = await shops.shop(state, shopper, planned_on=None, **columns)
    was = NOW - timedelta(days=1)
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, was)
    return shop_id


async def mails(shops: ShopWorld, settings: Settings, shopper: Shopper, now: datetime) -> list[str]:
    """The kinds of mail that the shopper is to get by then."""
    await service.tell(settings, now)
    rows = await shops.owner.fetch("SELECT kind FROM ops.delivery WHERE recipient_id = $1", shopper.id)
    return sorted(row["kind"] for row in rows)


async def test_without_a_reason_nothing_is_taken_back_and_the_note_is_kept(
    scheduler: Browser, shops: ShopWorld
) -> None:
    shop_id = await given(shops)
    fields = {"kind": "take_back", "words": NOTE, "ids": str(shop_id)}
    answer = await scheduler.post("/shops/bulk/preview", fields)
    assert answer.status_code == 422
    page = HTMLParser(answer.text)
    assert "Choose why" in text_of(answer.text)
    assert [each.text() for each in page.css('textarea[name="words"]')] == [NOTE]


async def test_a_note_may_be_left_out_and_not_be_endless(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await given(shops)
    assert "1 taken back." in await preview(scheduler, asked([shop_id]))
    fields = asked([shop_id], words="x" * 2001)
    assert (await scheduler.post("/shops/bulk/preview", fields)).status_code == 422


async def test_the_effects_say_why_each_is_left_out_and_keep_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    held = await given(shops)
    left = {
        "SUBMITTED": "already handed in", "APPROVED": "already handed in", "OPEN": "nobody has it",
        "RETURNED": "its editor takes it back", "CANCELLED": "at its end already",
    }  # fmt: skip
    ids = [await shops.shop(state, public_ref=f"IS-{state}") for state in left]
    said = await preview(scheduler, asked([held, *ids]))
    assert "1 taken back, 5 skipped: already handed in, and 3 other reasons." in said
    assert all(words in said and f"IS-{state}" in said for state, words in left.items())
    assert await shops.state_of(held) == "ASSIGNED"
    assert await shops.events(held) == []


@pytest.mark.parametrize("state", ["OFFERED", "ASSIGNED", "IN_PROGRESS"])
async def test_it_happens_when_the_half_minute_is_over_and_never_counts_against_anybody(
    scheduler: Browser, shops: ShopWorld, settings: Settings, state: str
) -> None:
    shop_id = await given(shops, state=state, due_at=NOW - timedelta(hours=1))
    await do(scheduler, asked([shop_id]))
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(seconds=29))
    assert await shops.state_of(shop_id) == state
    for _ in range(2):
        await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(shop_id) == "OPEN"
    marks = "SELECT count(*) FROM identity.mark WHERE shop_id = $1"
    assert await shops.owner.fetchval(marks, shop_id) == 0
    kept = "SELECT state FROM identity.assignment WHERE shop_id = $1"
    assert await shops.owner.fetchval(kept, shop_id) == "taken_back"


async def test_each_is_audited_with_its_reason_and_by_whom(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await given(shops)
    result = await taken(shops, scheduler, [shop_id])
    (event,) = await shops.events(shop_id)
    assert (event["action"], event["actor_id"]) == ("shop.unassign", scheduler.account_id)
    assert json.loads(event["detail"])["reason"] == "client_asked"
    (act,) = await shops.events(UUID(result.rpartition("/")[2]))
    assert (act["action"], json.loads(act["detail"])) == ("bulk.take_back", {"shops": 1, "skipped": 0})


async def test_until_then_board_and_shop_say_what_is_to_come(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await given(shops)
    result = await do(scheduler, asked([shop_id]))
    assert "They are taken back in 30 seconds" in text_of((await scheduler.get(result)).text)
    site.clock.now = NOW + timedelta(seconds=10)
    assert "This shop is to be taken back in 20 s" in text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert "1 to be taken back in 20 s." in text_of((await scheduler.get("/shops")).text)
    site.clock.now = LATER
    assert "They are being taken back now" in text_of((await scheduler.get(result)).text)


async def test_what_was_undone_never_happens_and_leaves_no_note(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    shop_id = await given(shops, robin)
    result = await do(scheduler, asked([shop_id], words=NOTE))
    assert (await scheduler.post(f"{result}/undo")).status_code == 303
    assert "Undone for 1 shop." in text_of((await scheduler.get(result)).text)
    await service.carry_out_waiting(shops.settings.keyring, LATER)
    assert await shops.state_of(shop_id) == "ASSIGNED"
    left = "SELECT count(*) FROM identity.thread WHERE shopper_id = $1"
    assert await shops.owner.fetchval(left, robin.id) == 0


async def test_a_shopper_sees_nothing_of_it_before_and_shop_gone_and_note_there_afterwards(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    shop_id = await given(shops, robin, public_ref="GONE-1")
    own = await shops.signed_in(site, robin)
    await do(scheduler, asked([shop_id], words=NOTE))
    thread = await shops.owner.fetchval("SELECT id FROM identity.thread WHERE shopper_id = $1", robin.id)
    assert NOTE not in (await own.get(f"/shopper/messages/{thread}")).text
    site.clock.now = LATER
    assert NOTE not in (await own.get(f"/shopper/messages/{thread}")).text
    assert "GONE-1" in (await own.get("/shopper/shops")).text
    await service.carry_out_waiting(settings.keyring, LATER)
    assert NOTE in (await own.get(f"/shopper/messages/{thread}")).text


async def test_the_letters_are_asked_for_only_once_it_has_happened(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    shop_id = await given(shops, robin)
    await do(scheduler, asked([shop_id], words=NOTE))
    before = await mails(shops, settings, robin, NOW + timedelta(seconds=20))
    assert not {"shop-taken-back", "shop-message"} & set(before)
    await service.carry_out_waiting(settings.keyring, LATER)
    after = await mails(shops, settings, robin, LATER)
    assert sorted(set(after) - set(before)) == ["shop-message", "shop-taken-back"]


async def test_who_loses_several_shops_reads_the_note_once(scheduler: Browser, shops: ShopWorld) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    ids = [await given(shops, who) for who in (robin, robin, kim)]
    await taken(shops, scheduler, ids, words=NOTE)
    rows = await shops.owner.fetch(
        "SELECT m.shopper_id, t.shop_id FROM identity.message m JOIN identity.thread t ON t.id = m.thread_id"
        " WHERE m.affiliate_id = $1 AND m.shown_from <= $2", shops.affiliate_id, LATER,
    )  # fmt: skip
    assert {(row["shopper_id"], row["shop_id"]) for row in rows} == {(robin.id, None), (kim.id, ids[2])}


async def test_what_was_handed_in_meanwhile_stays_and_its_shopper_reads_no_note(
    scheduler: Browser, shops: ShopWorld
) -> None:
    robin = await shops.shopper()
    made, other = await given(shops, robin), await given(shops)
    result = await do(scheduler, asked([made, other], words=NOTE))
    await shops.owner.execute("UPDATE field.shop SET state='SUBMITTED', revision=revision+1 WHERE id=$1", made)
    await service.carry_out_waiting(shops.settings.keyring, LATER)
    assert (await shops.state_of(made), await shops.state_of(other)) == ("SUBMITTED", "OPEN")
    count = "SELECT count(*) FROM identity.thread WHERE shopper_id = $1"
    assert await shops.owner.fetchval(count, robin.id) == 0
    assert "2 taken back." in text_of((await scheduler.get(result)).text)


async def test_who_was_given_the_shop_meanwhile_keeps_it(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await given(shops)
    await do(scheduler, asked([shop_id], words=NOTE))
    at = NOW + timedelta(seconds=5)
    await shops.owner.execute(
        "UPDATE identity.assignment SET state = 'given_back', ended_at = $2 WHERE shop_id = $1", shop_id, at
    )
    kim = await shops.shopper()
    await shops.assignment(shop_id, kim, assigned_at=at)
    await service.carry_out_waiting(shops.settings.keyring, LATER)
    assert await shops.state_of(shop_id) == "ASSIGNED"
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.message WHERE shopper_id = $1", kim.id) == 0


async def test_another_affiliates_shops_are_not_taken(
    site: Site, shops: ShopWorld, world: World, settings: Settings
) -> None:
    shop_id = await given(shops, public_ref="THEIRS-1")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert "No shop is chosen" in await preview(stranger, asked([shop_id]))
    forged = asked([shop_id], shown=str(shop_id), cost="", action_id=str(shop_id))
    await stranger.post("/shops/bulk/do", forged)
    await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_the_board_has_a_button_for_it(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    page = HTMLParser((await scheduler.get("/shops")).text)
    assert [each.text().strip() for each in page.css('button[name="kind"][value="take_back"]')] == ["Take back"]


@pytest.mark.parametrize("state", State)
def test_every_state_in_which_the_machine_does_not_allow_it_has_words_of_its_own(state: State) -> None:
    if (state, Event.UNASSIGN) in LINES:
        return
    shop_id = UUID(int=1)
    told = told_apart(Effects((), {"wrong_state": (shop_id,)}), {shop_id: state})
    ((code, ids),) = told.skipped.items()
    assert (ids, code != "wrong_state", code in TAKE_BACK_WORDS) == ((shop_id,), True, True)
