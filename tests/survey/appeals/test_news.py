"""Staff hear of appeals that come in; a client's people of plans and of what their head office does. No words."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from survey.appeals import service
from survey.appeals.domain import ANSWERED_KIND, PLAN_KIND, RAISED_KIND, PlanNews, PlanState, is_still_so
from tests.conftest import NOW, new_affiliate
from tests.outbox import Mail, mails
from tests.shop_world import update
from tests.survey.appeals.conftest import Case
from tests.survey.releases.viewers import manager_with_key, viewer_with_key
from tests.web_client import Site

DAY = timedelta(days=1)
WRITTEN = {"event": "submit", "cause": "A shift was short.", "action": "Two people at nine."}


async def of_plans(case: Case, days: int = 0) -> list[tuple[UUID, str]]:
    """Who hears what of plans, so many days from now."""
    settings, now = case.one.there.settings, NOW + days * DAY
    await service.tell_plans(settings, now)
    found = await mails(settings, case.one.there.affiliate_id, PLAN_KIND, now)
    return [(each.recipient_id, each.subject) for each in found if not each.withheld]


async def of_staff(case: Case) -> list[Mail]:
    """What staff hear of appeals."""
    await service.tell_raised(case.one.there.settings, NOW)
    return await mails(case.one.there.settings, case.one.there.affiliate_id, RAISED_KIND)


async def test_staff_of_another_affiliate_hear_nothing_of_an_appeal(case: Case) -> None:
    there, other = case.one.there, await new_affiliate("Kestrel")
    stranger = await manager_with_key(there.owner, there.settings, other.affiliate_id)
    await case.raised()
    assert stranger not in [each.recipient_id for each in await of_staff(case)]


async def test_staff_who_work_for_other_clients_hear_nothing_of_an_appeal(case: Case) -> None:
    there = case.one.there
    elsewhere = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await update(there.owner, "identity.account", elsewhere, {"is_limited": True})
    here = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await case.raised()
    told = {each.recipient_id for each in await of_staff(case)}
    assert (elsewhere in told, here in told) == (False, True)


async def test_staff_hear_once_that_an_appeal_came_in_and_nothing_of_it(case: Case) -> None:
    there = case.one.there
    manager = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    appeal_id = await case.raised()
    (told,) = [each for each in await of_staff(case) if each.recipient_id == manager]
    assert f"{there.settings.base_url}/appeals/{appeal_id}" in told.text
    assert told.way_out in told.text
    for secret in ("cleaned", "Riverside", "Barista", "Copperkettle"):
        assert secret not in told.text
    assert await of_staff(case) == []


async def test_what_a_colleague_has_taken_up_before_the_mail_went_out_is_no_news(case: Case) -> None:
    there = case.one.there
    manager = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    appeal_id = await case.raised()
    await service.tell_raised(there.settings, NOW)
    await case.act(appeal_id, "take_up")
    found = await mails(there.settings, there.affiliate_id, RAISED_KIND)
    assert [each.withheld != "" for each in found if each.recipient_id == manager] == [True]


@pytest.mark.parametrize(
    ("event", "subject"),
    [("back", "Your head office stands behind an appeal"), ("stop", "Your head office has stopped an appeal")],
)
async def test_the_place_hears_what_its_head_office_does_with_an_appeal(case: Case, event: str, subject: str) -> None:
    there = case.one.there
    store, _ = await viewer_with_key(there, there.store_id), await viewer_with_key(there, there.root_id)
    appeal_id = await case.raised()
    assert (await case.head.post(f"/portal/appeals/{appeal_id}/move", {"event": event})).status_code == 303
    await service.tell(there.settings, NOW)
    found = await mails(there.settings, there.affiliate_id, ANSWERED_KIND)
    assert [(each.recipient_id, each.subject) for each in found] == [(store, subject)]


async def test_a_plan_is_news_to_whoever_is_nearest_to_the_place(case: Case) -> None:
    there = case.one.there
    store, head = await viewer_with_key(there, there.store_id), await viewer_with_key(there, there.root_id)
    await case.store.post(f"{case.url}/plan")
    assert await of_plans(case) == [(store, "An action plan is to be written")]
    assert await of_plans(case) == []
    assert head != store


async def test_where_nobody_reads_the_place_alone_the_next_above_hears_of_its_plan(case: Case) -> None:
    head = await viewer_with_key(case.one.there, case.one.there.root_id)
    await case.store.post(f"{case.url}/plan")
    assert case.store.account_id is not None
    await update(case.one.there.owner, "identity.account", case.store.account_id, {"status": "disabled"})
    assert await of_plans(case) == [(head, "An action plan is to be written")]


async def test_whoever_wants_no_such_mail_hears_of_no_plan(case: Case) -> None:
    there = case.one.there
    silent = await viewer_with_key(there, there.store_id)
    await update(there.owner, "identity.account", silent, {"report_mail": "never"})
    await case.store.post(f"{case.url}/plan")
    assert await of_plans(case) == []


async def test_a_mail_about_a_plan_says_nothing_of_it(case: Case) -> None:
    there = case.one.there
    await viewer_with_key(there, there.store_id)
    await case.store.post(f"{case.url}/plan")
    await service.tell_plans(there.settings, NOW)
    (told,) = await mails(there.settings, there.affiliate_id, PLAN_KIND)
    assert f"{there.settings.base_url}{case.url}/plan" in told.text
    for secret in ("Riverside", "CK-031", "Barista"):
        assert secret not in told.text


async def test_a_plan_is_told_of_before_its_day_and_after_it_and_no_more(case: Case) -> None:
    store = await viewer_with_key(case.one.there, case.one.there.store_id)
    await case.store.post(f"{case.url}/plan")
    heard = {days: await of_plans(case, days) for days in (0, 5, 11, 12, 14, 15, 16, 40)}
    assert {days: [words for _, words in found] for days, found in heard.items() if found} == {
        0: ["An action plan is to be written"], 11: ["An action plan is due soon"], 15: ["An action plan is overdue"],
    }  # fmt: skip
    assert {who for found in heard.values() for who, _ in found} == {store}


async def test_a_plan_that_was_handed_in_is_neither_due_nor_overdue(case: Case) -> None:
    await viewer_with_key(case.one.there, case.one.there.store_id)
    await case.store.post(f"{case.url}/plan")
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    assert [await of_plans(case, days) for days in (0, 12, 16)] == [[], [], []]


async def test_a_plan_that_was_handed_in_is_told_to_whoever_is_nearest_above_and_judges_it(case: Case) -> None:
    there = case.one.there
    _, head = await viewer_with_key(there, there.store_id), await viewer_with_key(there, there.root_id)
    await case.store.post(f"{case.url}/plan")
    await of_plans(case)
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    assert await of_plans(case) == [(head, "An action plan is to be judged")]
    assert await of_plans(case) == []


async def test_nobody_is_told_of_a_plan_that_their_own_place_has_handed_in_for_one_below(
    site: Site, case: Case
) -> None:
    there = case.one.there
    head = await viewer_with_key(there, there.root_id)
    await case.store.post(f"{case.url}/plan")
    await case.head.post(f"{case.url}/plan/write", WRITTEN)
    assert await of_plans(case) == []
    site.clock.now = NOW + timedelta(minutes=5)
    for event, who in (("take_up", case.head), ("return", case.head), ("submit", case.store)):
        await who.post(f"{case.url}/plan/write", WRITTEN | {"event": event, "remark": "By whom?"})
    assert await of_plans(case) == [(head, "An action plan is to be judged")]


async def test_a_plan_that_a_region_has_handed_in_is_told_to_whoever_is_above_it(site: Site, case: Case) -> None:
    there = case.one.there
    region = await site.viewer(there.affiliate_id, there.client_id, there.region_id)
    await viewer_with_key(there, there.region_id)
    head = await viewer_with_key(there, there.root_id)
    await case.store.post(f"{case.url}/plan")
    assert (await region.post(f"{case.url}/plan/write", WRITTEN)).status_code == 303
    assert await of_plans(case) == [(head, "An action plan is to be judged")]


async def test_a_plan_that_somebody_looks_at_already_is_no_news_to_its_judges(case: Case) -> None:
    there = case.one.there
    await viewer_with_key(there, there.root_id)
    await case.store.post(f"{case.url}/plan")
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    await case.head.post(f"{case.url}/plan/write", {"event": "take_up"})
    assert await of_plans(case) == []


async def test_sending_back_and_closing_a_plan_are_told(case: Case) -> None:
    await viewer_with_key(case.one.there, case.one.there.store_id)
    await case.store.post(f"{case.url}/plan")
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    await case.head.post(f"{case.url}/plan/write", {"event": "take_up"})
    await case.head.post(f"{case.url}/plan/write", {"event": "return", "remark": "By whom?"})
    assert [words for _, words in await of_plans(case)] == ["An action plan was sent back"]
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    for event in ("take_up", "resolve"):
        await case.head.post(f"{case.url}/plan/write", {"event": event})
    assert [words for _, words in await of_plans(case)] == ["An action plan is done"]


async def test_drafts_of_a_plan_that_was_sent_back_are_no_news(case: Case) -> None:
    await viewer_with_key(case.one.there, case.one.there.store_id)
    await case.store.post(f"{case.url}/plan")
    await case.store.post(f"{case.url}/plan/write", WRITTEN)
    for sent in ({"event": "take_up"}, {"event": "return", "remark": "By whom?"}):
        await case.head.post(f"{case.url}/plan/write", sent)
    assert [words for _, words in await of_plans(case)] == ["An action plan was sent back"]
    await case.store.post(f"{case.url}/plan/write", {**WRITTEN, "event": "save"})
    later = "UPDATE release.action_plan SET changed_at = changed_at + interval '1 hour' WHERE report_ref = $1"
    await case.one.there.owner.execute(later, UUID(case.url.rpartition("/")[2]))
    assert await of_plans(case) == []


@pytest.mark.parametrize(
    ("news", "state", "days", "is_so"),
    [
        (PlanNews.OPENED, PlanState.OPEN, 3, True), (PlanNews.OPENED, PlanState.SUBMITTED, 3, False),
        (PlanNews.DUE_SOON, PlanState.OPEN, 0, True), (PlanNews.DUE_SOON, PlanState.OPEN, -1, False),
        (PlanNews.OVERDUE, PlanState.RETURNED, -1, True), (PlanNews.OVERDUE, PlanState.RETURNED, 0, False),
        (PlanNews.OVERDUE, PlanState.UNDER_REVIEW, -1, False), (PlanNews.CLOSED, PlanState.RESOLVED, -9, True),
        (PlanNews.RETURNED, PlanState.SUBMITTED, 1, False),
        (PlanNews.HANDED_IN, PlanState.SUBMITTED, -1, True), (PlanNews.HANDED_IN, PlanState.RETURNED, 1, False),
    ],
)  # fmt: skip
def test_a_mail_goes_out_only_where_it_is_still_true(news: PlanNews, state: PlanState, days: int, is_so: bool) -> None:
    today = date(2026, 11, 22)
    assert is_still_so(news, state, today + days * DAY, today) is is_so


async def test_the_queue_says_by_when_an_appeal_should_be_answered_and_which_are_late(site: Site, case: Case) -> None:
    owner, appeal_id = case.one.there.owner, await case.raised()
    assert "24 Nov, 09:30 GMT" in (await case.editor.get("/appeals")).text
    assert str(appeal_id) not in (await case.editor.get("/appeals?state=late")).text
    await owner.execute("UPDATE release.appeal SET raised_at = $2 WHERE id = $1", appeal_id, NOW - 3 * DAY)
    for view in ("", "?state=ours", "?state=late"):
        page = (await case.editor.get(f"/appeals{view}")).text
        assert str(appeal_id) in page
        assert ">Late<" in page.replace("\n", "").replace("  ", "")


async def test_taking_an_appeal_up_does_not_start_the_time_to_answer_anew(case: Case) -> None:
    owner, appeal_id = case.one.there.owner, await case.raised()
    await owner.execute("UPDATE release.appeal SET raised_at = $2 WHERE id = $1", appeal_id, NOW - 3 * DAY)
    await case.act(appeal_id, "take_up", "")
    assert await case.state_of(appeal_id) == "WAITING_AFFILIATE"
    assert str(appeal_id) in (await case.editor.get("/appeals?state=late")).text


async def test_a_reply_of_the_client_starts_the_time_to_answer_anew(case: Case) -> None:
    owner, appeal_id = case.one.there.owner, await case.raised()
    await owner.execute("UPDATE release.appeal SET raised_at = $2 WHERE id = $1", appeal_id, NOW - 3 * DAY)
    await case.act(appeal_id, "ask_client", "Which table was it?")
    await case.store.post(f"/portal/appeals/{appeal_id}", {"words": "The one by the door."})
    assert await case.state_of(appeal_id) == "WAITING_AFFILIATE"
    assert str(appeal_id) not in (await case.editor.get("/appeals?state=late")).text


async def test_an_appeal_that_waits_for_somebody_else_or_is_on_hold_is_not_late(case: Case) -> None:
    owner, appeal_id = case.one.there.owner, await case.raised()
    await owner.execute("UPDATE release.appeal SET raised_at = $2 WHERE id = $1", appeal_id, NOW - 3 * DAY)
    await owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", case.one.shop_id)
    assert str(appeal_id) not in (await case.editor.get("/appeals?state=late")).text
    await owner.execute("UPDATE field.shop SET is_on_hold = false WHERE id = $1", case.one.shop_id)
    await owner.execute("UPDATE release.appeal SET state = 'WAITING_CLIENT' WHERE id = $1", appeal_id)
    page = (await case.editor.get("/appeals")).text
    assert "not our turn" in page
    assert str(appeal_id) not in (await case.editor.get("/appeals?state=ours")).text


async def test_what_waits_for_us_stands_in_the_order_of_its_day(case: Case) -> None:
    owner, first, second = case.one.there.owner, await case.raised(), await case.raised("greeted")
    for appeal_id, raised_at in ((first, NOW - DAY), (second, NOW - 2 * DAY)):
        await owner.execute("UPDATE release.appeal SET raised_at = $2 WHERE id = $1", appeal_id, raised_at)
    page = (await case.editor.get("/appeals?state=ours")).text
    assert -1 < page.index(str(second)) < page.index(str(first))
