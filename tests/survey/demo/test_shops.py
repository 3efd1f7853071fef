"""The demo's mystery shops as its visitors meet them: the way of two minutes by clicks, and what the world tells."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

from survey.demo import cast
from survey.demo.tour import TOUR, Stop
from survey.shops.payments.domain import State as PayState
from survey.shops.visits.domain import State
from tests.demo_world import Played

MAYAS_ZONE = "America/Los_Angeles"

GREETED = "Were you greeted within 30 seconds?"
VERSION = (
    "SELECT v.definition FROM field.campaign c JOIN field.questionnaire_version v ON v.id = c.version_id"
    " WHERE c.name = 'Barista Welcome'"
)


async def page_as(visitor: httpx.AsyncClient, player: cast.Player, path: str) -> str:
    """One click, then one page."""
    await visitor.post(f"/demo/as/{player.slug}")
    answer = await visitor.get(path)
    assert answer.status_code == 200, path
    return answer.text


async def press(visitor: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Send a form of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return await visitor.post(path, data={"csrf": found[1], **fields})


def rows_of(page: str, caption: str) -> dict[str, list[str]]:
    """A table of a page: by its rows' headings, the words of the cells."""
    (table,) = [each for each in HTMLParser(page).css("table") if caption in words_at(each, "caption")]
    return {words_at(row, "th"): [cell.text(strip=True) for cell in row.css("td")] for row in table.css("tbody tr")}


def words_at(node: LexborNode, selector: str) -> str:
    """What stands at the first place that a selector finds below a node."""
    found = node.css_first(selector)
    assert found
    return found.text(strip=True)


async def running_shop(played: Played, code: str, state: str) -> str:
    """The running wave's shop at a location."""
    found = await played.superuser.fetchval(
        "SELECT s.id FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        " WHERE l.code = $1 AND s.state = $2 AND s.window_end > now() ORDER BY s.id LIMIT 1",
        code,
        state,
    )
    assert found
    return str(found)


async def test_a_stop_of_the_tour_leads_nobody_where_another_goes(visitor: httpx.AsyncClient) -> None:
    for wrong in ("1", "99", "-1", "x"):
        answer = await visitor.post(f"/demo/as/{cast.SHOPPER.slug}", data={"stop": wrong})
        assert answer.headers["location"] == "/shopper"


@pytest.mark.parametrize(("number", "stop"), list(enumerate(TOUR)))
async def test_every_stop_of_the_two_minutes_opens_by_a_click(
    visitor: httpx.AsyncClient, number: int, stop: Stop
) -> None:
    assert f'name="stop" value="{number}"' in (await visitor.get("/demo")).text
    answer = await visitor.post(f"/demo/as/{stop.player.slug}", data={"stop": str(number)})
    assert answer.headers["location"].split("{")[0].startswith(stop.path.split("{")[0])
    assert (await visitor.get(answer.headers["location"])).status_code == 200


async def test_whoever_looks_around_can_register_as_a_shopper(visitor: httpx.AsyncClient) -> None:
    found = re.search(r'href="(/register/[^"]+)"', (await visitor.get("/demo")).text)
    assert found
    assert cast.NORTHLIGHT.name in (await visitor.get(found[1])).text


