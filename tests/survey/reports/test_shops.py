"""The client's pages about visits: what stands, below the viewer's own node, and files that hold the same."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from survey.releases import service
from survey.reports.domain import read_copy
from survey.reports.domain.shops import WaveLine, find_whole_wave
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import BAD, COMMENT, STORY, VISIT, Approved, approved, release, snapshot, tell
from tests.web_client import Browser, Site


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client whose campaign tells roles and dayparts."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


@pytest.fixture
async def head(site: Site, there: ShopWorld) -> Browser:
    """Somebody at headquarters."""
    return await site.viewer(there.affiliate_id, there.client_id, there.root_id)


async def body(browser: Browser, url: str) -> str:
    answer = await browser.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return answer.text


async def released(there: ShopWorld, **columns: Any) -> tuple[Approved, str]:
    one = await approved(there, **columns)
    return one, f"/portal/shops/{await release(one)}"


@pytest.mark.parametrize("page", ["", "/overview", "/files/csv"])
async def test_a_stranger_is_sent_to_sign_in(site: Site, page: str) -> None:
    assert (await (await site.visitor()).get(f"/portal/shops{page}")).status_code == 303


async def test_a_viewer_of_a_sibling_store_finds_nothing(site: Site, there: ShopWorld) -> None:
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    _, url = await released(there)
    files = ("csv", "xlsx", "signed.json", "signed.zip")
    for part in ("", *(f"/files/{kind}" for kind in files), "/appeal?question=greeted", "/plan"):
        assert (await sibling.get(url + part)).status_code == 404, part
    assert "Riverside" not in await body(sibling, "/portal/shops")
    assert (await sibling.get(f"/portal/shops?place={there.store_id}")).status_code == 404


async def test_the_list_leads_to_the_report(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    listed = await body(head, "/portal/shops")
    assert url in listed
    page = await body(head, url)
    for words in (
        "Riverside",
        "Barista Welcome, November",
        "morning, week 1",
        STORY,
        COMMENT,
        "[E1]",
        "Barista",
        "6.95",
    ):
        assert words in page, words


async def test_sections_stand_in_the_order_of_the_questionnaire(
    site: Site, there: ShopWorld, settings: Settings
) -> None:
    """The second section's title comes before the first's in the alphabet."""
    first, second = VISIT.sections
    turned = replace(VISIT, sections=(first, replace(second, title="Aisle")))
    other = await shop_world(there.owner, settings, there.affiliate_id, turned)
    await tell(other)
    viewer = await site.viewer(other.affiliate_id, other.client_id, other.root_id)
    _, url = await released(other)
    assert re.findall(r"<h3>(Arrival|Aisle)</h3>", await body(viewer, url)) == ["Arrival", "Aisle"]


async def test_where_there_is_no_survey_the_portal_begins_with_the_visits(head: Browser, there: ShopWorld) -> None:
    assert "There is no report yet" in await body(head, "/portal")
    await released(there)
    answer = await head.get("/portal")
    assert (answer.status_code, answer.headers["location"]) == (303, "/portal/shops/overview")
    assert "No visits to show" not in await body(head, answer.headers["location"])


async def test_of_a_capped_score_the_client_reads_why_its_sections_come_to_more(
    head: Browser, there: ShopWorld
) -> None:
    words = "held lower here by an answer that fails the visit"
    _, failed = await released(there, coded=BAD)
    assert words in await body(head, failed)
    _, good = await released(there)
    assert words not in await body(head, good)


async def test_a_failed_visit_is_marked_in_the_list(head: Browser, there: ShopWorld) -> None:
    await released(there, coded=BAD)
    assert "Failed" in await body(head, "/portal/shops?score=failed")


async def test_the_url_narrows_the_list(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    other = await there.wave("December")
    assert url in await body(head, f"/portal/shops?wave={there.wave_id}&place={there.region_id}&score=middle")
    assert url not in await body(head, "/portal/shops?score=low")
    assert (await head.get(f"/portal/shops?wave={other}")).status_code == 404


async def test_a_file_of_the_report_holds_what_the_page_shows(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    answer = await head.get(f"{url}/files/csv")
    assert answer.status_code == 200
    for words in (STORY, COMMENT, "Were you greeted?", "Riverside"):
        assert words in answer.text
    workbook = await head.get(f"{url}/files/xlsx")
    assert workbook.content.startswith(b"PK")
    said = read_copy((await head.get(f"{url}/files/signed.json")).content, there.settings.known_token_keys)
    cells = {cell for table in said.tables for row in table.rows for cell in row}
    assert {STORY, COMMENT} <= cells
    assert url.rpartition("/")[2] in " ".join(said.lines)
    assert (await head.get(f"{url}/files/docx")).status_code == 404


async def test_the_list_is_paged_and_its_file_is_the_same_page(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    assert "Riverside" in (await head.get("/portal/shops/files/csv")).text
    assert (await head.get("/portal/shops/files/xlsx")).content.startswith(b"PK")
    assert url.rpartition("/")[2] not in (await head.get("/portal/shops/files/csv?score=low")).text


async def test_the_overview_adds_up_what_the_viewer_may_read(head: Browser, there: ShopWorld) -> None:
    earlier = await there.wave("October", starts_on=NOW.date().replace(month=10))
    await released(there, wave_id=earlier, coded=BAD)
    await released(there)
    page = await body(head, "/portal/shops/overview")
    for words in ("Score by wave", "October", "Score by section", "Arrival", "Locations", "Visits by score"):
        assert words in page, words
    assert "since October" in page


async def test_the_overview_is_a_file_too(head: Browser, there: ShopWorld) -> None:
    await released(there)
    text = (await head.get("/portal/shops/overview/files/csv")).text
    assert "Score by section" in text
    assert "Riverside (CK-031)" in text


async def test_an_overview_without_visits_says_so(head: Browser) -> None:
    assert "No visits to show" in await body(head, "/portal/shops/overview")


async def test_a_picture_comes_redacted_through_its_own_door(head: Browser, there: ShopWorld) -> None:
    one, url = await released(there)
    stands = await snapshot(one)
    picture_id = await there.owner.fetchval("SELECT id FROM release.shop_picture WHERE report_id = $1", stands["id"])
    answer = await head.get(f"{url}/pictures/{picture_id}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert one.secret not in answer.content
    assert (await head.get(f"{url}/pictures/{one.picture_id}")).status_code == 404


async def test_a_withdrawn_report_says_that_it_was_and_when(head: Browser, there: ShopWorld) -> None:
    one, url = await released(there)
    async with there.transaction():
        await service.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    answer = await head.get(url)
    assert answer.status_code == 410
    assert "withdrawn on 22 November 2026" in answer.text
    assert STORY not in answer.text
    assert "Withdrawn" in await body(head, "/portal/shops")


async def test_survey_reports_lead_to_visits_where_there_are_some(head: Browser, there: ShopWorld) -> None:
    assert "/portal/shops/overview" not in await body(head, "/portal/reports")
    await released(there)
    assert "/portal/shops/overview" in await body(head, "/portal/reports")


async def test_the_overview_leads_to_what_was_answered_to_one_question(head: Browser, there: ShopWorld) -> None:
    await released(there, coded=BAD)
    overview = await body(head, "/portal/shops/overview")
    found = re.search(r'href="(/portal/shops/overview/question\?question=allergen[^"]*)"', overview)
    assert found
    page = await body(head, unescape(found[1]))
    assert "Points lost" in page
    assert "Riverside" in page


async def test_a_question_that_was_not_asked_is_not_found(head: Browser, there: ShopWorld) -> None:
    await released(there)
    assert (await head.get("/portal/shops/overview/question?question=nobody-asked")).status_code == 404
    assert (await head.get("/portal/shops/overview/question")).status_code == 404


async def test_a_viewer_of_a_sibling_store_reads_no_answer(site: Site, there: ShopWorld) -> None:
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    await released(there, coded=BAD)
    assert (await sibling.get("/portal/shops/overview/question?question=greeted")).status_code == 404


async def test_a_wave_begins_with_what_changed_since_the_one_before_in_words(head: Browser, there: ShopWorld) -> None:
    earlier = await there.wave("October", starts_on=NOW.date().replace(month=10))
    await released(there, wave_id=earlier, coded=BAD)
    await released(there)
    page = await body(head, "/portal/shops/overview")
    assert "The score is 78.6: 78.6 points higher than in October." in page
    assert "“How clean was it?” earned least: 50 of 100 points." in page


async def test_a_wave_that_has_only_begun_is_told_of_beside_the_one_before(head: Browser, there: ShopWorld) -> None:
    earlier = await there.wave("October", starts_on=NOW.date().replace(month=10))
    for _ in range(3):
        await released(there, wave_id=earlier)
    await released(there, coded=BAD)
    page = await body(head, "/portal/shops/overview")
    assert '<p class="quiet">Barista Welcome, October</p>' in page
    assert f'November has begun: <a href="/portal/shops/overview?wave={there.wave_id}">1 visit so far</a>' in page
    chosen = await body(head, f"/portal/shops/overview?wave={there.wave_id}")
    assert "has begun" not in chosen
    assert "Barista Welcome, November</p>" in chosen


async def test_a_wave_of_another_campaign_that_has_only_begun_is_told_of_by_its_whole_name(
    head: Browser, there: ShopWorld
) -> None:
    await released(there)
    today = NOW.date()
    campaign_id, began = await there.campaign("Night Watch")
    before = await there.wave("Summer", campaign_id=campaign_id, starts_on=today - timedelta(days=60))
    for _ in range(3):
        await released(there, campaign_id=campaign_id, wave_id=before)
    await there.owner.execute("UPDATE field.wave SET starts_on = $2 WHERE id = $1", began, today + timedelta(days=1))
    await released(there, campaign_id=campaign_id, wave_id=began)
    page = await body(head, "/portal/shops/overview")
    assert '<p class="quiet">Barista Welcome, November</p>' in page
    assert re.search(rf'Night Watch, [^<]+ has begun: <a href="/portal/shops/overview\?wave={began}">1 visit so', page)


def wave_line(visits: int, campaign_id: UUID, month: int) -> WaveLine:
    return WaveLine(uuid4(), campaign_id, "Barista Welcome", str(month), date(2026, month, 1), Decimal(80), visits)


def test_the_newest_wave_with_half_the_visits_of_the_one_before_stands_for_itself() -> None:
    one, other, today = uuid4(), uuid4(), date(2026, 11, 22)
    begun, whole, first = wave_line(4, one, 11), wave_line(5, one, 10), wave_line(10, one, 9)
    assert find_whole_wave([begun, whole, first], today) is begun
    assert find_whole_wave([wave_line(2, one, 11), whole, first], today) is whole
    firstling = wave_line(1, other, 11)
    assert find_whole_wave([firstling, whole, first], today) is firstling
    assert find_whole_wave([], today) is None


@pytest.mark.parametrize(
    ("earlier", "last_day_begun"),
    [(10, date(2026, 12, 30)), (8, date(2027, 3, 1)), (1, date(2027, 3, 1))],
    ids=["monthly", "quarterly", "after a pause"],
)
def test_a_smaller_wave_stands_for_itself_once_the_time_for_its_other_visits_is_over(
    earlier: int, last_day_begun: date
) -> None:
    campaign_id = uuid4()
    smaller, before = wave_line(2, campaign_id, 11), wave_line(10, campaign_id, earlier)
    assert find_whole_wave([smaller, before], last_day_begun) is before
    assert find_whole_wave([smaller, before], last_day_begun + timedelta(days=1)) is smaller


async def test_a_first_wave_is_compared_with_nothing(head: Browser, there: ShopWorld) -> None:
    await released(there)
    page = await body(head, "/portal/shops/overview")
    assert "The score is 78.6. “How clean" in page
    assert "So few visits show moments" in page
    assert ">Before<" not in page[page.index("Score by question") :].partition("</table>")[0]


async def test_a_location_in_the_ranking_leads_to_its_visit(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    page = await body(head, "/portal/shops/overview")
    assert f'<a href="{url}">Riverside</a>' in page


async def test_a_location_with_several_visits_leads_to_all_of_them(head: Browser, there: ShopWorld) -> None:
    await released(there)
    await released(there)
    wanted = f"/portal/shops?wave={there.wave_id}&amp;place={there.store_id}"
    assert f'<a href="{wanted}">Riverside</a>' in await body(head, "/portal/shops/overview")
    assert (await body(head, unescape(wanted))).count("Riverside</a>") == 2


async def test_a_visit_begins_with_the_answers_that_lost_points(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there, coded=BAD)
    page = await body(head, url)
    lost = page[page.index("Where points were lost") : page.index("What was seen")]
    assert re.findall(r'<a href="#(\w+)">', lost) == ["allergen", "clean"]


async def test_a_filter_that_finds_nothing_says_so(head: Browser, there: ShopWorld) -> None:
    await released(there)
    assert "No visit like this" in await body(head, "/portal/shops?score=low")


async def test_what_each_question_earned_follows_from_the_snapshot_whoever_writes_it(there: ShopWorld) -> None:
    report_ref = await release(await approved(there))
    row = "SELECT question_ids, question_shares, section_titles, section_scores FROM release.shop_report"
    found = await there.owner.fetchrow(f"{row} WHERE report_ref = $1", report_ref)
    assert dict(zip(found["question_ids"], found["question_shares"], strict=True)) == {
        "greeted": 1.0, "clean": 0.5, "allergen": 1.0,
    }  # fmt: skip
    assert found["section_titles"] == ["Arrival", "Store"]
    assert found["section_scores"] == [Decimal(100), Decimal(75)]
    await there.owner.execute(
        "UPDATE release.shop_report SET snapshot = '{\"sections\": [], \"answers\": []}', question_shares = '{1}'"
        " WHERE report_ref = $1",
        report_ref,
    )
    changed = await there.owner.fetchrow(f"{row} WHERE report_ref = $1", report_ref)
    assert [list(each) for each in changed.values()] == [[], [], [], []]
