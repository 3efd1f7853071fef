"""A run without Chromium says so in its last line, so that nobody takes skipped journeys for journeys made."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
JOURNEY = "tests/journeys/test_first_study.py"
LINE = "browser journeys skipped because there is no Chromium: "


def last_line(*arguments: str) -> str:
    """What a run of pytest ends with where no Chromium can be found."""
    environment = os.environ | {"PATH": ""}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[-1]


def test_a_run_without_chromium_counts_the_journeys_that_it_skipped() -> None:
    assert last_line(JOURNEY) == f"{LINE}28"


def test_a_run_that_skipped_no_journey_says_so_too() -> None:
    assert last_line("tests/privacy/test_errors.py") == f"{LINE}0"
