"""What `candour doctor` finds, each thing broken once."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster
from survey.promises import doctor
from survey.settings import Environment, Settings


@pytest.fixture
async def sound(settings: Settings, fresh_database: Database, cluster: Cluster, tmp_path: Path) -> Settings:
    """A deployment with nothing wrong, and nothing in it that another test has left."""
    async with transaction(Role.WORKER) as here:
        name = await here.fetchval("SELECT current_database()")
    base_url = "http://127.0.0.1:8000"
    return replace(settings, database_url=cluster.url(name), data_path=tmp_path, base_url=base_url)


@asynccontextmanager
async def relay(words: bytes, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Something that answers on a port of its own with these words, whatever it is told; yields its SMTP_URL."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        while await reader.readline():
            writer.write(b"250 fine\r\n")
        writer.close()

    server = await asyncio.start_server(talk, host, 0)
    async with server:
        yield f"smtp://{host}:{server.sockets[0].getsockname()[1]}"


async def test_a_sound_deployment_has_nothing_wrong(sound: Settings) -> None:
    assert await doctor.findings(sound) == []


async def test_a_relay_that_answers_is_fine(sound: Settings) -> None:
    async with relay(b"220 here\r\n") as url:
        assert await doctor.findings(replace(sound, smtp_url=url)) == []


async def test_a_relay_elsewhere_that_takes_mail_in_clear_is_found(sound: Settings) -> None:
    async with relay(b"220 here\r\n", "127.0.0.2") as url:
        (finding,) = await doctor.findings(replace(sound, smtp_url=url))
    assert "in clear" in finding


async def test_a_relay_that_is_not_there_is_found(sound: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        (finding,) = await doctor.findings(replace(sound, smtp_url=url))
    assert "relay" in finding


async def test_a_relay_that_refuses_is_found(sound: Settings) -> None:
    async with relay(b"554 not you\r\n") as url:
        (finding,) = await doctor.findings(replace(sound, smtp_url=url))
    assert "relay" in finding


async def test_an_address_that_is_no_relay_is_found(sound: Settings) -> None:
    (finding,) = await doctor.findings(replace(sound, smtp_url="mail.example.org"))
    assert "SMTP_URL" in finding


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"base_url": "http://surveys.example.org"}, "not https"),
        ({"base_url": "https://surveys.example.org"}, "CANDOUR_TRUSTED_PROXIES"),
        ({"base_url": "https://surveys.example.org", "trusted_proxies": ("10.0.0.1",), "plain_http_cookies": True},
         "CANDOUR_PLAIN_HTTP_COOKIES"),
        ({"base_url": "https://surveys.example.org", "trusted_proxies": ("10.0.0.1",), "environment": Environment.DEMO},
         "CANDOUR_ENV is demo"),
    ],
)  # fmt: skip
async def test_an_address_that_is_not_safe_for_people_is_found(
    sound: Settings, change: dict[str, object], word: str
) -> None:
    (finding,) = await doctor.findings(replace(sound, **change))  # type: ignore[arg-type]
    assert word in finding


async def test_what_production_refuses_is_found(sound: Settings) -> None:
    found = await doctor.findings(replace(sound, environment=Environment.PRODUCTION, smtp_url=None))
    assert any("SMTP_URL must be set" in finding for finding in found)
    assert any("must begin with https" in finding for finding in found)


async def test_a_database_that_is_not_there_is_found(sound: Settings) -> None:
    (finding,) = await doctor.findings(replace(sound, database_url="postgresql://127.0.0.1:1/candour"))
    assert "the database does not answer" in finding


async def test_a_wrong_database_secret_is_found(sound: Settings) -> None:
    found = await doctor.findings(replace(sound, database_secret=b"x" * 32))
    assert any("cannot sign in" in finding for finding in found)


async def test_a_role_that_steps_over_the_fences_is_found(sound: Settings, superuser: asyncpg.Connection) -> None:
    await superuser.execute("ALTER ROLE candour_desk BYPASSRLS")
    try:
        (finding,) = await doctor.findings(sound)
    finally:
        await superuser.execute("ALTER ROLE candour_desk NOBYPASSRLS")
    assert "candour_desk" in finding


async def test_secrets_that_others_may_read_are_found(sound: Settings) -> None:
    secrets = sound.data_path / "secrets.json"
    secrets.write_text("{}")
    secrets.chmod(0o644)
    (finding,) = await doctor.findings(sound)
    assert "chmod 600" in finding


async def test_a_full_disk_is_found(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5_000_000

    full: Callable[[object], type[Usage]] = lambda _: Usage  # noqa: E731
    monkeypatch.setattr("survey.promises.doctor.shutil.disk_usage", full)
    (finding,) = await doctor.findings(sound)
    assert "5 MB left" in finding


async def test_a_folder_that_cannot_be_written_is_found(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.promises.doctor.os.access", lambda *_: False)
    (finding,) = await doctor.findings(sound)
    assert "cannot be written" in finding
