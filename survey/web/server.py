"""`candour serve`: the web process."""

import logging
import signal
from types import FrameType

import uvicorn

from survey.settings import Settings

from .connections import Connection
from .logs import Relayed

WEB = "survey.app:create"
PORTAL = "survey.portal:create"
STOP_SECONDS = 15
# Longer than proxies keep an idle connection (nginx: 60), so that none is closed while a request is on its way.
KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048
DID_NOT_START = 1


def serve(settings: Settings, *, portal_only: bool = False) -> None:
    """Serve until told to stop; requests in flight are finished.

    The application reads its settings from the environment again, so `settings` must be those of the environment.
    """
    run(PORTAL if portal_only else WEB, settings.host, settings.port)


def run(target: str, host: str, port: int) -> None:
    """Serve what the function `target` makes. The server's own access log would hold paths: off.

    What proxies say of a visitor is read by `throttle.py`, which knows whom to believe.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    speaking = logging.getLogger("uvicorn")
    speaking.handlers, speaking.propagate = [Relayed()], False
    server = uvicorn.Server(
        uvicorn.Config(
            target,
            factory=True,
            interface="asgi3",
            host=host,
            port=port,
            http=Connection,
            loop="uvloop",
            ws="none",
            lifespan="on",
            workers=1,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    server.run()
    if not server.started:
        raise SystemExit(DID_NOT_START)


def _stopped(_: int, __: FrameType | None) -> None:
    """A signal before the server has begun to listen to them, or again, as uvicorn sends it, once it has stopped."""
    raise SystemExit(0)
