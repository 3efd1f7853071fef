"""The mailbox is there where nobody is real, shows every message, and lets none of them do anything."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from survey.app import build
from survey.mail.mailbox import Caught, folder_of, keep
from survey.mail.skeleton import message_of
from survey.settings import Environment, Settings
from survey.web.front import Front
from tests.survey.mail.letters import LETTERHEAD, NOW, invitation

ABSENT = (Environment.TEST, Environment.PRODUCTION)


@pytest.fixture(scope="module")
def demo(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A demo with a mailbox of its own."""
    return replace(settings, environment=Environment.DEMO, data_path=tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def front(demo: Settings) -> Front:
    """The demo's site, put together once."""
    return build(demo)


@pytest.fixture
async def visitor(demo: Settings, front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Anybody, before an empty mailbox."""
    shutil.rmtree(folder_of(demo), ignore_errors=True)
    async with _visiting(front) as client:
        yield client


def _visiting(front: Front) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=front)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="https://testserver.local")


def _caught(settings: Settings, to: str = "ann@example.test", minutes: int = 0) -> Caught:
    message = message_of(invitation(to), LETTERHEAD, NOW, is_to_people=True)
    return keep(folder_of(settings), to, message.content, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("environment", ABSENT)
async def test_where_people_are_real_there_is_no_mailbox(demo: Settings, environment: Environment) -> None:
    id_ = _caught(demo).id
    async with _visiting(build(replace(demo, environment=environment))) as visitor:
        pages = ("", ".json", f"/{id_}", f"/{id_}.eml", f"/{id_}/html")
        answers = [await visitor.get("/dev/mailbox" + page) for page in pages]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("id_", ["0" * 24, "x", "..%2f..%2fsecrets.json", "index.jsonl"])
async def test_nothing_but_a_message_can_be_had(visitor: httpx.AsyncClient, demo: Settings, id_: str) -> None:
    _caught(demo)
    for page in ("", ".eml", "/html"):
        assert (await visitor.get(f"/dev/mailbox/{id_}{page}")).status_code == 404


def test_other_users_of_the_machine_cannot_read_the_mailbox(demo: Settings) -> None:
    folder_of(demo).mkdir(mode=0o755, exist_ok=True)
    _caught(demo)
    assert folder_of(demo).stat().st_mode & 0o077 == 0


async def test_an_empty_mailbox_says_so(visitor: httpx.AsyncClient) -> None:
    assert "Nothing here yet" in (await visitor.get("/dev/mailbox")).text
    assert (await visitor.get("/dev/mailbox.json")).json() == []


async def test_scripts_get_every_message_the_newest_first(visitor: httpx.AsyncClient, demo: Settings) -> None:
    first, second = _caught(demo), _caught(demo, "bob@example.test", minutes=1)
    answer = await visitor.get("/dev/mailbox.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == [
        {
            "id": second.id,
            "to": "bob@example.test",
            "subject": "How was your visit?",
            "sent_at": "2026-11-22T09:31:00Z",
        },
        {"id": first.id, "to": "ann@example.test", "subject": "How was your visit?", "sent_at": "2026-11-22T09:30:00Z"},
    ]
    only = await visitor.get("/dev/mailbox.json", params={"to": "bob@example.test"})
    assert [caught["id"] for caught in only.json()] == [second.id]


async def test_scripts_get_a_message_as_it_was_sent(visitor: httpx.AsyncClient, demo: Settings) -> None:
    answer = await visitor.get(f"/dev/mailbox/{_caught(demo).id}.eml")
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.content.startswith(b"From: ")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in answer.content


async def test_the_list_has_pages(visitor: httpx.AsyncClient, demo: Settings) -> None:
    for number in range(51):
        _caught(demo, f"r{number}@example.test", minutes=number)
    first = (await visitor.get("/dev/mailbox")).text
    assert "r50@example.test" in first
    assert "r0@example.test" not in first
    address = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "r0@example.test" in (await visitor.get(address)).text


async def test_a_message_is_shown_in_each_of_its_ways(visitor: httpx.AsyncClient, demo: Settings) -> None:
    id_ = _caught(demo).id
    html, text, source = [
        (await visitor.get(f"/dev/mailbox/{id_}?view={view}")).text for view in ("html", "text", "source")
    ]
    assert f'src="/dev/mailbox/{id_}/html"' in html
    assert "Hello Zoë &lt;b&gt;&amp;," in text
    assert "Content-Transfer-Encoding: quoted-printable" in source


async def test_the_html_of_a_message_can_do_nothing(visitor: httpx.AsyncClient, demo: Settings) -> None:
    answer = await visitor.get(f"/dev/mailbox/{_caught(demo).id}/html")
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert '<base target="_blank">' in answer.text


async def test_only_the_page_of_a_message_may_hold_a_frame(visitor: httpx.AsyncClient, demo: Settings) -> None:
    (framing,) = (await visitor.get(f"/dev/mailbox/{_caught(demo).id}")).headers.get_list("content-security-policy")
    (plain,) = (await visitor.get("/dev/mailbox")).headers.get_list("content-security-policy")
    assert "frame-src 'self'" in framing
    assert "script-src 'self'" in framing
    assert "frame-src" not in plain
