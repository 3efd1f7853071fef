"""The last look, the declaration, and what handing in does; closed doors; reports that come back."""

import asyncio
import json
import re
from datetime import date, timedelta

import msgspec
import pytest

from privacy.vault import Place, data_key, unseal_text
from survey.settings import Settings
from tests.conftest import NOW
from tests.shop_world import ShopWorld
from tests.web_client import Site

from .conftest import Visit, photo, visit_by, words_of

SCORING = {"items": {"found_all": {"points_by": {"yes": 1}, "comment_below_top": True}}}
CLOSED = {"reason": "shut", "day": "2026-11-22", "time_in": "08:10", "words": "A notice says: until 10.", "go": "on"}


async def test_a_report_that_lacks_something_is_not_handed_in(visit: Visit) -> None:
    await visit.start()
    answer = await visit.hand_in()
    assert answer.status_code == 422
    page = words_of(answer)
    for words in ("not answered yet", "Enter when you went in", "Add a picture that shows"):
        assert words in page
    assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"


async def test_the_last_check_names_each_question_without_an_answer_and_leads_to_it(visit: Visit) -> None:
    await visit.start()
    page = (await visit.get("check")).text
    links = re.findall(r'/report/(\d+)\?missing#([a-z_-]+)">“([^”]+)”[^:]*: not answered yet', page)
    required = {item.id for item in visit.definition.items() if item.is_required}
    named = [name for _, name, _ in links]
    assert {"reason", "found_all"} <= set(named)
    assert [name for name in named if name.split("-")[0] not in required] == []
    for number, name, _ in links:
        assert f'id="{name}"' in (await visit.get(f"{number}?missing")).text


async def test_without_the_declaration_it_is_not_handed_in(visit: Visit) -> None:
    await visit.fill_in()
    answer = await visit.hand_in({})
    assert answer.status_code == 422
    assert "Tick that the report is true" in answer.text
    assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"time_in": ""}, "Enter when you went in"),
        ({"time_in": "later"}, "Enter when you went in"),
        ({"time_out": "08:05"}, "This must be later than when you went in"),
        ({"time_out": "09:31"}, "This is still to come"),
        ({"time_in": "10:00", "time_out": "10:10"}, "This is still to come"),
        ({"day": "2026-11-20"}, "This visit belongs between"),
        ({"day": "yesterday"}, "Enter the day of the visit"),
        ({"receipt": "a lot"}, "Enter the total of the receipt"),
        ({"receipt": "-1"}, "Enter the total of the receipt"),
        ({"receipt": "1.005"}, "Enter the total of the receipt"),
    ],
)
async def test_odd_times_and_amounts_are_said_at_once(visit: Visit, fields: dict[str, str], words: str) -> None:
    await visit.start()
    answer = await visit.times(**fields)
    assert answer.status_code == 422
    assert words in answer.text


async def test_a_visit_at_another_time_of_day_is_not_handed_in(shops: ShopWorld, site: Site) -> None:
    late = await visit_by(shops, site, daypart="evening")
    await late.answer_all()
    assert "belongs to another time of day" in (await late.times()).text
    await late.picture()
    assert (await late.hand_in()).status_code == 422


async def test_what_is_odd_is_kept_all_the_same(visit: Visit) -> None:
    await visit.start()
    await visit.times(time_out="08:05")
    assert (await visit.report())["receipt_cents"] == 695
    assert 'value="08:05"' in (await visit.get("visit")).text


async def test_a_receipt_that_is_claimed_must_be_shown(visit: Visit) -> None:
    await visit.answer_all()
    await visit.times()
    await visit.picture(kind="photo")
    assert "Add a picture of the receipt" in (await visit.hand_in()).text


async def test_a_phone_call_needs_no_picture(visit: Visit) -> None:
    await visit.there.configure(kind="phone")
    await visit.answer_all()
    await visit.times(receipt="")
    assert (await visit.hand_in()).status_code == 303


async def test_an_answer_below_the_top_asks_why(visit: Visit) -> None:
    await visit.there.configure(scoring=SCORING)
    await visit.start()
    answer = await visit.answer(1, found_all="no", **{"found_all-comment": ""})
    assert answer.status_code == 422
    assert "Say why you answered so" in answer.text


@pytest.mark.parametrize("rule", [{"min_words": 4}, {}])
async def test_a_reason_of_too_few_words_is_kept_and_asked_to_say_more(visit: Visit, rule: dict[str, int]) -> None:
    items = {"found_all": SCORING["items"]["found_all"] | rule}
    await visit.there.configure(scoring={"items": items} | ({} if rule else {"comment_words": 4}))
    await visit.fill_in()
    few = await visit.answer(1, found_all="no", missing="Milk", **{"found_all-comment": "Bare – shelf"})
    assert few.status_code == 422
    assert "Write 4 words or more; so far there are 2" in few.text
    assert "Bare – shelf</textarea>" in few.text
    assert "“Did you find everything you wanted?”, why: write 4 words or more" in words_of(await visit.hand_in())
    enough = await visit.answer(1, found_all="no", missing="Milk", **{"found_all-comment": "One shelf was bare"})
    assert enough.status_code == 303
    assert (await visit.hand_in()).status_code == 303


