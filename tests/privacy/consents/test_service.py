"""Consent is what somebody said last, in words that are kept."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy import consents
from privacy.consents import Wording
from survey.db import Database, Role, transaction

AFFILIATE = uuid4()
YES = Wording(3, "Write to me about surveys.", "double-opt-in")
NO = Wording(3, "Stop writing to me.", "membership-page")
PURPOSE = "panel"


@pytest.fixture
def subject() -> UUID:
    """Somebody."""
    return uuid4()


@pytest.mark.parametrize("shown", [(1, "", "form"), (1, "  ", "form"), (1, "Yes", "")])
def test_consent_without_the_words_that_were_shown_is_refused(shown: tuple[int, str, str]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        Wording(*shown)


@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER, Role.GATE, Role.CLIENT])
async def test_only_the_desk_writes_consents(database: Database, subject: UUID, role: Role, now: datetime) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=AFFILIATE) as connection:
            await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)


@pytest.mark.parametrize("statement", ["DELETE FROM ledger.consent", "UPDATE ledger.consent SET is_given = true"])
async def test_nobody_changes_or_removes_the_evidence(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.DESK) as connection:
            await connection.execute(statement)


async def test_silence_is_no(database: Database, subject: UUID) -> None:
    async with transaction(Role.DESK) as connection:
        assert not await consents.is_given(connection, subject, PURPOSE)
        assert await consents.current_consents(connection, subject) == {}


async def test_another_affiliate_sees_no_consent(database: Database, subject: UUID, now: datetime) -> None:
    async with transaction(Role.DESK) as connection:
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)
    async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
        assert not await consents.is_given(connection, subject, PURPOSE)
    async with transaction(Role.STAFF, affiliate=AFFILIATE) as connection:
        assert await consents.is_given(connection, subject, PURPOSE)


async def test_the_last_word_counts(database: Database, subject: UUID, now: datetime) -> None:
    later, latest = now + timedelta(days=1), now + timedelta(days=2)
    async with transaction(Role.DESK) as connection:
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)
        await consents.withdraw(connection, AFFILIATE, subject, PURPOSE, NO, later)
        assert not await consents.is_given(connection, subject, PURPOSE)
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, latest)
        assert await consents.is_given(connection, subject, PURPOSE)


async def test_of_two_words_at_one_moment_the_withdrawal_counts(
    database: Database, subject: UUID, now: datetime
) -> None:
    async with transaction(Role.DESK) as connection:
        await consents.withdraw(connection, AFFILIATE, subject, PURPOSE, NO, now)
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)
        assert not await consents.is_given(connection, subject, PURPOSE)


async def test_consent_to_one_purpose_is_none_to_another(database: Database, subject: UUID, now: datetime) -> None:
    async with transaction(Role.DESK) as connection:
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)
        await consents.withdraw(connection, AFFILIATE, subject, "news", NO, now)
        current = await consents.current_consents(connection, subject)
    assert {purpose: consent.is_given for purpose, consent in current.items()} == {PURPOSE: True, "news": False}


async def test_the_evidence_keeps_every_word(database: Database, subject: UUID, now: datetime) -> None:
    later = now + timedelta(days=1)
    async with transaction(Role.DESK) as connection:
        await consents.give(connection, AFFILIATE, subject, PURPOSE, YES, now)
        await consents.withdraw(connection, AFFILIATE, subject, PURPOSE, NO, later)
        history = await consents.consents_of(connection, subject)
    assert history == [
        consents.Consent(subject, PURPOSE, True, YES, now),
        consents.Consent(subject, PURPOSE, False, NO, later),
    ]
