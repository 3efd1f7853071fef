"""A guideline that changes between taking a visit and beginning it is read anew first."""

from uuid import UUID, uuid4

from tests.conftest import NOW
from tests.shop_world import ShopWorld, insert
from tests.web_client import Site

from .conftest import Visit, visit_by, words_of


async def rewritten(there: ShopWorld, number: int = 2, body: str = "Order a tea. Count the seconds.") -> UUID:
    """The next version, in force at once."""
    guideline_id = uuid4()
    values = {
        "id": guideline_id, "affiliate_id": there.affiliate_id, "campaign_id": there.campaign_id, "number": number,
        "body": body, "created_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.guideline", values)
    await there.configure(guideline_id=guideline_id)
    return guideline_id


async def test_the_visit_does_not_begin_before_the_new_version_is_read(visit: Visit) -> None:
    await rewritten(visit.there)
    page = words_of(await visit.get())
    assert "The guideline has changed" in page
    assert "Start the visit" not in page
    for then in ("report", "closed"):
        assert (await visit.start(then)).headers["location"] == visit.base
        assert await visit.there.state_of(visit.shop_id) == "ASSIGNED"
    assert "Read what is new before you begin" in words_of(await visit.get())


async def test_once_it_is_read_the_visit_begins_by_it(visit: Visit) -> None:
    new = await rewritten(visit.there)
    address = f"/shopper/guidelines/{new}"
    page = await visit.browser.get(f"{address}?since={visit.there.guideline_id}&shop={visit.shop_id}")
    assert "What changed since version 1" in page.text
    assert "<del>Order a drink. Count the seconds.</del>" in page.text
    assert "<ins>Order a tea. Count the seconds.</ins>" in page.text
    noted = await visit.browser.post(f"{address}/read", {"shop": str(visit.shop_id)})
    assert noted.headers["location"] == visit.base
    assert (await visit.start()).headers["location"] == visit.at("1")
    assert (await visit.there.row(visit.shop_id))["guideline_id"] == new
    assert "Order a tea" in (await visit.browser.get(f"{visit.base}/guideline")).text


async def test_what_changed_is_told_since_the_version_that_was_read_last(visit: Visit) -> None:
    second = await rewritten(visit.there)
    await visit.browser.post(f"/shopper/guidelines/{second}/read")
    third = await rewritten(visit.there, 3, "Order a tea. Count to ten.")
    page = (await visit.browser.get(f"/shopper/guidelines/{third}?since={visit.there.guideline_id}")).text
    assert "What changed since version 2" in page
    assert "<del>Order a tea. Count the seconds.</del>" in page
    assert "drink" not in page


async def test_a_version_of_another_campaign_is_no_comparison(visit: Visit, shops: ShopWorld) -> None:
    campaign_id, _ = await shops.campaign("Other")
    values = {"id": uuid4(), "affiliate_id": shops.affiliate_id, "campaign_id": campaign_id, "number": 1,
              "body": "Another secret", "created_at": NOW}  # fmt: skip
    await insert(shops.owner, "field.guideline", values)
    await shops.owner.execute("DELETE FROM identity.guideline_reading WHERE shopper_id = $1", visit.shopper.id)
    new = await rewritten(shops)
    page = (await visit.browser.get(f"/shopper/guidelines/{new}?since={values['id']}")).text
    assert "What changed" not in page
    assert "Another secret" not in page
    assert (await visit.browser.get(f"/shopper/guidelines/{new}?since={uuid4()}")).status_code == 404
    assert (await visit.browser.get(f"/shopper/guidelines/{new}?since=nonsense")).status_code == 200


async def test_a_visit_that_has_begun_goes_on_by_what_it_began_with(visit: Visit) -> None:
    await visit.start()
    await rewritten(visit.there)
    assert "The guideline has changed" not in words_of(await visit.get())
    assert (await visit.answer(1)).status_code == 303


async def test_whoever_takes_a_visit_now_takes_it_with_the_version_in_force_and_reads_that(
    shops: ShopWorld, site: Site
) -> None:
    new = await rewritten(shops)
    visit = await visit_by(shops, site, guideline_id=new)
    unread = words_of(await visit.get())
    assert "Read the guideline first" in unread
    assert "The guideline has changed" not in unread
    assert "Start the visit" not in unread
    assert (await visit.start()).headers["location"] == visit.base
    assert "Read the guideline first, and say that you have" in words_of(await visit.get())
    assert await visit.report() is None
    read = await visit.browser.post(f"/shopper/guidelines/{new}/read", {"shop": str(visit.shop_id)})
    assert read.headers["location"] == visit.base
    assert (await visit.start()).headers["location"] == visit.at("1")


async def test_the_page_says_what_is_recorded(visit: Visit) -> None:
    assert "make no recording of sound or film" in words_of(await visit.get())
    await visit.there.configure(recording_mode="audio")
    assert "Sound, as the guideline says" in words_of(await visit.get())
