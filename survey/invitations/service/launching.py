"""Launching a study."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection
from survey.questionnaires import service as questionnaires
from survey.studies import service as studies
from survey.studies.domain import gaps

from .. import queries
from ..domain import Launched, NotReady


async def launch(scope: Scope, study_id: UUID, revision: int, now: datetime) -> Launched:
    """Freeze the questionnaire, invite everybody of the audience, and put the study into the field.

    A study that is in the field already stays as it is, so that pressing the button twice is pressing it once. Raises
    NotReady with what is missing, StaleDraft where the study is not what the page had shown, NotFound.
    """
    study = await studies.study_in(scope, study_id, lock=True)
    if not study.is_draft:
        return Launched(0, 0, is_new=False)
    if study.revision != revision:
        raise studies.StaleDraft(study)
    missing = gaps(study, await studies.facts_of(scope, study, now), now)
    if missing:
        raise NotReady(missing)
    version = await questionnaires.freeze(scope, study.version_id, now)
    queued, passed_over = await queries.invite(scope, study, await studies.selection_of(scope, study, now), now)
    await studies.mark_launched(scope, study, version.id, now)
    detail = {"queued": queued, "passed_over": passed_over, "version": version.number}
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "study.launch", "study", study_id, detail=detail
    )
    await record(connection(), event, now)
    return Launched(queued, passed_over, is_new=True)
