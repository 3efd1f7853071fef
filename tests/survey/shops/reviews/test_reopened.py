"""A report that is looked at again after its approval: pages, pay and batches say the same, and pay stands."""

import json
from datetime import date

import pytest

from survey.shops.payments import service as payments
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, TOLD, Desk, reported
from tests.web_client import Browser, Site

AGAIN = "Being looked at again"


async def in_batch(desk: Desk) -> list[object]:
    """The shops that a batch would pay for now."""
    async with desk.transaction():
        found = await payments.preview(desk.there.scope, "USD", date(2027, 12, 31), NOW.date())
    known = [*found.included, *(each.candidate for each in found.skipped)]
    ids = [each.item_id for each in known]
    rows = await desk.there.owner.fetch("SELECT shop_id FROM identity.pay_item WHERE id = ANY ($1::uuid[])", ids)
    return [row["shop_id"] for row in rows]


@pytest.fixture
async def approved(desk: Desk) -> Desk:
    """A report that an editor has approved."""
    await desk.pick_up()
    await desk.clean()
    await desk.do("approve", **POINTS)
    return desk


@pytest.fixture
async def shopper(site: Site, approved: Desk) -> Browser:
    """Whoever made the visit."""
    return await approved.there.signed_in(site, approved.shopper)


async def test_a_report_that_was_never_approved_enters_no_batch(approved: Desk) -> None:
    other, _ = await reported(approved.there, approved.shopper, PLAIN)
    async with approved.transaction():
        await payments.promise(approved.there.scope, other, NOW)
    assert await in_batch(approved) == [approved.shop_id]


async def test_pay_of_a_reopened_report_stands_and_may_enter_a_batch(approved: Desk) -> None:
    await approved.do("reopen")
    assert await in_batch(approved) == [approved.shop_id]


async def test_a_rejection_that_was_overturned_before_any_approval_enters_no_batch(site: Site, desk: Desk) -> None:
    async with desk.transaction():
        await payments.promise(desk.there.scope, desk.shop_id, NOW)
    await desk.pick_up()
    await desk.do("reject", reason="no_proof", words=TOLD)
    own = await desk.there.signed_in(site, desk.shopper)
    await own.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": "It is there."})
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    await manager.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert await in_batch(desk) == []


async def test_pages_speak_of_no_second_look_while_there_is_none(approved: Desk, shopper: Browser) -> None:
    for page in ("/shopper/pay", "/shopper/shops", f"/shopper/shops/{approved.shop_id}"):
        assert AGAIN not in (await shopper.get(page)).text


async def test_every_page_of_the_shopper_says_that_it_is_looked_at_again_and_that_pay_stands(
    approved: Desk, shopper: Browser
) -> None:
    await approved.do("reopen")
    assert "Being looked at again; your pay of USD 12.00 stands" in (await shopper.get("/shopper/pay")).text
    assert "Being looked at again; your pay stands" in (await shopper.get("/shopper/shops")).text
    for page in (f"/shopper/shops/{approved.shop_id}", f"/shopper/shops/{approved.shop_id}/review"):
        text = (await shopper.get(page)).text
        assert AGAIN in text
        assert "Approved: grade" not in text


async def test_payroll_sees_beside_the_item_that_its_report_is_looked_at_again(site: Site, approved: Desk) -> None:
    payroll = await site.signed_in(approved.there.affiliate_id, "payroll")
    ref = (await approved.there.row(approved.shop_id))["public_ref"]
    assert "Report looked at again" not in (await payroll.get(f"/pay?q={ref}")).text
    await approved.do("reopen")
    assert "Report looked at again" in (await payroll.get(f"/pay?q={ref}")).text


async def test_a_reopened_report_that_comes_back_promises_nothing_a_second_time(
    approved: Desk, shopper: Browser
) -> None:
    await approved.do("reopen")
    await approved.do("notes", question="", note="Which day was it?")
    await approved.do("return")
    assert "Something is to be changed; your pay stands" in (await shopper.get("/shopper/shops")).text
    assert "stays owed to you" in (await shopper.get(f"/shopper/shops/{approved.shop_id}")).text
    check = (await shopper.get(f"/shopper/shops/{approved.shop_id}/report/check")).text
    assert ("owed to you already" in check, "once an editor has accepted it" in check) == (True, False)


async def test_mails_about_a_second_look_say_nothing_of_pay(approved: Desk) -> None:
    await approved.do("reopen")
    await approved.do("notes", question="", note="Which day was it?")
    await approved.do("return")
    rows = await approved.there.owner.fetch(
        "SELECT kind, context::text AS context FROM ops.delivery WHERE recipient_id = $1 ORDER BY created_at, kind",
        approved.shopper.id,
    )
    assert sorted(row["kind"] for row in rows) == ["review.decided", "review.returned"]
    assert all(set(json.loads(row["context"])) == {"shop_id"} for row in rows)


async def test_a_recalled_report_is_accepted_until_somebody_opens_it_again(approved: Desk, shopper: Browser) -> None:
    # What a recall makes of a shop: approved once more, and its grade stands.
    await approved.there.owner.execute("UPDATE field.shop SET state = 'APPROVED' WHERE id = $1", approved.shop_id)
    assert "Approved: grade" in (await shopper.get(f"/shopper/shops/{approved.shop_id}/review")).text


async def test_an_approved_visit_without_a_receipt_speaks_of_nothing_to_be_paid_back(
    approved: Desk, shopper: Browser
) -> None:
    assert "paid back" not in (await shopper.get("/shopper/shops")).text
