"""The demo's mystery shops: every state, and the way of two minutes through the one-click roles."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType

import httpx
import pytest

from survey.app import build
from survey.appeals import jobs as appeals_jobs
from survey.demo import cast
from survey.promises import jobs as promises_jobs
from survey.promises.registry import PROMISES
from survey.queue import JobContext, jobs_of
from survey.shops.payments.domain import State as PayState
from survey.shops.reviews.domain import RUBRIC
from survey.shops.visits.domain import State
from tests.demo_world import Played

# A shop is made OPEN at once when its wave is published: none stays a draft.
NEVER_SEEN = {State.DRAFT}
ROTATED, NAMING = "S04", "S06"
REPORT = r'href="(/portal/shops/[0-9a-f-]{36})"'
FINDING = re.compile(
    r'name="field" value="(?P<field>[^"]+)">\s*<input type="hidden" name="finding" value="(?P<finding>[^"]+)">'
    r'\s*<p><mark>[^<]*</mark> <span class="quiet">(?P<kind>.*?) in “'
)


@pytest.fixture
async def visitor(played: Played) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who looks around the demo."""
    here = replace(played.settings, plain_http_cookies=True)
    async with AsyncExitStack() as stack:
        transport = httpx.ASGITransport(app=build(here))  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        yield await stack.enter_async_context(client)


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


async def act_on(visitor: httpx.AsyncClient, shop: str, part: str, **fields: str) -> None:
    """Send a form of a report's page, and see that it was taken."""
    page = (await visitor.get(f"/reviews/{shop}")).text
    answer = await press(visitor, page, f"/reviews/{shop}/{part}", **fields)
    assert answer.status_code == 303, part
    assert 'class="notice attention"' not in (await visitor.get(f"/reviews/{shop}")).text.split("<h1>")[0], part


async def mask(visitor: httpx.AsyncClient, shop: str) -> None:
    """Put the role in the place of a name, and words of ours in that of a number, until nothing is left."""
    while found := FINDING.search((await visitor.get(f"/reviews/{shop}")).text):
        act = "token" if "name" in found["kind"] else "replace"
        await act_on(visitor, shop, "findings", act=act, role="barista", field=found["field"], finding=found["finding"])


async def review(visitor: httpx.AsyncClient, shop: str) -> None:
    """Mask what was found, ask for more, take it back, look at the pictures, and approve."""
    await act_on(visitor, shop, "pick-up")
    await mask(visitor, shop)
    await act_on(visitor, shop, "notes", question="offered", note="What were you offered?")
    await act_on(visitor, shop, "return")
    await act_on(visitor, shop, "pick-up")
    page = (await visitor.get(f"/reviews/{shop}")).text
    for picture in re.findall(rf'href="/reviews/{shop}/(pictures/[0-9a-f-]{{36}})"', page):
        await act_on(visitor, shop, f"{picture}/withhold")
    await act_on(visitor, shop, "approve", **{part.code: str(part.most) for part in RUBRIC})


async def reports_of(visitor: httpx.AsyncClient) -> list[str]:
    """Where headquarters reads what was released, the newest first."""
    return re.findall(REPORT, await page_as(visitor, cast.HEADQUARTERS, "/portal/shops"))


async def work(played: Played, area: ModuleType, name: str) -> None:
    """Run one of the worker's jobs."""
    context = JobContext(played.settings, played.database, lambda: datetime.now(UTC))
    await jobs_of([area])[name].handler(context, {})


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


