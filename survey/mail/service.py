"""Asking for mail in the asker's own transaction, and pausing, resuming or cancelling what has not gone out yet."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from survey import db

from . import queries
from .checking import check, forget, forget_written_to
from .domain import Delivery, Reason
from .queries import COLUMNS, INSERT_COLUMNS, ON_CONFLICT, STOPPED

__all__ = [
    "COLUMNS",
    "INSERT_COLUMNS",
    "ON_CONFLICT",
    "STOPPED",
    "cancel",
    "check",
    "drop_stopped",
    "enqueue",
    "enqueue_many",
    "find_trouble",
    "forget",
    "forget_written_to",
    "hold",
    "is_unwanted",
    "resume",
]


async def enqueue(delivery: Delivery) -> bool:
    """Ask for a message in the present transaction. False where it was asked for before."""
    return await enqueue_many(db.connection(), [delivery]) == 1


async def enqueue_many(connection: Connection, deliveries: Sequence[Delivery]) -> int:
    """Ask for many at once; returns how many are new. Thousands at a time: a launch is better as INSERT … SELECT."""
    return await queries.insert(connection, deliveries)


async def hold(connection: Connection, campaign_id: UUID, reason: str = Reason.PAUSED) -> int:
    """Pause a campaign: nothing of it goes out any more, not even what a worker has in hand. Returns how many wait."""
    return await queries.hold(connection, campaign_id, reason)


async def resume(connection: Connection, campaign_id: UUID) -> int:
    """Go on with a paused campaign. What is in doubt stays held."""
    return await queries.resume(connection, campaign_id)


async def cancel(connection: Connection, campaign_id: UUID, reason: str = Reason.CANCELLED) -> int:
    """Give up what of a campaign has not gone out. reason: words for the send log."""
    return await queries.cancel(connection, campaign_id, reason)


async def is_unwanted(affiliate_id: UUID, recipient_id: UUID, kind: str) -> bool:
    """Whether the newest single message of a kind to somebody stayed here: its address takes no mail. Role.STAFF."""
    return await queries.last_reason(db.connection(), affiliate_id, recipient_id, kind) == Reason.OPTED_OUT


async def drop_stopped(connection: Connection, suppression_key: bytes) -> int:
    """After an opt-out, in its transaction: set aside the mail to this address that it stops.

    A message that the relay is being given at this very moment cannot be called back.
    """
    return await queries.drop_stopped(connection, suppression_key)


async def find_trouble(connection: Connection) -> dict[str, str] | None:
    """What keeps mail from going out, if anything: `at`, `kind` and the relay's codes."""
    return await queries.trouble.find(connection)
