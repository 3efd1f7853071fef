"""Mail to people who are asked to answer."""

from datetime import timedelta

from survey.invitations import service
from survey.studies.domain import Message
from tests.conftest import NOW
from tests.survey.invitations.fieldwork import Fieldwork

from .stage import Sample, Stage

DAYS = (3, 6)


def _reminding(count: int) -> Sample:
    async def remind(stage: Stage) -> None:
        fieldwork = await Fieldwork.begun(stage.scope, stage.superuser, stage.settings)
        await fieldwork.contact("ann.sample@example.test", "Ann")
        study = await fieldwork.study(opens_at=NOW, closes_at=NOW + timedelta(days=60), reminder_days=list(DAYS))
        await fieldwork.launch(study)
        for days in DAYS[:count]:
            await fieldwork.mark_sent(study, NOW)
            await service.plan_reminders(NOW + timedelta(days=days))

    return remind


SAMPLES = {message.value: _reminding(number) for number, message in enumerate(Message)}
