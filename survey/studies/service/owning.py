"""What a study rests on belongs to its affiliate and its client: foreign keys do not look at tenants, so we do."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from survey.clients import service as clients
from survey.db import NotFound, Scope
from survey.panels import service as panels
from survey.questionnaires import service as questionnaires

from ..domain import BadChange, Study


async def require_own(scope: Scope, study: Study, changes: Mapping[str, object], now: datetime) -> None:
    """Raises NotFound for anything of somebody else's, BadChange for a permission that is not in force."""
    version_id, panel_id = changes.get("version_id"), changes.get("panel_id")
    if isinstance(version_id, UUID):
        await questionnaires.version_in(scope, version_id)
    if isinstance(panel_id, UUID):
        await panels.panel_in(scope, panel_id)
    wanted = changes.get("audience")
    if isinstance(wanted, Mapping) and wanted.get("location_id"):
        await _require_location(scope, study, UUID(str(wanted["location_id"])))
    authorisation_id = changes.get("authorisation_id")
    if isinstance(authorisation_id, UUID):
        await _require_permission(scope, study, authorisation_id, now)


async def _require_location(scope: Scope, study: Study, location_id: UUID) -> None:
    if (await clients.location_in(scope, location_id)).client_id != study.client_id:
        raise NotFound("location")


async def _require_permission(scope: Scope, study: Study, authorisation_id: UUID, now: datetime) -> None:
    given = {each.id: each for each in await clients.authorisations_of(scope, study.client_id)}
    if authorisation_id not in given:
        raise NotFound("permission")
    if not given[authorisation_id].is_live(now.date()):
        raise BadChange("This permission has expired. Record a new one on the client’s page, or stay confidential.")
