"""What happens on the way of two minutes when its visitors act: masked, released, contested, verified.

These tests change the world that the others look at: by their mark they come after all of those, whatever the order of
a run, and each after the one above it.
"""

import re
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
from survey.shops.reviews.domain import RUBRIC
from tests.chance import without_chance
from tests.demo_world import Played

from .test_shops import page_as, press, running_shop

pytestmark = pytest.mark.changes_the_demo
NAMING = "CK-002"
REPORT = r'href="(/portal/shops/[0-9a-f-]{36})"'
FINDING = re.compile(
    r'name="field" value="(?P<field>[^"]+)">\s*<input type="hidden" name="finding" value="(?P<finding>[^"]+)">'
    r'\s*<p><mark>[^<]*</mark> <span class="quiet">(?P<kind>.*?) in “'
)


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
    await act_on(visitor, shop, "approve", is_read="yes", **{part.code: str(part.most) for part in RUBRIC})


async def reports_of(visitor: httpx.AsyncClient) -> list[str]:
    """Where headquarters reads what was released, the newest first."""
    return re.findall(REPORT, await page_as(visitor, cast.HEADQUARTERS, "/portal/shops"))


async def work(played: Played, area: ModuleType, name: str) -> None:
    """Run one of the worker's jobs."""
    context = JobContext(played.settings, played.database, lambda: datetime.now(UTC))
    await jobs_of([area])[name].handler(context, {})


async def prove_it(played: Played) -> None:
    """Run what the world has asked for when it was built, as the worker does once everything is ready."""
    here = replace(played.settings, plain_http_cookies=True)
    site = build(here)
    context = JobContext(here, played.database, lambda: datetime.now(UTC), site=lambda: site)
    for row in await played.superuser.fetch("SELECT id FROM ops.proof_run WHERE state = 'WAITING'"):
        await promises_jobs.prove(context, {"run_id": row["id"]})


async def test_the_editor_masks_both_asks_approves_and_releases(played: Played, visitor: httpx.AsyncClient) -> None:
    shop = await running_shop(played, NAMING, "SUBMITTED")
    known = await reports_of(visitor)
    await page_as(visitor, cast.EDITOR, f"/reviews/{shop}")
    await review(visitor, shop)
    page = (await visitor.get(f"/releases/{shop}")).text
    assert (await press(visitor, page, f"/releases/{shop}")).status_code == 303
    (new,) = set(await reports_of(visitor)) - set(known)
    told = without_chance((await visitor.get(new)).text)
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


async def test_prove_it_is_green_in_every_client_column_and_leads_to_one_visit_seen_twice(
    played: Played, visitor: httpx.AsyncClient
) -> None:
    await prove_it(played)
    page = await page_as(visitor, cast.ADMINISTRATOR, "/promises/proof")
    assert "Nothing found" in page
    assert page.count('class="number good"') > 60
    assert 'class="number danger"' not in page
    twin = re.search(r'href="(/promises/proof/twin/[0-9a-f-]{36})"', page)
    assert twin
    assert "As the client" in await page_as(visitor, cast.ADMINISTRATOR, twin[1])


async def test_every_promise_holds_when_it_is_looked_at(played: Played, visitor: httpx.AsyncClient) -> None:
    await work(played, promises_jobs, "promises.verify")
    page = (await visitor.get("/promises")).text
    assert len(re.findall(r"Holds\s*</span>", page)) == len(PROMISES)
    assert not [words for words in ("Broken", "Not looked at yet") if words in page]
