"""What a shopper of an affiliate reports: a visit that is under way, and one that an editor has in hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

import asyncpg
from PIL import Image

from privacy.vault import KeyRing
from survey.db import Role, Scope, connection, transaction
from survey.media import media_of
from survey.questionnaires.domain import Definition, store_visit
from survey.releases import service as releases
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import ANY, Quota, WaveDraft
from survey.shops.fieldwork import service as fieldwork
from survey.shops.fieldwork.service import Posted, Upload, Visit
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import RUBRIC, Because
from survey.shops.reviews.service import Approval
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event
from survey.shops.visits.service import Taking
from tests.field_study import fill
from tests.recordings import sound

from .affiliates import DAY, STORE, Affiliate, place_of
from .canary import Visitor

DAYS_AGO = 31
# The last is at the store that has a viewer of its own.
FOUR = "SELECT id FROM field.shop WHERE wave_id = $1 ORDER BY location_id = $2, id LIMIT 4"
SHOWN = """
SELECT p.id
  FROM release.shop_picture p
  JOIN release.shop_report r ON r.id = p.report_id
 WHERE r.report_ref = $1
"""
RECORDED = "UPDATE field.campaign SET recording_mode = 'audio' WHERE id = $1"
VISITED = "2026-10-05"
NORTH, WEST = (53.0, 47.0, 47.25), (1.0, 32.0, 52.5)
DESCRIPTION, ARTIST, GPS = 0x010E, 0x013B, 0x8825


async def a_wave(one: Affiliate, superuser: asyncpg.Connection) -> Sequence[UUID]:
    """A wave that is published; four of its shops, all given to the shopper."""
    now, scope = one.stage.day(DAYS_AGO), one.scope
    await superuser.execute(RECORDED, one.ids["campaign_id"])
    summer = WaveDraft("Summer", now.date() - DAY, now.date() + 9 * DAY, Quota({ANY: 2}))
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        wave_id = await campaigns.put_wave(scope, one.ids["campaign_id"], None, summer, now)
        await campaigns.publish_wave(scope, wave_id, now)
    rows = await superuser.fetch(FOUR, wave_id, place_of(one.ground, STORE))
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        for row in rows:
            taking = Taking(one.ids["shopper_id"])
            await visits.assign(scope, row["id"], taking, Actor.SCHEDULER, Event.ASSIGN, now)
    return [row["id"] for row in rows]


async def a_draft(one: Affiliate, shop_id: UUID, who: Visitor) -> None:
    """A report that is begun, with a picture in its tray; their ids."""
    one.ids["shop_id"], now = shop_id, one.stage.day(DAYS_AGO)
    own, ring = _own(one), one.stage.settings.keyring
    async with transaction(Role.SHOPPER, affiliate=own.affiliate_id, shopper=own.shopper_id):
        await _begun(own, ring, shop_id, now)
        one.ids["picture_id"] = await _a_picture(own, one, shop_id, who)
        one.ids["recording_id"] = await _a_recording(own, one, shop_id, who)
    await _made_anew(one, one.ids["recording_id"])


async def a_report(one: Affiliate, shop_id: UUID, who: Visitor) -> None:
    """A report that is handed in, which the editor reads and has a question about; its ids."""
    one.ids["reviewed_id"], now, settings = shop_id, one.stage.day(DAYS_AGO), one.stage.settings
    one.ids["proof_id"], one.ids["heard_id"] = await _handed_in(one, shop_id, who, who.told)
    editor = _editor(one)
    async with transaction(Role.STAFF, affiliate=one.scope.affiliate_id):
        await reviews.pick_up(editor, settings, shop_id, now)
        one.ids["note_id"] = await reviews.add_note(editor, settings, shop_id, ("improve", who.advice), now)


async def a_rejection(one: Affiliate, shop_id: UUID, who: Visitor) -> None:
    """A report that is rejected, and whose shopper contests that; its id."""
    one.ids["contested_id"], now, settings = shop_id, one.stage.day(DAYS_AGO), one.stage.settings
    await _handed_in(one, shop_id, who, {"improve": who.shared})
    editor, own = _editor(one), _own(one)
    async with transaction(Role.STAFF, affiliate=one.scope.affiliate_id):
        await reviews.pick_up(editor, settings, shop_id, now)
        await reviews.reject(editor, settings, shop_id, Because("no_proof", "No receipt was sent."), now)
    async with transaction(Role.SHOPPER, affiliate=own.affiliate_id, shopper=own.shopper_id):
        await reviews.contest_decision(own, settings, shop_id, who.objection, now)


async def a_release(one: Affiliate, superuser: asyncpg.Connection, shop_id: UUID, who: Visitor) -> None:
    """A report that its client reads since yesterday, with its picture; its ids."""
    one.ids["released_id"], now, settings = shop_id, one.stage.day(1), one.stage.settings
    picture_id, _ = await _handed_in(one, shop_id, who, {"improve": who.shared})
    editor, media = _editor(one), media_of(settings)
    best = Approval({part.code: part.most for part in RUBRIC}, who.coaching, is_read=True)
    async with transaction(Role.STAFF, affiliate=one.scope.affiliate_id):
        await reviews.pick_up(editor, settings, shop_id, now)
        await reviews.redact(editor, media, shop_id, (picture_id, ()), now)
        await reviews.approve(editor, settings, shop_id, best, now)
        one.ids["report_ref"] = await releases.release_shop(editor, settings, media, shop_id, now)
    one.ids["shown_id"] = await superuser.fetchval(SHOWN, one.ids["report_ref"])


async def _begun(own: Scope, ring: KeyRing, shop_id: UUID, now: datetime) -> None:
    held = await fieldwork.held_in(own, shop_id)
    assert held.guideline_in_force_id
    await campaigns.has_read(own, held.guideline_in_force_id, now)
    await fieldwork.start(own, ring, shop_id, now)


async def _handed_in(one: Affiliate, shop_id: UUID, who: Visitor, told: Mapping[str, str]) -> tuple[UUID, UUID]:
    """Report a visit from its start to its end; the ids of picture and recording."""
    own, ring, now = _own(one), one.stage.settings.keyring, one.stage.day(DAYS_AGO)
    async with transaction(Role.SHOPPER, affiliate=own.affiliate_id, shopper=own.shopper_id):
        await _begun(own, ring, shop_id, now)
        for posted in _answers(store_visit(), who.remark if told is who.told else "", told, now):
            await fieldwork.save_section(own, ring, shop_id, posted)
        picture_id = await _a_picture(own, one, shop_id, who)
        recording_id = await _a_recording(own, one, shop_id, who)
        times = Visit(now - timedelta(hours=2), now - timedelta(hours=1), None)
        await fieldwork.save_visit(own, shop_id, times, now)
        await fieldwork.hand_in(own, ring, shop_id, now)
    await _made_anew(one, recording_id)
    return picture_id, recording_id


def _answers(definition: Definition, remark: str, told: Mapping[str, str], now: datetime) -> Sequence[Posted]:
    posted = []
    for index, section in enumerate(definition.sections):
        names = {item.id for item in section.items} | {f"{item.id}-other" for item in section.items}
        said = {name: [word] for name, word in {"visit_date": VISITED, **told}.items() if name in names}
        comments = {"clean": remark} if "clean" in names else {}
        posted.append(Posted(index, fill(definition, index) | said, comments, now))
    return posted


async def _a_picture(own: Scope, one: Affiliate, shop_id: UUID, who: Visitor) -> UUID:
    now = one.stage.day(DAYS_AGO)
    with NamedTemporaryFile(suffix=".jpg") as file:
        file.write(photograph(who.exif))
        file.flush()
        sent = ("photo", Path(file.name), file.tell())
        return await fieldwork.add_picture(own, media_of(one.stage.settings), shop_id, sent, now)


async def _a_recording(own: Scope, one: Affiliate, shop_id: UUID, who: Visitor) -> UUID:
    """A second of sound, with the visitor's words in its tags."""
    with NamedTemporaryFile(suffix=".m4a") as file:
        file.write(sound(title=who.exif, description=who.exif))
        file.flush()
        sent = Upload("audio", Path(file.name), file.tell(), is_declared=True)
        return await fieldwork.add_recording(own, media_of(one.stage.settings), shop_id, sent, one.stage.day(DAYS_AGO))


