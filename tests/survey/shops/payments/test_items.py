"""Pay items: promised by the shopper's own request, owed when approved, and touched by no client and no appeal."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from survey import portal
from survey.db import NotFound, Role, transaction
from survey.shops.payments import queries, service
from survey.shops.payments.domain import Amounts, Kind, NotACode, State, WrongState
from survey.shops.visits.domain import Actor, Event
from survey.shops.visits.service import Move, fire
from tests.conftest import NOW
from tests.shop_world import Shopper

from .conftest import PAY_DAYS, TODAY, Payroll

SURVEY = Path(portal.__file__).parent
CLIENTS_SIDE = ("releases", "reports", "appeals", "benchmarks")


async def test_a_shop_of_another_affiliate_is_not_found(pay: Payroll, theirs: Payroll) -> None:
    shop_id = await theirs.reported(await theirs.payee())
    async with pay.transaction():
        for act in (service.promise, service.make_payable):
            with pytest.raises(NotFound):
                await act(pay.scope, shop_id, NOW)
        assert await service.void(pay.scope, shop_id, "rejected", NOW) is None


async def test_a_shopper_cannot_promise_themselves_the_pay_of_another(pay: Payroll) -> None:
    shop_id = await pay.reported(await pay.there.shopper())
    other = await pay.there.shopper("Kim Vale")
    async with other.transaction():
        with pytest.raises(NotFound):
            await service.promise(other.scope, shop_id, NOW)


async def test_a_report_promises_fee_bonus_and_receipt_up_to_the_cap_on_a_day(pay: Payroll) -> None:
    item = await pay.promised(await pay.there.shopper(), receipt_cents=995, bonus_cents=400)
    assert item.amounts == Amounts(1200, 800, 400)
    assert (item.state, item.kind, item.currency) == (State.PROSPECTIVE, Kind.FULL, "USD")
    assert item.promised_on == TODAY + timedelta(days=PAY_DAYS)


async def test_the_promise_is_in_the_ledger_under_the_shopper(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper)
    [event] = await pay.there.events(item.id)
    assert (event["action"], event["actor_kind"], event["subject_id"]) == ("pay.promise", "shopper", shopper.id)
    assert event["affiliate_id"] == pay.scope.affiliate_id


async def test_promising_twice_is_once_and_a_changed_receipt_changes_the_promise(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper, receipt_cents=100)
    async with shopper.transaction():
        assert await service.promise(shopper.scope, item.shop_id, NOW) == item
    await pay.there.owner.execute("UPDATE field.report SET receipt_cents = 300 WHERE shop_id = $1", item.shop_id)
    async with shopper.transaction():
        again = await service.promise(shopper.scope, item.shop_id, NOW)
    assert (again.id, again.amounts) == (item.id, Amounts(1200, 300, 0))
    assert await pay.actions(item.id) == ["pay.promise", "pay.promise"]


async def test_two_requests_at_once_promise_once(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    shop_id = await pay.reported(shopper)

    async def send() -> object:
        async with shopper.transaction():
            return (await service.promise(shopper.scope, shop_id, NOW)).id

    first, second = await asyncio.gather(send(), send())
    assert first == second
    assert await pay.there.owner.fetchval(COUNT, pay.there.affiliate_id) == 1


async def test_what_is_owed_is_not_changed_by_sending_the_report_again(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    item = await pay.payable(shopper, receipt_cents=100)
    await pay.there.owner.execute("UPDATE field.report SET receipt_cents = 700 WHERE shop_id = $1", item.shop_id)
    async with shopper.transaction():
        again = await service.promise(shopper.scope, item.shop_id, NOW)
    assert (again.amounts, again.state) == (item.amounts, State.PAYABLE)


async def test_the_day_of_the_visit_is_the_one_at_the_place(pay: Payroll) -> None:
    # Half past eleven at night in London is the next day in no other place that counts.
    shopper = await pay.there.shopper()
    place = await pay.there.location(time_zone="America/Los_Angeles")
    shop_id = await pay.there.shop("IN_REVIEW", shopper, location_id=place)
    await pay.there.report(shop_id, time_in=NOW.replace(day=23, hour=5))
    async with shopper.transaction():
        assert (await service.promise(shopper.scope, shop_id, NOW)).visited_on == date(2026, 11, 22)


async def test_a_visit_that_could_not_be_made_pays_the_attempt_fee_alone(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    shop_id = await pay.there.shop("SUBMITTED", shopper, planned_on=TODAY)
    await pay.there.report(shop_id, outcome="closed", receipt_cents=500)
    async with shopper.transaction():
        item = await service.promise(shopper.scope, shop_id, NOW)
    assert (item.kind, item.amounts) == (Kind.ATTEMPT, Amounts(300, 0, 0))


async def test_an_editor_may_pay_an_attempt_where_a_visit_was_promised(pay: Payroll) -> None:
    item = await pay.promised(await pay.there.shopper())
    async with pay.transaction():
        owed = await service.make_payable(pay.scope, item.shop_id, NOW, "attempt")
    assert (owed.state, owed.kind, owed.amounts) == (State.PAYABLE, Kind.ATTEMPT, Amounts(300, 0, 0))


async def test_approving_twice_is_once(pay: Payroll) -> None:
    item = await pay.payable(await pay.there.shopper())
    async with pay.transaction():
        assert await service.make_payable(pay.scope, item.shop_id, NOW) == item
    assert await pay.actions(item.id) == ["pay.promise", "pay.approve"]


async def test_a_report_that_was_never_promised_is_promised_when_it_is_approved(pay: Payroll) -> None:
    shop_id = await pay.reported(await pay.there.shopper())
    async with pay.transaction():
        assert (await service.make_payable(pay.scope, shop_id, NOW)).state is State.PAYABLE


async def test_a_shop_that_pays_nothing_is_never_late(pay: Payroll) -> None:
    item = await pay.payable(await pay.there.shopper(), receipt_cents=0, fee_cents=0)
    assert (item.state, item.reason) == (State.VOID, "nothing_to_pay")


async def test_a_rejected_report_is_not_owed_and_says_why(pay: Payroll) -> None:
    item = await pay.promised(await pay.there.shopper())
    async with pay.transaction():
        first = await service.void(pay.scope, item.shop_id, "rejected", NOW)
        assert await service.void(pay.scope, item.shop_id, "rejected", NOW) == first
    assert first is not None
    assert (first.state, first.reason) == (State.VOID, "rejected")
    assert await pay.actions(item.id) == ["pay.promise", "pay.void"]


async def test_what_payroll_voided_is_not_owed_again_when_the_report_is_approved_anew(pay: Payroll) -> None:
    item = await pay.payable(await pay.there.shopper())
    async with pay.transaction():
        await service.void_item(pay.scope, item.id, "paid_elsewhere", NOW)
        again = await service.make_payable(pay.scope, item.shop_id, NOW)
    assert (again.state, again.reason) == (State.VOID, "paid_elsewhere")


async def test_a_reason_in_words_about_somebody_is_refused(pay: Payroll) -> None:
    item = await pay.promised(await pay.there.shopper())
    async with pay.transaction():
        with pytest.raises(NotACode):
            await service.void(pay.scope, item.shop_id, "Robin was rude", NOW)


async def test_a_rejection_that_was_overturned_is_owed_after_all(pay: Payroll) -> None:
    item = await pay.promised(await pay.there.shopper())
    async with pay.transaction():
        await service.void(pay.scope, item.shop_id, "rejected", NOW)
        again = await service.make_payable(pay.scope, item.shop_id, NOW)
    assert (again.state, again.reason, again.amounts) == (State.PAYABLE, "", item.amounts)


async def test_what_is_in_a_batch_or_paid_cannot_be_voided(pay: Payroll) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.exported()
    async with pay.transaction():
        with pytest.raises(WrongState):
            await service.void(pay.scope, item.shop_id, "rejected", NOW)
        await service.settle(pay.scope, batch.id, TODAY, [], NOW)
        with pytest.raises(WrongState):
            await service.void_item(pay.scope, item.id, "entered_twice", NOW)


async def test_money_that_came_back_is_owed_again(pay: Payroll) -> None:
    item = await pay.paid(await pay.payee())
    async with pay.transaction():
        back = await service.reverse(pay.scope, item.id, "account_closed", NOW)
        assert await service.reverse(pay.scope, item.id, "account_closed", NOW) == back
        assert (back.state, back.paid_on) == (State.REVERSED, TODAY)
        owed = await service.pay_again(pay.scope, item.id, NOW)
        assert await service.pay_again(pay.scope, item.id, NOW) == owed
    assert (owed.state, owed.batch_id, owed.paid_on) == (State.PAYABLE, None, None)


@pytest.mark.parametrize("standing", ["payable", "paid"])
async def test_a_clients_appeal_and_whatever_follows_claws_nothing_back(pay: Payroll, standing: str) -> None:
    shopper = await pay.payee()
    item = await (pay.payable if standing == "payable" else pay.paid)(shopper, state="RELEASED")
    moves = (
        Move(Event.APPEAL_CHANGED, Actor.EDITOR, NOW, {"is_appeal_open": True, "score_percent": 10, "grade": 1}),
        Move(Event.RECALL, Actor.EDITOR, NOW),
        Move(Event.REOPEN, Actor.EDITOR, NOW),
        Move(Event.EXCLUDE, Actor.EDITOR, NOW),
    )
    async with pay.transaction():
        for move in moves:
            await fire(pay.scope, item.shop_id, move)
    assert await pay.item(item) == item


def test_no_code_of_the_clients_side_reaches_pay_at_all() -> None:
    rooms = [SURVEY / "portal.py", *(path for area in CLIENTS_SIDE for path in (SURVEY / area).rglob("*.py"))]
    assert [path.name for path in rooms if "payments" in path.read_text()] == []
    assert len(rooms) > len(CLIENTS_SIDE)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.RELEASER, Role.RESPONDENT, Role.GATE, Role.DESK, Role.PROVIDER])
async def test_nobody_but_staff_and_shoppers_has_any_way_to_pay(pay: Payroll, role: Role) -> None:
    for table in ("pay_item", "pay_batch", "payer"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(role) as here:
                await here.execute(f"SELECT FROM identity.{table}")


async def test_a_shopper_sees_their_own_items_and_no_other(pay: Payroll) -> None:
    mine, others = await pay.there.shopper(), await pay.there.shopper("Kim Vale")
    item = await pay.promised(mine)
    await pay.promised(others)
    assert await items_seen(mine) == {item.id}
    assert len(await items_seen(others)) == 1
    # The control: without the fence there are two.
    assert await pay.there.owner.fetchval(COUNT, pay.there.affiliate_id) == 2


COUNT = "SELECT count(*) FROM identity.pay_item WHERE affiliate_id = $1"


async def items_seen(shopper: Shopper) -> set[object]:
    """The ids that the shopper's database role can read, whoever they ask for."""
    async with shopper.transaction() as here:
        return {row["id"] for row in await here.fetch("SELECT id FROM identity.pay_item")}


