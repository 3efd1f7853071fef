"""The whole way of a study's mail: launched, composed, handed to a mail server, read in the mailbox."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest

from privacy.tokens import Purpose, read
from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster
from survey.invitations import emails
from survey.mail.catcher import catching
from survey.mail.composing import composers_of
from survey.mail.sending import send_mail
from survey.settings import Settings
from survey.studies.domain import Study
from tests.conftest import NOW, new_affiliate

from .fieldwork import Fieldwork

SENT = "SELECT count(*) FROM ops.delivery WHERE state = 'sent'"


@pytest.fixture
async def alone(fresh_database: Database, cluster: Cluster, settings: Settings) -> AsyncIterator[Fieldwork]:
    """Fieldwork in a database where nobody else has mail waiting."""
    async with transaction(Role.GATE) as here:
        name = await here.fetchval("SELECT current_database()")
    owner = await asyncpg.connect(cluster.url(name, as_superuser=True))
    yield await Fieldwork.begun(await new_affiliate("Kestrel"), owner, settings)
    await owner.close()


async def delivered(fieldwork: Fieldwork, database: Database, folder: Path, people: int) -> list[EmailMessage]:
    """Send until everybody has been written to, and open what arrived."""
    stop = asyncio.Event()
    composers = composers_of([emails])
    async with catching(folder, lambda: NOW) as relay, asyncio.TaskGroup() as group:
        group.create_task(send_mail(fieldwork.settings, database, composers, relay, stop, clock=lambda: NOW))
        async with asyncio.timeout(30):
            while await fieldwork.owner.fetchval(SENT) < people:  # noqa: ASYNC110  (another process tells)
                await asyncio.sleep(0.05)
        stop.set()
    kept = [path.read_bytes() for path in folder.rglob("*.eml")]
    return [message_from_bytes(content, policy=policy.default) for content in kept]


def plain(message: EmailMessage) -> str:
    """The text part."""
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


async def launched(fieldwork: Fieldwork) -> Study:
    """A study whose two people wait for their mail."""
    await fieldwork.contact("ann@example.test", "Zoë <b>")
    await fieldwork.contact("bob@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    return study


async def test_an_invitation_arrives_with_all_it_must_carry(
    alone: Fieldwork, fresh_database: Database, tmp_path: Path
) -> None:
    await launched(alone)
    messages = await delivered(alone, fresh_database, tmp_path, 2)
    assert sorted(message["To"] for message in messages) == ["ann@example.test", "bob@example.test"]
    for message in messages:
        text = plain(message)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "https://testserver.local/o/" in message["List-Unsubscribe"]
        assert message["From"].startswith("Brightwater Coffee via Kestrel")
        assert "https://testserver.local/o/" in text
        assert "gave us your address on 5 November 2026" in text
        assert "1 High Street, Testford" in text


async def test_each_persons_link_opens_a_door_of_their_own(
    alone: Fieldwork, fresh_database: Database, tmp_path: Path
) -> None:
    study = await launched(alone)
    messages = await delivered(alone, fresh_database, tmp_path, 2)
    tokens = [plain(message).partition("https://testserver.local/s/")[2].split()[0] for message in messages]
    doors = {read(alone.settings.token_keys, Purpose.SURVEY, token) for token in tokens}
    rows = await alone.owner.fetch("SELECT id FROM field.entry WHERE study_id = $1", study.id)
    assert doors == {row["id"] for row in rows}


async def test_no_pixel_and_no_redirector_is_in_a_message(
    alone: Fieldwork, fresh_database: Database, tmp_path: Path
) -> None:
    await launched(alone)
    for message in await delivered(alone, fresh_database, tmp_path, 2):
        body = message.get_body(("html",))
        assert body is not None
        page = body.get_content()
        assert "<img" not in page
        assert "<b>" not in page
        assert page.count("http") == page.count("https://testserver.local/")


async def test_an_address_that_does_not_exist_is_not_written_to_again(alone: Fieldwork) -> None:
    contact = await alone.contact("ann@example.test")
    study = await alone.study()
    await alone.launch(study)
    await alone.bounce(study)
    status = await alone.owner.fetchval("SELECT status FROM identity.contact WHERE id = $1", contact)
    assert status == "bounced"
