"""Recordings in review: who hears one, that it is recorded, and where the same file came before."""

from uuid import UUID, uuid4

import pytest

from privacy.crypto import sha256
from survey.media import media_of
from survey.shops.reviews import service
from survey.shops.reviews.domain import Flag
from tests.conftest import NOW, new_affiliate
from tests.recordings import sound
from tests.shop_world import insert
from tests.survey.shops.reviews.conftest import PLAIN, Desk, reported
from tests.web_client import Site

BEFORE = "The same file came with"


async def a_recording(desk: Desk, report_id: UUID | None = None, state: str = "ready", **columns: object) -> UUID:
    """A recording of this report, or of another."""
    recording_id, content = uuid4(), sound("ogg")
    key = await media_of(desk.settings).put("recordings", content, limit_bytes=1_000_000)
    values = {
        "id": recording_id, "affiliate_id": desk.there.affiliate_id, "report_id": report_id or desk.report_id,
        "kind": "audio", "state": state, "media_key": key if state == "ready" else None, "digest": sha256(b"as sent"),
        "original_key": key if state == "waiting" else None, "size_bytes": len(content), "duration_seconds": 61,
        "declared_at": NOW, "created_at": NOW, **columns,
    }  # fmt: skip
    await insert(desk.there.owner, "field.recording", values)
    return recording_id


async def looks_at(desk: Desk, recording_id: UUID) -> list[tuple[str, object, str]]:
    """Who heard a recording: action, whose it is, and what for."""
    query = "SELECT action, subject_id, purpose FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at"
    return [tuple(row) for row in await desk.there.owner.fetch(query, recording_id)]


async def test_a_stranger_hears_nothing_and_leaves_no_look(site: Site, desk: Desk) -> None:
    recording_id = await a_recording(desk)
    for role in ("editor", "manager"):
        stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, role)
        assert (await stranger.get(f"{desk.base}/recordings/{recording_id}/file")).status_code in {403, 404}
    assert await looks_at(desk, recording_id) == []


async def test_a_recording_of_another_report_is_not_there(desk: Desk) -> None:
    _, report_id = await reported(desk.there, desk.shopper, PLAIN)
    recording_id = await a_recording(desk, report_id)
    assert (await desk.editor.get(f"{desk.base}/recordings/{recording_id}/file")).status_code == 404


@pytest.mark.parametrize(("state", "words"), [("waiting", "Being prepared"), ("refused", "Could not be read")])
async def test_what_is_not_ready_is_named_and_cannot_be_heard(desk: Desk, state: str, words: str) -> None:
    recording_id = await a_recording(desk, state=state, problem="damaged" if state == "refused" else "")
    page = await desk.page()
    assert words in page
    assert "<audio" not in page
    assert (await desk.editor.get(f"{desk.base}/recordings/{recording_id}/file")).status_code == 404


async def test_an_editor_hears_a_recording_in_parts_and_that_is_recorded_once(desk: Desk) -> None:
    recording_id = await a_recording(desk)
    page = await desk.page()
    url = f"{desk.base}/recordings/{recording_id}/file"
    assert f'<audio controls preload="none" src="{url}"' in page
    assert "Sound, 1:01" in page
    for wanted in ("bytes=0-", "bytes=100-199"):
        answer = await desk.editor.client.get(url, headers={"range": wanted})
        assert (answer.status_code, answer.headers["content-type"]) == (206, "audio/ogg")
    assert len(answer.content) == 100
    assert await looks_at(desk, recording_id) == [("recording.read", desk.shopper.id, service.REVIEW)]


async def test_the_shopper_reads_who_heard_the_recording(site: Site, desk: Desk) -> None:
    await desk.editor.get(f"{desk.base}/recordings/{await a_recording(desk)}/file")
    own = await desk.there.signed_in(site, desk.shopper)
    assert "A recording of yours" in (await own.get("/shopper/profile/looks")).text


async def test_the_same_file_in_another_report_is_named_and_flagged(desk: Desk) -> None:
    shop_id, report_id = await reported(desk.there, desk.shopper, PLAIN)
    await a_recording(desk, report_id)
    assert BEFORE not in await desk.page()
    await a_recording(desk)
    assert f'{BEFORE} <a href="/reviews/{shop_id}">' in await desk.page()
    while await service.flag_waiting(desk.settings, NOW):
        pass
    found = await desk.there.owner.fetchval("SELECT flags FROM field.review WHERE report_id = $1", desk.report_id)
    assert Flag.SAME_RECORDING in found
