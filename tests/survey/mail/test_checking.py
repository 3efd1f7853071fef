"""From the outbox to a mail server, and back: what arrives can be checked, whatever happened on the way."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import asyncpg

from privacy.crypto import random_bytes
from privacy.optouts import suppression_key
from survey.db import Database, Role, Scope, transaction
from survey.mail import checking
from survey.mail.checking import code_of
from survey.mail.dispatch import utc_now
from survey.mail.domain import Delivery, Genuine, InDoubt
from survey.mail.envelope import letterhead_of
from survey.settings import Settings
from tests.smtp_sink import HANG_UP, Sink, Taken

from .conftest import QUICK, Sending, address_of, queued, reached, row_of, until
from .letters import SENDER

CODE = re.compile(r"there this code: ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})")
LATER = timedelta(days=366)


def _codes(taken: Taken) -> set[str]:
    """The codes that a message shows, in its text and in its HTML."""
    message = message_from_bytes(taken.content.replace(b"\r\n..", b"\r\n."), policy=default)
    parts = [part for part in (message.get_body(("plain",)), message.get_body(("html",))) if part]
    texts = [re.sub(r"<[^>]+>|\s+", " ", str(part.get_content())) for part in parts]
    found = [CODE.findall(" ".join(text.split())) for text in texts]
    assert [len(each) for each in found] == [1, 1]
    return {code for each in found for code in each}


async def _asked(settings: Settings, typed: str, address: str = "", on: date | None = None) -> Genuine | None:
    async with transaction(Role.DESK) as connection:
        return await checking.check(connection, settings.index_key, typed, address, on or utc_now().date())


async def _sent(scope: Scope, sink: Sink, sending: Sending) -> tuple[Delivery, str]:
    (made,) = await queued(scope)
    async with sending():
        await reached(made, "sent")
    (code,) = _codes(sink.taken[-1])
    return made, code


async def test_a_code_that_nobody_has_sent_is_not_ours(fresh_database: Database, settings: Settings) -> None:
    assert await _asked(settings, code_of(settings.index_key, "never@candour.test")) is None
    assert await _asked(settings, "") is None


async def test_what_arrives_can_be_checked_and_says_what_it_is_and_from_whom(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending
) -> None:
    made, code = await _sent(scope, sink, sending)
    told = Genuine("a test", SENDER.name, utc_now().date(), None, None)
    assert await _asked(settings, code) == told
    assert await _asked(settings, code.lower().replace("-", " "), address_of(made.recipient_id)) == replace(
        told, is_to_reader=True
    )
    assert await _asked(settings, code, f" {address_of(made.recipient_id).upper()} ") == replace(
        told, is_to_reader=True
    )
    assert await _asked(settings, code, "somebody@else.test") == replace(told, is_to_reader=False)


async def test_the_relay_gets_nothing_of_which_we_would_not_know(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    made = await queued(scope, 3)
    await superuser_here.execute("REVOKE INSERT ON ops.mail_code FROM candour_worker")
    async with sending():

        async def tried() -> bool:
            return all([(await row_of(one))["claims"] > 1 for one in made])

        await until(tried)
        assert sink.taken == []
        await superuser_here.execute("GRANT INSERT ON ops.mail_code TO candour_worker")
        for one in made:
            await reached(one, "sent")
    assert all([await _asked(settings, code) for taken in sink.taken for code in _codes(taken)])


async def test_a_second_copy_of_a_message_in_doubt_has_the_code_of_the_first(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending
) -> None:
    (made,) = await queued(scope)
    lost: list[str] = []

    def cut_once(recipient: str) -> bytes | None:
        lost.append(recipient)
        return HANG_UP if len(lost) == 1 else None

    sink.at_dot = cut_once
    async with sending(tuning=replace(QUICK, in_doubt=InDoubt.RESEND)):
        row = await reached(made, "sent")
    (code,) = _codes(sink.taken[0])
    assert (row["in_doubt"], code) == (1, code_of(settings.index_key, row["message_id"]))
    today = utc_now().date()
    assert await _asked(settings, code) == Genuine("a test", SENDER.name, today, today, None)


async def test_the_day_of_the_first_copy_stays_beside_that_of_the_second(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    made, code = await _sent(scope, sink, sending)
    index = checking.code_index(settings.index_key, code)
    today = utc_now().date()
    before = today - timedelta(days=1)
    await superuser_here.execute("UPDATE ops.mail_code SET written_on = $2 WHERE code_index = $1", index, before)
    await superuser_here.execute(
        "UPDATE ops.delivery SET state = 'queued', phase = 'none', in_doubt = 1 WHERE recipient_id = $1",
        made.recipient_id,
    )
    async with sending():
        await reached(made, "sent")
    assert await _asked(settings, code) == Genuine("a test", SENDER.name, before, today, None)


async def test_a_code_is_found_after_the_keys_of_links_have_been_renewed_and_the_outbox_was_emptied(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    made, code = await _sent(scope, sink, sending)
    await superuser_here.execute("DELETE FROM ops.delivery WHERE affiliate_id = $1", scope.affiliate_id)
    renewed = replace(settings, token_keys=(random_bytes(32),))
    assert letterhead_of(renewed).index_key == settings.index_key
    found = await _asked(renewed, code, address_of(made.recipient_id))
    assert found is not None
    assert found.is_to_reader


async def test_a_code_is_kept_for_a_year_and_then_not_known_any_more(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending
) -> None:
    _, code = await _sent(scope, sink, sending)
    today = utc_now().date()
    assert await _asked(settings, code, on=today + LATER - timedelta(days=1))
    assert await _asked(settings, code, on=today + LATER) is None


async def test_after_an_erasure_the_message_is_ours_and_nobody_can_find_out_whose_it_was(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending
) -> None:
    made, code = await _sent(scope, sink, sending)
    address = address_of(made.recipient_id)
    key = suppression_key(settings.index_key, address)
    async with transaction(Role.DESK) as connection:
        await checking.forget(connection, [(scope.affiliate_id, key)])
    found = await _asked(settings, code, address)
    assert found == await _asked(settings, code, "somebody@else.test")
    assert found is not None
    assert found.is_to_reader is False


async def test_forgetting_at_one_company_leaves_the_messages_of_another(
    scope: Scope, settings: Settings, sink: Sink, sending: Sending
) -> None:
    made, code = await _sent(scope, sink, sending)
    address = address_of(made.recipient_id)
    key = suppression_key(settings.index_key, address)
    async with transaction(Role.DESK) as connection:
        await checking.forget(connection, [(made.recipient_id, key)])
    found = await _asked(settings, code, address)
    assert found is not None
    assert found.is_to_reader


async def test_what_is_kept_holds_neither_code_nor_address(
    scope: Scope, sink: Sink, sending: Sending, superuser_here: asyncpg.Connection
) -> None:
    made, code = await _sent(scope, sink, sending)
    kept = await superuser_here.fetchval("SELECT string_agg(c::text, ' ') FROM ops.mail_code AS c")
    plain = code.replace("-", "")
    secrets = (code, plain, code.encode().hex(), plain.encode().hex(), address_of(made.recipient_id), "example.test")
    assert not [secret for secret in secrets if secret.lower() in kept.lower()]
    # The control: what is kept of the message is looked at.
    assert SENDER.name in kept
