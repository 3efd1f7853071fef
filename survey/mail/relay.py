"""One connection to the relay. The calls are made one by one, so that it is always known how far a message has come."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException
from aiosmtplib.protocol import SMTPProtocol

from .domain import Phase, Reply

TIMEOUT_SECONDS = 60
LONGEST_IDLE_SECONDS = 20
MESSAGES_A_CONNECTION = 200
STARTTLS_PORT = 587
TLS_PORT = 465
LOOPBACK = ("127.0.0.1", "::1", "localhost")

ACCEPTED = 250
WILL_FORWARD = 251
START_INPUT = 354

# What a connection may die of. SMTPResponseException among them is an answer that makes no sense.
BROKEN = (SMTPException, OSError, asyncio.TimeoutError)


class BadRelay(ValueError):
    """SMTP_URL is not the address of a relay."""


class Answered(Exception):
    """The relay did not take the message, or did not answer. Carries what it said, and prints only the codes."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.label)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over. wants_starttls None: where the relay offers it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False
    wants_starttls: bool | None = None


def relay_of(url: str) -> Relay:
    """From SMTP_URL. A password never travels in clear, except to this very machine. Raises BadRelay."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadRelay("SMTP_URL looks like smtp://user:password@host:587 or smtps://host")
    is_tls = parts.scheme == "smtps"
    username = unquote(parts.username) if parts.username else None
    needs_tls = username is not None and parts.hostname not in LOOPBACK
    return Relay(
        parts.hostname,
        parts.port or (TLS_PORT if is_tls else STARTTLS_PORT),
        username,
        unquote(parts.password) if parts.password else None,
        is_tls,
        None if is_tls or not needs_tls else True,
    )


class Line:
    """A connection that is opened when it is wanted and replaced when it is old, idle or broken."""

    def __init__(self, relay: Relay, own_name: str) -> None:
        self._relay = relay
        self._own_name = own_name
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._messages = 0
        self._takes_size = False

    async def open(self) -> None:
        """Be connected. Raises Answered in the phase CONNECT."""
        client = self._client
        if client is not None and client.is_connected:
            if self._messages < MESSAGES_A_CONNECTION and monotonic() - self._used_at < LONGEST_IDLE_SECONDS:
                return
            await self.close()
        self._client = await self._connected()
        self._takes_size = self._client.supports_extension("size")
        self._messages, self._used_at = 0, monotonic()

    @property
    def is_encrypted(self) -> bool:
        """Whether what is said on the open connection travels by TLS."""
        return self._client is not None and self._client.get_transport_info("sslcontext") is not None

    async def _connected(self) -> aiosmtplib.SMTP:
        relay = self._relay
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.username,
            password=relay.password,
            use_tls=relay.is_tls,
            start_tls=None if relay.is_tls else relay.wants_starttls,
            local_hostname=self._own_name,
            timeout=TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except SMTPResponseException as error:
            client.close()
            raise Answered(Reply(Phase.CONNECT, error.code, error.message)) from None
        except BROKEN:
            client.close()
            raise Answered(Reply(Phase.CONNECT)) from None
        return client

    async def begin(self, sender: bytes, recipient: bytes, size_bytes: int) -> None:
        """MAIL and RCPT. Raises Answered; after a refusal the line is ready for the next message."""
        size = (b"SIZE=%d" % size_bytes,) if self._takes_size else ()
        await self._say(Phase.MAIL, b"MAIL", b"FROM:<" + sender + b">", *size)
        await self._say(Phase.RCPT, b"RCPT", b"TO:<" + recipient + b">")

    async def deliver(self, content: bytes) -> str:
        """DATA, the message, the dot. Returns the relay's words. Raises Answered: DOT if no answer came after it."""
        await self._say(Phase.DATA, b"DATA")
        stuffed = content.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        phase = Phase.DATA
        try:
            protocol = self._protocol
            protocol.write(stuffed)
            phase = Phase.DOT
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await protocol.read_response()
        except BROKEN:
            self.drop()
            raise Answered(Reply(phase)) from None
        self._used_at = monotonic()
        self._messages += 1
        if answer.code != ACCEPTED:
            raise Answered(Reply(Phase.DATA, answer.code, answer.message))
        return answer.message

    async def reset(self) -> None:
        """Forget the message that was begun."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._protocol.execute_command(b"RSET")
        except BROKEN:
            self.drop()

    async def close(self) -> None:
        """Say good-bye."""
        if self._client is None:
            return
        try:
            await self._client.execute_command(b"QUIT", timeout=2)
        except BROKEN:
            pass
        finally:
            self.drop()

    def drop(self) -> None:
        """Cut the line without a word."""
        if self._client is not None:
            self._client.close()
        self._client = None

    @property
    def _protocol(self) -> SMTPProtocol:
        """aiosmtplib's conversation itself: its client would set two timers and take two locks for each command."""
        if self._client is None or self._client.protocol is None:
            raise ConnectionError("the line is not open")
        return self._client.protocol

    async def _say(self, phase: Phase, *words: bytes) -> None:
        """One command, whose answer must be the one that goes on."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await self._protocol.execute_command(*words)
        except BROKEN:
            self.drop()
            raise Answered(Reply(phase)) from None
        good = (START_INPUT,) if words[0] == b"DATA" else (ACCEPTED, WILL_FORWARD)
        if answer.code in good:
            return
        if answer.code == 421:
            self.drop()
        else:
            await self._forget(phase)
        raise Answered(Reply(phase, answer.code, answer.message))

    async def _forget(self, phase: Phase) -> None:
        # After a refusal at MAIL nothing was begun.
        if phase is not Phase.MAIL:
            await self.reset()
