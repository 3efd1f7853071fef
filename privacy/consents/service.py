"""Giving and withdrawing consent. Withdrawing is as easy as giving (GDPR 7(3)), and both leave evidence."""

from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from . import queries
from .domain import Consent, Wording


async def give(
    connection: Connection, affiliate_id: UUID, subject_id: UUID, purpose: str, wording: Wording, now: datetime
) -> None:
    """Write down that the person agreed to these words for this purpose."""
    await queries.insert_consent(connection, affiliate_id, Consent(subject_id, purpose, True, wording, now))


async def withdraw(
    connection: Connection, affiliate_id: UUID, subject_id: UUID, purpose: str, wording: Wording, now: datetime
) -> None:
    """Write down that the person no longer agrees. What was given before stays as evidence."""
    await queries.insert_consent(connection, affiliate_id, Consent(subject_id, purpose, False, wording, now))


async def is_given(connection: Connection, subject_id: UUID, purpose: str) -> bool:
    """Whether the person's last word on this purpose was yes. Silence is no."""
    current = await current_consents(connection, subject_id)
    return purpose in current and current[purpose].is_given


async def current_consents(connection: Connection, subject_id: UUID) -> dict[str, Consent]:
    """The person's last word on each purpose."""
    return {consent.purpose: consent for consent in await queries.current_consents(connection, subject_id)}


async def consents_of(connection: Connection, subject_id: UUID) -> list[Consent]:
    """Everything the person has said, oldest first."""
    return await queries.consents_of(connection, subject_id)
