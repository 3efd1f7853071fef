"""Sending a message of a study to oneself, marked as a test, and filled with nobody's data."""

from datetime import datetime
from uuid import UUID

from privacy.crypto import random_id
from privacy.optouts import suppression_key
from survey.accounts import service as accounts
from survey.db import Scope
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

from .. import queries
from ..domain import BadChange, Message
from .notes import note

TEST_KIND = "study-test"


async def send_test(scope: Scope, settings: Settings, study_id: UUID, message: Message, now: datetime) -> None:
    """Ask for the message to be sent to whoever asks, and to nobody else. Raises BadChange, NotFound."""
    if scope.account_id is None:
        raise BadChange("Only a person can look at a test.")
    await queries.study_in(scope, study_id)
    address = (await accounts.person(scope, settings, scope.account_id, now)).email
    delivery = Delivery(
        affiliate_id=scope.affiliate_id,
        campaign_id=random_id(),
        recipient_id=scope.account_id,
        kind=TEST_KIND,
        is_bulk=False,
        suppression_key=suppression_key(settings.index_key, address),
        not_before=now,
        context={"study_id": str(study_id), "message": message.value},
        is_asked=True,
    )
    await mail.enqueue(delivery)
    await note(scope, "study.test", study_id, now, message=message.value)
