"""A place that closes: who decides about its shops, whom it is told, and that nobody is sent there meanwhile."""

from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling import service
from tests.conftest import NOW
from tests.shop_world import ShopWorld, moment
from tests.web_client import Browser, Clock, Site

from .effects import form_of, preview, send, text_of
from .test_telling import asked_for, composed, given_earlier

STATES = ("DRAFT", "OPEN", "OFFERED", "ASSIGNED", "IN_PROGRESS")


@pytest.fixture
async def manager(site: Site, shops: ShopWorld) -> Browser:
    """alice's manager, signed in."""
    return await site.signed_in(shops.affiliate_id, "manager")


async def _page(manager: Browser, shops: ShopWorld) -> HTMLParser:
    return HTMLParser((await manager.get(f"/locations/{shops.store_id}")).text)


async def _cancelled(manager: Browser, shops: ShopWorld, settings: Settings, clock: Clock) -> None:
    """Follow the button of the place's page to its end."""
    (form,) = (await _page(manager, shops)).css('form[action="/shops/bulk/preview"]')
    fields = {str(each.attributes["name"]): each.attributes["value"] for each in form.css("input[name]")}
    answer = await manager.post("/shops/bulk/preview", {k: v for k, v in fields.items() if k != "csrf"})
    await send(manager, form_of(answer.text))
    await service.carry_out_waiting(settings.keyring, moment(hours=0.1))


async def test_nobody_is_given_or_offered_a_shop_there_whatever_is_set_aside(
    manager: Browser, shops: ShopWorld
) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper(display_code="S-ROBIN")
    asked = await shops.application(shop_id, robin)
    await manager.post(f"/locations/{shops.store_id}/close")
    for kind in ("assign", "offer"):
        fields = {"kind": kind, "ids": str(shop_id), "shopper": "S-ROBIN", "override": "1", "override_reason": "I know"}
        assert "1 skipped: the place is closed" in await preview(manager, fields)
    answer = await manager.post(f"/shops/applications/{asked}/approve", {"override_reason": "I know"})
    assert answer.status_code == 422
    assert "The place is closed: nobody is sent there" in answer.text
    assert await shops.state_of(shop_id) == "OPEN"


async def test_no_offer_goes_out_by_itself_to_a_closed_place(shops: ShopWorld, manager: Browser) -> None:
    shop_id = await shops.shop()
    await shops.shopper()
    await manager.post(f"/locations/{shops.store_id}/pause")
    await manager.post(f"/shops/{shop_id}/offers")
    await service.go_on_offering(moment(hours=1))
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_place_that_is_open_says_nothing_of_its_shops(manager: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    assert "out there" not in (await _page(manager, shops)).text()


@pytest.mark.parametrize(("act", "later"), [("close", ""), ("pause", "once it is open again, they go on")])
async def test_whoever_closes_a_place_sees_what_is_out_there_and_decides(
    manager: Browser, shops: ShopWorld, act: str, later: str
) -> None:
    for state in (*STATES, "SUBMITTED", "CANCELLED"):
        await shops.shop(state)
    await manager.post(f"/locations/{shops.store_id}/{act}")
    said = text_of((await manager.get(f"/locations/{shops.store_id}")).text)
    assert "5 shops are out there Somebody has 3 of them, or an offer." in said
    assert later in said
    assert [await shops.owner.fetchval("SELECT count(*) FROM field.shop WHERE state = $1 AND affiliate_id = $2",
                                       state, shops.affiliate_id) for state in STATES] == [1] * 5  # fmt: skip


async def test_its_shops_are_cancelled_in_one_act_without_a_mark_and_are_at_risk_no_more(
    manager: Browser, shops: ShopWorld, settings: Settings, clock: Clock
) -> None:
    ids = [await shops.shop(state, due_at=moment(-1)) for state in ("OPEN", "OFFERED", "ASSIGNED", "IN_PROGRESS")]
    elsewhere = await shops.shop(location_id=await shops.location("ELSE"))
    await manager.post(f"/locations/{shops.store_id}/close")
    assert "Place closed" in (await manager.get("/shops/risk")).text
    await _cancelled(manager, shops, settings, clock)
    assert [await shops.state_of(each) for each in (*ids, elsewhere)] == ["CANCELLED"] * 4 + ["OPEN"]
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shop_id = ANY($1::uuid[])", ids) == 0
    assert "Place closed" not in (await manager.get("/shops/risk")).text
    reason = await shops.owner.fetchval(
        "SELECT detail ->> 'reason' FROM ledger.event WHERE object_id = $1 AND action = 'shop.cancel'", ids[0]
    )
    assert reason == "place_closed"


async def test_holders_hear_that_the_place_has_closed_and_that_the_visit_is_off(
    manager: Browser, shops: ShopWorld, settings: Settings, clock: Clock
) -> None:
    shop_id = await shops.shop("ASSIGNED", public_ref="NL-7F3K", planned_on=NOW.date())
    await given_earlier(shops, shop_id)
    await manager.post(f"/locations/{shops.store_id}/close")
    await service.tell(settings, moment(hours=0.2))
    assert await asked_for(shops, "shop-taken-back") == []
    await _cancelled(manager, shops, settings, clock)
    await service.tell(settings, moment(hours=0.2))
    (said,) = await composed(shops, settings, "shop-taken-back")
    assert said.startswith("A visit is off: the place has closed")
    assert "NL-7F3K" in said
    assert await _has_way_out(shops)


async def test_what_is_cancelled_at_an_open_place_is_told_as_ever(shops: ShopWorld, settings: Settings) -> None:
    shop_id = await shops.shop("ASSIGNED")
    await given_earlier(shops, shop_id)
    await shops.owner.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE id = $1", shop_id)
    await shops.owner.execute(
        "UPDATE identity.assignment SET state = 'taken_back', ended_at = $2 WHERE shop_id = $1", shop_id, NOW
    )
    await service.tell(settings, NOW)
    (said,) = await composed(shops, settings, "shop-taken-back")
    assert said.startswith("A shop is no longer yours")


async def _has_way_out(shops: ShopWorld) -> bool:
    link: UUID | None = await shops.owner.fetchval(
        "SELECT opt_out_link_id FROM ops.delivery WHERE affiliate_id = $1 AND kind = 'shop-taken-back'",
        shops.affiliate_id,
    )
    return link is not None
