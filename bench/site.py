"""One web process for a benchmark: `python -m bench.site survey.app:create 8123`, served as `candour serve` does."""

import sys

from survey.web.server import run

if __name__ == "__main__":
    run(sys.argv[1], "127.0.0.1", int(sys.argv[2]))
