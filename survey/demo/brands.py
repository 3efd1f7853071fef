"""How the companies of the demo world look: a colour and a drawn logo each, all invented."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw

from survey.affiliates import service as affiliates
from survey.db import Role, Scope, transaction

from .cast import BEACON, NORTHLIGHT
from .stage import Stage

WIDTH, HEIGHT = 1700, 320  # drawn large, so that edges are smooth when it is made small
LETTERS = 215
DAYS_AGO = 117


@dataclass(frozen=True, slots=True)
class Looks:
    """A company's colour and telephone, and what draws its sign."""

    accent: str
    phone: str
    words: str
    sign: Callable[[ImageDraw.ImageDraw, str], None]


def _star(draw: ImageDraw.ImageDraw, colour: str) -> None:
    """A north star above a line: the horizon."""
    points = [(160, 30), (182, 128), (280, 150), (182, 172), (160, 270), (138, 172), (40, 150), (138, 128)]
    draw.polygon(points, fill=colour)
    draw.rectangle((40, 284, 280, 294), fill=colour)


def _lighthouse(draw: ImageDraw.ImageDraw, colour: str) -> None:
    """A tower with its lamp, and two beams."""
    draw.polygon([(132, 110), (188, 110), (206, 294), (114, 294)], fill=colour)
    draw.rectangle((128, 64, 192, 100), fill=colour)
    draw.polygon([(122, 60), (160, 26), (198, 60)], fill=colour)
    draw.polygon([(206, 74), (296, 44), (296, 120), (206, 92)], fill=colour)
    draw.polygon([(114, 74), (24, 44), (24, 120), (114, 92)], fill=colour)


LOOKS: Mapping[str, Looks] = {
    NORTHLIGHT.slug: Looks("3d4fa3", "+1 555 010 0142", "Northlight", _star),
    BEACON.slug: Looks("9a3412", "+44 131 496 0177", "Beacon", _lighthouse),
}


async def wear(stage: Stage, slug: str, administrator: Scope) -> None:
    """Let a company look as it would like to."""
    looks, now = LOOKS[slug], stage.day(DAYS_AGO)
    async with transaction(Role.STAFF, affiliate=administrator.affiliate_id):
        present = await affiliates.appearance_in(administrator)
        wanted = replace(present, accent=looks.accent, contact_phone=looks.phone)
        await affiliates.change_appearance(administrator, wanted, now)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "logo.png"
            file.write_bytes(drawn(looks))
            await affiliates.set_logo(administrator, stage.settings, (file, file.stat().st_size), now)


def drawn(looks: Looks) -> bytes:
    """The logo as a PNG: the sign, and the company's first name beside it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    looks.sign(draw, f"#{looks.accent}")
    draw.text((310, 158), looks.words, fill=f"#{looks.accent}", anchor="lm", font_size=LETTERS)
    right = draw.textbbox((310, 158), looks.words, anchor="lm", font_size=LETTERS)[2]
    written = BytesIO()
    picture.crop((0, 0, round(right) + 20, HEIGHT)).save(written, "PNG")
    return written.getvalue()
