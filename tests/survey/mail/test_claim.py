"""Who is claimed, who is set aside and why; and who is stopped between the claim and the dot."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from privacy.crypto import DIGEST_BYTES, random_bytes
from privacy.optouts import Source, StopScope, is_stopped, stop
from privacy.optouts import resume as lift
from survey.db import Role, Scope, transaction
from survey.mail import queries
from survey.mail.dispatch import utc_now
from survey.mail.domain import Claimed, Delivery, Sent
from survey.mail.service import drop_stopped, hold
from tests.conftest import new_affiliate

from .conftest import ask, delivery, queued, row_of

EVERYTHING, CLIENT = StopScope.EVERYTHING, StopScope.CLIENT


async def _claim(limit: int = 100) -> list[Claimed]:
    now = utc_now()
    async with transaction(Role.WORKER) as connection:
        claimed, _ = await queries.claim(connection, now, limit, now + timedelta(minutes=5), "candour.test")
    return claimed


async def _mark(rows: Sequence[Claimed], sent: Sequence[Sent] = ()) -> set[UUID]:
    async with transaction(Role.WORKER) as connection:
        return await queries.mark(connection, sent, rows, utc_now())


async def _stop(made: Delivery, scope: StopScope = EVERYTHING, client_id: UUID | None = None) -> None:
    async with transaction(Role.DESK) as connection:
        await stop(connection, made.suppression_key, scope, client_id, Source.PAGE, utc_now())


async def _lift(made: Delivery, scope: StopScope = EVERYTHING, client_id: UUID | None = None) -> None:
    async with transaction(Role.DESK) as connection:
        await lift(connection, made.suppression_key, scope, client_id, utc_now())


async def _sweep(*, resend: bool = True, later: timedelta = timedelta(minutes=6)) -> None:
    async with transaction(Role.WORKER) as connection:
        await queries.sweep(connection, utc_now() + later, resend, utc_now())


async def test_whoever_stopped_everything_is_set_aside_in_the_claim_itself(scope: Scope) -> None:
    (made,) = await queued(scope)
    await _stop(made)
    assert await _claim() == []
    row = await row_of(made)
    assert (row["state"], row["reason"], row["lease_until"]) == ("skipped", "opted out", None)


async def test_whoever_stopped_one_client_gets_no_mail_of_that_client(scope: Scope) -> None:
    (made,) = await queued(scope, client_id=uuid4())
    await _stop(made, CLIENT, made.client_id)
    assert await _claim() == []
    assert (await row_of(made))["reason"] == "opted out"


async def test_whoever_stopped_one_client_still_hears_of_another(scope: Scope) -> None:
    (made,) = await queued(scope, client_id=uuid4())
    await _stop(made, CLIENT, uuid4())
    assert [row.recipient_id for row in await _claim()] == [made.recipient_id]


async def test_a_stop_that_was_lifted_stops_nobody(scope: Scope) -> None:
    (made,) = await queued(scope)
    await _stop(made)
    await _lift(made)
    assert len(await _claim()) == 1


async def test_an_opt_out_of_everything_stops_mail_about_ones_own_work_too(scope: Scope) -> None:
    (made,) = await queued(scope, is_bulk=False)
    await _stop(made)
    assert await _claim() == []
    assert (await row_of(made))["reason"] == "opted out"


async def test_an_opt_out_does_not_hold_back_what_somebody_asked_for_a_moment_ago(scope: Scope) -> None:
    (made,) = await queued(scope, is_bulk=False, is_asked=True)
    await _stop(made)
    assert len(await _claim()) == 1


async def test_whoever_stopped_one_affiliate_gets_none_of_its_mail_and_hears_of_others(scope: Scope) -> None:
    other = await new_affiliate("harbour")
    key = random_bytes(DIGEST_BYTES)
    for is_bulk in (True, False):
        await queued(scope, is_bulk=is_bulk, suppression_key=key)
    (elsewhere,) = await queued(other, is_bulk=False, suppression_key=key)
    await _stop(elsewhere, StopScope.AFFILIATE, scope.affiliate_id)
    assert [row.recipient_id for row in await _claim()] == [elsewhere.recipient_id]


async def test_whoever_stopped_offers_still_hears_of_ones_own_work(scope: Scope) -> None:
    key = random_bytes(DIGEST_BYTES)
    (offer,) = await queued(scope, suppression_key=key)
    (own,) = await queued(scope, is_bulk=False, suppression_key=key)
    (survey,) = await queued(scope, suppression_key=key, client_id=uuid4())
    await _stop(own, StopScope.OFFERS, scope.affiliate_id)
    assert {row.recipient_id for row in await _claim()} == {own.recipient_id, survey.recipient_id}
    assert (await row_of(offer))["reason"] == "opted out"


async def test_mail_that_was_asked_for_without_a_way_out_gets_one_when_it_is_claimed(scope: Scope) -> None:
    (linked,) = await queued(scope, is_bulk=False)
    (bare,) = await queued(scope, is_bulk=False, opt_out_link_id=None, suppression_key=linked.suppression_key)
    links = {row.recipient_id: row.opt_out_link_id for row in await _claim()}
    assert links[bare.recipient_id] == links[linked.recipient_id] == linked.opt_out_link_id


async def test_no_mail_is_sent_without_a_way_out(scope: Scope) -> None:
    await queued(scope, is_bulk=False, opt_out_link_id=None)
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(Role.WORKER) as connection:
            await connection.execute("UPDATE ops.delivery SET state = 'sent' WHERE opt_out_link_id IS NULL")


CLIENTS = (UUID(int=1), UUID(int=2))
AFFILIATE = StopScope.AFFILIATE
REACHES = st.sampled_from(
    [(EVERYTHING, None), (CLIENT, CLIENTS[0]), (CLIENT, CLIENTS[1]), (AFFILIATE, None), (AFFILIATE, CLIENTS[1])]
)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.booleans(), REACHES), max_size=6))
async def test_the_claim_and_the_suppression_list_agree(
    scope: Scope, history: list[tuple[bool, tuple[StopScope, UUID | None]]]
) -> None:
    (made,) = await queued(scope, client_id=CLIENTS[0])
    for is_stop, reach in history:
        whose = scope.affiliate_id if reach == (AFFILIATE, None) else reach[1]
        await (_stop if is_stop else _lift)(made, reach[0], whose)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        expected = await is_stopped(connection, made.suppression_key, made.client_id, scope.affiliate_id)
    assert (await _claim() == []) is expected


async def test_what_is_too_late_is_set_aside_as_overdue(scope: Scope) -> None:
    (made,) = await queued(scope, not_after=utc_now() - timedelta(seconds=1))
    assert await _claim() == []
    row = await row_of(made)
    assert (row["state"], row["reason"]) == ("skipped", "overdue")


async def test_what_is_not_due_is_left_alone(scope: Scope) -> None:
    (made,) = await queued(scope, not_before=utc_now() + timedelta(minutes=1))
    assert await _claim() == []
    assert (await row_of(made))["state"] == "queued"


async def test_what_somebody_waits_for_goes_before_survey_mail(scope: Scope) -> None:
    await queued(scope, 2, not_before=utc_now() - timedelta(hours=1))
    (reset,) = await queued(scope, is_bulk=False)
    assert [row.recipient_id for row in await _claim(1)] == [reset.recipient_id]


async def test_two_workers_never_claim_the_same_message(scope: Scope) -> None:
    await queued(scope, 40)
    both = await asyncio.gather(*(_claim(15) for _ in range(4)))
    claimed = [row.id for rows in both for row in rows]
    assert len(claimed) == len(set(claimed)) == 40


async def test_a_message_keeps_its_message_id_for_ever(scope: Scope) -> None:
    await queued(scope)
    (first,) = await _claim()
    await _sweep()
    (second,) = await _claim()
    assert first.message_id == second.message_id
    assert first.message_id.endswith("@candour.test")
    assert second.claims == first.claims + 1


async def test_an_opt_out_after_the_claim_still_stops_the_message(scope: Scope) -> None:
    (made,) = await queued(scope)
    (row,) = await _claim()
    await _stop(made)
    assert await _mark([row]) == set()
    assert (await row_of(made))["phase"] == "none"


async def test_an_opt_out_takes_queued_held_and_claimed_mail_in_its_own_transaction(scope: Scope) -> None:
    key = bytes(DIGEST_BYTES)
    first, second, third = await queued(scope, 3, suppression_key=key)
    await _claim(1)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        await connection.execute("UPDATE ops.delivery SET state = 'held' WHERE recipient_id = $1", third.recipient_id)
    await _stop(first)
    async with transaction(Role.DESK) as connection:
        assert await drop_stopped(connection, key) == 3
    assert {(await row_of(made))["reason"] for made in (first, second, third)} == {"opted out"}


async def test_a_pause_takes_what_a_worker_holds_and_has_not_sent(scope: Scope) -> None:
    (made,) = await queued(scope)
    (row,) = await _claim()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        await hold(connection, made.campaign_id)
    assert await _mark([row]) == set()
    assert (await row_of(made))["state"] == "held"


async def test_a_worker_that_lost_its_lease_may_not_send(scope: Scope) -> None:
    await queued(scope)
    (lost,) = await _claim()
    await _sweep()
    (ours,) = await _claim()
    assert await _mark([lost]) == set()
    assert await _mark([ours]) == {ours.id}


async def test_one_statement_marks_the_last_message_and_the_next(scope: Scope) -> None:
    made = await queued(scope, 2)
    last, following = await _claim()
    await _mark([last])
    assert await _mark([following], [Sent(last, "2.0.0 queued as 7")]) == {following.id}
    rows = {row["id"]: row for row in [await row_of(one) for one in made]}
    assert (rows[last.id]["state"], rows[last.id]["phase"], rows[last.id]["reply"]) == (
        "sent",
        "done",
        "2.0.0 queued as 7",
    )
    assert (rows[following.id]["state"], rows[following.id]["phase"]) == ("sending", "dot")


async def test_asking_again_for_the_same_mark_is_granted_again(scope: Scope) -> None:
    await queued(scope)
    (row,) = await _claim()
    assert await _mark([row]) == await _mark([row]) == {row.id}


async def test_a_dead_workers_message_before_the_dot_is_queued_again_at_once(scope: Scope) -> None:
    (made,) = await queued(scope)
    await _claim()
    await _sweep()
    row = await row_of(made)
    assert (row["state"], row["in_doubt"], row["attempts"]) == ("queued", 0, 0)


async def test_a_lease_that_has_not_ended_is_respected(scope: Scope) -> None:
    (made,) = await queued(scope)
    await _claim()
    await _sweep(later=timedelta())
    assert (await row_of(made))["state"] == "sending"


async def test_a_dead_workers_message_at_the_dot_is_sent_once_more_and_then_waits(scope: Scope) -> None:
    (made,) = await queued(scope)
    for doubt, state in ((1, "queued"), (2, "held")):
        await _mark(await _claim())
        await _sweep()
        row = await row_of(made)
        assert (row["state"], row["reason"], row["in_doubt"]) == (state, "in doubt", doubt)


async def test_where_doubt_is_held_a_person_decides(scope: Scope) -> None:
    (made,) = await queued(scope)
    await _mark(await _claim())
    await _sweep(resend=False)
    assert (await row_of(made))["state"] == "held"


async def test_right_after_a_launch_a_claim_reads_no_more_of_the_queue_than_it_takes(scope: Scope) -> None:
    """A hundred thousand invitations are due at the same moment; sorting them for each claim would be the end."""
    made = await delivery(scope)
    await ask(scope, [made])
    async with transaction(Role.WORKER) as connection:
        await connection.execute(
            "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key,"
            " opt_out_link_id, not_before) SELECT affiliate_id, campaign_id, gen_random_uuid(), kind, is_bulk,"
            " suppression_key, opt_out_link_id, not_before FROM ops.delivery, generate_series(1, 20000)"
        )
        await connection.execute(queries.IN_ORDER)
        now = utc_now()
        plan = await connection.fetchval(
            f"EXPLAIN (FORMAT JSON) {queries.CLAIM}", now, 200, now + timedelta(minutes=5), "candour.test"
        )
    assert "'Index Name': 'delivery_due'" in str(plan)
    assert "'Sort'" not in str(plan)
