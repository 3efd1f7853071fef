"""Words and pictures set as an accessible PDF. All of them arrive as data: nothing that somebody has typed is run."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
import typst

MAIN = "main.typ"
ACCESSIBLE: Literal["ua-1"] = "ua-1"  # ISO 14289-1


async def set_on_paper(
    source: Path, content: Mapping[str, object], pictures: Mapping[str, bytes] | None = None
) -> bytes:  # fmt: skip
    """The PDF of a template, whose metadata names nobody. Set in a thread: others need not wait.

    content: what the template reads as JSON; pictures: JPEGs by the file names that the content says.
    """
    return await asyncio.to_thread(_set, source, msgspec.json.encode(content).decode(), pictures or {})


def _set(template: Path, content: str, pictures: Mapping[str, bytes]) -> bytes:
    # A folder of their own, that nothing else can be read from, and that goes with the call.
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / MAIN).write_bytes(template.read_bytes())
        for file_name, picture in pictures.items():
            (folder / file_name).write_bytes(picture)
        try:
            return _compiled(folder, content, ACCESSIBLE)
        except typst.TypstError:
            # A name in a script that the bundled fonts do not have: readable for most is better than for nobody.
            return _compiled(folder, content, None)


def _compiled(folder: Path, content: str, standard: Literal["ua-1"] | None) -> bytes:
    # Without a date of its own, the same words are the same file.
    return typst.compile(
        folder / MAIN, root=folder, format="pdf", ignore_system_fonts=True, sys_inputs={"content": content},
        pdf_standards=standard, timestamp=0,
    )  # fmt: skip