async def test_there_are_shops_in_every_state(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT DISTINCT state FROM field.shop")
    assert {row["state"] for row in rows} == set(State) - NEVER_SEEN


async def test_a_wave_is_planned_that_nobody_has_published(played: Played) -> None:
    assert await played.superuser.fetchval("SELECT count(*) FROM field.wave WHERE published_at IS NULL") == 1


async def test_pay_stands_in_every_state(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT DISTINCT state FROM identity.pay_item")
    assert {row["state"] for row in rows} == set(PayState)


async def test_appeals_are_open_and_decided(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT state FROM release.appeal")
    assert {row["state"] for row in rows} == {"WAITING_SHOPPER", "CHANGED", "RESOLVED", "NEW"}


async def test_a_no_show_waits_for_a_person(played: Played) -> None:
    rows = await played.superuser.fetch("SELECT state, kind FROM identity.mark")
    assert ("PROPOSED", "no_show") in {(row["state"], row["kind"]) for row in rows}


async def test_every_place_that_is_visited_lies_on_the_map_and_has_hours(played: Played) -> None:
    bare = "latitude IS NULL OR longitude IS NULL OR opening_hours = '{}'"
    assert not await played.superuser.fetchval(
        f"SELECT count(*) FROM field.location WHERE level = 'store' AND ({bare})"
    )


async def test_mayas_sign_in_leads_to_two_companies(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SHOPPER, "/shopper/affiliates?stay")
    assert cast.KESTREL.name in page
    assert cast.HARBOUR.name in page


async def test_maya_is_told_when_she_may_go_back(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, ROTATED, "OPEN")
    page = await page_as(visitor, cast.SHOPPER, f"/shopper/board/{shop}")
    assert "41 days ago" in page


async def test_maya_takes_a_fitting_room_in_a_click(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, "O01", "OPEN")
    page = await page_as(visitor, cast.SHOPPER, f"/shopper/board/{shop}")
    day = re.search(r'name="day"[^>]*value="([^"]+)"|<option value="(\d{4}-\d\d-\d\d)"', page)
    assert day
    answer = await press(visitor, page, f"/shopper/board/{shop}/take", day=day[1] or day[2])
    assert answer.status_code == 303
    assert await played.superuser.fetchval("SELECT state FROM field.shop WHERE id::text = $1", shop) == "ASSIGNED"


async def test_the_scheduler_sees_what_is_at_risk(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SCHEDULER, "/shops/risk")
    assert "somebody did not do it" in page
    assert "Fitting-Room Service" in page


async def test_the_editor_is_shown_a_name_and_a_card_number(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, NAMING, "SUBMITTED")
    page = await page_as(visitor, cast.EDITOR, f"/reviews/{shop}")
    assert (await press(visitor, page, f"/reviews/{shop}/pick-up")).status_code == 303
    page = (await visitor.get(f"/reviews/{shop}")).text
    assert "card number" in page
    assert "Wendy" in page
    await press(visitor, page, f"/reviews/{shop}/drop")


async def test_the_editor_masks_both_asks_approves_and_releases(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, NAMING, "SUBMITTED")
    known = await reports_of(visitor)
    await page_as(visitor, cast.EDITOR, f"/reviews/{shop}")
    await review(visitor, shop)
    page = (await visitor.get(f"/releases/{shop}")).text
    assert (await press(visitor, page, f"/releases/{shop}")).status_code == 303
    (new,) = set(await reports_of(visitor)) - set(known)
    told = (await visitor.get(new)).text
    assert "whose badge said [E1], asked what I felt like, and [E1]" in told
    assert not [secret for secret in ("Wendy", "4111") if secret in told]


async def test_headquarters_contests_an_answer_and_the_editor_hears_of_it(
    played: Played, visitor: httpx.AsyncClient
) -> None:
    report = (await reports_of(visitor))[0]
    page = (await visitor.get(f"{report}/appeal?question=smile")).text
    contested = {"question": "smile", "issue": "evidence_contradicts", "words": "See the camera."}
    assert (await press(visitor, page, f"{report}/appeal", **contested)).status_code == 303
    await work(played, appeals_jobs, "appeals.take_in")
    assert "Did the barista look at you and smile?" in await page_as(visitor, cast.EDITOR, "/appeals")


async def test_headquarters_reads_every_store_and_a_store_its_own(visitor: httpx.AsyncClient) -> None:
    everywhere = await page_as(visitor, cast.HEADQUARTERS, "/portal/shops")
    own = await page_as(visitor, cast.STORE, "/portal/shops")
    places = set(re.findall(r">(S\d\d)<", everywhere))
    assert len(places) > 1
    assert set(re.findall(r">(S\d\d)<", own)) == {"S01"}


async def test_no_page_of_the_client_names_a_shopper(played: Played, visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.HEADQUARTERS, "/portal/shops")
    rows = await played.superuser.fetch("SELECT display_code FROM identity.shopper")
    assert not [row["display_code"] for row in rows if row["display_code"] in page]
    assert cast.SHOPPER.name not in page


async def test_payroll_sees_what_is_owed_and_what_is_late(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.PAYROLL, "/pay")
    assert "Owed" in page


async def test_maya_sees_who_looked_at_her_profile_and_why(visitor: httpx.AsyncClient) -> None:
    page = await page_as(visitor, cast.SHOPPER, "/shopper/profile/looks")
    assert "Staff of the company" in page
    assert "pay what is owed" in page


async def test_every_promise_holds_when_it_is_looked_at(played: Played, visitor: httpx.AsyncClient) -> None:
    await work(played, promises_jobs, "promises.verify")
    page = (await visitor.get("/promises")).text
    assert len(re.findall(r"Holds\s*</span>", page)) == len(PROMISES)
    assert not [words for words in ("Broken", "Not looked at yet") if words in page]