async def test_a_general_rule_asks_why_wherever_points_were_missed(visit: Visit) -> None:
    await visit.there.configure(
        scoring={"is_comment_asked": True, "items": {"found_all": {"points_by": {"yes": 1}}, "clean": {"points": 2}}}
    )
    await visit.start()
    assert "Why? What happened?" in (await visit.get("1")).text
    assert (await visit.answer(1, found_all="no", **{"found_all-comment": ""})).status_code == 422
    assert (await visit.answer(1, found_all="yes", **{"found_all-comment": ""})).status_code == 303


async def test_a_story_of_too_few_words_is_kept_and_asked_to_say_more(visit: Visit) -> None:
    await visit.there.configure(scoring={"items": {"praise": {"points": 0, "min_words": 3}}})
    await visit.fill_in()
    assert "At least 3 words." in (await visit.get("2")).text
    few = await visit.answer(2, praise="They smiled.")
    assert few.status_code == 422
    assert 'value="They smiled."' in few.text
    assert "write 3 words or more; so far there are 2" in words_of(await visit.hand_in())
    # A question that may be left out may still be left out.
    assert (await visit.answer(2, praise="")).status_code == 303
    assert (await visit.hand_in()).status_code == 303


async def test_without_the_reason_the_report_is_not_handed_in(visit: Visit) -> None:
    await visit.there.configure(scoring=SCORING)
    await visit.fill_in()
    await visit.answer(1, found_all="no", go="back")
    answer = await visit.hand_in()
    assert answer.status_code == 422
    assert "say why you answered so" in answer.text
    await visit.answer(1, found_all="no", missing="Milk", **{"found_all-comment": "The CANARY shelf was bare"})
    assert (await visit.hand_in()).status_code == 303
    assert "Why: The CANARY shelf was bare" in words_of(await visit.browser.get(f"{visit.base}/report"))


async def test_handing_in_gives_the_report_to_the_shop_and_forgets_whose_draft_it_was(visit: Visit) -> None:
    await visit.fill_in()
    assert (await visit.report())["shop_id"] is None
    await visit.hand_in()
    report = await visit.report()
    assert (report["shop_id"], report["submitted_at"]) == (visit.shop_id, NOW)
    drafts = await visit.there.owner.fetchval("SELECT count(*) FROM identity.draft WHERE report_id = $1", report["id"])
    assert drafts == 0


async def test_handing_in_notes_the_day_that_was(visit: Visit) -> None:
    await visit.there.owner.execute(
        "UPDATE identity.assignment SET planned_on = $2 WHERE shop_id = $1", visit.shop_id, date(2026, 11, 25)
    )
    await visit.fill_in()
    await visit.hand_in()
    assignment = await visit.there.owner.fetchrow("SELECT * FROM identity.assignment WHERE shop_id = $1", visit.shop_id)
    assert (assignment["state"], assignment["planned_on"]) == ("done", date(2026, 11, 22))


async def test_handing_in_promises_the_pay(visit: Visit) -> None:
    await visit.fill_in()
    await visit.hand_in()
    item = await visit.there.owner.fetchrow("SELECT * FROM identity.pay_item WHERE shop_id = $1", visit.shop_id)
    assert (item["state"], item["fee_cents"], item["reimbursement_cents"]) == ("PROSPECTIVE", 1200, 695)


async def test_handing_in_is_recorded(visit: Visit) -> None:
    await visit.fill_in()
    await visit.hand_in()
    (event,) = [one for one in await visit.there.events(visit.shop_id) if one["action"] == "shop.submit"]
    detail = json.loads(event["detail"])
    assert (event["actor_kind"], event["actor_id"]) == ("shopper", visit.shopper.id)
    assert (detail["from"], detail["to"], detail["outcome"], detail["is_late"]) == (
        "IN_PROGRESS",
        "SUBMITTED",
        "done",
        False,
    )


async def test_late_but_within_the_grace_it_is_taken_and_marked(shops: ShopWorld, site: Site) -> None:
    late = await visit_by(shops, site, due_at=NOW - timedelta(hours=1))
    await late.fill_in()
    assert (await late.hand_in()).status_code == 303
    (event,) = [one for one in await shops.events(late.shop_id) if one["action"] == "shop.submit"]
    assert json.loads(event["detail"])["is_late"] is True


