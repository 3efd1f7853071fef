"""One report of a visit on paper: what the page shows, for whoever reads it, and nothing of who made it."""

import re
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from survey.media import media_of
from survey.promises.domain.unpacking import words_of
from survey.releases import service as releases
from survey.reports import queries, service
from survey.reports.domain.paper import content_of
from survey.reports.domain.shops import FAIRNESS
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import BAD, COMMENT, SCORING, STORY, VISIT, Approved, approved, release, tell
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


async def released(there: ShopWorld, **columns: Any) -> tuple[Approved, str]:
    one = await approved(there, **columns)
    return one, f"/portal/shops/{await release(one)}"


async def noticed(there: ShopWorld) -> None:
    """Let the campaign name staff, who were told."""
    notice_id = uuid4()
    values: dict[str, object] = {
        "id": notice_id, "affiliate_id": there.affiliate_id, "client_id": there.client_id,
        "told_on": NOW.date().replace(month=5, day=3), "body": "Mystery visits are made here.", "channel": "handbook",
        "attested_by": "Head of retail", "recorded_by": there.client_id, "recorded_at": NOW,
    }  # fmt: skip
    columns, marks = ", ".join(values), ", ".join(f"${at}" for at in range(1, len(values) + 1))
    statement = f"INSERT INTO field.staff_notice ({columns}, jurisdictions) VALUES ({marks}, '{{GB}}')"
    await there.owner.execute(statement, *values.values())
    await there.configure(scoring=SCORING, employee_id_mode="name", staff_notice_id=notice_id)


async def test_a_viewer_of_a_sibling_store_gets_no_paper(site: Site, there: ShopWorld) -> None:
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    _, url = await released(there)
    assert (await sibling.get(f"{url}/files/pdf")).status_code == 404


async def test_a_withdrawn_report_is_no_paper_any_more(head: Browser, there: ShopWorld) -> None:
    one, url = await released(there)
    async with there.transaction():
        await releases.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    answer = await head.get(f"{url}/files/pdf")
    assert answer.status_code == 410
    assert not answer.content.startswith(b"%PDF-")


async def test_the_paper_is_an_accessible_pdf_whose_metadata_names_nobody(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    answer = await head.get(f"{url}/files/pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert re.search(r'filename="[a-z0-9-]*riverside\.pdf"', answer.headers["content-disposition"])
    everything = words_of(answer.content)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in everything
    assert b"/Title(Visit to Riverside)" in everything
    assert b"/Lang(en-GB)" in everything
    assert not re.search(rb"/Author|dc:creator|xmp:CreateDate", everything)


async def test_the_paper_says_what_the_page_says(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there, coded=BAD)
    everything = words_of((await head.get(f"{url}/files/pdf")).content).decode("utf-8", "ignore")
    wanted = (
        STORY, COMMENT, "Riverside (CK-031)", "Barista Welcome, November", "morning, week 1", "This visit failed.",
        "USD 6.95", "[E1]", url.rpartition("/")[2], "Released on", "22 November 2026", "One visit shows one moment.",
    )  # fmt: skip
    assert [words for words in wanted if words not in everything] == []


async def test_the_paper_shows_the_redacted_picture_and_never_the_original(head: Browser, there: ShopWorld) -> None:
    one, url = await released(there)
    body = (await head.get(f"{url}/files/pdf")).content
    assert b"\xff\xd8\xff" in body
    assert b"/Alt" in words_of(body)
    assert one.secret not in body


async def test_the_same_report_is_the_same_file(head: Browser, there: ShopWorld) -> None:
    _, url = await released(there)
    first, second = [(await head.get(f"{url}/files/pdf")).content for _ in range(2)]
    assert first == second


async def test_what_somebody_typed_is_set_and_never_run(there: ShopWorld, settings: Settings) -> None:
    one = await approved(there)
    report_ref = await release(one)
    spelt = "jsonb_set(snapshot, '{answers,0,comment}', '\"#panic(1) $x$ 王\"')"
    await there.owner.execute(f"UPDATE release.shop_report SET snapshot = {spelt} WHERE report_ref = $1", report_ref)
    async with there.transaction():
        report = await queries.shop_in(there.scope.__class__(there.affiliate_id, client_id=there.client_id), report_ref)
    assert "#panic(1)" in str(content_of(report)["answers"])
    assert (await service.paper_of(report, media_of(settings))).startswith(b"%PDF-")
    paper = words_of(await service.paper_of(report, media_of(settings), "Kestrel & daughters #panic(2)"))
    assert (b"Made by" in paper, b"Made by" in words_of(await service.paper_of(report, media_of(settings)))) == (
        True,
        False,
    )
    assert ["Made by", "Kestrel"] in content_of(report, "Kestrel")["facts"]  # type: ignore[operator]


@pytest.mark.parametrize("part", ["", "/files/csv"])
async def test_page_and_file_say_that_one_visit_disciplines_nobody(head: Browser, there: ShopWorld, part: str) -> None:
    _, url = await released(there)
    text = (await head.get(url + part)).text
    assert FAIRNESS in text
    assert "staff were told" not in text


@pytest.mark.parametrize("part", ["", "/files/csv", "/files/signed.json", "/files/pdf"])
async def test_where_staff_are_named_the_notice_to_them_stands_beside(
    head: Browser, there: ShopWorld, part: str
) -> None:
    await noticed(there)
    _, url = await released(there)
    everything = words_of((await head.get(url + part)).content).decode("utf-8", "ignore")
    assert "Tamsin Vale" in everything
    assert "staff were told of mystery visits on 3 May 2026, in the" in everything
    assert "Head of retail" in everything


async def test_until_when_an_answer_may_be_contested_is_told_by_the_clock_of_the_place(
    head: Browser, there: ShopWorld
) -> None:
    await there.owner.execute("UPDATE field.location SET time_zone = 'America/New_York' WHERE id = $1", there.store_id)
    _, url = await released(there)
    assert re.search(r"Until \d+ \w+ 2026, \d\d:\d\d \(New York time\)", (await head.get(url)).text)
