"""What befalls one statement, or one kind of message, keeps no other mail: rows go back and are taken again."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from survey.db import Database, Role, Scope, transaction
from survey.mail import queries
from survey.mail.composing import Audience, Composer, Composing
from survey.mail.dispatch import Dispatch, utc_now
from survey.mail.domain import Claimed, Outgoing, Withheld
from survey.mail.marking import ASTRAY, Marker
from survey.mail.relay import Relay
from survey.mail.skeleton import Message
from survey.settings import Settings
from tests.smtp_sink import Sink

from .conftest import INVITING, QUICK, Sending, compose, queued, reached, row_of, until

# The connection lives, and the statement fails.
REFUSE = """
    CREATE FUNCTION ops.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON ops.delivery FOR EACH ROW
        WHEN (OLD.state = 'sending' AND NEW.state = '{state}') EXECUTE FUNCTION ops.refuse();
"""
Breaks = Callable[[asyncpg.Connection], Awaitable[object]]
# Longer than any test: what is kept in hand does not come back by itself.
LONG = replace(QUICK, lease_seconds=600)


async def test_when_a_row_cannot_be_set_aside_the_messages_beside_it_are_not_kept_with_it(
    scope: Scope, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    *fine, withheld = await queued(scope, 3)

    async def choose(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        written = await compose(composing, [row for row in rows if row.recipient_id != withheld.recipient_id])
        return [*written, *(Withheld(row, "answered") for row in rows if row.recipient_id == withheld.recipient_id)]

    await superuser_here.execute(REFUSE.format(state="skipped"))
    with capture_logs() as lines:
        async with sending(Composer("invitation", Audience.PEOPLE, "a test", choose), tuning=LONG):
            await until(lambda: _is_said(lines, "outbox cannot be reached"))
            await superuser_here.execute("DROP TRIGGER refuse ON ops.delivery")
            rows = [await reached(one, "sent") for one in fine]
            await reached(withheld, "skipped")
    assert {row["attempts"] for row in rows} == {1}
    assert len(sink.taken) == 2


async def _is_said(lines: Sequence[MutableMapping[str, Any]], event: str) -> bool:
    return any(line["event"] == event for line in lines)


@pytest.mark.parametrize(
    ("breaks", "attempts", "reason"),
    [
        (lambda here: here.execute("SELECT 1 / 0"), 1, "composing failed: DivisionByZeroError"),
        (lambda here: here.execute("SELECT 1 FROM nowhere"), 1, "composing failed: UndefinedTableError"),
        # Nobody's mistake: it is asked for again, and costs no attempt.
        (lambda here: here.execute("SELECT pg_terminate_backend(pg_backend_pid())"), 0, ""),
    ],
    ids=["division", "table", "hang-up"],
)
async def test_a_kind_of_mail_whose_statement_fails_holds_up_only_itself(
    scope: Scope, sink: Sink, sending: Sending, breaks: Breaks, attempts: int, reason: str
) -> None:
    (broken,) = await queued(scope, kind="broken", not_before=utc_now() - timedelta(hours=1))
    fine = await queued(scope, 2)

    async def fail(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        await breaks(composing.connection)
        return []

    async with sending(INVITING, Composer("broken", Audience.PEOPLE, "a test", fail), tuning=LONG):
        for one in fine:
            await reached(one, "sent")
    row = await row_of(broken)
    assert (row["state"], row["attempts"], row["reason"], row["lease_until"]) == ("queued", attempts, reason, None)
    assert len(sink.taken) == 2


async def test_a_group_that_cannot_be_given_back_keeps_no_other_waiting_and_follows_by_its_lease(
    scope: Scope, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    (broken,) = await queued(scope, kind="broken", not_before=utc_now() - timedelta(hours=1))
    fine, hang_ups = await queued(scope, 2), iter(["SELECT pg_terminate_backend(pg_backend_pid())"])

    async def fail_once(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        for statement in hang_ups:
            await composing.connection.execute(statement)
        return await compose(composing, rows)

    await superuser_here.execute(REFUSE.format(state="queued"))
    failing = Composer("broken", Audience.PEOPLE, "a test", fail_once)
    async with sending(INVITING, failing, tuning=replace(QUICK, lease_seconds=4)):
        for one in fine:
            await reached(one, "sent")
        await superuser_here.execute("DROP TRIGGER refuse ON ops.delivery")
        await reached(broken, "sent")
    assert len(sink.taken) == 3


async def test_what_the_database_does_not_take_back_is_left_to_its_lease(
    scope: Scope, settings: Settings, fresh_database: Database, superuser_here: asyncpg.Connection
) -> None:
    await queued(scope)
    dispatch = _dispatch(settings, fresh_database)
    async with transaction(Role.WORKER) as here:
        (row,), _ = await queries.claim(here, utc_now(), 1, utc_now() + timedelta(minutes=10), "candour.test")
    dispatch.in_hand[row.id] = row
    dispatch.ready.put_nowait(Message(row, b"", b"", b""))
    await superuser_here.execute(REFUSE.format(state="queued"))
    with pytest.raises(ASTRAY):
        await dispatch.give_back_what_waits()
    assert dispatch.in_hand == {}


def _dispatch(settings: Settings, database: Database) -> Dispatch:
    marker = Marker(database, utc_now)
    return Dispatch(settings, {INVITING.kind: INVITING}, Relay("127.0.0.1", 1), marker, QUICK, utc_now, asyncio.Event())
