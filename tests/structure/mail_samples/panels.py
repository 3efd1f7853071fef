"""Mail to people who join a panel."""

from uuid import uuid4

from survey.db import Role, transaction
from survey.panels import service
from survey.panels.domain import PanelDraft, Profile
from tests.conftest import NOW

from .stage import Stage


async def _joining(stage: Stage) -> None:
    draft = PanelDraft("Coffee panel", f"coffee-{uuid4().hex}", "For people who drink coffee.", "I agree.")
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        panel = await service.panel_in(stage.scope, await service.create_panel(stage.scope, draft, NOW))
    async with transaction(Role.DESK):
        await service.join(stage.settings, panel, (f"{uuid4().hex}@example.net", "Inès"), Profile(), NOW)


async def _joined(stage: Stage) -> None:
    await _joining(stage)
    member_id = await stage.superuser.fetchval(
        "SELECT id FROM identity.panelist WHERE affiliate_id = $1", stage.affiliate_id
    )
    async with transaction(Role.DESK):
        await service.confirm(stage.settings, member_id, 1, NOW)


SAMPLES = {service.CONFIRM_KIND: _joining, service.WELCOME_KIND: _joined}
