"""What a visit of an affiliate leaves behind: a report that was reviewed and released, and contested by its client."""

from uuid import UUID, uuid4

from privacy.vault import Place, data_key, seal
from survey.appeals import service as appeals
from tests.conftest import NOW
from tests.shop_world import ShopWorld, insert
from tests.survey.releases.shops import approved, release, tell


async def reported(there: ShopWorld) -> dict[str, UUID]:
    """The ids of a released report, of what editors and clients have written about it, and of its picture."""
    await tell(there)
    one = await approved(there)
    report_ref = await release(one)
    appeal_id, note_id = uuid4(), uuid4()
    words = Place("field.report_note.note#clean", one.report_id, one.report_id)
    key = await data_key(there.owner, there.settings.keyring, one.report_id)
    note = {
        "id": note_id, "affiliate_id": there.affiliate_id, "report_id": one.report_id, "question_id": "clean",
        "note": seal(key, words, "Say more."), "by_id": uuid4(), "at": NOW, "sent_at": NOW,
    }  # fmt: skip
    appeal = {
        "id": appeal_id, "affiliate_id": there.affiliate_id, "client_id": there.client_id, "report_ref": report_ref,
        "node_path": await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.store_id),
        "question_id": "clean", "issue": "other", "raised_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.report_note", note)
    await insert(there.owner, "release.appeal", appeal)
    await appeals.take_in(NOW)
    return {
        "released_id": one.shop_id, "released_picture_id": one.picture_id, "report_ref": report_ref,
        "appeal_id": appeal_id, "note_id": note_id,
    }  # fmt: skip