async def test_handing_in_twice_is_once(visit: Visit) -> None:
    await visit.fill_in()
    first, second = await asyncio.gather(visit.hand_in(), visit.hand_in())
    assert first.headers["location"] == second.headers["location"] == f"{visit.base}/report"
    actions = [event["action"] for event in await visit.there.events(visit.shop_id)]
    assert actions.count("shop.submit") == 1
    report = await visit.report()
    submissions = await visit.there.owner.fetchval(
        "SELECT count(*) FROM field.report_submission WHERE report_id = $1", report["id"]
    )
    assert submissions == 1


async def test_after_handing_in_the_back_button_leads_to_what_was_sent(visit: Visit) -> None:
    await visit.fill_in()
    await visit.hand_in()
    for place in ("1", "visit", "evidence", "closed", "check"):
        assert (await visit.get(place)).headers["location"] == f"{visit.base}/report", place
    assert (await visit.answer(1, reason="collect")).headers["location"] == f"{visit.base}/report"
    assert (await visit.times(time_in="07:00")).headers["location"] == f"{visit.base}/report"
    assert '"reason": "groceries"' in (await visit.report())["coded"]


async def test_a_page_that_saves_itself_after_handing_in_says_that_it_did_not(visit: Visit) -> None:
    await visit.fill_in()
    await visit.hand_in()
    fields = {"csrf": visit.browser.csrf(), "autosave": "1", "reason": "collect"}
    answer = await visit.browser.client.post(visit.at("1"), data=fields, headers={"HX-Request-Type": "partial"})
    assert answer.text.startswith("Not saved.")


async def test_a_closed_door_is_a_report_too(visit: Visit) -> None:
    assert (await visit.start("closed")).headers["location"] == visit.at("closed")
    assert "The attempt pays USD 4.00" in (await visit.get("closed")).text
    files = {"picture": ("door.jpg", photo(), "image/jpeg")}
    assert (await visit.browser.post(visit.at("closed"), CLOSED, files=files)).headers["location"] == visit.at("check")
    assert "It was shut when I came" in (await visit.get("check")).text
    await visit.hand_in()
    report = await visit.report()
    assert (report["outcome"], report["reason"]) == ("closed", "shut")
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    item = await visit.there.owner.fetchrow("SELECT * FROM identity.pay_item WHERE shop_id = $1", visit.shop_id)
    assert (item["kind"], item["fee_cents"]) == ("attempt", 400)


async def test_what_an_attempt_cost_is_asked_for_with_its_receipt_where_it_is_paid_back(visit: Visit) -> None:
    await visit.start("closed")
    assert "Picture of the receipt" not in (await visit.get("closed")).text
    await visit.there.configure(is_attempt_repaid=True)
    assert "Picture of the receipt" in (await visit.get("closed")).text
    door = {"picture": ("door.jpg", photo(), "image/jpeg")}
    await visit.browser.post(visit.at("closed"), CLOSED | {"receipt": "3.50"}, files=door)
    assert "Add a picture of the receipt" in (await visit.hand_in()).text
    proof = {"proof": ("fare.jpg", photo("white"), "image/jpeg")}
    await visit.browser.post(visit.at("closed"), CLOSED | {"receipt": "3.50"}, files=proof)
    assert (await visit.hand_in()).status_code == 303
    paid = "SELECT fee_cents, reimbursement_cents FROM identity.pay_item WHERE shop_id = $1"
    assert tuple(await visit.there.owner.fetchrow(paid, visit.shop_id)) == (400, 350)


async def test_what_could_not_be_done_says_which_kind(visit: Visit) -> None:
    await visit.start("closed")
    await visit.browser.post(visit.at("closed"), CLOSED | {"reason": "turned_away"})
    assert (await visit.hand_in()).status_code == 303
    assert (await visit.report())["outcome"] == "not_possible"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": ""}, "Choose what happened"),
        ({"reason": "bored"}, "Choose what happened"),
        ({"time_in": ""}, "Enter when you were there"),
        ({"time_in": "12:00"}, "Enter when you were there"),
        ({"words": " "}, "Say in a sentence or two"),
    ],
)
async def test_an_attempt_says_why_when_and_what(visit: Visit, fields: dict[str, str], words: str) -> None:
    await visit.start("closed")
    answer = await visit.browser.post(visit.at("closed"), CLOSED | fields)
    assert answer.status_code == 422
    assert words in answer.text


async def test_a_closed_door_needs_a_picture(visit: Visit) -> None:
    await visit.start("closed")
    await visit.browser.post(visit.at("closed"), CLOSED)
    answer = await visit.hand_in()
    assert answer.status_code == 422
    assert "Add a picture of what you found" in answer.text


async def test_a_bad_picture_of_a_closed_door_loses_nothing_of_the_rest(visit: Visit) -> None:
    await visit.start("closed")
    files = {"picture": ("door.svg", b"<svg/>", "image/svg+xml")}
    answer = await visit.browser.post(visit.at("closed"), CLOSED, files=files)
    assert answer.status_code == 422
    assert "is no photo" in answer.text
    assert "A notice says: until 10." in (await visit.get("closed")).text


