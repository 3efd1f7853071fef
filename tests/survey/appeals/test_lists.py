"""What a client's people see of all that they have contested."""

import pytest

from survey.releases import service as releases
from tests.conftest import NOW
from tests.survey.appeals.conftest import Case
from tests.web_client import Site

QUESTION = "How clean was it?"


async def test_a_stranger_is_sent_to_sign_in(site: Site) -> None:
    assert (await (await site.visitor()).get("/portal/appeals")).status_code == 303


async def test_a_sibling_store_and_another_client_read_of_no_appeal(site: Site, case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    page = (await sibling.get("/portal/appeals")).text
    assert "No appeals" in page
    assert str(appeal_id) not in page


async def test_head_office_reads_in_one_list_what_its_places_have_contested(case: Case) -> None:
    appeal_id = await case.raised()
    page = (await case.head.get("/portal/appeals")).text
    for words in (
        f'href="/portal/appeals/{appeal_id}"',
        f'href="{case.url}"',
        QUESTION,
        "Riverside",
        "November",
        "New",
    ):
        assert words in page, words
    assert "cleaned it an hour before" not in page


@pytest.mark.parametrize(
    ("event", "listed"),
    [("", {"", "open"}), ("ask_client", {"", "open", "reply"}), ("decline", {"", "over"})],
    ids=["raised", "asked", "declined"],
)
async def test_the_list_is_narrowed_to_what_waits_for_whom(case: Case, event: str, listed: set[str]) -> None:
    appeal_id = await case.raised()
    if event:
        await case.act(appeal_id, event, "Which table was it?")
    pages = {
        show: (await case.store.get(f"/portal/appeals?show={show}")).text for show in ("", "open", "reply", "over")
    }
    assert {show for show, page in pages.items() if str(appeal_id) in page} == listed


async def test_the_newest_stand_first(case: Case) -> None:
    first, second = await case.raised(), await case.raised("greeted")
    await case.one.there.owner.execute(
        "UPDATE release.appeal SET raised_at = raised_at - interval '1 day' WHERE id = $1", first
    )
    page = (await case.head.get("/portal/appeals")).text
    assert -1 < page.index(str(second)) < page.index(str(first))


async def test_an_appeal_goes_from_the_list_with_its_report(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    async with there.transaction():
        await releases.recall_shop(there.scope, case.one.shop_id, "client_asked", NOW)
    assert str(appeal_id) not in (await case.head.get("/portal/appeals")).text
