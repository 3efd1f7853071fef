"""A client withdraws an appeal, or its head office backs or stops one; staff note what was behind it."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.appeals import service
from survey.appeals.domain import (
    APPEALS,
    LET_GO,
    OF_CLIENT,
    OPEN,
    AppealEvent,
    AppealState,
    WrongAppealState,
    after,
)
from survey.db import Role, transaction
from survey.releases import service as releases
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import Because
from survey.shops.visits import service as visits
from tests.conftest import NOW, new_affiliate
from tests.shop_world import insert
from tests.survey.appeals.conftest import Case
from tests.web_client import Browser, Site

# The states of the trade's own log, and ours.
TRADE = {
    "new": "NEW", "waiting on MSP": "WAITING_AFFILIATE", "waiting on evaluator": "WAITING_SHOPPER",
    "waiting on client": "WAITING_CLIENT", "approved": "APPROVED", "resolved": "RESOLVED",
    "resolved with a change": "CHANGED", "declined by MSP": "DECLINED", "declined by the client": "DECLINED_BY_CLIENT",
}  # fmt: skip


async def move(browser: Browser, appeal_id: UUID, event: str) -> int:
    """What somebody at the client sends; the status of the answer."""
    return (await browser.post(f"/portal/appeals/{appeal_id}/move", {"event": event})).status_code


def test_every_state_of_the_trade_is_there_beside_the_withdrawal_and_the_recall() -> None:
    assert {*TRADE.values(), "WITHDRAWN", "RECALLED"} == set(AppealState)


def test_what_is_let_go_stays_so_and_every_open_appeal_can_be_let_go() -> None:
    for state in LET_GO:
        for event in AppealEvent:
            with pytest.raises(WrongAppealState):
                after(state, event)
    for state in OPEN:
        assert {after(state, event) for event in (AppealEvent.WITHDRAW, AppealEvent.STOP)} == set(LET_GO)


def test_no_event_of_the_clients_decides_an_appeal() -> None:
    reached = {target for (_, event), target in APPEALS.items() if event in OF_CLIENT}
    assert reached == {AppealState.APPROVED, *LET_GO}


async def test_neither_a_sibling_store_nor_another_affiliate_moves_an_appeal(site: Site, case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-045"))
    assert await move(sibling, appeal_id, "withdraw") == 404
    other = await new_affiliate("Kestrel")
    stranger = await site.signed_in(other.affiliate_id, "editor")
    assert (await stranger.post(f"/appeals/{appeal_id}/class", {"kind": "other"})).status_code == 404
    assert await case.state_of(appeal_id) == "NEW"


@pytest.mark.parametrize("event", ["back", "stop"])
async def test_the_store_itself_neither_backs_nor_stops_its_appeal(case: Case, event: str) -> None:
    appeal_id = await case.raised()
    assert await move(case.store, appeal_id, event) == 422
    assert await case.state_of(appeal_id) == "NEW"
    assert "Stand behind it" not in (await case.store.get(f"/portal/appeals/{appeal_id}")).text


@pytest.mark.parametrize("event", ["resolve", "change", "decline", "take_up", ""])
async def test_a_client_decides_nothing(case: Case, event: str) -> None:
    appeal_id = await case.raised()
    assert await move(case.head, appeal_id, event) == 409
    assert await case.state_of(appeal_id) == "NEW"


async def test_the_clients_own_role_cannot_decide_an_appeal_nor_stop_its_own(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    path = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.store_id)
    for state in ("RESOLVED", "CHANGED", "DECLINED", "APPROVED", "DECLINED_BY_CLIENT"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(
                Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path
            ) as here:
                await here.execute("UPDATE release.appeal SET state = $2 WHERE id = $1", appeal_id, state)
    assert await case.state_of(appeal_id) == "NEW"


async def test_an_appeal_that_is_decided_cannot_be_withdrawn(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "decline", "The picture shows the table.")
    assert await move(case.store, appeal_id, "withdraw") == 422
    assert await case.state_of(appeal_id) == "DECLINED"


@pytest.mark.parametrize("asked", ["", "take_up", "ask_client", "ask_shopper"])
async def test_a_client_withdraws_an_open_appeal_wherever_it_stands(case: Case, asked: str) -> None:
    appeal_id = await case.raised()
    if asked:
        await case.act(appeal_id, asked, "Which table was it?")
    assert await move(case.store, appeal_id, "withdraw") == 303
    assert await case.state_of(appeal_id) == "WITHDRAWN"
    assert "Withdrawn" in (await case.store.get(case.url)).text


async def test_withdrawing_twice_or_in_two_tabs_is_once(case: Case) -> None:
    appeal_id = await case.raised()
    assert [await move(case.store, appeal_id, "withdraw") for _ in range(2)] == [303, 303]
    for _ in range(2):
        await service.take_in(NOW)
    events = [row["action"] for row in await case.one.there.events(appeal_id)]
    assert events == ["appeal.raised", "appeal.withdrawn"]


async def test_staff_decide_no_appeal_that_was_withdrawn_meanwhile(case: Case) -> None:
    appeal_id = await case.raised()
    await move(case.store, appeal_id, "withdraw")
    await case.act(appeal_id, "decline", "The picture shows the table.")
    assert await case.state_of(appeal_id) == "WITHDRAWN"
    assert f"/appeals/{appeal_id}" in (await case.editor.get("/appeals?state=decided")).text


async def test_a_shop_closes_once_its_appeal_is_let_go(case: Case) -> None:
    appeal_id = await case.raised()
    there, later = case.one.there, NOW + timedelta(days=15)
    await move(case.head, appeal_id, "stop")
    assert await case.state_of(appeal_id) == "DECLINED_BY_CLIENT"
    await service.take_in(NOW)
    assert not (await there.row(case.one.shop_id))["is_appeal_open"]
    await visits.fire_timers(later)
    assert await there.state_of(case.one.shop_id) == "CLOSED"


async def test_a_shop_stays_open_for_another_appeal(case: Case) -> None:
    appeal_id, _ = await case.raised(), await case.raised("greeted")
    await move(case.store, appeal_id, "withdraw")
    await service.take_in(NOW)
    assert (await case.one.there.row(case.one.shop_id))["is_appeal_open"]


async def test_what_is_raised_and_withdrawn_within_a_minute_leaves_the_shop_free(case: Case) -> None:
    fields = {"question": "clean", "issue": "other", "words": "No."}
    await case.store.post(f"{case.url}/appeal", fields)
    appeal_id = await case.one.there.owner.fetchval(
        "SELECT id FROM release.appeal WHERE report_ref = $1", case.report_ref
    )
    await move(case.store, appeal_id, "withdraw")
    await service.take_in(NOW)
    assert not (await case.one.there.row(case.one.shop_id))["is_appeal_open"]


async def test_what_was_withdrawn_can_be_contested_again_within_its_time(case: Case) -> None:
    first = await case.raised()
    await move(case.store, first, "withdraw")
    await case.one.there.owner.execute(
        "UPDATE release.appeal SET raised_at = raised_at - interval '1 hour' WHERE id = $1", first
    )
    assert await case.raised() != first


async def test_the_head_office_stands_behind_an_appeal_and_staff_go_on_from_there(case: Case) -> None:
    appeal_id = await case.raised()
    assert await move(case.head, appeal_id, "back") == 303
    assert await case.state_of(appeal_id) == "APPROVED"
    assert "Backed by your head office" in (await case.store.get(f"/portal/appeals/{appeal_id}")).text
    assert f"/appeals/{appeal_id}" in (await case.editor.get("/appeals")).text
    await case.act(appeal_id, "take_up")
    assert await case.state_of(appeal_id) == "WAITING_AFFILIATE"


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_what_was_behind_an_appeal_is_for_editors_and_managers_to_say(site: Site, case: Case, role: str) -> None:
    appeal_id = await case.raised()
    other = await site.signed_in(case.one.there.affiliate_id, role)
    assert (await other.post(f"/appeals/{appeal_id}/class", {"kind": "other"})).status_code == 403


async def test_an_editors_mistake_is_counted_with_whoever_approved_the_report(case: Case) -> None:
    appeal_id, there, editor_id = await case.raised(), case.one.there, uuid4()
    await case.editor.post(f"/appeals/{appeal_id}/class", {"kind": "editor_error"})
    found = "SELECT kind, editor_id FROM field.appeal_class WHERE appeal_id = $1"
    assert await there.owner.fetchrow(found, appeal_id) is None
    review = {
        "report_id": case.one.report_id, "affiliate_id": there.affiliate_id, "shop_id": case.one.shop_id,
        "decision": "approved", "decided_by": editor_id, "decided_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.review", review)
    for _ in range(2):
        await case.editor.post(f"/appeals/{appeal_id}/class", {"kind": "editor_error"})
    assert tuple(await there.owner.fetchrow(found, appeal_id)) == ("editor_error", editor_id)
    assert [row["action"] for row in await there.events(appeal_id)].count("appeal.classify") == 1


async def test_neither_the_client_nor_its_role_reads_what_was_behind_an_appeal(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    await case.editor.post(f"/appeals/{appeal_id}/class", {"kind": "client_error"})
    for viewer in (case.store, case.head):
        assert "mistaken" not in (await viewer.get(f"/portal/appeals/{appeal_id}")).text
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(
            Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=f"/{there.root_id.hex}/"
        ) as here:
            await here.fetch("SELECT kind FROM field.appeal_class")


async def test_a_kind_that_nobody_offered_is_refused(case: Case) -> None:
    appeal_id = await case.raised()
    assert (await case.editor.post(f"/appeals/{appeal_id}/class", {"kind": "x"})).status_code == 409


@pytest.mark.parametrize("asked", ["", "take_up", "ask_client", "ask_shopper"])
async def test_an_appeal_ends_with_the_report_wherever_it_stands(case: Case, asked: str) -> None:
    appeal_id, there = await case.raised(), case.one.there
    if asked:
        await case.act(appeal_id, asked, "Which table was it?")
    async with there.transaction():
        await releases.recall_shop(there.scope, case.one.shop_id, "wrong_place", NOW)
    for _ in range(2):
        await service.take_in(NOW)
    assert await case.state_of(appeal_id) == "RECALLED"
    assert [row["action"] for row in await there.events(appeal_id)][-1:] == ["appeal.recalled"]
    listed = (await case.editor.get("/appeals?state=decided")).text
    assert f"/appeals/{appeal_id}" in listed
    assert "Recalled" in listed
    assert f"/appeals/{appeal_id}" not in (await case.editor.get("/appeals")).text
    assert (await case.editor.get(f"/appeals/{appeal_id}")).status_code == 200


async def test_an_appeal_that_was_answered_stays_so_when_the_report_is_recalled(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    await case.act(appeal_id, "decline", "The picture shows the table.")
    async with there.transaction():
        await releases.recall_shop(there.scope, case.one.shop_id, "wrong_place", NOW)
    await service.take_in(NOW)
    assert await case.state_of(appeal_id) == "DECLINED"


async def test_an_appeal_ends_with_a_report_that_is_excluded_and_no_shop_stays_contested(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    await service.take_in(NOW)
    assert (await there.row(case.one.shop_id))["is_appeal_open"]
    because = Because("guideline_unclear", "It is paid all the same.")
    async with there.transaction():
        await reviews.exclude(there.scope, there.settings, case.one.shop_id, because, NOW)
    await service.take_in(NOW)
    assert await case.state_of(appeal_id) == "RECALLED"
    assert not (await there.row(case.one.shop_id))["is_appeal_open"]
