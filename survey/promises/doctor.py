"""What is wrong with a deployment, in plain words; for `candour doctor`."""

import asyncio
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

from survey.db import diagnosis
from survey.mail.relay import Answered, BadRelay, Line, relay_of
from survey.settings import Environment, Settings, problems

from . import keys

RELAY_SECONDS = 10
LEAST_FREE_BYTES = 1_000_000_000
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRETS_FILE = "secrets.json"
WITHOUT_REAL_PEOPLE = (Environment.DEVELOPMENT, Environment.DEMO)


async def findings(settings: Settings) -> list[str]:
    """One sentence a fault; empty when all is well."""
    found = [*problems(settings), *_address(settings), *_data_folder(settings)]
    asked = await asyncio.gather(_database(settings), _relay(settings))
    return [*found, *(finding for part in asked for finding in part)]


async def _database(settings: Settings) -> list[str]:
    """What is wrong with the database; once nothing is, which of its keys are missing here."""
    return await diagnosis.findings(settings) or await keys.findings(settings)


def _address(settings: Settings) -> list[str]:
    """Whether people outside reach us by TLS, and whether their addresses reach us."""
    parts = urlsplit(settings.base_url)
    if parts.hostname in LOOPBACK:
        return []
    found = []
    if settings.environment in WITHOUT_REAL_PEOPLE:
        found.append(
            f"CANDOUR_ENV is {settings.environment} at an address that others reach: all mail can be read there and"
            " no setting is refused; set it to production before real people's data comes in"
        )
    if parts.scheme != "https" and not settings.is_production:
        found.append("CANDOUR_BASE_URL is not https: links in mail and sign-ins would travel in clear")
    if parts.scheme == "https" and not settings.trusted_proxies:
        found.append(
            "CANDOUR_TRUSTED_PROXIES is not set: behind a TLS proxy every visitor seems to come from the proxy, and"
            " the limits on attempts count all of them as one"
        )
    if parts.scheme == "https" and settings.plain_http_cookies and not settings.is_production:
        found.append("CANDOUR_PLAIN_HTTP_COOKIES is set although the site is https: unset it")
    return found


def _data_folder(settings: Settings) -> list[str]:
    folder = settings.data_path
    nearest = next(place for place in (folder.resolve(), *folder.resolve().parents) if place.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        return [f"the data folder {folder} cannot be written: give it to the user who runs Candour"]
    found = []
    free = shutil.disk_usage(nearest).free
    if free < LEAST_FREE_BYTES:
        found.append(f"the disk of the data folder has {free // 1_000_000} MB left: make room")
    return [*found, *_secrets(folder / SECRETS_FILE)]


def _secrets(path: Path) -> list[str]:
    if path.exists() and path.stat().st_mode & 0o077:
        return [f"{path} holds secrets and others may read it: chmod 600"]
    return []


async def _relay(settings: Settings) -> list[str]:
    """Whether the mail relay answers as one should."""
    if settings.smtp_url is None:
        return []
    try:
        relay = relay_of(settings.smtp_url)
        line = Line(relay, socket.getfqdn())
        await asyncio.wait_for(line.open(), RELAY_SECONDS)
    except BadRelay as error:
        return [str(error)]
    except (Answered, TimeoutError) as error:
        said = f" ({error})" if str(error) else ""
        return [f"the mail relay of SMTP_URL does not answer{said}: no mail leaves this machine"]
    is_in_clear = not line.is_encrypted and relay.host not in LOOPBACK
    await line.close()
    if is_in_clear:
        return ["the mail relay of SMTP_URL takes mail in clear: have it offer STARTTLS, or write smtps://"]
    return []
