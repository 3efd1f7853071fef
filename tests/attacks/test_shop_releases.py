"""A client against reports of visits: nothing before its release, nothing withdrawn, and never who made the visit."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from survey import worker
from survey.db import Role, transaction
from survey.mail.composing import Composing, composers_of
from survey.mail.envelope import letterhead_of
from survey.mail.skeleton import message_of
from survey.promises.domain.unpacking import words_of
from survey.releases import service
from survey.settings import Settings
from survey.shops.visits.domain import CLIENT_VISIBLE, State
from survey.web.guards import Plane
from tests.attacks.crossing.addresses import PARAMETER, routes_of
from tests.conftest import NOW, World, new_affiliate
from tests.shop_world import ShopWorld, shop_world
from tests.structure.mail_samples.stage import Stage
from tests.survey.releases.shops import BAD, COMMENT, STORY, VISIT, Approved, approved, release, tell
from tests.survey.releases.viewers import viewer_with_key
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

TABLES = ("shop_report", "shop_picture", "shop_employee", "appeal", "appeal_message", "action_plan", "reshoot_wish")
REF = "SELECT report_ref FROM release.shop_report WHERE shop_id = $1"
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WISH = re.compile(r"/portal/reshoots/[0-9a-f-]{36}")
LINK = re.compile(r'(?:href|src)="(/portal/[^"#]*)')
LISTS = (
    "/portal", "/portal/reports", "/portal/shops", "/portal/shops?score=failed", "/portal/shops/overview",
    "/portal/plans", "/portal/appeals", "/portal/shops/files/csv", "/portal/shops/files/xlsx",
    "/portal/shops/files/signed.json", "/portal/shops/overview/files/signed.json",
    "/portal/shops/files/signed.zip", "/portal/shops/overview/files/signed.zip",
    "/portal/shops/overview/files/csv", "/portal/shops/overview/files/xlsx",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a client user was given, by address; workbooks and pages as bytes, unpacked."""

    answers: dict[str, bytes]

    def holding(self, words: str | bytes) -> list[str]:
        """Where the words stand."""
        wanted = (words if isinstance(words, bytes) else words.encode()).lower()
        return [url for url, content in self.answers.items() if wanted in content.lower()]


def unpacked(content: bytes) -> bytes:
    """A workbook's or a ZIP's parts one after the other, the letters of a PDF; anything else as it is."""
    if content.startswith(b"%PDF-"):
        return words_of(content)
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"\n".join(unpacked(book.read(name)) for name in book.namelist())


async def crawled(browser: Browser, known: Sequence[str]) -> Seen:
    """Every list, and everything that leads on from there; `known`: addresses that were found before."""
    waiting, answers = [*LISTS, *known], {}
    while waiting:
        url = waiting.pop()
        if url in answers:
            continue
        answer = await browser.get(url)
        answers[url] = unpacked(answer.content) + str(answer.headers).encode()
        if answer.status_code == 200 and "html" in answer.headers["content-type"]:
            waiting += [found.replace("&amp;", "&") for found in LINK.findall(answer.text)]
    return Seen(answers)


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


async def contested(site: Site, there: ShopWorld, one: Approved) -> str:
    """The report released, contested and planned for, so that everything there can be hangs on it."""
    report_ref = await release(one)
    viewer = await site.viewer(there.affiliate_id, there.client_id, there.store_id)
    fields = {"question": "clean", "issue": "other", "words": "We do not agree."}
    assert (await viewer.post(f"/portal/shops/{report_ref}/appeal", fields)).status_code == 303
    assert (await viewer.post(f"/portal/shops/{report_ref}/plan")).status_code == 303
    asked = {"reason": "other", "words": "We would like another look."}
    assert (await viewer.post(f"/portal/shops/{report_ref}/reshoot", asked)).status_code == 303
    return f"/portal/shops/{report_ref}"


async def rows_of(there: ShopWorld) -> dict[str, int]:
    """How many rows the client's own database role reads, by table: what SQL injection would get."""
    path = f"/{there.root_id.hex}/"
    async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path) as here:
        return {table: await here.fetchval(f"SELECT count(*) FROM release.{table}") for table in TABLES}


