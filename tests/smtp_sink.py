"""A mail server that takes everything, counts it, and can be told to misbehave. Nothing leaves it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

GREETING = b"220 sink ESMTP\r\n"
FEATURES = b"250-sink\r\n250-SIZE 10000000\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n"
OK = b"250 2.0.0 ok\r\n"
GO_ON = b"354 go on\r\n"
BYE = b"221 2.0.0 bye\r\n"
END = b"\r\n.\r\n"
HANG_UP = b""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.I | re.M)

Answer = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was accepted."""

    recipient: str
    message_id: str
    content: bytes


def _yes(_: str) -> bytes | None:
    return None


@dataclass
class Sink:
    """What the server has seen. Answers are asked for a recipient (at MAIL: the sender); None accepts, HANG_UP cuts.

    keeps_content: whether the bytes of messages are kept, or only who and which.
    """

    greets: Callable[[], bytes] = lambda: GREETING
    at_mail: Answer = _yes
    at_rcpt: Answer = _yes
    at_data: Answer = _yes
    at_dot: Answer = _yes
    keeps_content: bool = True
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    on_taken: Callable[[Taken], None] = lambda _: None
    port: int = 0

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order."""
        return [one.recipient for one in self.taken]

    def session(self) -> asyncio.Protocol:
        """For create_server: one connection."""
        return _Session(self)

    @property
    def url(self) -> str:
        """For SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


class _Session(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = b""
        self.recipient = ""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sink.connections += 1
        self._answer(self.sink.greets())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.transport.is_closing() and self._step():
            pass

    def _step(self) -> bool:
        if self.in_data:
            content, dot, rest = self.buffer.partition(END)
            if not dot:
                return False
            self.buffer, self.in_data = rest, False
            self._taken(content)
            return True
        line, end, rest = self.buffer.partition(b"\r\n")
        if not end:
            return False
        self.buffer = rest
        self._command(line)
        return True

    def _taken(self, content: bytes) -> None:
        refusal = self.sink.at_dot(self.recipient)
        if refusal is None:
            found = _MESSAGE_ID.search(content)
            kept = content if self.sink.keeps_content else b""
            taken = Taken(self.recipient, found[1].decode() if found else "", kept)
            self.sink.taken.append(taken)
            self.sink.on_taken(taken)
        self._answer(OK if refusal is None else refusal)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._answer(FEATURES)
        elif verb == b"MAIL":
            self._decide(self.sink.at_mail(_address(line)), OK)
        elif verb == b"RCPT":
            self.recipient = _address(line)
            self._decide(self.sink.at_rcpt(self.recipient), OK)
        elif verb == b"DATA":
            refusal = self.sink.at_data(self.recipient)
            self.in_data = refusal is None
            self._decide(refusal, GO_ON)
        else:
            self._answer(BYE if verb == b"QUIT" else OK)

    def _decide(self, refusal: bytes | None, good: bytes) -> None:
        self._answer(good if refusal is None else refusal)

    def _answer(self, words: bytes) -> None:
        if words == HANG_UP:
            self.transport.close()
        else:
            self.transport.write(words)


def _address(line: bytes) -> str:
    return line[line.index(b"<") + 1 : line.index(b">")].decode()


@asynccontextmanager
async def serving(sink: Sink) -> AsyncIterator[Sink]:
    """Serve on a free port of this machine."""
    server = await asyncio.get_running_loop().create_server(sink.session, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