async def test_it_can_be_made_after_all(visit: Visit) -> None:
    await visit.fill_in()
    await visit.browser.post(visit.at("closed"), CLOSED)
    await visit.browser.post(visit.at("closed"), {"go": "undo"})
    report = await visit.report()
    assert (report["outcome"], report["reason"]) == ("done", "")
    await visit.times()
    assert (await visit.hand_in()).status_code == 303


async def test_a_report_that_comes_back_can_be_changed_and_handed_in_again(visit: Visit, settings: Settings) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await _returned(visit)
    assert "Your report has come back" in (await visit.get()).text
    assert (await visit.answer(1, reason="collect")).status_code == 303
    assert (await visit.hand_in()).headers["location"] == f"{visit.base}/report"
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    actions = [event["action"] for event in await visit.there.events(visit.shop_id)]
    assert actions == ["shop.start", "shop.submit", "shop.resubmit"]


async def test_each_time_it_was_handed_in_is_kept_under_seal(visit: Visit, settings: Settings) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await _returned(visit)
    await visit.answer(1, reason="collect")
    await visit.hand_in()
    report = await visit.report()
    rows = await visit.there.owner.fetch(
        "SELECT * FROM field.report_submission WHERE report_id = $1 ORDER BY number", report["id"]
    )
    key = await data_key(visit.there.owner, settings.keyring, report["id"])
    places = [Place(f"field.report_submission.sealed#{number}", report["id"], report["id"]) for number in (1, 2)]
    said = [
        msgspec.json.decode(unseal_text(key, place, row["sealed"])) for place, row in zip(places, rows, strict=True)
    ]
    assert [row["number"] for row in rows] == [1, 2]
    assert [one["coded"]["reason"] for one in said] == ["groceries", "collect"]


async def test_a_check_in_is_kept_rounded_and_apart(visit: Visit) -> None:
    await visit.start()
    await visit.times(latitude="53.796512", longitude="-1.547838", accuracy="18.4")
    report = await visit.report()
    row = await visit.there.owner.fetchrow("SELECT * FROM field.check_in WHERE report_id = $1", report["id"])
    assert (str(row["latitude"]), str(row["longitude"]), row["accuracy_m"]) == ("53.797", "-1.548", 18)
    assert "53.797, -1.548" in (await visit.get("visit")).text
    events = [event["action"] for event in await visit.there.events(report["id"])]
    assert events == ["report.checked_in"]


async def test_a_check_in_can_be_taken_back(visit: Visit) -> None:
    await visit.start()
    await visit.times(latitude="53.8", longitude="-1.5", accuracy="20")
    await visit.times(forget="yes")
    assert await _check_ins(visit) == 0


@pytest.mark.parametrize(("latitude", "longitude"), [("91", "0"), ("nan", "0"), ("north", "0"), ("", ""), ("0", "200")])
async def test_what_is_no_place_is_left_out(visit: Visit, latitude: str, longitude: str) -> None:
    await visit.start()
    assert (await visit.times(latitude=latitude, longitude=longitude, accuracy="5")).status_code == 303
    report = await visit.report()
    assert (
        await visit.there.owner.fetchval("SELECT count(*) FROM field.check_in WHERE report_id = $1", report["id"]) == 0
    )


async def test_a_place_does_not_go_with_a_page_that_saves_itself(visit: Visit) -> None:
    await visit.start()
    await visit.times(latitude="53.8", longitude="-1.5", accuracy="20", autosave="1")
    report = await visit.report()
    assert (
        await visit.there.owner.fetchval("SELECT count(*) FROM field.check_in WHERE report_id = $1", report["id"]) == 0
    )


async def test_only_the_page_of_times_may_ask_a_browser_where_it_is(visit: Visit) -> None:
    await visit.start()
    assert "geolocation=(self)" in (await visit.get("visit")).headers["permissions-policy"]
    for place in ("", "1", "evidence"):
        assert "geolocation=()" in (await visit.get(place)).headers["permissions-policy"], place


async def _returned(visit: Visit) -> None:
    """What an editor does who asks for more."""
    await visit.there.owner.execute("UPDATE field.shop SET state = 'RETURNED' WHERE id = $1", visit.shop_id)
    await visit.there.owner.execute(
        "UPDATE identity.assignment SET state = 'held', ended_at = NULL WHERE shop_id = $1", visit.shop_id
    )


async def _check_ins(visit: Visit) -> int:
    """How many places are noted for the report."""
    report = await visit.report()
    count: int = await visit.there.owner.fetchval(
        "SELECT count(*) FROM field.check_in WHERE report_id = $1", report["id"]
    )
    return count
