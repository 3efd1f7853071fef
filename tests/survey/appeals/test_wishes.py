"""A client asks for another visit: relayed like an appeal, answered by a manager, and nothing else follows from it."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from survey.appeals import service
from survey.appeals.domain import (
    WISH_ANSWERED_KIND,
    WISHED_KIND,
    WISHES,
    WishEvent,
    WishState,
    WrongWishState,
    wish_after,
)
from survey.db import Role, transaction
from tests.conftest import NOW, new_affiliate
from tests.outbox import Mail, mails
from tests.shop_world import insert, update
from tests.survey.appeals.conftest import Case
from tests.survey.appeals.test_relaying import looks
from tests.survey.releases.viewers import manager_with_key, viewer_with_key
from tests.web_client import Browser, Site

WORDS = "The counter was closed for works that day."
ANSWER = "We will look at it again."
ASKED = {"reason": "not_representative", "words": WORDS}
YES = {
    "answer": "yes", "first": f"{NOW + timedelta(days=2):%Y-%m-%d}", "last": f"{NOW + timedelta(days=9):%Y-%m-%d}",
    "fee": "15.50", "payer": "client", "words": ANSWER,
}  # fmt: skip
NO = {"answer": "no", "no": "The place was open: the receipt says so."}


async def wished(case: Case) -> UUID:
    """A wish of the store's manager, as the ledger knows it."""
    assert (await case.store.post(f"{case.url}/reshoot", ASKED)).status_code == 303
    await service.take_in(NOW)
    found: UUID = await case.one.there.owner.fetchval(
        "SELECT id FROM release.reshoot_wish WHERE report_ref = $1 AND state = 'ASKED'", case.report_ref
    )
    return found


async def manager_of(site: Site, case: Case) -> Browser:
    """Somebody who may answer."""
    return await site.signed_in(case.one.there.affiliate_id, "manager")


async def state_of(case: Case, wish_id: UUID) -> str:
    """Where a wish stands."""
    found: str = await case.one.there.owner.fetchval("SELECT state FROM release.reshoot_wish WHERE id = $1", wish_id)
    return found


async def actions_of(case: Case, wish_id: UUID) -> list[str]:
    """What the ledger says of a wish."""
    rows = await case.one.there.owner.fetch(
        "SELECT action FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at, id", wish_id
    )
    return [row["action"] for row in rows]


async def new_shops(case: Case) -> list[asyncpg.Record]:
    """Shops in the place of the one that the client has read of."""
    rows: list[asyncpg.Record] = await case.one.there.owner.fetch(
        "SELECT s.id, s.state, s.fee_cents, s.public_ref FROM field.reshoot r JOIN field.shop s ON s.id = r.shop_id"
        " WHERE r.origin_id = $1",
        case.one.shop_id,
    )
    return rows


def test_what_is_answered_or_withdrawn_stays_so() -> None:
    for state in set(WishState) - {WishState.ASKED}:
        for event in WishEvent:
            with pytest.raises(WrongWishState):
                wish_after(state, event)


def test_every_state_of_a_wish_is_reached() -> None:
    assert {WishState.ASKED, *WISHES.values()} == set(WishState)


async def test_a_sibling_store_can_neither_ask_nor_withdraw(site: Site, case: Case) -> None:
    there = case.one.there
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    assert (await sibling.get(f"{case.url}/reshoot")).status_code == 404
    assert (await sibling.post(f"{case.url}/reshoot", ASKED)).status_code == 404
    wish_id = await wished(case)
    assert (await sibling.get(f"/portal/reshoots/{wish_id}")).status_code == 404
    assert (await sibling.post(f"/portal/reshoots/{wish_id}/withdraw")).status_code == 404
    assert await state_of(case, wish_id) == "ASKED"


async def test_another_affiliates_manager_finds_no_wish(site: Site, case: Case) -> None:
    wish_id = await wished(case)
    stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "manager")
    assert (await stranger.get(f"/appeals/reshoots/{wish_id}")).status_code == 404
    assert (await stranger.post(f"/appeals/reshoots/{wish_id}", NO)).status_code == 404
    assert "Riverside" not in (await stranger.get("/appeals/reshoots")).text


async def test_an_editor_reads_a_wish_and_does_not_answer_it(case: Case) -> None:
    wish_id = await wished(case)
    assert WORDS in (await case.editor.get(f"/appeals/reshoots/{wish_id}")).text
    assert (await case.editor.post(f"/appeals/reshoots/{wish_id}", NO)).status_code in (403, 404)
    assert await state_of(case, wish_id) == "ASKED"


