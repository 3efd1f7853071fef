"""An outbox to fill, a server that takes the mail, and a sender between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.crypto import DIGEST_BYTES, random_bytes
from privacy.optouts import link_for
from survey.db import Database, Role, Scope, transaction
from survey.db.embedded import Cluster
from survey.mail.composing import Audience, Composer, Composing
from survey.mail.dispatch import Tuning, utc_now
from survey.mail.domain import Claimed, Delivery, Frame, Outgoing, Transactional, Withheld
from survey.mail.relay import Relay
from survey.mail.sending import send_mail
from survey.mail.service import enqueue_many
from survey.settings import Settings
from tests.conftest import new_affiliate
from tests.smtp_sink import Sink, serving

from .letters import BULK, INVITATION, SENDER, VALUES

QUICK = Tuning(connections=3, in_doubt_seconds=0, lease_seconds=30, poll_seconds=0.05, grace_seconds=5)
STEP_SECONDS = 0.02
Sending = Callable[..., AbstractAsyncContextManager[None]]


def address_of(recipient_id: UUID) -> str:
    """Where a test recipient gets mail."""
    return f"r{recipient_id.hex}@example.test"


async def compose(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """An invitation for every row."""
    frames: dict[bool, Frame] = {True: BULK, False: Transactional(SENDER, "You asked for it.")}
    return [Outgoing(row, address_of(row.recipient_id), INVITATION, frames[row.is_bulk], VALUES) for row in rows]


INVITING = Composer("invitation", Audience.PEOPLE, "a test", compose)


@pytest.fixture
async def scope(fresh_database: Database) -> Scope:
    """An affiliate in the test's own database."""
    return await new_affiliate("kestrel")


@pytest.fixture
async def superuser_here(cluster: Cluster, fresh_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Sees every row of the test's own database."""
    async with transaction(Role.WORKER) as connection:
        name = await connection.fetchval("SELECT current_database()")
    opened = await asyncpg.connect(cluster.url(name, as_superuser=True))
    yield opened
    await opened.close()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A mail server."""
    async with serving(Sink()) as served:
        yield served


@pytest.fixture
def sending(settings: Settings, fresh_database: Database, sink: Sink) -> Sending:
    """`async with sending():` runs the sender while the block lasts."""

    @asynccontextmanager
    async def run(*composers: Composer, tuning: Tuning = QUICK, port: int | None = None) -> AsyncIterator[None]:
        stop = asyncio.Event()
        known = {one.kind: one for one in composers or (INVITING,)}
        relay = Relay("127.0.0.1", port or sink.port)
        task = asyncio.create_task(send_mail(settings, fresh_database, known, relay, stop, tuning=tuning))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, 15)

    return run


async def delivery(scope: Scope, **changes: object) -> Delivery:
    """A survey mail to somebody new, with the opt-out link that it needs."""
    key = random_bytes(DIGEST_BYTES)
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id) as connection:
        link = await link_for(connection, key, scope.affiliate_id, None)
    made = Delivery(
        affiliate_id=scope.affiliate_id,
        campaign_id=uuid4(),
        recipient_id=uuid4(),
        kind="invitation",
        is_bulk=True,
        suppression_key=key,
        not_before=utc_now(),
        opt_out_link_id=link,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def queued(scope: Scope, count: int = 1, **changes: object) -> list[Delivery]:
    """Survey mails in the outbox, of one campaign."""
    campaign = {"campaign_id": uuid4()} | changes
    made = [await delivery(scope, **campaign) for _ in range(count)]
    await ask(scope, made)
    return made


async def ask(scope: Scope, made: Sequence[Delivery]) -> int:
    """Ask for mail as staff do."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        return await enqueue_many(connection, made)


async def row_of(made: Delivery) -> asyncpg.Record:
    """A delivery as it stands in the table."""
    async with transaction(Role.WORKER) as connection:
        return await connection.fetchrow(
            "SELECT id, state, phase, reason, attempts, in_doubt, claims, message_id, reply, not_before, sent_at,"
            " lease_until FROM ops.delivery WHERE campaign_id = $1 AND recipient_id = $2 AND kind = $3",
            *(made.campaign_id, made.recipient_id, made.kind),
        )


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 15) -> None:
    """Wait until it holds; fails when it does not in time."""
    for _ in range(int(seconds / STEP_SECONDS)):
        if await condition():
            return
        await asyncio.sleep(STEP_SECONDS)
    raise AssertionError(f"it did not come true within {seconds} seconds")


async def reached(made: Delivery, state: str, seconds: float = 15) -> asyncpg.Record:
    """Wait until the delivery stands there."""

    async def stands() -> bool:
        return bool((await row_of(made))["state"] == state)

    await until(stands, seconds)
    return await row_of(made)
