"""A shop on hold: no route of its shopper and none of an editor changes anything, whatever routes there will be."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.crypto import sha256
from survey.settings import Settings
from survey.shops.reviews.domain import EXCLUDE_REASONS, REJECT_REASONS
from survey.shops.visits.domain import HoldReason, State
from tests.attacks.crossing.addresses import Route, routes_of
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, insert, shop_world
from tests.survey.shops.reviews.conftest import CODED, POINTS, write_text
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

DAY = NOW.date() + timedelta(days=2)
# Everything that a form of these pages may ask for, at once: whatever a handler looks for, it finds.
FIELDS: Mapping[str, str] = POINTS | {
    "words": "All of it.", "reason": "illness", "day": DAY.isoformat(), "declared": "yes", "then": "report",
    "time_in": "08:10", "time_out": "08:25", "receipt": "6.95", "go": "on", "clean": "2", "found_all": "no",
    "note": "Please.", "proposed_on": DAY.isoformat(), "kind": "photo", "question": "improve", "decision": "uphold",
    "answer": "Yes.", "text": "Other words.", "finding": "x", "field": "improve", "act": "leave", "value": "2",
}  # fmt: skip
# Words between people, and what an editor does about the hold itself.
SPARED = ("/shopper/messages", "/lift-hold")
ROWS = (
    "SELECT to_jsonb(s) FROM field.shop s WHERE s.id = $1",
    "SELECT to_jsonb(r) FROM field.report r WHERE r.shop_id = $1"
    " OR r.id IN (SELECT d.report_id FROM identity.draft d WHERE d.shop_id = $1)",
    "SELECT jsonb_agg(to_jsonb(t) ORDER BY t.question_id) FROM field.report_text t WHERE t.report_id IN ("
    " SELECT r.id FROM field.report r WHERE r.shop_id = $1 UNION"
    " SELECT d.report_id FROM identity.draft d WHERE d.shop_id = $1)",
    "SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM field.evidence e WHERE e.report_id IN ("
    " SELECT r.id FROM field.report r WHERE r.shop_id = $1 UNION"
    " SELECT d.report_id FROM identity.draft d WHERE d.shop_id = $1)",
    "SELECT count(*) FROM identity.draft WHERE shop_id = $1",
    "SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM identity.assignment a WHERE a.shop_id = $1",
    "SELECT count(*) FROM identity.extension WHERE shop_id = $1",
    "SELECT count(*) FROM identity.application WHERE shop_id = $1",
    "SELECT count(*) FROM identity.mark WHERE shop_id = $1",
    "SELECT jsonb_agg(to_jsonb(i)) FROM identity.pay_item i WHERE i.shop_id = $1",
    "SELECT count(*) FROM field.rejection_contest WHERE shop_id = $1",
    "SELECT to_jsonb(v) FROM field.review v WHERE v.shop_id = $1",
    "SELECT count(*) FROM field.reshoot WHERE origin_id = $1",
    "SELECT count(*) FROM release.shop_report WHERE shop_id = $1",
)


@pytest.fixture
async def there(superuser: asyncpg.Connection, settings: Settings, world: World) -> ShopWorld:
    """alice's shops, which may be taken without asking."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id)
    await made.configure(is_self_assign=True)
    return made


async def seen(there: ShopWorld, shop_id: UUID) -> list[Any]:
    """Everything about a shop that a shopper or an editor could have changed."""
    return [await there.owner.fetchval(statement, shop_id) for statement in ROWS]


