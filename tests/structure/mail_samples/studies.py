"""A message of a study, sent to oneself to be looked at."""

from dataclasses import replace

from survey.db import Role, transaction
from survey.studies.domain import Message
from survey.studies.service.testing import TEST_KIND, send_test
from tests.conftest import NOW
from tests.survey.accounts.conftest import someone
from tests.survey.invitations.fieldwork import Fieldwork

from .stage import Stage


async def _testing(stage: Stage) -> None:
    who = await someone(stage.settings, stage.affiliate_id)
    scope = replace(stage.scope, account_id=who.id)
    fieldwork = await Fieldwork.begun(scope, stage.superuser, stage.settings)
    study = await fieldwork.study()
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await send_test(scope, stage.settings, study.id, Message.INVITATION, NOW)


SAMPLES = {TEST_KIND: _testing}
