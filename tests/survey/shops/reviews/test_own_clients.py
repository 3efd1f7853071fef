"""An editor who works for one of two clients: what is flagged all the same, and what no page tells."""

from uuid import UUID

import pytest

from survey.db import Role, Transaction, transaction
from survey.shops.reviews.service.flagging import flag
from tests.conftest import NOW
from tests.shop_world import ShopWorld, shop_world
from tests.survey.shops.reviews.conftest import PLAIN, Desk, photo, reported
from tests.web_client import Site


@pytest.fixture
async def others(desk: Desk) -> ShopWorld:
    """Another client of the same company, for which the editor does not work."""
    there = await shop_world(desk.there.owner, desk.settings, desk.there.affiliate_id)
    await there.owner.execute("UPDATE field.client SET name = 'Hidden Harbour' WHERE id = $1", there.client_id)
    return there


def within(desk: Desk) -> Transaction:
    """A transaction as the limited editor's pages open it."""
    return transaction(Role.STAFF, affiliate=desk.there.affiliate_id, clients=[desk.there.client_id])


async def flags_of(desk: Desk, shop_id: UUID) -> list[str]:
    """Look the report through as the limited editor; what was found."""
    async with within(desk):
        await flag(desk.there.scope, desk.settings, shop_id, NOW)
    found: list[str] = await desk.there.owner.fetchval("SELECT flags FROM field.review WHERE shop_id = $1", shop_id)
    return found


async def test_a_copy_of_another_clients_report_is_flagged_and_not_said_where_from(
    site: Site, desk: Desk, others: ShopWorld
) -> None:
    story = "The very same long story about the very same shelf, told twice and word for word."
    hidden, hidden_report = await reported(others, desk.shopper, story, public_ref="HIDDEN-1")
    await desk.picture(content=photo("red"), report_id=hidden_report, look=77)
    async with desk.transaction():
        await flag(desk.there.scope, desk.settings, hidden, NOW)
    assert not {"same_picture", "same_text"} & set(await flags_of(desk, desk.shop_id)), "flagged anyhow: no proof"
    await desk.write("improve", story)
    await desk.picture(content=photo("blue"), look=77)
    assert {"same_picture", "same_text"} <= set(await flags_of(desk, desk.shop_id))
    editor = await site.limited(desk.there.affiliate_id, "editor", desk.there.client_id)
    page = (await editor.get(desk.base)).text
    assert "Looks like a picture of another report" in page
    assert ("HIDDEN-1" in page, str(hidden) in page) == (False, False)
    assert "HIDDEN-1" in await desk.page(), "who works for both is not led there either: no proof"


async def test_the_queue_and_its_counts_hold_the_own_client_alone(site: Site, desk: Desk, others: ShopWorld) -> None:
    hidden, _ = await reported(others, desk.shopper, PLAIN, public_ref="HIDDEN-1")
    editor = await site.limited(desk.there.affiliate_id, "editor", desk.there.client_id)
    page = await editor.get("/reviews")
    assert page.status_code == 200
    assert str(desk.shop_id) in page.text
    assert not [secret for secret in ("HIDDEN-1", "Hidden Harbour", str(hidden)) if secret in page.text]
    assert (await editor.get(f"/reviews/{hidden}")).status_code == 404
    assert (await editor.post(f"/reviews/{hidden}/pick-up")).status_code == 404


async def test_grades_show_the_whole_mean_and_the_own_clients_reports_alone(
    site: Site, desk: Desk, others: ShopWorld
) -> None:
    for there, grade in ((desk.there, 10), (others, 4)):
        shop_id, _ = await reported(there, desk.shopper, PLAIN)
        await there.owner.execute("UPDATE field.shop SET state = 'APPROVED', grade = $2 WHERE id = $1", shop_id, grade)
    await desk.there.owner.execute("UPDATE identity.shopper SET grade_tenths = 70 WHERE id = $1", desk.shopper.id)
    whole = await site.signed_in(desk.there.affiliate_id, "scheduler")
    limited = await site.limited(desk.there.affiliate_id, "scheduler", desk.there.client_id)
    address = f"/shoppers/{desk.shopper.id}/grades"
    assert "Grade 4 of 10" in (await whole.get(address)).text
    page = (await limited.get(address)).text
    assert ("7.0" in page, "Grade 10 of 10" in page, "Grade 4 of 10" in page) == (True, True, False)
    assert "The grade counts reports for every client" in page
    assert "Counted from" not in page
