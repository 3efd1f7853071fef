"""One web process for a benchmark: `python -m bench.site survey.app:create 8123`, served as `candour serve` does."""

import sys

from granian import Granian
from granian.constants import Interfaces, Loops

if __name__ == "__main__":
    Granian(
        sys.argv[1], factory=True, address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.ASGI,
        loop=Loops.uvloop, workers=1, log_access=False, websockets=False,
    ).serve()  # fmt: skip
