"""Reports of the demo's mystery shops: written section by section, proved with a receipt, handed in."""

import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from survey.media import media_of
from survey.questionnaires.domain import Item, Kind, Section
from survey.shops.campaigns import service as campaigns
from survey.shops.fieldwork import service as fieldwork
from survey.shops.fieldwork.domain import CheckIn
from survey.shops.fieldwork.service import Posted, Visit
from survey.shops.visits.domain import decimal, money

from .campaigning import Visitable
from .narratives import story_of, why_not
from .programmes import Programme
from .registering import Member
from .stage import Stage

PAPER = (360, 520)
PRICES = (345, 395, 425, 475, 520, 695)
LONGEST_STEP_SECONDS = 260
ACCURACY_METRES = 20


@dataclass(frozen=True, slots=True)
class Oddity:
    """What an editor should look at twice, if anything.

    copies: another's visit, whose story and pictures are handed in again; checked_in_at: latitude and longitude;
    written_in_seconds: how long the form took, where nobody could have typed it.
    """

    copies: "Made | None" = None
    checked_in_at: tuple[float, float] | None = None
    written_in_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A visit as it was made. at: when the shopper came in; quality: from 0 to 1; words: instead of made-up ones."""

    shop: Visitable
    member: Member
    at: datetime
    quality: float
    words: Mapping[str, str] = field(default_factory=dict)
    stops_after: int = 99  # sections, for somebody who is still writing
    odd: Oddity = Oddity()

    @property
    def local(self) -> datetime:
        """When the shopper came in, by the clock of the place."""
        return self.at.astimezone(ZoneInfo(self.shop.time_zone))

    @property
    def begun(self) -> datetime:
        """When the form was opened: at the door, or for somebody in a hurry once the visit was over."""
        return self.at if self.odd.written_in_seconds is None else self.at + timedelta(minutes=40)

    @property
    def sent(self) -> datetime:
        """When the report was handed in."""
        fast = self.odd.written_in_seconds
        return self.at + timedelta(hours=2) if fast is None else self.begun + timedelta(seconds=fast)

    @property
    def chance(self) -> random.Random:
        """The same visit tells the same each time."""
        if self.odd.copies:
            return self.odd.copies.chance
        return random.Random(f"{self.shop.location_code} {self.member.person.number} {self.quality}")  # noqa: S311


async def begin(stage: Stage, made: Made, programme: Programme) -> None:
    """Start the visit and write as far as the shopper has come."""
    ring, shop_id = stage.settings.keyring, made.shop.id
    chance, clock = made.chance, [0]
    async with made.member.acts():
        held = await fieldwork.held_in(made.member.scope, shop_id)
        if held.guideline_in_force_id:
            await campaigns.has_read(made.member.scope, held.guideline_in_force_id, made.begun)
        await fieldwork.start(made.member.scope, ring, shop_id, made.begun)
        for index, section in enumerate(programme.questionnaire.sections[: made.stops_after]):
            form, comments = _page(made, programme, section, (chance, clock))
            posted = Posted(index, form, comments, min(made.begun + timedelta(minutes=30), made.sent))
            _, parsed = await fieldwork.save_section(made.member.scope, ring, shop_id, posted)
            if parsed.errors:
                raise ValueError(f"{section.id}: {parsed.errors}")


async def report(stage: Stage, made: Made, programme: Programme) -> datetime:
    """The whole report with its proof, handed in; when that was."""
    await begin(stage, made, programme)
    cents = made.chance.choice(PRICES) if programme.changes.get("reimbursement_cap_cents") else None
    proofs = (("receipt", cents), ("photo", None)) if cents else (("photo", None),)
    out, sent = made.at + timedelta(minutes=18), made.sent
    scope, shop_id = made.member.scope, made.shop.id
    async with made.member.acts():
        await fieldwork.save_visit(scope, shop_id, Visit(made.at, out, cents), sent)
        if made.odd.checked_in_at:
            await fieldwork.check_in(scope, shop_id, CheckIn(*made.odd.checked_in_at, ACCURACY_METRES), made.at)
        if programme.kind != "phone":
            for proof in proofs:
                await _prove(stage, made, (programme.scene, *proof), sent)
        await fieldwork.hand_in(scope, stage.settings.keyring, shop_id, sent)
    return sent


async def _prove(stage: Stage, made: Made, what: tuple[str, str, int | None], at: datetime) -> None:
    scene, kind, cents = what
    content = _receipt(made, cents) if cents else _cup(made) if scene == "coffee" else _room(made)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content)
        file.flush()
        sent = (kind, Path(file.name), len(content))
        await fieldwork.add_picture(made.member.scope, media_of(stage.settings), made.shop.id, sent, at)


def _page(
    made: Made, programme: Programme, section: Section, going: tuple[random.Random, list[int]]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The form of one section as a browser would send it, and the comments on answers that ask for one."""
    chance, clock = going
    form: dict[str, list[str]] = {"go": ["on"], "shown": []}
    comments: dict[str, str] = {}
    for item in section.items:
        form["shown"].append(item.id)
        # A story of its own leaves what is drawn for the other answers as it was.
        is_told = item.id in made.words and item.kind is not Kind.LONG_TEXT
        answer = "" if is_told else _answer((made, programme.scene), item, chance, clock)
        answer = made.words.get(item.id, answer)
        form[item.id] = [answer]
        rule = programme.scoring.items.get(item.id)
        if rule and rule.comment_below_top and rule.points_by.get(answer, 0) < rule.points:
            comments[item.id] = why_not(chance)
    return form, comments


