"""Mail to people who work with the product."""

from uuid import uuid4

from survey.accounts.domain import LinkKind
from survey.accounts.service import FACTOR_OFF, NEW_DEVICE
from survey.accounts.service.records import ask_for_mail
from survey.db import Role, transaction
from tests.conftest import NOW
from tests.survey.accounts.conftest import someone

from .stage import Sample, Stage


def _asking(kind: str) -> Sample:
    async def ask(stage: Stage) -> None:
        who = await someone(stage.settings, stage.affiliate_id, email=f"{uuid4().hex}@people.test")
        context: dict[str, str | int | None] = {"device": "Firefox on Windows", "at": int(NOW.timestamp())}
        async with transaction(Role.GATE, affiliate=stage.affiliate_id):
            await ask_for_mail(
                stage.settings,
                kind=kind,
                affiliate_id=stage.affiliate_id,
                account_id=who.id,
                address=who.email,
                now=NOW,
                context=context,
            )

    return ask


SAMPLES = {kind: _asking(kind) for kind in (LinkKind.INVITATION, LinkKind.RESET, NEW_DEVICE, FACTOR_OFF)}
