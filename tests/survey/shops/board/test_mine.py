"""My shops: the agenda, giving back with the rule before the click, and another day that a person decides on."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.shops.board.domain import DECIDED_KIND, Mine, Section, section_of, time_left
from survey.shops.visits.domain import State
from tests.conftest import NOW, World
from tests.outbox import Mail, mails
from tests.shop_world import DAY, Shopper, ShopWorld, insert, moment
from tests.web_client import Browser, Site

MINE = "/shopper/shops"
DAY_AFTER = NOW.date() + 3 * DAY
WISH = {"day": DAY_AFTER.isoformat(), "reason": "illness", "words": "Fever since Friday."}


def mine(state: State = State.ASSIGNED, **changes: object) -> Mine:
    """A shop of an agenda."""
    values: dict[str, object] = {
        "assignment_id": uuid4(), "shop_id": uuid4(), "public_ref": "T-1", "state": state, "is_on_hold": False,
        "client": "Copperkettle", "kind": "in_person", "place": "Riverside", "street": None, "city": None,
        "time_zone": "Pacific/Auckland", "planned_on": None, "window_start": NOW - DAY, "window_end": NOW + 9 * DAY,
        "due_at": None, "grace_hours": 24, "pay_cents": 1200, "bonus_cents": 0, "pay_days": 30,
        "pay_state": None, "promised_on": None, "paid_on": None, "reimbursement_cap_cents": 0, "currency": "USD",
        "answer_by": None, "is_extension_asked": False,
    }  # fmt: skip
    return Mine(**(values | changes))  # type: ignore[arg-type]


async def wishes(shops: ShopWorld) -> list[dict[str, object]]:
    """The wishes of the affiliate, as they are stored."""
    rows = await shops.owner.fetch(
        "SELECT * FROM identity.extension WHERE affiliate_id = $1 ORDER BY asked_at, id", shops.affiliate_id
    )
    return [dict(row) for row in rows]


@pytest.mark.parametrize(
    ("state", "days", "section"),
    [
        (State.OFFERED, 0, Section.OFFERS), (State.RETURNED, 0, Section.BACK), (State.SUBMITTED, -3, Section.WAITING),
        (State.ASSIGNED, -1, Section.LATE), (State.IN_PROGRESS, 0, Section.TODAY), (State.ASSIGNED, 7, Section.WEEK),
        (State.ASSIGNED, 8, Section.LATER),
    ],
)  # fmt: skip
def test_a_shop_stands_where_its_day_is_by_the_clock_of_the_place(state: State, days: int, section: Section) -> None:
    # At half past nine in London it is already late in the evening in Auckland: the same day.
    assert section_of(mine(state, planned_on=NOW.date() + days * DAY), NOW) is section


@pytest.mark.parametrize(
    ("state", "pay_state", "words"),
    [
        (State.IN_REVIEW, "PROSPECTIVE", "Being read"), (State.IN_REVIEW, None, "Being read"),
        (State.IN_REVIEW, "PAYABLE", "Being looked at again; your pay stands"),
        (State.SUBMITTED, "PAID", "Being looked at again; your pay stands"),
        (State.RETURNED, "PENDING", "Something is to be changed; your pay stands"),
        (State.IN_REVIEW, "VOID", "Being read"), (State.APPROVED, "PAYABLE", "Accepted"),
    ],
)  # fmt: skip
def test_a_shop_that_is_looked_at_again_says_that_its_pay_stands(
    state: State, pay_state: str | None, words: str
) -> None:
    assert mine(state, pay_state=pay_state).state_words == words


@pytest.mark.parametrize(
    ("pay_state", "cents", "words"),
    [
        (None, None, "up to USD 8.00 paid back"), ("PROSPECTIVE", 695, "up to USD 8.00 paid back"),
        ("PAYABLE", 695, "USD 6.95 to be paid back"), ("PAID", 695, "USD 6.95 paid back"), ("PAID", 0, ""),
        ("VOID", 695, ""),
    ],
)  # fmt: skip
def test_what_is_paid_back_is_what_it_came_to_once_an_editor_has_said_so(
    pay_state: str | None, cents: int | None, words: str
) -> None:
    shop = mine(State.CLOSED, pay_state=pay_state, paid_back_cents=cents, reimbursement_cap_cents=800)
    assert shop.paid_back_words == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=1), "1 minute"), (timedelta(minutes=119), "119 minutes"), (timedelta(hours=3), "3 hours"),
        (timedelta(days=3), "3 days"), (timedelta(hours=-1), "0 minutes"),
    ],
)  # fmt: skip
def test_the_time_that_is_left_is_said_in_words(left: timedelta, words: str) -> None:
    assert time_left(NOW + left, NOW) == words


@pytest.mark.parametrize("path", ["give-back", "extension", "extension/withdraw"])
async def test_another_shoppers_and_another_affiliates_shops_are_not_found(
    browser: Browser, shops: ShopWorld, path: str
) -> None:
    shop_id = await shops.shop("ASSIGNED", await shops.shopper(), planned_on=NOW.date() + 2 * DAY)
    for unknown in (shop_id, uuid4()):
        if path != "extension/withdraw":
            assert (await browser.get(f"{MINE}/{unknown}/{path}")).status_code == 404
        assert (await browser.post(f"{MINE}/{unknown}/{path}", WISH)).status_code == 404
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_what_a_household_visits_stands_in_nobody_elses_agenda(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.owner.execute("UPDATE identity.shopper SET household_index = 'home' WHERE id = $1", me.id)
    partner = await shops.shopper(household_index=b"home")
    shop_id = await shops.shop("ASSIGNED", partner, public_ref="T-PARTNER")
    await shops.visited(partner, NOW.date() - DAY, public_ref="T-PARTNERS")
    assert "T-PARTNER" not in (await browser.get(MINE)).text
    assert (await browser.get(f"{MINE}/{shop_id}/give-back")).status_code == 404


async def test_the_agenda_has_sections_deadlines_and_pay_and_what_is_done_by_pages(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.shop("ASSIGNED", me, planned_on=NOW.date(), bonus_cents=300)
    await shops.shop("SUBMITTED", me, planned_on=NOW.date() - DAY)
    for days in range(60):
        await shops.visited(me, NOW.date() - (days + 5) * DAY, window_end=moment(-days), window_start=moment(-99))
    page = (await browser.get(MINE)).text
    places = [page.index(f">{words}<") for words in ("Today", "Waiting for review", "Done")]
    assert places == sorted(places)
    assert "USD 15.00" in page
    assert "report due by Tuesday 24 November, 09:30" in page
    cursor = page.split("?after=")[1].split('"')[0]
    rest = (await browser.get(f"{MINE}?after={cursor}")).text
    assert ">Today<" not in rest
    assert page.count('<li>\n    <div class="top">') + rest.count('<li>\n    <div class="top">') == 62


async def test_a_report_that_came_back_says_until_when(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    shop_id = await shops.shop("RETURNED", me, planned_on=NOW.date() - DAY)
    values = {"shop_id": shop_id, "affiliate_id": me.affiliate_id, "kind": "return_timeout", "due_at": moment(1)}
    await insert(shops.owner, "field.shop_timer", values)
    page = (await browser.get(MINE)).text
    assert "hand in again by Monday 23 November, 09:30" in page
    assert "report due by" not in page


async def test_before_its_day_a_shop_is_given_back_without_a_mark_and_twice_is_once(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY)
    page = (await browser.get(f"{MINE}/{shop_id}/give-back")).text
    assert "Until the end of Sunday 22 November you can give it back and nothing counts against you." in page
    for _ in range(2):
        assert (await browser.post(f"{MINE}/{shop_id}/give-back")).status_code == 303
    assert "Given back. No mark." in (await browser.get(MINE)).text
    assert await shops.state_of(shop_id) == "OPEN"
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shopper_id = $1", me.id) == 0
    assert [event["action"] for event in await shops.events(shop_id)] == ["shop.shopper_cancel"]


async def test_on_its_day_the_page_says_before_the_click_that_a_mark_is_proposed(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date())
    page = (await browser.get(f"{MINE}/{shop_id}/give-back")).text
    assert "A mark is proposed" in page
    assert "A person decides whether it counts" in page
    assert (await browser.post(f"{MINE}/{shop_id}/give-back")).status_code == 303
    mark = await shops.owner.fetchrow("SELECT * FROM identity.mark WHERE shopper_id = $1", me.id)
    assert (mark["kind"], mark["state"], mark["decided_by"]) == ("late_cancel", "PROPOSED", None)
    assert "Gave the shop back when the day had come" in (await browser.get("/shopper/marks")).text


async def test_what_is_handed_in_is_not_given_back(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    shop_id = await shops.shop("SUBMITTED", me)
    assert "cannot be given back" in (await browser.get(f"{MINE}/{shop_id}/give-back")).text
    assert (await browser.post(f"{MINE}/{shop_id}/give-back")).status_code == 303
    assert await shops.state_of(shop_id) == "SUBMITTED"


@pytest.mark.parametrize(
    "fields", [{"day": ""}, {"day": "2026-11-21"}, {"day": "2027-02-01"}, {"reason": "x"}, {"words": "w" * 2001}]
)
async def test_a_wish_needs_a_day_that_can_be_and_a_reason(
    browser: Browser, shops: ShopWorld, me: Shopper, fields: dict[str, str]
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY)
    assert (await browser.post(f"{MINE}/{shop_id}/extension", WISH | fields)).status_code == 422
    assert await wishes(shops) == []


async def test_wish_after_wish_goes_no_further_than_the_campaigns_end_allows(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    ends = moment(hours=14.5) + DAY  # midnight after tomorrow
    longer = {"window_end": ends + 10 * DAY, "stretched_from": ends}
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + 10 * DAY, **longer)
    last = NOW.date() + 15 * DAY
    for day, status in ((last + DAY, 422), (last, 303)):
        sent = await browser.post(f"{MINE}/{shop_id}/extension", WISH | {"day": day.isoformat()})
        assert sent.status_code == status


async def test_a_wish_is_sealed_asked_once_and_can_be_taken_back(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY)
    for _ in range(2):
        assert (await browser.post(f"{MINE}/{shop_id}/extension", WISH)).status_code == 303
    (wish,) = await wishes(shops)
    assert (wish["state"], wish["wanted_on"], wish["reason"]) == ("ASKED", DAY_AFTER, "illness")
    assert b"Fever" not in bytes(wish["note"])  # type: ignore[call-overload]
    assert "Another day asked for" in (await browser.get(MINE)).text
    for _ in range(2):
        assert (await browser.post(f"{MINE}/{shop_id}/extension/withdraw")).status_code == 303
    actions = [event["action"] for event in await shops.events(wish["id"])]  # type: ignore[arg-type]
    assert actions == ["extension.ask", "extension.withdraw"]


async def test_what_is_with_the_editors_is_not_called_due(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await shops.shop("SUBMITTED", me, planned_on=NOW.date() - DAY)
    page = (await browser.get(MINE)).text
    assert ("Waiting for review" in page, "report due by" in page) == (True, False)


@pytest.mark.parametrize("state", ["SUBMITTED", "RETURNED", "APPROVED"])
async def test_a_wish_for_a_visit_that_was_made_in_the_meantime_stands_on_no_page(
    browser: Browser, shops: ShopWorld, me: Shopper, state: str
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY)
    await browser.post(f"{MINE}/{shop_id}/extension", WISH)
    await shops.owner.execute("UPDATE field.shop SET state = $2 WHERE id = $1", shop_id, state)
    page = (await browser.get(MINE)).text
    assert (str(shop_id) in page, "Another day asked for" in page) == (True, False)


@pytest.mark.parametrize("role", ["editor", "payroll"])
async def test_who_schedules_nothing_decides_about_no_day(site: Site, shops: ShopWorld, role: str) -> None:
    staff = await site.signed_in(shops.affiliate_id, role)
    assert (await staff.get("/shops/extensions")).status_code == 403
    assert (await staff.post(f"/shops/extensions/{uuid4()}", {"decision": "grant"})).status_code == 403


async def asked(browser: Browser, shops: ShopWorld, me: Shopper, **columns: object) -> tuple[UUID, UUID]:
    """A shop and a wish for another day of it."""
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY, **columns)
    await browser.post(f"{MINE}/{shop_id}/extension", WISH)
    return shop_id, UUID(str((await wishes(shops))[-1]["id"]))


async def test_another_affiliate_neither_sees_nor_decides_a_wish(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper, world: World
) -> None:
    _, wish_id = await asked(browser, shops, me)
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert str(wish_id) not in (await stranger.get("/shops/extensions")).text
    assert (await stranger.get(f"/shops/extensions/{wish_id}")).status_code == 404
    assert (await stranger.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})).status_code == 404
    assert (await wishes(shops))[-1]["state"] == "ASKED"


async def test_a_scheduler_reads_a_code_and_opening_the_words_is_recorded(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    _, wish_id = await asked(browser, shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    listed = (await scheduler.get("/shops/extensions")).text
    assert "Robin Marsh" not in listed
    assert "Fever" not in listed
    assert "Fever since Friday." in (await scheduler.get(f"/shops/extensions/{wish_id}")).text
    look = (await shops.events(wish_id))[-1]
    assert (look["action"], look["subject_id"], look["purpose"]) == (
        "extension.read",
        me.id,
        "decide about another day",
    )


async def test_granting_moves_the_day_the_due_time_and_the_timer_and_twice_is_once(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    for _ in range(2):
        assert (await scheduler.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})).status_code == 303
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["due_at"]) == (DAY_AFTER, moment(hours=14.5) + 4 * DAY)
    timer = "SELECT due_at FROM field.shop_timer WHERE shop_id = $1 AND kind = 'overdue'"
    assert await shops.owner.fetchval(timer, shop_id) == row["due_at"] + DAY
    assert [event["action"] for event in await shops.events(wish_id)] == ["extension.ask", "extension.grant"]
    assert "Granted" in (await browser.get(f"{MINE}/{shop_id}/extension")).text


async def test_a_day_after_the_window_stretches_it(browser: Browser, site: Site, shops: ShopWorld, me: Shopper) -> None:
    shop_id, wish_id = await asked(browser, shops, me, window_end=moment(2))
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await scheduler.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["window_end"]) == (DAY_AFTER, moment(hours=14.5) + 3 * DAY)


async def test_a_day_against_which_a_rule_stands_is_granted_only_with_a_reason_which_is_kept(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me, window_end=moment(2))
    await shops.configure(rotation={"blackout": [[DAY_AFTER.isoformat()] * 2]})
    scheduler, address = await site.signed_in(shops.affiliate_id, "scheduler"), f"/shops/extensions/{wish_id}"
    refused = await scheduler.post(address, {"decision": "grant"})
    assert refused.status_code == 422
    assert "blacked out; free again on 26 November. Give a reason to set the rules aside" in refused.text
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["window_end"]) == (NOW.date() + DAY, moment(2))
    granted = {"decision": "grant", "override_reason": "the client opens for us"}
    assert (await scheduler.post(address, granted)).status_code == 303
    assert (await shops.row(shop_id))["planned_on"] == DAY_AFTER
    detail = json.loads((await shops.events(wish_id))[-1]["detail"])
    assert (detail["is_override"], detail["is_stretched"]) == (True, True)
    kept = "SELECT override_reason FROM identity.assignment WHERE shop_id = $1"
    assert await shops.owner.fetchval(kept, shop_id) == "the client opens for us"


async def test_a_wish_moves_no_shop_that_somebody_else_has_by_now(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    await shops.owner.execute("UPDATE identity.assignment SET state = 'taken_back' WHERE shop_id = $1", shop_id)
    await shops.assignment(shop_id, await shops.shopper(), planned_on=NOW.date() + DAY)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    refused = await scheduler.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})
    assert refused.status_code == 422
    assert "The shop is no longer with this shopper" in refused.text
    assert (await shops.row(shop_id))["planned_on"] == NOW.date() + DAY


async def test_a_no_needs_a_reason_which_the_shopper_reads_and_the_day_stays(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    address = f"/shops/extensions/{wish_id}"
    assert (await scheduler.post(address, {"decision": "decline"})).status_code == 422
    assert (await scheduler.post(address, {"decision": "decline", "answer": "too_late"})).status_code == 303
    assert "The day was too near to find another." in (await browser.get(f"{MINE}/{shop_id}/extension")).text
    assert (await shops.row(shop_id))["planned_on"] == NOW.date() + DAY


async def test_a_wish_for_what_has_come_back_waits_for_nobody_and_is_not_granted(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    await browser.post(f"{MINE}/{shop_id}/give-back")
    assert (await wishes(shops))[-1]["state"] == "WITHDRAWN"
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    assert "Nobody asks for another day" in (await scheduler.get("/shops/extensions")).text
    assert (await scheduler.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})).status_code == 303
    assert (await shops.row(shop_id))["planned_on"] is None


async def test_a_shopper_marks_no_wish_as_granted_and_asks_for_nobody_else(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    _, wish_id = await asked(browser, shops, me)
    other = await shops.shop("ASSIGNED", await shops.shopper())
    assignment_id = await shops.owner.fetchval("SELECT id FROM identity.assignment WHERE shop_id = $1", other)
    with pytest.raises(Exception, match="row-level security"):
        async with me.transaction() as connection:
            await connection.execute("UPDATE identity.extension SET state = 'GRANTED' WHERE id = $1", wish_id)
    values = {"affiliate_id": me.affiliate_id, "shop_id": other, "shopper_id": me.id, "assignment_id": assignment_id,
              "wanted_on": DAY_AFTER, "reason": "other", "asked_at": NOW}  # fmt: skip
    with pytest.raises(Exception, match="row-level security"):
        async with me.transaction() as connection:
            await insert(connection, "identity.extension", values)


async def test_my_shops_say_from_the_start_by_when_each_is_paid(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(pay_days=30)
    await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY, bonus_cents=350)
    page = (await browser.get(MINE)).text
    for words in (
        "paid by Wednesday 23 December 2026", "USD 15.50", "bonus USD 3.50 in it", "up to USD 8.00 paid back",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "paid by Thursday 31 December 2026"),
        ({"pay_state": "PROSPECTIVE", "promised_on": NOW.date()}, "paid by Sunday 22 November 2026"),
        ({"pay_state": "PAID", "promised_on": NOW.date(), "paid_on": NOW.date() - DAY}, "paid on Saturday 21 November"),
        ({"pay_state": "REVERSED", "promised_on": NOW.date(), "paid_on": NOW.date()}, "sent back by your bank"),
        ({"pay_state": "VOID", "promised_on": NOW.date()}, ""),
        ({"state": State.REJECTED}, ""),
    ],
)
def test_the_payday_follows_the_day_until_there_is_a_report_and_then_the_promise(
    changes: dict[str, object], words: str
) -> None:
    assert mine(**changes).payday.startswith(words)  # type: ignore[arg-type]
    assert bool(mine(**changes).payday) is bool(words)  # type: ignore[arg-type]


async def decided(site: Site, shops: ShopWorld, wish_id: UUID, fields: dict[str, str]) -> list[Mail]:
    """A scheduler decides, and the mail that is asked for with it."""
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    for _ in range(2):
        assert (await scheduler.post(f"/shops/extensions/{wish_id}", fields)).status_code == 303
    return await mails(shops.settings, shops.affiliate_id, DECIDED_KIND)


async def test_whoever_may_go_on_another_day_is_told_once_with_the_way_out(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    (told,) = await decided(site, shops, wish_id, {"decision": "grant"})
    assert (told.recipient_id, "You may go on the other day" in told.text) == (me.id, True)
    assert f"{MINE}/{shop_id}" in told.text
    assert told.way_out in told.text


async def test_whoever_may_not_is_told_where_the_reason_stands_and_nothing_of_the_place(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    (told,) = await decided(site, shops, wish_id, {"decision": "decline", "answer": "too_late"})
    assert f"{MINE}/{shop_id}/extension" in told.text
    for secret in ("Riverside", "Copperkettle", "Leeds", "Fever", "12.00", "USD"):
        assert secret not in told.text


async def test_whoever_has_given_the_shop_back_meanwhile_is_told_nothing(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, wish_id = await asked(browser, shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await scheduler.post(f"/shops/extensions/{wish_id}", {"decision": "grant"})
    await browser.post(f"{MINE}/{shop_id}/give-back")
    (held_back,) = await mails(shops.settings, shops.affiliate_id, DECIDED_KIND)
    assert held_back.withheld