def _answer(of: tuple[Made, str], item: Item, chance: random.Random, clock: list[int]) -> str:
    quality = of[0].quality
    match item.kind:
        case Kind.SCALE:
            return str(_point(chance, quality, 1, 5))
        case Kind.NPS:
            return str(_point(chance, quality, 0, 10))
        case Kind.SINGLE:
            codes = [choice.code for choice in item.choices]
            return (
                codes[0] if chance.random() < quality else codes[min(1 + int(chance.random() ** 3 * 3), len(codes) - 1)]
            )
        case Kind.NUMBER if item.unit == "seconds":
            clock[0] += round(chance.triangular(15, LONGEST_STEP_SECONDS, 40 + 160 * (1 - quality)))
            return str(clock[0])
        case Kind.NUMBER:
            return str(chance.randint(int(item.minimum or 0), 6))
        case _:
            return story_of(chance, item.id, quality, of[1])


def _point(chance: random.Random, quality: float, least: int, most: int) -> int:
    wanted = least + (most - least) * quality + chance.gauss(0, (most - least) / 10)
    return max(least, min(most, round(wanted)))


def _receipt(made: Made, cents: int) -> bytes:
    """A till receipt: what was bought, and a card of which four digits can be read."""
    paper = Image.new("RGB", PAPER, (250, 248, 240))
    draw = ImageDraw.Draw(paper)
    chance = made.chance
    lines = ("THANK YOU", "", f"Till 2   No {chance.randint(1000, 9999)}", f"{made.local:%m/%d/%Y  %H:%M}", "",
             f"1 hot drink      {decimal(cents)}", "1 oat milk       0.00", "", f"TOTAL        {money(cents, 'USD')}",
             "", f"CARD **** {chance.randint(1000, 9999)}", "", "Have a good day")  # fmt: skip
    for row, line in enumerate(lines):
        draw.text((40, 40 + row * 32), line, fill=(40, 40, 44), font_size=20)
    return _jpeg(paper)


def _cup(made: Made) -> bytes:
    """A cup on a table, from above: no two tables are the same."""
    chance = made.chance
    table = Image.new("RGB", PAPER, (150, 112, 78))
    draw = ImageDraw.Draw(table)
    lean = chance.randint(-160, 160)
    for left in range(-200, PAPER[0] + 200, chance.choice((48, 64, 90))):
        board = [(left, 0), (left + 100, 0), (left + 100 + lean, PAPER[1]), (left + lean, PAPER[1])]
        light = chance.randint(-58, 58)
        draw.polygon(board, fill=(150 + light, 112 + light, 78 + light // 2))
    for _ in range(chance.randint(3, 6)):
        _spot(draw, chance, (40, 150))
    left, top = chance.randint(10, 150), chance.randint(20, 300)
    draw.ellipse((left - 34, top - 34, left + 234, top + 234), fill=(236, 232, 224))
    draw.ellipse((left, top, left + 200, top + 200), fill=(250, 250, 248), outline=(210, 206, 200), width=4)
    draw.ellipse((left + 16, top + 16, left + 184, top + 184), fill=(146, 98, 58))
    draw.ellipse((left + 60, top + 54, left + 138, top + 146), fill=(242, 226, 204))
    return _jpeg(table)


def _room(made: Made) -> bytes:
    """A picture of an empty corner: a wall, a floor, curtains, in light that differs from visit to visit."""
    chance = made.chance
    room = Image.new("RGB", PAPER, (196, 188, 176))
    draw = ImageDraw.Draw(room)
    for left in range(0, PAPER[0], 45):
        light = chance.randint(-50, 50)
        draw.rectangle((left, 0, left + 45, PAPER[1]), fill=(196 + light, 188 + light, 176 + light))
    floor = chance.randint(330, 430)
    draw.rectangle((0, floor, PAPER[0], PAPER[1]), fill=(128, 104, 84))
    for _ in range(chance.randint(1, 3)):
        left = chance.randint(0, 280)
        draw.rectangle((left, chance.randint(20, 120), left + chance.randint(50, 130), floor + 15), fill=(70, 84, 110))
    for _ in range(4):
        _spot(draw, chance, (60, 160))
    return _jpeg(room)


def _spot(draw: ImageDraw.ImageDraw, chance: random.Random, sizes: tuple[int, int]) -> None:
    """Light that falls somewhere, or a shadow."""
    x, y, size = chance.randint(-40, PAPER[0]), chance.randint(-40, PAPER[1]), chance.randint(*sizes)
    grey = chance.choice((60, 90, 205, 230))
    draw.ellipse((x, y, x + size, y + size), fill=(grey, grey - 12, grey - 26))


def _jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
