"""Mail about reports of visits: to a client's people where one failed, to a shopper where something is not clear."""

from uuid import uuid4

from survey.appeals import service as appeals
from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.releases import service as releases
from tests.conftest import NOW
from tests.shop_world import shop_world
from tests.survey.releases.shops import BAD, VISIT, approved, tell
from tests.survey.releases.viewers import viewer_with_key

from .stage import Stage


async def _alerted(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id, VISIT)
    await tell(there)
    await viewer_with_key(there, there.root_id)
    one = await approved(there, coded=BAD)
    async with there.transaction():
        await releases.release_shop(there.scope, stage.settings, media_of(stage.settings), one.shop_id, NOW)


async def _asked(stage: Stage) -> None:
    await _alerted(stage)
    report = await stage.superuser.fetchrow(
        "SELECT * FROM release.shop_report WHERE affiliate_id = $1", stage.affiliate_id
    )
    appeal_id = uuid4()
    await stage.superuser.execute(
        "INSERT INTO release.appeal (id, affiliate_id, client_id, node_path, report_ref, question_id, issue, raised_at,"
        " changed_at) VALUES ($1, $2, $3, $4, $5, 'clean', 'other', $6, $6)",
        appeal_id,
        stage.affiliate_id,
        report["client_id"],
        report["node_path"],
        report["report_ref"],
        NOW,
    )
    staff = Scope(stage.affiliate_id, uuid4(), "editor")
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await appeals.ask_shopper(staff, stage.settings, appeal_id, "Which table was it?", NOW)


SAMPLES = {appeals.ASKED_KIND: _asked, releases.ALERT_KIND: _alerted}
