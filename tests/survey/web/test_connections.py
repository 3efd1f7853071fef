"""What a connection may send before there is a request: a head of some size, within some time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from litestar.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from survey.web import connections
from survey.web.connections import HEAD_BYTES, Connection
from survey.web.page import TEXT, Page

START = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """The least of applications: it reads the body and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))  # type: ignore[arg-type]
        more = bool(message.get("more_body"))
    await Page(b"%d" % length, media=TEXT)(scope, receive, send)


@asynccontextmanager
async def connected() -> AsyncIterator[Streams]:
    """A visitor on a connection of ours."""
    config = Config(answering, log_config=None, lifespan="off", proxy_headers=False)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(config, ServerState(), {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def test_a_head_without_end_is_refused() -> None:
    async with connected() as (reader, writer):
        writer.write(START + b"X-Long: ")
        for _ in range(2):
            await asyncio.sleep(0.1)
            writer.write(b"a" * (HEAD_BYTES // 2 + 1))
        answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"connection: close" in answer


@pytest.mark.parametrize("sent", [b"", START])
async def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with connected() as (reader, writer):
        writer.write(sent)
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_the_head_of_a_second_request_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with connected() as (reader, writer):
        writer.write(START + b"\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.write(START)
        assert await asyncio.wait_for(reader.read(), 5) == b"0"


async def test_a_body_may_be_larger_and_slower_than_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with connected() as (reader, writer):
        writer.write(START + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (3 * HEAD_BYTES))
        for _ in range(3):
            writer.write(b"a" * HEAD_BYTES)
            await asyncio.sleep(0.15)
        assert (await asyncio.wait_for(reader.read(), 5)).endswith(b"\r\n\r\n%d" % (3 * HEAD_BYTES))