async def _made_anew(one: Affiliate, recording_id: UUID) -> None:
    """What the worker does with it."""
    media, key = media_of(one.stage.settings), "SELECT original_key FROM field.recording WHERE id = $1"
    async with transaction(Role.WORKER):
        original_key = await connection().fetchval(key, recording_id)
    await fieldwork.prepare_recording(one.stage.settings, media, recording_id, one.stage.day(DAYS_AGO))
    await fieldwork.remove_media(media, original_key)


def photograph(words: str) -> bytes:
    """A picture as a telephone makes it, with words and a place beside its pixels."""
    written = BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(written, "JPEG", exif=exif_of(words), comment=words)
    return written.getvalue()


def exif_of(words: str) -> Image.Exif:
    """As a telephone writes it: whose it is, what is on it, and where it was taken."""
    exif = Image.Exif()
    exif[DESCRIPTION] = exif[ARTIST] = words
    exif[GPS] = {1: "N", 2: NORTH, 3: "W", 4: WEST}
    return exif


def _editor(one: Affiliate) -> Scope:
    return Scope(one.scope.affiliate_id, one.people["editor"], "editor", "staff")


def _own(one: Affiliate) -> Scope:
    shopper_id = one.ids["shopper_id"]
    return Scope(one.scope.affiliate_id, one.people["shopper"], "shopper", "shopper", shopper_id=shopper_id)
