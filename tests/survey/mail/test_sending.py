"""From the outbox to the relay: everybody once, and each kind of trouble costs what it should and no more."""

import asyncio
import socket
from collections.abc import Sequence
from contextvars import Context
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from privacy.optouts import Source, StopScope, stop
from survey.affiliates import service as affiliates
from survey.db import Database, Role, Scope, transaction
from survey.mail.composing import Audience, Composer, Composing
from survey.mail.dispatch import utc_now
from survey.mail.domain import Claimed, Delivery, InDoubt, Outgoing, Withheld
from survey.mail.service import find_trouble
from tests.conftest import new_affiliate
from tests.smtp_sink import GREETING, HANG_UP, Answer, Sink, serving

from .conftest import INVITING, QUICK, Sending, address_of, compose, queued, reached, row_of, until
from .letters import BULK, INVITATION, VALUES

UNKNOWN = b"550 5.1.1 <ann.canary@example.test> no such user\r\n"


def _once(words: bytes, times: int = 1) -> Answer:
    """An answer that is given a number of times, before all goes well."""
    left = [words] * times

    def answer(_: str) -> bytes | None:
        return left.pop() if left else None

    return answer


async def test_everybody_gets_one_message_and_the_row_says_so(scope: Scope, sink: Sink, sending: Sending) -> None:
    made = await queued(scope, 30)
    async with sending():
        rows = [await reached(one, "sent") for one in made]
    assert sorted(sink.recipients) == sorted(address_of(one.recipient_id) for one in made)
    assert {row["message_id"] for row in rows} == {taken.message_id.strip("<>") for taken in sink.taken}
    assert {(row["attempts"], row["phase"], row["reply"]) for row in rows} == {(1, "done", "2.0.0 ok")}
    assert sink.connections == QUICK.connections


async def test_what_arrives_is_the_message_that_was_composed(scope: Scope, sink: Sink, sending: Sending) -> None:
    (made,) = await queued(scope)
    async with sending():
        await reached(made, "sent")
    message = message_from_bytes(sink.taken[0].content.replace(b"\r\n..", b"\r\n."), policy=default)
    assert message["Subject"] == "How was your visit?"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",))
    assert text is not None
    assert "/o/" in text.get_content()


async def test_whoever_opted_out_gets_nothing_and_the_row_says_why(scope: Scope, sink: Sink, sending: Sending) -> None:
    stopped, other = await queued(scope, 2)
    async with transaction(Role.DESK) as connection:
        await stop(connection, stopped.suppression_key, StopScope.EVERYTHING, None, Source.PAGE, utc_now())
    async with sending():
        await reached(other, "sent")
        assert (await reached(stopped, "skipped"))["reason"] == "opted out"
    assert sink.recipients == [address_of(other.recipient_id)]


