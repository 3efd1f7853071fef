"""Opening workbooks in a process of their own: a hostile one can take any amount of memory, or end the process."""

import asyncio
import os
import sys
from pathlib import Path

from ..domain import NO_WORKBOOK, Unreadable
from ..domain.workbooks import UNREADABLE

PROGRAM = "survey.contacts.domain.workbooks"
SECONDS = 180


async def text_of_workbook(workbook: Path, text: Path) -> str:
    """Write a workbook's first sheet to `text`; what staff should know of it. Raises Unreadable."""
    # Isolated, and without our environment: what breaks out of the reader finds no secrets there.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", PROGRAM, str(workbook), str(text),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        raise Unreadable(NO_WORKBOOK) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == UNREADABLE:
        raise Unreadable(said.decode())
    if process.returncode != 0:
        raise Unreadable(NO_WORKBOOK)
    return said.decode()