async def test_everybody_reads_distances_as_people_do_where_they_live(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT units, time_zone LIKE 'America/%' AS is_american FROM identity.shopper")
    assert {(row["is_american"], row["units"]) for row in rows} == {(True, "mi"), (False, "km")}


async def test_there_are_shops_in_every_state(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT DISTINCT state FROM field.shop")
    assert {row["state"] for row in rows} == set(State)


async def test_pay_stands_in_every_state(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT DISTINCT state FROM identity.pay_item")
    assert {row["state"] for row in rows} == set(PayState)


async def test_the_form_has_24_questions_in_five_weighted_sections(played: Played) -> None:
    items = await played.superuser.fetch(
        "SELECT item->>'kind' AS kind, item->>'unit' AS unit"
        f" FROM ({VERSION}) AS v, jsonb_path_query(v.definition, '$.sections[*].items[*]') AS item"
    )
    weights = await played.superuser.fetchval(
        "SELECT scoring->'sections' FROM field.campaign WHERE name = 'Barista Welcome'"
    )
    assert len(items) == 24
    assert sum(item["kind"] == "long_text" for item in items) == 5
    assert sum(item["unit"] == "seconds" for item in items) == 3
    assert json_of(weights) == {"arrival": 15, "service": 35, "product": 25, "clean": 15, "farewell": 10}


async def test_one_answer_fails_the_visit(played: Played) -> None:
    failing = await played.superuser.fetch(
        "SELECT rule.key FROM field.campaign c, jsonb_each(c.scoring->'items') AS rule"
        " WHERE c.name = 'Barista Welcome' AND rule.value ? 'fails'"
    )
    assert [row["key"] for row in failing] == ["allergen"]


async def test_every_visit_to_a_coffee_house_is_proved_by_a_photo_and_a_receipt(played: Played) -> None:
    bare = await played.superuser.fetchval(
        "SELECT count(*) FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id"
        " JOIN field.report r ON r.shop_id = s.id WHERE c.name = 'Barista Welcome' AND r.submitted_at IS NOT NULL"
        " AND (SELECT count(DISTINCT e.kind) FROM field.evidence e WHERE e.report_id = r.id) < 2"
    )
    assert bare == 0


async def test_riverside_is_a_morning_in_the_valley_of_the_west(played: Played) -> None:
    row = await played.superuser.fetchrow(
        "SELECT s.public_ref, s.state, s.daypart, s.fee_cents, s.reimbursement_cap_cents, l.name, d.name AS district,"
        " d.code AS number, r.name AS region FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        " JOIN field.location d ON d.id = l.parent_id JOIN field.location r ON r.id = d.parent_id"
        " WHERE l.code = 'CK-031' AND s.window_end > now()"
    )
    assert row["public_ref"].startswith("NL-")
    assert tuple(row)[1:] == ("RETURNED", "morning", 1200, 800, "Riverside", "Valley", "D4", "West")


async def test_a_no_show_waits_for_a_person_and_its_shop_was_offered_again_minutes_ago(played: Played) -> None:
    offered = await played.superuser.fetchrow(
        "SELECT s.id, s.state, s.is_flaked, s.state_since FROM field.shop s JOIN field.location l"
        " ON l.id = s.location_id WHERE l.code = 'HP-07' AND s.window_end > now()"
    )
    assert (offered["state"], offered["is_flaked"]) == ("OFFERED", True)
    assert (played.now - offered["state_since"]).total_seconds() == 180
    marks = await played.superuser.fetch("SELECT state, kind FROM identity.mark")
    assert ("PROPOSED", "no_show") in {(row["state"], row["kind"]) for row in marks}


async def test_every_place_that_is_visited_lies_on_the_map_and_has_hours(played: Played) -> None:
    bare = "latitude IS NULL OR longitude IS NULL OR opening_hours = '{}'"
    assert not await played.superuser.fetchval(
        f"SELECT count(*) FROM field.location WHERE level = 'store' AND ({bare})"
    )


async def test_mayas_sign_in_leads_to_two_companies(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SHOPPER, "/shopper/affiliates?stay")
    assert cast.NORTHLIGHT.name in page
    assert cast.BEACON.name in page


async def test_mayas_board_has_nine_shops_and_one_where_she_was_41_days_ago(
    played: Played, visitor: httpx.AsyncClient
) -> None:
    page = HTMLParser(await page_as(visitor, cast.SHOPPER, "/shopper/board"))
    greyed = page.css("ul.jobs > li.not-now")
    assert len(page.css("ul.jobs > li")) == 10
    assert len(greyed) == 1
    # Counted in days of the place, where a midnight may have passed since the world was built.
    built, now = (each.astimezone(ZoneInfo(MAYAS_ZONE)).date() for each in (played.now, datetime.now(UTC)))
    ago = 41 + (now - built).days
    assert re.search(rf"You were here {ago} days ago; free again on \d+ \w+", greyed[0].text())


async def test_maya_takes_a_fitting_room_in_a_click_and_gives_it_back(
    played: Played, visitor: httpx.AsyncClient
) -> None:
    shop = await running_shop(played, "HP-04", "OPEN")
    page = await page_as(visitor, cast.SHOPPER, f"/shopper/board/{shop}")
    day = re.search(r'name="day"[^>]*value="([^"]+)"|<option value="(\d{4}-\d\d-\d\d)"', page)
    assert day
    answer = await press(visitor, page, f"/shopper/board/{shop}/take", day=day[1] or day[2])
    assert answer.status_code == 303
    assert await played.superuser.fetchval("SELECT state FROM field.shop WHERE id::text = $1", shop) == "ASSIGNED"
    page = (await visitor.get(f"/shopper/shops/{shop}/give-back")).text
    await press(visitor, page, f"/shopper/shops/{shop}/give-back")
    assert await played.superuser.fetchval("SELECT state FROM field.shop WHERE id::text = $1", shop) == "OPEN"


async def test_mayas_two_companies_look_different(played: Played, visitor: httpx.AsyncClient) -> None:
    looks = await played.superuser.fetch(
        "SELECT accent, logo, contact_phone FROM field.affiliate WHERE kind = 'affiliate'"
    )
    assert len({row["accent"] for row in looks}) == len({row["logo"] for row in looks}) == len(looks) == 2
    head = HTMLParser(await page_as(visitor, cast.SHOPPER, "/shopper")).css_first(".bar .logo")
    assert head
    assert head.attributes["alt"] == cast.NORTHLIGHT.name
    picture = await visitor.get(str(head.attributes["src"]))
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


async def test_the_scheduler_sees_88_per_cent_filled_and_five_at_risk(visitor: httpx.AsyncClient) -> None:
    board = HTMLParser(await page_as(visitor, cast.SCHEDULER, "/shops")).text()
    assert "88 % filled" in board
    assert re.search(r"At risk\s+5(?!\d)", board)


async def test_a_bonus_is_suggested_for_each_that_may_still_be_taken(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SCHEDULER, "/shops/risk")
    assert (page.count("+4.00"), page.count("+2.00")) == (5, 0)
    (again,) = [row.text() for row in HTMLParser(page).css("tr[data-row]") if "HP-07" in row.text()]
    assert "came back once" in again
    assert re.search(r"offered again [3-9] minutes ago|offered again \d\d minutes ago", again)
    assert "+4.00" in again


@pytest.mark.parametrize(
    ("flag", "code"),
    [("same_picture", "CK-008"), ("same_text", "CK-008"), ("far_away", "CK-029"), ("outside_hours", "CK-038"),
     ("too_fast", "CK-018")],
)  # fmt: skip
async def test_an_editor_finds_a_report_under_each_of_several_flags(
    visitor: httpx.AsyncClient, flag: str, code: str
) -> None:
    page = await page_as(visitor, cast.EDITOR, f"/reviews?flag={flag}")
    assert set(re.findall(r"(?:CK|HP|RV)-\d+", page)) == {code}


async def test_the_editor_is_shown_a_name_and_a_card_number(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, "CK-002", "SUBMITTED")
    page = await page_as(visitor, cast.EDITOR, f"/reviews/{shop}")
    assert (await press(visitor, page, f"/reviews/{shop}/pick-up")).status_code == 303
    page = (await visitor.get(f"/reviews/{shop}")).text
    assert "card number" in page
    assert "Wendy" in page
    assert (await press(visitor, page, f"/reviews/{shop}/drop")).status_code == 303


async def test_the_west_is_down_six_points_because_guests_are_not_greeted(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.HEADQUARTERS, "/portal/shops/overview")
    places = rows_of(page, "Score by place")
    assert set(places) == {"East", "Central", "West"}
    assert number(places["West"][2]) == pytest.approx(-6, abs=0.25)
    questions = rows_of(page, "Score by question")
    (link,) = [each.attributes["href"] for each in HTMLParser(page).css('a[href*="question=greeted_30"]')]
    assert number(questions[GREETED][3]) < 0
    assert "Points lost" in (await visitor.get(str(link))).text


async def test_headquarters_reads_every_store_and_a_store_its_own(visitor: httpx.AsyncClient) -> None:
    everywhere = await page_as(visitor, cast.HEADQUARTERS, "/portal/shops")
    own = await page_as(visitor, cast.STORE, "/portal/shops")
    assert len(set(re.findall(r"CK-\d{3}", everywhere))) > 20
    assert set(re.findall(r"CK-\d{3}", own)) == {"CK-031"}


async def test_no_page_of_the_client_names_a_shopper(played: Played, visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.HEADQUARTERS, "/portal/shops")
    rows = await played.superuser.fetch("SELECT display_code FROM identity.shopper")
    assert not [row["display_code"] for row in rows if row["display_code"] in page]
    assert cast.SHOPPER.name not in page


async def test_payroll_sees_what_is_owed_and_what_is_late(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.PAYROLL, "/pay")
    assert "Owed" in page


async def test_three_people_looked_at_mayas_profile_and_said_why(played: Played) -> None:
    looks = await played.superuser.fetch(
        "SELECT DISTINCT e.at, e.purpose FROM ledger.event e JOIN identity.shopper s ON s.id = e.subject_id"
        " JOIN field.affiliate f ON f.id = s.affiliate_id JOIN identity.account a ON a.id = s.account_id"
        " WHERE f.name = $1 AND e.purpose IN ('pay what is owed', 'call about a shop')"
        " AND s.id IN (SELECT shopper_id FROM identity.tax_identity WHERE last4 <> '') ORDER BY e.at",
        cast.NORTHLIGHT.name,
    )
    assert [row["purpose"] for row in looks] == ["pay what is owed", "pay what is owed", "call about a shop"]


async def test_maya_sees_who_looked_at_her_profile_and_why(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SHOPPER, "/shopper/profile/looks")
    assert "call about a shop" in page
    assert "pay what is owed" in page
    assert "Payroll of Northlight Mystery Shopping" in page


async def test_fourteen_reports_would_stay_without_maya(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SHOPPER, "/shopper/profile/erase")
    assert "14 reports: what you ticked about a place" in page
    assert "Your tax number, under a key of its own, until 1 January" in page


def number(text: str) -> float:
    """A number of a page, whose minus is a real one."""
    return float(text.replace("−", "-").replace("+", ""))


def json_of(value: object) -> object:
    """A jsonb column, whichever way the connection gives it."""
    return json.loads(value) if isinstance(value, str) else value
