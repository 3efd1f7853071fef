"""`candour serve`: the web process."""

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from survey.settings import Settings

WEB = "survey.app:create"
PORTAL = "survey.portal:create"
STOP_SECONDS = 15


def serve(settings: Settings, *, portal_only: bool = False) -> None:
    """Serve until told to stop; requests in flight are finished. The server's own access log would hold paths: off.

    The worker process reads its settings from the environment again, so `settings` must be those of the environment.
    """
    Granian(
        PORTAL if portal_only else WEB,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()
