"""What a form has sent: limits first, then values, then files."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from survey.web.bodies import read_form, remove_files, remove_left_behind
from survey.web.forms import Disconnected, Form, Malformed, TooLarge, form_with, parse_urlencoded
from tests.conftest import World
from tests.web_client import Site

from . import sample

MULTIPART = {b"content-type": b"multipart/form-data; boundary=frontier"}
URLENCODED = {b"content-type": b"application/x-www-form-urlencoded"}


def part(disposition: str, content: bytes) -> bytes:
    """One part of a multipart body."""
    return b"--frontier\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"


class Body:
    """A body that comes in chunks; `sent` counts what was asked for."""

    def __init__(self, *chunks: bytes, is_cut: bool = False) -> None:
        self.chunks = list(chunks)
        self.is_cut = is_cut
        self.sent = 0

    async def __call__(self) -> dict[str, object]:
        self.sent += 1
        if not self.chunks:
            return {"type": "http.disconnect"}
        chunk = self.chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks) or self.is_cut}


async def read(body: Body, headers: dict[bytes, bytes], limit: int = 10_000, files_to: Path | None = None) -> Form:
    """Read a body as the middleware does."""
    return await read_form(headers, body, limit, files_to)  # type: ignore[arg-type]


async def test_a_body_that_announces_too_much_is_refused_unread() -> None:
    body = Body(b"a=1")
    with pytest.raises(TooLarge):
        await read(body, URLENCODED | {b"content-length": b"10001"})
    assert body.sent == 0


async def test_a_body_that_lies_about_its_length_is_cut_off() -> None:
    body = Body(*[b"a" * 4000] * 10)
    with pytest.raises(TooLarge):
        await read(body, URLENCODED | {b"content-length": b"5"})
    assert body.sent == 3


async def test_the_413_page_is_designed(site: Site) -> None:
    answer = await (await site.visitor()).client.post("/sample/echo", data={"text": "x" * 3000})
    assert answer.status_code == 413
    assert "That is too much" in answer.text


@pytest.mark.parametrize("body", [b"a=%00", b"a%00=1", b"a=\xff", b"a=%ff"])
async def test_what_no_browser_sends_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        await read(Body(body), URLENCODED)


async def test_too_many_fields_are_refused() -> None:
    with pytest.raises(Malformed):
        await read(Body(b"&".join([b"a=1"] * 2001)), URLENCODED)


@pytest.mark.parametrize(
    "body",
    [
        part('name="a"', b"\0") + b"--frontier--\r\n",
        part('name="a"', b"\xff") + b"--frontier--\r\n",
        b"not a multipart body",
        part('name="a"', b"cut"),
    ],
)
async def test_a_broken_multipart_body_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        await read(Body(body), MULTIPART)


async def test_a_visitor_who_goes_away_is_not_an_error_of_ours() -> None:
    with pytest.raises(Disconnected):
        await read(Body(b"a=1", is_cut=True), URLENCODED)


async def test_values_are_trimmed_and_kept_as_typed() -> None:
    form = parse_urlencoded(b"name=+Ann+&password=+pass+word+&lines=one%0D%0Atwo")
    assert (form["name"], form.exact("password"), form["lines"]) == ("Ann", " pass word ", "one\ntwo")
    assert form.values["name"] == " Ann "


async def test_repeated_fields_keep_their_order() -> None:
    form = parse_urlencoded(b"tick=b&tick=a&empty=")
    assert (form.all("tick"), form["tick"], form.all("none"), "empty" in form) == (["b", "a"], "b", [], True)


async def test_a_missing_field_is_an_empty_text() -> None:
    assert (Form()["name"], Form().get("size", "50")) == ("", "50")


def test_the_first_message_beside_a_field_stays() -> None:
    form = form_with({"name": "", "roles": ["a", "b"]})
    form.refuse("name", "Enter a name")
    form.refuse("name", "Too short")
    assert (form.errors, form.is_valid, form.all("roles")) == ({"name": "Enter a name"}, False, ["a", "b"])


async def test_both_kinds_of_form_say_the_same(site: Site) -> None:
    visitor = await site.visitor()
    fields = {"name": " Ann é ", "tick": ["a", "b"]}
    plain = (await visitor.client.post("/sample/echo", data=fields)).json()
    multipart = await visitor.client.post("/sample/echo", data=fields, files={"none": ("", b"")})
    assert plain["raw"] == {"name": [" Ann é "], "tick": ["a", "b"]}
    assert {name: values for name, values in multipart.json()["raw"].items() if name != "none"} == plain["raw"]


async def test_a_file_is_on_disk_during_the_request_and_gone_after_it(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    answer = await manager.post(
        "/sample/upload", {"note": "October"}, files={"list": ("people.csv", b"x" * 1_000_000, "text/csv")}
    )
    assert answer.json() == ["people.csv", 1_000_000, True, "October"]
    assert not sample.UPLOADS[-1].path.exists()


async def test_a_stranger_cannot_fill_the_disk(site: Site) -> None:
    before = len(sample.UPLOADS)
    answer = await (await site.visitor()).client.post("/sample/upload", files={"list": ("a", b"x" * 1000)})
    assert (answer.status_code, len(sample.UPLOADS)) == (303, before)


async def test_a_file_sent_where_none_is_taken_is_dropped(site: Site) -> None:
    answer = await (await site.visitor()).client.post("/sample/echo", files={"list": ("a.txt", b"hello")})
    assert (answer.json()["files"], answer.json()["raw"]) == ([], {})


async def test_a_broken_upload_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        await read(Body(part('name="list"; filename="a"', b"x" * 100)), MULTIPART, files_to=tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_an_upload_that_is_too_large_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        await read(Body(part('name="list"; filename="a"', b"x" * 20_000)), MULTIPART, files_to=tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_a_large_upload_does_not_grow_the_memory(tmp_path: Path) -> None:
    before = resident_bytes()
    form = await read_form(MULTIPART, _Endless(200 * 1024 * 1024), 1 << 30, tmp_path)  # type: ignore[arg-type]
    assert form.files["list"].size_bytes == 200 * 1024 * 1024
    remove_files(form)
    assert resident_bytes() - before < 30 * 1024 * 1024


def test_what_a_killed_process_left_is_removed_once_it_is_old(tmp_path: Path) -> None:
    left = tmp_path / "upload-x"
    left.write_text("a list of people")
    now = left.stat().st_mtime
    remove_left_behind(tmp_path, now + 60)
    assert left.exists()
    remove_left_behind(tmp_path, now + 24 * 60 * 60)
    assert not left.exists()


async def test_an_upload_is_for_its_own_process_alone(tmp_path: Path) -> None:
    body = part('name="list"; filename="a"', b"x") + b"--frontier--\r\n"
    form = await read(Body(body), MULTIPART, files_to=tmp_path / "uploads")
    assert form.files["list"].path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "uploads").stat().st_mode & 0o077 == 0


class _Endless:
    """A file part of so many bytes, made as it is asked for."""

    def __init__(self, count: int) -> None:
        self.messages = self._made(count)

    async def __call__(self) -> dict[str, object]:
        return await anext(self.messages)

    async def _made(self, count: int) -> AsyncIterator[dict[str, object]]:
        yield {"type": "http.request", "body": part('name="list"; filename="a"', b"")[:-2], "more_body": True}
        block = b"0123456789abcdef" * 4096
        for _ in range(count // len(block)):
            yield {"type": "http.request", "body": block, "more_body": True}
            await asyncio.sleep(0)
        yield {"type": "http.request", "body": b"\r\n--frontier--\r\n", "more_body": False}


def resident_bytes() -> int:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096
