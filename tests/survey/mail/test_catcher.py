"""What a deployment without a relay sends is kept and can be read again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey.mail.catcher import catching
from survey.mail.mailbox import find_source, keep, messages, parsed, part_of
from survey.mail.relay import BadRelay, Line, relay_of
from survey.mail.skeleton import message_of

from .letters import LETTERHEAD, NOW, invitation


@pytest.mark.parametrize("id_", ["", "..", "../../etc/passwd", "a" * 24 + "/", "0" * 23, "A" * 24])
def test_nothing_but_a_message_can_be_asked_for(id_: str, tmp_path: Path) -> None:
    assert find_source(tmp_path, id_) is None


def test_an_empty_mailbox_is_empty(tmp_path: Path) -> None:
    assert messages(tmp_path) == []


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for minute in (0, 2, 1):
        content = f"Subject: minute {minute}\r\n\r\nx\r\n".encode()
        keep(tmp_path, "ann@example.test", content, NOW + timedelta(minutes=minute))
    assert [caught.subject for caught in messages(tmp_path)] == ["minute 2", "minute 1", "minute 0"]


def test_a_line_that_is_only_half_written_is_not_there_yet(tmp_path: Path) -> None:
    caught = keep(tmp_path, "ann@example.test", b"Subject: x\r\n\r\ny\r\n", NOW)
    with (tmp_path / "index.jsonl").open("ab") as index:
        index.write(b'{"id":"0')
    assert messages(tmp_path) == [caught]


async def test_a_message_over_real_smtp_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    message = message_of(invitation("ann@example.test"), LETTERHEAD, NOW, is_to_people=True)
    async with catching(tmp_path, lambda: datetime.now(UTC)) as relay:
        line = Line(relay, "candour.test")
        await line.open()
        await line.begin(message.sender, message.recipient, len(message.content))
        await line.deliver(message.content)
        await line.close()
    (caught,) = messages(tmp_path)
    source = find_source(tmp_path, caught.id)
    assert (caught.to, caught.subject) == ("ann@example.test", "How was your visit?")
    assert source == message.content
    assert "Stop these e-mails" in part_of(parsed(source), "html")
    assert "Stop these e-mails" in part_of(parsed(source), "plain")


@pytest.mark.parametrize("url", ["", "http://relay.example", "relay.example:25", "smtp://"])
def test_what_is_no_relay_is_refused(url: str) -> None:
    with pytest.raises(BadRelay):
        relay_of(url)


def test_a_password_travels_only_under_encryption() -> None:
    assert relay_of("smtp://user:pass@relay.example").wants_starttls is True
    assert relay_of("smtps://user:pass@relay.example").is_tls
    assert relay_of("smtp://user:pass@127.0.0.1:25").wants_starttls is None


def test_a_relays_address_is_read_and_its_password_not_shown() -> None:
    relay = relay_of("smtp://ann%40x:s%2Fecret@relay.example:2525")
    assert (relay.host, relay.port, relay.username, relay.password) == ("relay.example", 2525, "ann@x", "s/ecret")
    assert "s/ecret" not in repr(relay)