async def as_draft(there: ShopWorld, shop_id: UUID, report_id: UUID, me: Shopper) -> None:
    """A report that is not handed in: until then only a row of the identity plane says whose it is."""
    draft = {
        "report_id": report_id, "affiliate_id": there.affiliate_id, "shop_id": shop_id, "shopper_id": me.id,
        "changed_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "identity.draft", draft)
    await there.owner.execute("UPDATE field.report SET shop_id = NULL, submitted_at = NULL WHERE id = $1", report_id)


async def shop_on_hold(there: ShopWorld, state: State, me: Shopper) -> tuple[UUID, UUID]:
    """A shop on hold with what its state brings along; its id, and its picture's."""
    shop_id, picture_id = await there.shop(state, me, planned_on=NOW.date()), uuid4()
    if state not in (State.OPEN, State.OFFERED, State.ASSIGNED):
        report_id = await there.report(shop_id, CODED, time_in=NOW)
        if state is State.IN_PROGRESS:
            await as_draft(there, shop_id, report_id, me)
        await write_text(there, report_id, "improve", "The shelves were full.")
        evidence = {
            "id": picture_id, "affiliate_id": there.affiliate_id, "report_id": report_id, "kind": "photo",
            "media_key": f"evidence/{picture_id.hex}", "digest": sha256(b"x"), "size_bytes": 1, "width": 1,
            "height": 1, "created_at": NOW,
        }  # fmt: skip
        await insert(there.owner, "field.evidence", evidence)
    await there.owner.execute(
        "UPDATE field.shop SET is_on_hold = true, hold_reason = $2, hold_since = $3 WHERE id = $1",
        shop_id, HoldReason.SAFETY.value, NOW,
    )  # fmt: skip
    return shop_id, picture_id


def posts(site: Site, *beginnings: str) -> list[Route]:
    """Every form of the site that is about one shop, below these addresses."""
    found = [
        route
        for route in routes_of(site.front)
        if route.method == "POST"
        and route.template.startswith(beginnings)
        and "{shop_id:uuid}" in route.template
        and not any(spared in route.template for spared in SPARED)
    ]
    assert found, beginnings
    return found


async def press_everything(
    browser: Browser, routes: list[Route], ids: Mapping[str, UUID], fields: Mapping[str, str]
) -> None:
    """Send every form once; whatever the answer, nothing of it may fail."""
    for route in routes:
        url = route.template
        for name, kind in route.parameters:
            value = str(ids.get(name, uuid4())) if kind == "uuid" else {"name": "clean", "n": "1"}.get(name, "1")
            url = url.replace(f"{{{name}:{kind}}}", value)
        answer = await browser.post(url, fields)
        assert answer.status_code < 500, (url, answer.text[:300])


@pytest.mark.parametrize(
    "state",
    [
        State.OPEN, State.OFFERED, State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.IN_REVIEW, State.RETURNED,
        State.APPROVED, State.REJECTED,
    ],
)  # fmt: skip
async def test_no_form_of_the_shoppers_changes_a_shop_on_hold(site: Site, there: ShopWorld, state: State) -> None:
    me = await there.shopper()
    shop_id, picture_id = await shop_on_hold(there, state, me)
    browser, before = await there.signed_in(site, me), await seen(there, shop_id)
    routes = posts(site, "/shopper/shops/", "/shopper/board/")
    await press_everything(browser, routes, {"shop_id": shop_id, "picture_id": picture_id}, FIELDS)
    assert await seen(there, shop_id) == before


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED, State.RELEASED, State.REJECTED]
)
@pytest.mark.parametrize("reason", [next(iter(REJECT_REASONS)), next(iter(EXCLUDE_REASONS)), "says_too_much"])
async def test_no_form_of_the_editors_changes_a_shop_on_hold(
    site: Site, there: ShopWorld, state: State, reason: str
) -> None:
    shop_id, picture_id = await shop_on_hold(there, state, await there.shopper())
    browser = await site.signed_in(there.affiliate_id, "manager")
    if state is State.IN_REVIEW:
        await there.owner.execute("UPDATE field.shop SET editor_id = $2 WHERE id = $1", shop_id, browser.account_id)
    before = await seen(there, shop_id)
    routes = [each for each in posts(site, "/reviews/", "/releases/") if not each.template.endswith("/hold")]
    ids = {"shop_id": shop_id, "picture_id": picture_id}
    await press_everything(browser, routes, ids, {**FIELDS, "reason": reason})
    assert await seen(there, shop_id) == before


@pytest.mark.parametrize("state", [State.ASSIGNED, State.IN_PROGRESS, State.RETURNED])
async def test_the_shoppers_page_says_that_it_is_on_hold_and_offers_no_way_to_change_it(
    site: Site, there: ShopWorld, state: State
) -> None:
    me = await there.shopper()
    shop_id, _ = await shop_on_hold(there, state, me)
    browser = await there.signed_in(site, me)
    page = (await browser.get(f"/shopper/shops/{shop_id}")).text
    assert ("This visit is on hold" in page, f'action="/shopper/shops/{shop_id}' in page) == (True, False)
    for place in ("1", "visit", "evidence", "check", "closed"):
        assert (await browser.get(f"/shopper/shops/{shop_id}/report/{place}")).status_code == 303


async def test_a_draft_goes_on_where_it_stood_once_the_hold_is_lifted(site: Site, there: ShopWorld) -> None:
    me = await there.shopper()
    shop_id, _ = await shop_on_hold(there, State.IN_PROGRESS, me)
    browser = await there.signed_in(site, me)
    await there.owner.execute("UPDATE field.shop SET is_on_hold = false WHERE id = $1", shop_id)
    assert (await browser.get(f"/shopper/shops/{shop_id}/report/1")).status_code == 200


async def test_an_editor_puts_a_report_on_hold_with_a_reason_and_lifts_it_again(site: Site, there: ShopWorld) -> None:
    shop_id = await there.shop("IN_REVIEW")
    await there.report(shop_id, CODED, time_in=NOW)
    editor = await site.signed_in(there.affiliate_id, "editor")
    for reason, is_held in (("because", False), ("report_in_doubt", True), ("report_in_doubt", True)):
        await editor.post(f"/reviews/{shop_id}/hold", {"reason": reason})
        row = await there.row(shop_id)
        assert (row["is_on_hold"], row["hold_reason"]) == (is_held, reason if is_held else "")
    assert "Lift the hold" in (await editor.get(f"/reviews/{shop_id}")).text
    for _ in range(2):
        await editor.post(f"/reviews/{shop_id}/lift-hold")
    assert not (await there.row(shop_id))["is_on_hold"]
    actions = [event["action"] for event in await there.events(shop_id)]
    assert (actions.count("shop.hold"), actions.count("shop.lift_hold")) == (1, 1)


async def test_what_has_come_to_its_end_is_not_put_on_hold(site: Site, there: ShopWorld) -> None:
    shop_id = await there.shop("EXCLUDED")
    await there.report(shop_id, CODED, time_in=NOW)
    editor = await site.signed_in(there.affiliate_id, "editor")
    await editor.post(f"/reviews/{shop_id}/hold", {"reason": "safety"})
    assert not (await there.row(shop_id))["is_on_hold"]
