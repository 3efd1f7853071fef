"""A mail server for this machine alone: it takes everything that a deployment without a relay sends, and keeps it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from .mailbox import keep
from .relay import Relay

log = structlog.get_logger("candour.mail")

HOST = "127.0.0.1"
TAKEN = "250 2.0.0 kept in /dev/mailbox"


class _Keeping:
    """What aiosmtpd calls for each message."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one copy for each recipient."""
        for recipient in envelope.rcpt_tos:
            keep(self._folder, recipient, envelope.original_content or b"", self._clock())
        return TAKEN


@asynccontextmanager
async def catching(folder: Path, clock: Callable[[], datetime]) -> AsyncIterator[Relay]:
    """Serve on a free port while the block lasts; yields where to send."""
    handler = _Keeping(folder, clock)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="localhost", loop=loop), HOST, 0)
    port = server.sockets[0].getsockname()[1]
    log.info("mail stays on this machine", port=port)
    try:
        yield Relay(HOST, port)
    finally:
        server.close()
