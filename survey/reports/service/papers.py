"""A released report of a visit as a PDF, with its pictures as they were released."""

import asyncio
from pathlib import Path

from survey.media import Media, set_on_paper

from ..domain import paper
from ..domain.shops import ShopReport

SOURCE = Path(__file__).resolve().parents[3] / "templates" / "reports" / "visit.typ"
LIMIT_BYTES = 20_000_000


async def paper_of(report: ShopReport, media: Media, maker: str = "") -> bytes:
    """The PDF of a report that stands; the same report is the same file. Raises NotFound for a picture that is gone."""
    read = (media.read(each.media_key, limit_bytes=LIMIT_BYTES) for each in report.pictures)
    names = [name for name, _ in paper.picture_names(report)]
    pictures = dict(zip(names, await asyncio.gather(*read), strict=True))
    return await set_on_paper(SOURCE, paper.content_of(report, maker), pictures)