async def addresses_of(browser: Browser, url: str) -> list[str]:
    """Everything below a report's page, as somebody may have kept it."""
    page = (await browser.get(url)).text
    return [
        url,
        f"{url}/files/csv",
        f"{url}/files/xlsx",
        f"{url}/files/signed.json",
        f"{url}/files/signed.zip",
        f"{url}/files/pdf",
        f"{url}/plan",
        f"{url}/reshoot",
        *LINK.findall(page),
        *WISH.findall(page),
    ]


def forms_below(url: str, known: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Every form that hangs on a report, filled in."""
    appeal = next(address for address in known if "/appeals/" in address)
    wish = next(address for address in known if "/reshoots/" in address)
    return [
        (f"{url}/appeal", {"question": "greeted", "issue": "other", "words": "No."}),
        (f"{url}/plan", {}),
        (f"{url}/plan/write", {"event": "submit", "cause": "A", "action": "B"}),
        (appeal, {"words": "No."}),
        (f"{appeal}/move", {"event": "withdraw"}),
        (f"{url}/reshoot", {"reason": "other", "words": "No."}),
        (f"{wish}/withdraw", {}),
    ]


async def test_every_address_of_the_portal_that_names_a_row_is_tried_here(site: Site, there: ShopWorld) -> None:
    one = await approved(there)
    url = await contested(site, there, one)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    known = await addresses_of(head, url)
    tried = {IDS.sub("*", address.partition("?")[0]) for address in (*known, *dict(forms_below(url, known)))}
    routes = [route for route in routes_of(site.front) if route.access.plane is Plane.VIEWER and route.has_ids]
    assert {PARAMETER.sub("*", route.template) for route in routes} <= {*tried, "/portal/shops/*/files/*"}


@pytest.mark.parametrize("state", [state for state in State if state not in CLIENT_VISIBLE])
async def test_whatever_state_a_released_shop_falls_back_to_its_client_loses_it_at_once(
    site: Site, there: ShopWorld, state: State
) -> None:
    one = await approved(there)
    url = await contested(site, there, one)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    known = await addresses_of(head, url)
    await there.owner.execute("UPDATE field.shop SET state = $2 WHERE id = $1", one.shop_id, state.value)
    assert await rows_of(there) == dict.fromkeys(TABLES, 0)
    seen = await crawled(head, known)
    for words in (STORY, COMMENT, "78.57", "78.6", "We do not agree.", "another look", "[E1]", b"\xff\xd8\xff"):
        assert seen.holding(words) == [], words


@pytest.mark.parametrize("state", [State.RELEASED, State.CLOSED])
async def test_a_hold_hides_a_report_in_every_way_whatever_its_state(
    site: Site, there: ShopWorld, state: State
) -> None:
    one = await approved(there)
    url = await contested(site, there, one)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    known = await addresses_of(head, url)
    await there.owner.execute("UPDATE field.shop SET state = $2 WHERE id = $1", one.shop_id, state.value)
    await there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", one.shop_id)
    assert await rows_of(there) == dict.fromkeys(TABLES, 0)
    seen = await crawled(head, known)
    assert [seen.holding(words) for words in (STORY, COMMENT, "78.6", "Riverside")] == [[], [], [], []]


@pytest.mark.parametrize("state", list(State))
async def test_what_was_never_released_is_nowhere_whatever_its_state(
    site: Site, there: ShopWorld, state: State
) -> None:
    await approved(there, state.value)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    seen = await crawled(head, ())
    assert [seen.holding(words) for words in (STORY, "Riverside", "November")] == [[], [], []]
    assert await rows_of(there) == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("state", sorted(CLIENT_VISIBLE))
async def test_the_crawl_finds_what_stands(site: Site, there: ShopWorld, state: State) -> None:
    one = await approved(there)
    url = await contested(site, there, one)
    await there.owner.execute("UPDATE field.shop SET state = $2 WHERE id = $1", one.shop_id, state.value)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    seen = await crawled(head, ())
    assert url in seen.holding(STORY)
    assert f"{url}/files/csv" in seen.holding(STORY)
    assert f"{url}/files/xlsx" in seen.holding(STORY)
    assert f"{url}/files/signed.json" in seen.holding(STORY)
    assert f"{url}/files/signed.zip" in seen.holding(STORY)
    assert f"{url}/files/pdf" in seen.holding(STORY)
    assert len(seen.holding(b"\xff\xd8\xff")) == 3, "the picture, the paper that it is printed on, and its ZIP"
    assert len(seen.holding("78.6")) >= 4


async def test_neither_sibling_store_nor_another_client_nor_another_affiliate_reaches_it(
    site: Site, there: ShopWorld, superuser: asyncpg.Connection, settings: Settings
) -> None:
    one = await approved(there)
    url = await contested(site, there, one)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    known = await addresses_of(head, url)
    neighbour = await shop_world(superuser, settings, there.affiliate_id, VISIT)
    other = await shop_world(superuser, settings, (await new_affiliate("Kestrel")).affiliate_id, VISIT)
    strangers = [
        await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044")),
        await site.viewer(neighbour.affiliate_id, neighbour.client_id, neighbour.root_id),
        await site.viewer(other.affiliate_id, other.client_id, other.root_id),
    ]
    own = [address for address in known if re.search(rf"^{url}|/appeals/|/reshoots/", address)]
    assert len(own) >= 6
    for stranger in strangers:
        assert {(await stranger.get(address)).status_code for address in own} == {404}
        sent = [(await stranger.post(address, fields)).status_code for address, fields in forms_below(url, own)]
        assert sent == [404] * 7
        seen = await crawled(stranger, known)
        assert [seen.holding(words) for words in (STORY, "We do not agree.", "78.6")] == [[], [], []]


async def test_no_client_answer_file_or_picture_says_who_made_the_visit(site: Site, there: ShopWorld) -> None:
    one = await approved(there, coded=BAD)
    await contested(site, there, one)
    head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
    seen = await crawled(head, ())
    assert f"/portal/shops/{await there.owner.fetchval(REF, one.shop_id)}/files/pdf" in seen.holding(STORY)
    telling: tuple[str | bytes, ...] = (*one.telltales, one.secret)
    assert [word for word in telling if seen.holding(word)] == []


async def test_the_same_words_are_found_where_staff_read_them(site: Site, there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    editor = await site.signed_in(there.affiliate_id, "editor")
    page = (await editor.get(f"/releases/{one.shop_id}")).text
    assert one.public_ref in page
    original = await editor.get(f"/reviews/{one.shop_id}/pictures/{one.picture_id}/file")
    assert one.secret in original.content


async def test_the_alert_of_a_failed_visit_says_nothing_of_it(
    there: ShopWorld, superuser: asyncpg.Connection, settings: Settings
) -> None:
    account_id = await viewer_with_key(there, there.root_id)
    one = await approved(there, coded=BAD)
    report_ref = await release(one)
    content = await composed(Stage(there.scope, settings, superuser), account_id)
    assert f"/portal/shops/{report_ref}".encode() in content
    telling = (*one.telltales, STORY, COMMENT, "Riverside", "Failed", "allergen", "Barista Welcome")
    assert [word for word in telling if word.encode().lower() in content.lower()] == []


async def composed(stage: Stage, account_id: UUID) -> bytes:
    """The one alert to an account, as the relay would get it."""
    rows = [row for row in await stage.claimed(service.ALERT_KIND) if row.recipient_id == account_id]
    composer = composers_of(worker.MAIL)[service.ALERT_KIND]
    async with transaction(Role.WORKER, affiliate=stage.affiliate_id) as here:
        (outgoing,) = await composer(Composing(here, stage.settings, NOW), rows)
    return message_of(outgoing, letterhead_of(stage.settings), NOW, is_to_people=False).content  # type: ignore[arg-type]


async def test_the_clients_role_cannot_write_or_read_beyond_its_own(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    path = f"/{there.root_id.hex}/"
    for statement in (
        "SELECT shop_id FROM release.shop_report",
        "UPDATE release.shop_report SET withdrawn_at = NULL",
        "SELECT purge_after FROM release.shop_employee",
        "UPDATE release.appeal SET outcome = 'x'",
        "SELECT * FROM field.appeal_question",
        "SELECT * FROM field.shop",
        "DELETE FROM release.shop_tombstone",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(
                Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path
            ) as here:
                await here.execute(statement)