async def test_an_opt_out_while_the_message_is_composed_still_stops_it(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)

    async def slow(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        # As another process would do it: in a transaction of its own.
        await asyncio.create_task(_opt_out(made.suppression_key), context=Context())
        return await compose(composing, rows)

    async with sending(Composer("invitation", Audience.PEOPLE, "a test", slow)):
        assert (await reached(made, "skipped"))["reason"] == "opted out"
    assert sink.taken == []


async def _opt_out(key: bytes) -> None:
    async with transaction(Role.DESK) as connection:
        await stop(connection, key, StopScope.EVERYTHING, None, Source.ONE_CLICK, utc_now())


async def test_an_address_that_does_not_exist_bounces_and_its_area_hears_of_it(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    gone, other = await queued(scope, 2)
    sink.at_rcpt = lambda address: UNKNOWN if address == address_of(gone.recipient_id) else None
    heard: list[UUID] = []

    async def on_bounce(composing: Composing, rows: Sequence[Claimed]) -> None:
        heard.extend(row.recipient_id for row in rows)

    async with sending(replace(INVITING, on_bounce=on_bounce)):
        row = await reached(gone, "bounced")
        await reached(other, "sent")
    assert heard == [gone.recipient_id]
    assert (row["reason"], row["attempts"]) == ("rcpt 550 5.1.1", 1)
    assert "canary" not in row["reply"]


async def test_a_temporary_refusal_waits_and_counts(scope: Scope, sink: Sink, sending: Sending) -> None:
    (made,) = await queued(scope)
    sink.at_rcpt = _once(b"450 4.2.1 busy\r\n")
    begun = utc_now()
    async with sending():

        async def tried() -> bool:
            return bool((await row_of(made))["attempts"] == 1)

        await until(tried)
    row = await row_of(made)
    assert (row["state"], row["phase"], row["reason"]) == ("queued", "none", "waiting: rcpt 450 4.2.1")
    assert (row["not_before"] - begun).total_seconds() > 40
    assert (row["not_before"] - utc_now()).total_seconds() < 80


async def test_a_connection_that_breaks_before_the_dot_costs_nobody_an_attempt(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    made = await queued(scope, 5)
    sink.at_data = _once(HANG_UP, 2)
    async with sending():
        rows = [await reached(one, "sent") for one in made]
    assert len(sink.taken) == 5
    assert {(row["attempts"], row["in_doubt"]) for row in rows} == {(1, 0)}


async def test_silence_after_the_dot_is_answered_once_more_with_the_same_message_id(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)
    lost: list[str] = []
    sink.at_dot = _once(HANG_UP)
    sink.at_data = lambda address: lost.append(address)
    async with sending():
        row = await reached(made, "sent")
    assert len(lost) == 2
    assert [taken.message_id for taken in sink.taken] == [f"<{row['message_id']}>"]
    assert row["in_doubt"] == 1


async def test_where_doubt_is_held_nothing_is_sent_again(scope: Scope, sink: Sink, sending: Sending) -> None:
    (made,) = await queued(scope)
    sink.at_dot = _once(HANG_UP)
    async with sending(tuning=replace(QUICK, in_doubt=InDoubt.HOLD)):
        assert (await reached(made, "held"))["reason"] == "in doubt"
    assert sink.taken == []


async def test_doubt_after_doubt_waits_for_a_person(scope: Scope, sink: Sink, sending: Sending) -> None:
    (made,) = await queued(scope)
    sink.at_dot = lambda _: HANG_UP
    async with sending():
        assert (await reached(made, "held"))["in_doubt"] == 2


async def test_a_relay_that_will_not_have_us_is_left_alone_and_nobody_pays(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    made = await queued(scope, 10)
    sink.at_mail = lambda _: b"550 5.7.1 you again\r\n"
    with capture_logs() as lines:
        async with sending():
            await until(_trouble)
            await asyncio.sleep(0.3)
    rows = [await row_of(one) for one in made]
    assert {(row["state"], row["attempts"]) for row in rows} == {("queued", 0)}
    assert [line["answer"] for line in lines if line["event"] == "relay paused"] == ["mail 550 5.7.1"]


async def test_a_relay_that_is_away_is_asked_again_and_then_everything_goes(scope: Scope, sending: Sending) -> None:
    made = await queued(scope, 10)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    async with sending(port=port):
        await until(_trouble)
        late = Sink()
        server = await asyncio.get_running_loop().create_server(late.session, "127.0.0.1", port)
        rows = [await reached(one, "sent", 30) for one in made]
        assert await _trouble() is None
        server.close()
    assert {row["attempts"] for row in rows} == {1}
    assert len(late.taken) == 10


async def test_a_relay_that_is_too_busy_to_greet_is_asked_again_soon(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)
    busy = [b"421 4.3.2 too many connections\r\n"]
    sink.greets = lambda: busy.pop() if busy else GREETING
    async with sending(tuning=replace(QUICK, connections=1)):
        row = await reached(made, "sent", 20)
    assert row["attempts"] == 1


async def test_a_relay_that_complains_of_haste_gets_the_message_later(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)
    sink.at_dot = _once(b"454 4.7.0 Throttling failure\r\n")
    async with sending():

        async def tried() -> bool:
            return bool((await row_of(made))["attempts"])

        await until(tried)
    row = await row_of(made)
    assert (row["state"], row["reason"]) == ("queued", "waiting: data 454 4.7.0")


async def _trouble() -> dict[str, str] | None:
    async with transaction(Role.WORKER) as connection:
        return await find_trouble(connection)


async def test_refused_content_holds_the_campaign_and_no_other(scope: Scope, sink: Sink, sending: Sending) -> None:
    spam = await queued(scope, 8)
    refused = {address_of(one.recipient_id) for one in spam}
    sink.at_dot = lambda address: b"554 5.7.1 spam\r\n" if address in refused else None
    fine = await queued(scope, 3)
    async with sending(tuning=replace(QUICK, connections=1)):
        for one in fine:
            await reached(one, "sent")
        for one in spam:
            await reached(one, "held")
    rows = [await row_of(one) for one in spam]
    assert {row["reason"] for row in rows} == {"refused by the relay: data 554 5.7.1"}
    assert sum(row["attempts"] for row in rows) == 1


async def test_a_composer_that_fails_holds_up_only_its_own_mail(scope: Scope, sink: Sink, sending: Sending) -> None:
    (broken,) = await queued(scope, kind="broken")
    (fine,) = await queued(scope)

    async def fail(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        raise KeyError("ann.canary@example.test")

    with capture_logs() as lines:
        async with sending(INVITING, Composer("broken", Audience.PEOPLE, "a test", fail)):
            await reached(fine, "sent")
    row = await row_of(broken)
    assert (row["state"], row["reason"], row["attempts"]) == ("queued", "composing failed: KeyError", 1)
    assert "canary" not in str(lines)


async def test_what_nobody_composes_waits_for_a_worker_that_does(scope: Scope, sending: Sending) -> None:
    (made,) = await queued(scope, kind="tomorrow")
    async with sending():

        async def seen() -> bool:
            return bool((await row_of(made))["attempts"])

        await until(seen)
    assert (await row_of(made))["reason"] == "nobody composes tomorrow"


async def test_a_composer_may_withhold_a_message_and_say_why(scope: Scope, sink: Sink, sending: Sending) -> None:
    answered, forgotten, fine = await queued(scope, 3)

    async def choose(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        kept = [one for one in await compose(composing, rows) if one.row.recipient_id == fine.recipient_id]
        withheld = [Withheld(row, "answered") for row in rows if row.recipient_id == answered.recipient_id]
        return [*kept, *withheld]

    async with sending(Composer("invitation", Audience.PEOPLE, "a test", choose)):
        await reached(fine, "sent")
        assert (await reached(answered, "skipped"))["reason"] == "answered"
        assert (await reached(forgotten, "skipped"))["reason"] == "nothing was composed"
    assert len(sink.taken) == 1


@pytest.mark.parametrize("address", ["ann.canary", "ann.canary@example.test\r\nRCPT TO:<b@example.test>"])
async def test_what_is_no_address_fails_without_being_repeated(
    address: str, scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)

    async def misaddress(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        return [Outgoing(row, address, INVITATION, BULK, VALUES) for row in rows]

    with capture_logs() as lines:
        async with sending(Composer("invitation", Audience.PEOPLE, "a test", misaddress)):
            row = await reached(made, "failed")
    assert row["reason"] == "the address cannot be written to"
    assert "canary" not in str(lines)
    assert sink.taken == []


async def test_mail_that_was_asked_for_without_a_way_out_leaves_with_one(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope, is_bulk=False, opt_out_link_id=None)
    async with sending():
        await reached(made, "sent")
    (taken,) = sink.taken
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in taken.content


async def test_the_pace_is_kept(scope: Scope, sink: Sink, sending: Sending) -> None:
    made = await queued(scope, 10)
    begun = asyncio.get_running_loop().time()
    async with sending(tuning=replace(QUICK, per_minute=600)):
        for one in made:
            await reached(one, "sent")
    assert asyncio.get_running_loop().time() - begun >= 0.9


async def test_stopping_finishes_what_is_under_way_and_gives_the_rest_back(
    scope: Scope, sink: Sink, sending: Sending
) -> None:
    made = await queued(scope, 20)
    async with sending(tuning=replace(QUICK, per_minute=300)):

        async def some() -> bool:
            return len(sink.taken) >= 3

        await until(some)
    rows = [await row_of(one) for one in made]
    assert {row["state"] for row in rows} == {"sent", "queued"}
    assert sum(row["state"] == "sent" for row in rows) == len(sink.taken)
    assert [row["lease_until"] for row in rows if row["state"] == "queued"] == [None] * (20 - len(sink.taken))


async def test_when_the_database_hangs_up_nobody_is_missing_and_nobody_gets_two(scope: Scope, sending: Sending) -> None:
    cut = asyncio.Event()
    counting = Sink(keeps_content=False, at_data=lambda _: cut.set() if len(counting.taken) >= 20 else None)
    await _multiplied(await queued(scope), 399)
    async with serving(counting), sending(port=counting.port, tuning=replace(QUICK, lease_seconds=4)):
        await asyncio.wait_for(cut.wait(), 60)
        await _hang_up()

        async def all_sent() -> bool:
            async with transaction(Role.WORKER) as connection:
                return bool(await connection.fetchval("SELECT bool_and(state = 'sent') FROM ops.delivery"))

        await until(all_sent, 30)
    assert len(counting.taken) == len({one.message_id for one in counting.taken}) == 400


async def _multiplied(made: Sequence[Delivery], count: int) -> None:
    """The same message to many more people, in one statement."""
    async with transaction(Role.WORKER) as connection:
        await connection.execute(
            "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key,"
            " opt_out_link_id, not_before) SELECT affiliate_id, campaign_id, gen_random_uuid(), kind, is_bulk,"
            " suppression_key, opt_out_link_id, not_before FROM ops.delivery, generate_series(1, $2)"
            " WHERE campaign_id = $1",
            made[0].campaign_id,
            count,
        )


async def _hang_up() -> None:
    async with transaction(Role.WORKER) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


async def test_a_connection_is_replaced_before_a_relay_tires_of_it(scope: Scope, sending: Sending) -> None:
    await _multiplied(await queued(scope), 400)
    counting = Sink(keeps_content=False)
    async with serving(counting), sending(port=counting.port, tuning=replace(QUICK, connections=1)):

        async def all_taken() -> bool:
            return len(counting.taken) == 401

        await until(all_taken, 30)
    assert counting.connections == 3


async def test_an_affiliate_without_a_postal_address_holds_up_its_own_mail_alone(
    scope: Scope, sink: Sink, sending: Sending, fresh_database: Database
) -> None:
    nowhere = await new_affiliate("nowhere")
    async with transaction(Role.STAFF, affiliate=nowhere.affiliate_id) as here:
        await here.execute("UPDATE field.affiliate SET postal_address = '' WHERE id = $1", nowhere.affiliate_id)

    async def named(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
        sender = await affiliates.sender_of(rows[0].affiliate_id)
        return [
            Outgoing(row, address_of(row.recipient_id), INVITATION, replace(BULK, sender=sender), VALUES)
            for row in rows
        ]

    (bad,), (good,) = await queued(nowhere), await queued(scope)
    with capture_logs() as lines:
        async with sending(Composer("invitation", Audience.PEOPLE, "a test", named)):
            await reached(good, "sent")
            await until(lambda: _is_explained(bad))
            row = await row_of(bad)
    assert row["reason"] == "mail names its sender, a postal address and an address for replies"
    assert [line["affiliate"] for line in lines if line["event"] == "mail cannot be written"] == [
        str(nowhere.affiliate_id)
    ]
    assert len(sink.taken) == 1


async def _is_explained(made: Delivery) -> bool:
    row = await row_of(made)
    return (row["state"], bool(row["reason"])) == ("queued", True)
