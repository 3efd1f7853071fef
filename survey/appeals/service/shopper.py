"""A shopper is asked about a visit by the affiliate, and answers it; that a client is behind it is not said."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.vault import data_key, data_keys, seal
from survey.db import Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import Asked
from .sealing import asked_place, opened


async def open_questions(scope: Scope, settings: Settings) -> Sequence[Asked]:
    """What waits for the shopper's answer."""
    rows = await queries.own_questions(scope)
    keys = await data_keys(connection(), settings.keyring, [row["report_id"] for row in rows])
    return [opened(keys[row["report_id"]], row) for row in rows if row["report_id"] in keys]


async def asked_in(scope: Scope, settings: Settings, question_id: UUID) -> tuple[Asked, str]:
    """One question, opened, and the words of what it is about. Raises NotFound, also for another's."""
    row = await queries.question_in(scope, question_id)
    key = await data_key(connection(), settings.keyring, row["report_id"])
    return opened(key, row), await queries.find_title(scope, row["report_id"], row["question_id"])


async def answer(scope: Scope, settings: Settings, question_id: UUID, words: str, now: datetime) -> None:
    """Answer it; what was answered stays. Raises NotFound, also for another's."""
    row = await queries.question_in(scope, question_id)
    key = await data_key(connection(), settings.keyring, row["report_id"])
    sealed = seal(key, asked_place("answer", question_id, row["report_id"]), words)
    if await queries.write_answer(scope, question_id, sealed, now):
        event = Event(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "appeal.answered", "appeal", row["appeal_id"]
        )
        await record(connection(), event, now)