@pytest.mark.parametrize("column", ["fee_cents", "reimbursement_cents", "bonus_cents"])
async def test_a_shoppers_role_can_write_no_more_than_the_shop_offers(pay: Payroll, column: str) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper, receipt_cents=995, bonus_cents=400)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with shopper.transaction() as here:
            await here.execute(f"UPDATE identity.pay_item SET {column} = {column} + 1 WHERE id = $1", item.id)


async def test_a_shoppers_role_can_neither_approve_nor_pay_itself(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with shopper.transaction() as here:
            await here.execute("UPDATE identity.pay_item SET state = 'PAYABLE' WHERE id = $1", item.id)


async def test_another_affiliates_item_is_not_found(pay: Payroll, theirs: Payroll) -> None:
    item = await theirs.payable(await theirs.payee())
    async with pay.transaction():
        for act in (queries.item_in(pay.scope, item.id), queries.listed_in(pay.scope, item.id),
                    service.void_item(pay.scope, item.id, "entered_twice", NOW),
                    service.pay_again(pay.scope, uuid4(), NOW)):  # fmt: skip
            with pytest.raises(NotFound):
                await act


async def test_a_tax_number_is_asked_for_from_the_amount_on_and_of_nobody_before(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    await pay.account(tax_from_cents=2400)
    await pay.payable(shopper)
    assert await asked_at(pay, shopper) is None
    await pay.payable(shopper)
    assert await asked_at(pay, shopper) == NOW


async def test_where_no_tax_number_is_needed_nobody_is_asked(pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    await pay.payable(shopper, fee_cents=9_000_000)
    assert await asked_at(pay, shopper) is None


async def asked_at(pay: Payroll, shopper: Shopper) -> object:
    """Since when a shopper is asked for a tax number."""
    return await pay.there.owner.fetchval(
        "SELECT asked_at FROM identity.tax_identity WHERE shopper_id = $1", shopper.id
    )
