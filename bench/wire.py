"""A browser reduced to its wire: one kept-alive HTTP/1.1 connection, so that the client costs next to nothing."""

import asyncio
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, where it leads, and the body's size."""

    status: int
    location: str
    size_bytes: int


class Wire:
    """`async with Wire(port) as wire: await wire.get("/")`."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> "Wire":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    async def get(self, path: str) -> Answer:
        """GET a page; anything but 200 is a mistake of the benchmark."""
        answer = await self._ask(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        if answer.status != 200:
            raise RuntimeError(f"GET answered {answer.status}")
        return answer

    async def post(self, path: str, body: bytes) -> Answer:
        """POST a form; it must be kept."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        answer = await self._ask(head.encode() + body)
        if answer.status != 303:
            raise RuntimeError(f"POST answered {answer.status}")
        return answer

    async def _ask(self, request: bytes) -> Answer:
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        fields = (line.partition(": ") for line in head.split("\r\n")[1:-2])
        headers = {name.lower(): value for name, _, value in fields}
        size = int(headers.get("content-length", "0"))
        await self.reader.readexactly(size)
        return Answer(status, headers.get("location", ""), size)
