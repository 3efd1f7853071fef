"""Asking for mail belongs to the asker's transaction and happens once."""

from dataclasses import replace

import asyncpg
import pytest

from survey.db import Database, Role, Scope, transaction
from survey.mail.domain import EnvelopeIncomplete
from survey.mail.service import cancel, enqueue, enqueue_many, hold, resume
from tests.conftest import new_affiliate

from .conftest import ask, delivery, queued, row_of

ASKERS = (Role.STAFF, Role.GATE, Role.PROVIDER, Role.DESK, Role.WORKER)
STRANGERS = (Role.RESPONDENT, Role.CLIENT, Role.RELEASER)


@pytest.mark.parametrize("role", STRANGERS)
async def test_a_role_that_writes_to_nobody_cannot_ask(role: Role, scope: Scope) -> None:
    made = await delivery(scope)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=scope.affiliate_id):
            await enqueue(made)


async def test_staff_cannot_ask_in_the_name_of_another_affiliate(scope: Scope) -> None:
    other = await new_affiliate("harbour")
    made = await delivery(scope)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(other, [made])


async def test_survey_mail_without_a_way_out_cannot_be_asked_for(scope: Scope) -> None:
    made = await delivery(scope)
    with pytest.raises(EnvelopeIncomplete):
        replace(made, opt_out_link_id=None)


async def test_the_database_refuses_survey_mail_without_a_way_out(scope: Scope) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
            await connection.execute(
                "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key,"
                " not_before) VALUES ($1, $1, $1, 'invitation', true, '', now())",
                scope.affiliate_id,
            )


async def test_what_is_rolled_back_was_never_asked_for(scope: Scope) -> None:
    made = await delivery(scope)
    undone = transaction(Role.STAFF, affiliate=scope.affiliate_id)
    async with undone as connection:
        await enqueue_many(connection, [made])
        await undone.rollback()
    assert await row_of(made) is None


@pytest.mark.parametrize("role", ASKERS)
async def test_the_same_message_is_asked_for_once(role: Role, scope: Scope) -> None:
    made = await delivery(scope)
    async with transaction(role, affiliate=scope.affiliate_id):
        asked = [await enqueue(made) for _ in range(2)]
    assert asked == [True, False]


async def test_many_are_asked_for_at_once_and_only_new_ones_count(scope: Scope, fresh_database: Database) -> None:
    made = [await delivery(scope) for _ in range(3)]
    assert await ask(scope, made[:2]) == 2
    assert await ask(scope, made) == 1
    assert await ask(scope, []) == 0


async def test_a_paused_campaign_waits_and_goes_on(scope: Scope) -> None:
    (made,) = await queued(scope)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        assert await hold(connection, made.campaign_id) == 1
    assert (await row_of(made))["state"] == "held"
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        assert await resume(connection, made.campaign_id) == 1
    assert (await row_of(made))["state"] == "queued"


async def test_staff_cannot_pause_the_campaign_of_another_affiliate(scope: Scope) -> None:
    other = await new_affiliate("harbour")
    (made,) = await queued(scope)
    async with transaction(Role.STAFF, affiliate=other.affiliate_id) as connection:
        assert await hold(connection, made.campaign_id) == 0


async def test_a_cancelled_campaign_says_why(scope: Scope) -> None:
    (made,) = await queued(scope)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        assert await cancel(connection, made.campaign_id, "the study has closed") == 1
    row = await row_of(made)
    assert (row["state"], row["reason"]) == ("skipped", "the study has closed")
