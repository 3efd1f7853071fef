"""A port for a server that a test starts."""

import random
import socket
from contextlib import suppress

LENT_FROM = 32_768  # Linux lends what is above to whoever connects: before the server is up, somebody may have it


def free_port() -> int:
    """A port that nobody has, and that no connection of this machine gets by itself."""
    while True:
        port = random.randrange(20_000, LENT_FROM)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
