"""Mail about reports of visits: to a client's people where one failed, to a shopper where something is not clear."""

from uuid import UUID, uuid4

from survey.appeals import service as appeals
from survey.appeals.domain import (
    ANSWERED_KIND,
    PLAN_KIND,
    RAISED_KIND,
    WISH_ANSWERED_KIND,
    WISHED_KIND,
    AppealEvent,
)
from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.releases.domain import NEWS_KIND
from survey.releases.service.staying import tell_stayed
from tests.conftest import NOW
from tests.shop_world import shop_world
from tests.survey.releases.shops import BAD, VISIT, approved, tell
from tests.survey.releases.viewers import manager_with_key, viewer_with_key

from .stage import DAY, Stage


async def _alerted(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id, VISIT)
    await tell(there)
    await viewer_with_key(there, there.root_id)
    one = await approved(there, coded=BAD)
    async with there.transaction():
        await releases.release_shop(there.scope, stage.settings, media_of(stage.settings), one.shop_id, NOW)


async def _stayed(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id, VISIT)
    one = await approved(there)
    editor_id = await manager_with_key(stage.superuser, stage.settings, stage.affiliate_id)
    async with there.transaction():
        await tell_stayed(there.scope, stage.settings, one.shop_id, editor_id, NOW)


async def _news(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id, VISIT)
    await tell(there)
    await viewer_with_key(there, there.root_id)
    one = await approved(there)
    async with there.transaction():
        await releases.release_shop(there.scope, stage.settings, media_of(stage.settings), one.shop_id, NOW)
    await releases.tell_news(stage.settings, NOW + DAY)


async def _answered(stage: Stage) -> None:
    staff, appeal_id = await _appealed(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await appeals.settle(staff, stage.settings, appeal_id, AppealEvent.DECLINE, "The receipt says so.", NOW)
    await appeals.tell(stage.settings, NOW)


async def _asked(stage: Stage) -> None:
    staff, appeal_id = await _appealed(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await appeals.ask_shopper(staff, stage.settings, appeal_id, "Which table was it?", NOW)


async def _appealed(stage: Stage) -> tuple[Scope, UUID]:
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
    return Scope(stage.affiliate_id, uuid4(), "editor"), appeal_id


async def _raised(stage: Stage) -> None:
    await manager_with_key(stage.superuser, stage.settings, stage.affiliate_id)
    await _appealed(stage)
    await appeals.tell_raised(stage.settings, NOW)


async def _plan_opened(stage: Stage) -> None:
    await _alerted(stage)
    await stage.superuser.execute(
        "INSERT INTO release.action_plan (id, affiliate_id, client_id, node_path, report_ref, due_on, created_at,"
        " changed_at) SELECT $1, affiliate_id, client_id, node_path, report_ref, $3, $4, $4 FROM release.shop_report"
        " WHERE affiliate_id = $2",
        uuid4(),
        stage.affiliate_id,
        (NOW + 9 * DAY).date(),
        NOW,
    )
    await appeals.tell_plans(stage.settings, NOW)


async def _wished(stage: Stage) -> None:
    await _wish(stage)
    await manager_with_key(stage.superuser, stage.settings, stage.affiliate_id)
    await appeals.tell_wishes(stage.settings, NOW)


async def _wish_answered(stage: Stage) -> None:
    wish_id = await _wish(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        scope = Scope(stage.affiliate_id, uuid4(), "manager")
        await appeals.refuse_wish(scope, stage.settings, wish_id, "The place was open.", NOW)
    await appeals.tell_wishes(stage.settings, NOW)


async def _wish(stage: Stage) -> UUID:
    await _alerted(stage)
    wish_id = uuid4()
    await stage.superuser.execute(
        "INSERT INTO release.reshoot_wish (id, affiliate_id, client_id, node_path, report_ref, reason, words,"
        " raised_at, changed_at) SELECT $1, affiliate_id, client_id, node_path, report_ref, 'other', 'It was shut.',"
        " $3, $3 FROM release.shop_report WHERE affiliate_id = $2",
        wish_id,
        stage.affiliate_id,
        NOW,
    )
    return wish_id


SAMPLES = {
    RAISED_KIND: _raised,
    PLAN_KIND: _plan_opened,
    WISHED_KIND: _wished,
    WISH_ANSWERED_KIND: _wish_answered,
    appeals.ASKED_KIND: _asked,
    ANSWERED_KIND: _answered,
    NEWS_KIND: _news,
    releases.ALERT_KIND: _alerted,
    releases.STAYED_KIND: _stayed,
}
