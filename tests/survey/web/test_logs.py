"""The log holds no secret: planted ones are looked for in every line that a run writes."""

import json
import logging
from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
import structlog

from privacy.tokens import Purpose, sign
from survey.web.logs import WITHHELD, Relayed, configure_logs, scrubbed
from tests.conftest import World
from tests.web_client import Site

SECRET = "planted7secret"
ADDRESS = f"{SECRET}@person.test"


class Written:
    """The lines of the log."""

    def __init__(self) -> None:
        self.file = BytesIO()

    @property
    def text(self) -> str:
        """Everything."""
        return self.file.getvalue().decode()

    @property
    def lines(self) -> list[dict[str, object]]:
        """One object a line."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """Everything that is logged while the test runs, as the real processes write it."""
    catching = Written()
    configure_logs(catching.file)
    yield catching
    structlog.reset_defaults()


async def test_a_line_holds_route_method_status_and_time(site: Site, written: Written) -> None:
    await (await site.visitor()).get(f"/sample/thing/{uuid4()}")
    (line,) = written.lines
    assert line.pop("ms") > 0  # type: ignore[operator]
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "route": "/sample/thing/{thing_id}",
        "method": "GET",
        "status": 200,
    }


async def test_secrets_in_path_query_headers_body_and_method_are_not_logged(
    site: Site, world: World, written: Written
) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    token = sign(site.settings.token_keys, Purpose.SURVEY, uuid4())
    headers = {"x-forwarded-for": "203.0.113.77", "user-agent": SECRET, "hx-current-url": f"https://x/{SECRET}",
               "cookie": f"other={SECRET}", "referer": f"https://x/{SECRET}", "accept": SECRET}  # fmt: skip
    for url in (f"/sample/link/{token}", f"/sample/link/{SECRET}", f"/{SECRET}", f"/sample/open?q={SECRET}",
                f"/static/{SECRET}", f"/sample/fault/{SECRET}", f"/sample/thing/{SECRET}"):  # fmt: skip
        await manager.get(url, headers=headers)
    await manager.post("/sample/client", {"name": ADDRESS, "status": "303"})
    await manager.post("/sample/client", {"name": ADDRESS, "status": "500"})
    await manager.post("/sample/swallow", {"name": ADDRESS})
    await manager.client.post("/sample/echo", content=SECRET * 400)
    await manager.client.request(SECRET, "/sample/open")
    for forbidden in (SECRET, token, "person.test", "203.0.113", str(manager.account_id)):
        assert forbidden not in written.text
    assert len(written.lines) > 8


async def test_an_unforeseen_error_is_logged_by_kind_and_place(site: Site, written: Written) -> None:
    await (await site.visitor()).get("/sample/fault/bug")
    found = written.lines[0]
    assert (found["event"], found["kind"], found["route"]) == (
        "unhandled",
        "builtins.RuntimeError",
        "/sample/fault/{kind}",
    )
    assert "fault" in str(found["where"])
    assert SECRET not in written.text


async def test_an_error_past_the_last_fence_is_logged_without_its_words(
    site: Site, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> None:
        raise RuntimeError(ADDRESS)

    monkeypatch.setattr(site.front, "rooms", (("/", failing),))
    answer = await (await site.visitor()).get("/sample/open")
    assert (answer.status_code, answer.headers["referrer-policy"]) == (500, "no-referrer")
    assert [line["event"] for line in written.lines] == ["broken", "request"]
    assert SECRET not in written.text


@pytest.mark.parametrize("name", ["body", "token", "email", "url", "cookies", "headers", "path_params"])
def test_a_field_that_must_not_be_logged_is_withheld(written: Written, name: str) -> None:
    structlog.get_logger("x").info("said", **{name: SECRET})
    assert written.lines[0][name] == WITHHELD


@pytest.mark.parametrize(
    "text",
    [
        f"no account for {ADDRESS}",
        f"GET /s/{'a' * 22}.{'b' * 22}",
        "refused 203.0.113.77:80",
        "from 2001:db8::8a2e:370:7334",
    ],
)
def test_addresses_and_tokens_inside_a_text_are_withheld(text: str) -> None:
    assert WITHHELD in scrubbed(text)
    assert not any(part in scrubbed(text) for part in (SECRET, "aaaa", "203.0.113", "2001:db8"))


def test_a_plain_text_is_left_alone() -> None:
    assert scrubbed("worker started, 12 jobs at 10:30:15") == "worker started, 12 jobs at 10:30:15"


def test_of_an_error_that_a_library_logs_only_the_kind_is_written(written: Written) -> None:
    library = logging.getLogger("library")
    library.addHandler(handler := Relayed())
    try:
        raise RuntimeError(ADDRESS)
    except RuntimeError:
        library.exception("refused %s", ADDRESS)
    finally:
        library.removeHandler(handler)
    (line,) = written.lines
    assert (line["level"], line["logger"], line["kind"]) == ("error", "library", "RuntimeError")
    assert SECRET not in written.text