@pytest.mark.parametrize("fields", [{"reason": "x"}, {"words": ""}, {"words": "x" * 2001}])
async def test_an_incomplete_wish_is_refused_and_keeps_what_was_typed(case: Case, fields: dict[str, str]) -> None:
    answer = await case.store.post(f"{case.url}/reshoot", ASKED | fields)
    assert answer.status_code == 422
    assert (ASKED | fields)["words"][:40] in answer.text


async def test_the_clients_own_role_can_neither_grant_a_wish_nor_see_whose_shop_it_is(case: Case) -> None:
    wish_id, there = await wished(case), case.one.there
    for statement in (
        f"UPDATE release.reshoot_wish SET state = 'GRANTED' WHERE id = '{wish_id}'",
        f"UPDATE release.reshoot_wish SET payer = 'affiliate' WHERE id = '{wish_id}'",
        "SELECT 1 FROM field.reshoot",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(
                Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=f"/{there.root_id.hex}/"
            ) as here:
                await here.execute(statement)


async def test_asking_twice_is_once_and_on_record_without_words(case: Case) -> None:
    wish_id = await wished(case)
    assert await wished(case) == wish_id
    assert await actions_of(case, wish_id) == ["wish.raised"]
    assert WORDS not in str(await case.one.there.owner.fetch("SELECT detail FROM ledger.event"))


async def test_a_wish_stands_beside_the_appeals_and_beside_the_report(case: Case) -> None:
    wish_id = await wished(case)
    assert "1 waits for an answer" in (await case.editor.get("/appeals")).text
    assert f"/appeals/reshoots/{wish_id}" in (await case.editor.get("/appeals/reshoots")).text
    page = (await case.store.get(case.url)).text
    assert "Being looked at" in page
    assert "Ask for another visit" not in page


async def test_a_yes_opens_a_shop_with_its_own_fee_and_the_client_reads_who_pays_and_no_more(
    site: Site, case: Case
) -> None:
    wish_id, manager = await wished(case), await manager_of(site, case)
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", YES)).status_code == 303
    [made] = await new_shops(case)
    assert (made["state"], made["fee_cents"]) == ("OPEN", 1550)
    page = (await case.store.get(case.url)).text
    assert f"{ANSWER} It is on your account." in page
    for secret in (made["public_ref"], str(made["id"]), "15.50", str(case.one.shopper.id)):
        assert secret not in page
    assert await actions_of(case, wish_id) == ["wish.raised", "wish.grant"]


async def test_a_yes_changes_neither_grade_nor_pay_nor_the_report(site: Site, case: Case) -> None:
    one, owner = case.one, case.one.there.owner
    await insert(owner, "identity.pay_item", {
        "affiliate_id": one.there.affiliate_id, "shop_id": one.shop_id, "shopper_id": one.shopper.id,
        "client_id": one.there.client_id, "kind": "full", "fee_cents": 1200, "reimbursement_cents": 0,
        "bonus_cents": 0, "currency": "USD", "state": "PAYABLE", "visited_on": NOW.date(), "promised_on": NOW.date(),
    })  # fmt: skip
    look = (
        "SELECT s.state, s.fee_cents, s.grade, r.version, r.score, r.withdrawn_at, i.state AS pay, i.fee_cents AS fee"
        " FROM field.shop s JOIN release.shop_report r ON r.shop_id = s.id"
        " JOIN identity.pay_item i ON i.shop_id = s.id WHERE s.id = $1"
    )
    before = await owner.fetchrow(look, one.shop_id)
    assert before["grade"] == 8
    manager = await manager_of(site, case)
    assert (await manager.post(f"/appeals/reshoots/{await wished(case)}", YES)).status_code == 303
    assert await owner.fetchrow(look, one.shop_id) == before


async def test_answering_twice_opens_one_shop(site: Site, case: Case) -> None:
    wish_id, manager = await wished(case), await manager_of(site, case)
    for answer in (YES, YES, NO):
        assert (await manager.post(f"/appeals/reshoots/{wish_id}", answer)).status_code == 303
    assert len(await new_shops(case)) == 1
    assert await state_of(case, wish_id) == "GRANTED"


async def test_a_report_is_made_anew_once(site: Site, case: Case) -> None:
    manager = await manager_of(site, case)
    await manager.post(f"/appeals/reshoots/{await wished(case)}", YES)
    assert (await case.store.post(f"{case.url}/reshoot", ASKED)).status_code == 303
    count = "SELECT count(*) FROM release.reshoot_wish WHERE report_ref = $1"
    assert await case.one.there.owner.fetchval(count, case.report_ref) == 1


@pytest.mark.parametrize(
    ("fields", "opened"),
    [
        (YES | {"last": "2020-01-01"}, 0),
        (YES | {"last": "2020-01-01", "cover": "words"}, 1),
        (NO | {"no": "", "cover": "no"}, 0),
    ],
    ids=["no-window", "no-window-covered", "no-words"],
)
async def test_an_answer_that_is_refused_leaves_the_looks_on_record_that_it_took(
    site: Site, case: Case, fields: dict[str, str], opened: int
) -> None:
    wish_id, manager, before = await wished(case), await manager_of(site, case), await looks(case)
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", fields)).status_code == 422
    assert await looks(case) == before + opened


@pytest.mark.parametrize(
    "fields", [{"first": ""}, {"last": "2020-01-01"}, {"fee": "much"}, {"payer": "nobody"}, {"words": ""}]
)
async def test_a_yes_without_its_terms_opens_nothing(site: Site, case: Case, fields: dict[str, str]) -> None:
    wish_id, manager = await wished(case), await manager_of(site, case)
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", YES | fields)).status_code == 422
    assert (await new_shops(case), await state_of(case, wish_id)) == ([], "ASKED")


async def test_a_no_is_read_beside_the_report_and_may_be_asked_again(site: Site, case: Case) -> None:
    wish_id, manager = await wished(case), await manager_of(site, case)
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", NO | {"no": ""})).status_code == 422
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", NO)).status_code == 303
    assert NO["no"] in (await case.store.get(case.url)).text
    assert await actions_of(case, wish_id) == ["wish.raised", "wish.decline"]
    assert await wished(case) != wish_id


async def test_a_withdrawn_wish_is_on_record_and_cannot_be_answered(site: Site, case: Case) -> None:
    wish_id, manager = await wished(case), await manager_of(site, case)
    for _ in range(2):
        assert (await case.store.post(f"/portal/reshoots/{wish_id}/withdraw")).status_code == 303
    await service.take_in(NOW)
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", YES)).status_code == 303
    assert (await new_shops(case), await state_of(case, wish_id)) == ([], "WITHDRAWN")
    assert await actions_of(case, wish_id) == ["wish.raised", "wish.withdrawn"]


async def _told(case: Case, kind: str) -> list[Mail]:
    settings = case.one.there.settings
    await service.tell_wishes(settings, NOW)
    return await mails(settings, case.one.there.affiliate_id, kind)


async def test_the_answer_is_told_once_to_whoever_reads_the_place_and_without_content(site: Site, case: Case) -> None:
    there = case.one.there
    viewer_id = await viewer_with_key(there, there.store_id)
    await viewer_with_key(there, await there.location("CK-044"))
    wish_id, manager = await wished(case), await manager_of(site, case)
    await manager.post(f"/appeals/reshoots/{wish_id}", NO)
    (told,) = await _told(case, WISH_ANSWERED_KIND)
    assert told.recipient_id == viewer_id
    assert f"{there.settings.base_url}/portal/reshoots/{wish_id}" in told.text
    assert told.way_out in told.text
    for secret in (WORDS, NO["no"], "Riverside", "CK-031", "Barista"):
        assert secret not in told.text
    assert await _told(case, WISH_ANSWERED_KIND) == []


async def test_the_link_of_the_mail_leads_to_the_report(case: Case) -> None:
    answer = await case.store.get(f"/portal/reshoots/{await wished(case)}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{case.url}#reshoot")


async def test_managers_hear_of_a_wish_once_and_without_content(case: Case) -> None:
    there = case.one.there
    manager_id = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    elsewhere = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await update(there.owner, "identity.account", elsewhere, {"is_limited": True})
    await viewer_with_key(there, there.store_id)
    wish_id = await wished(case)
    told = {mail.recipient_id: mail for mail in await _told(case, WISHED_KIND)}
    assert set(told) == {manager_id}
    assert f"{there.settings.base_url}/appeals/reshoots/{wish_id}" in told[manager_id].text
    assert told[manager_id].way_out in told[manager_id].text
    assert WORDS not in told[manager_id].text
    assert await _told(case, WISHED_KIND) == []


async def test_a_wish_that_was_answered_before_the_mail_went_out_is_not_told(site: Site, case: Case) -> None:
    there = case.one.there
    await manager_with_key(there.owner, there.settings, there.affiliate_id)
    wish_id, manager = await wished(case), await manager_of(site, case)
    await service.tell_wishes(there.settings, NOW)
    await manager.post(f"/appeals/reshoots/{wish_id}", NO)
    (held_back,) = await mails(there.settings, there.affiliate_id, WISHED_KIND)
    assert held_back.withheld
