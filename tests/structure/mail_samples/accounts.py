"""Mail to people who work with the product."""

from datetime import timedelta
from uuid import uuid4

from survey.accounts.domain import LinkKind
from survey.accounts.service import ADDRESS_NEW, ADDRESS_NOTICE, FACTOR_OFF, NEW_DEVICE, Asked, ask_change
from survey.accounts.service.records import ask_for_mail
from survey.db import Role, transaction
from survey.web.visit import Session
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
                is_asked=kind == LinkKind.RESET,
            )

    return ask


def _moving(kind: str) -> Sample:
    async def ask(stage: Stage) -> None:
        who = await someone(stage.settings, stage.affiliate_id, email=f"{uuid4().hex}@people.test")
        session = Session(b"", who.id, stage.affiliate_id, "full", "manager", None, None, NOW, NOW)
        asked = Asked(f"{uuid4().hex}@people.test", who.password, "")
        later = NOW + timedelta(days=30, seconds=-60)
        async with transaction(Role.GATE, affiliate=stage.affiliate_id):
            await ask_change(session, stage.settings, asked, later)

    return ask


SAMPLES = {kind: _asking(kind) for kind in (LinkKind.INVITATION, LinkKind.RESET, NEW_DEVICE, FACTOR_OFF)}
SAMPLES |= {kind: _moving(kind) for kind in (ADDRESS_NEW, ADDRESS_NOTICE)}
