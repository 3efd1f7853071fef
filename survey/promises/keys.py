"""Keys that must not get lost: what opt-outs are found by, and what opt-out links were ever signed with.

The database remembers a fingerprint of each. Without the old key a wish to be left alone is found no more, and a link
in an old message leads nowhere; nobody would notice, so a process does not start.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from asyncpg import Connection

from privacy import vault
from privacy.audit import Event, record
from privacy.crypto import fingerprint
from privacy.errors import UnknownKey
from privacy.signing import public_keys
from survey.db import Database, DatabaseUnavailable, Role, transaction
from survey.settings import BadSettings, Settings

from . import queries

KEYS_A_BATCH = 1000
INDEX = "key.index."
TOKEN = "key.token."  # noqa: S105  (the beginning of a setting's name)

LOST_INDEX = (
    "CANDOUR_INDEX_KEY is not the key that this database's opt-outs were hashed with: put that one back, or people who"
    " told us to stop are written to again"
)
STOLEN = (
    "CANDOUR_STRUCK_KEYS names the key that signs now: put a new one first in CANDOUR_TOKEN_KEYS, and move the stolen"
    " one to CANDOUR_RETIRED_TOKEN_KEYS"
)
LOST_LINKS = (
    "a token key that opt-out links were signed with is missing: add it to CANDOUR_RETIRED_TOKEN_KEYS, where it opens"
    " opt-out links and checks signatures, and makes neither"
)


async def require_known(settings: Settings) -> None:
    """Before a process starts: see that no key is missing, and remember those that are here.

    Raises BadSettings for keys that are missing, DatabaseUnavailable.
    """
    database = Database()
    await database.start(settings)
    try:
        async with transaction(Role.WORKER) as here:
            lost = await _lost(here, settings)
            if not lost:
                await queries.remember(here, sorted(_marks(settings)))
    except (asyncpg.UndefinedTableError, asyncpg.InvalidAuthorizationSpecificationError):
        raise DatabaseUnavailable("the database is not prepared: run `candour migrate`") from None
    finally:
        await database.stop()
    if lost:
        raise BadSettings(lost)


async def rotate(settings: Settings, now: datetime, batch_size: int = KEYS_A_BATCH) -> int:
    """Wrap every person's key with the newest key-encryption key, and record each batch; how many keys that were.

    Raises BadSettings where a key that is still in use is not on the ring.
    """
    database, done = Database(), 0
    await database.start(settings)
    try:
        while True:
            async with transaction(Role.WORKER) as here:
                batch = await vault.rotate(here, settings.keyring, batch_size)
                await _note_rotation(here, settings, batch, now)
            if not batch:
                return done
            done += batch
    except UnknownKey as error:
        raise BadSettings([_lacks([error.version])]) from None
    finally:
        await database.stop()


async def findings(settings: Settings) -> list[str]:
    """For `doctor`: one sentence for each key that is missing. The database answers and is migrated."""
    database = Database()
    await database.start(settings)
    try:
        async with transaction(Role.WORKER) as here:
            versions = await queries.kek_versions(here)
            lost = await _lost(here, settings)
    finally:
        await database.stop()
    missing = [version for version in versions if version not in settings.keyring.keys]
    return [*lost, *([_lacks(missing)] if missing else [])]


async def _note_rotation(here: Connection, settings: Settings, keys: int, now: datetime) -> None:
    detail = {"keys": keys, "version": settings.keyring.current}
    for provider_id in await queries.provider_ids(here) if keys else ():
        await record(here, Event(provider_id, "system", None, "keys.rotate", "key", None, detail=detail), now)


def _lacks(versions: Sequence[int]) -> str:
    missing = ", ".join(map(str, versions))
    return f"CANDOUR_KEKS lacks version {missing}, which people's keys are wrapped with: put it back"


async def _lost(here: Connection, settings: Settings) -> list[str]:
    gone = set(await queries.names(here, queries.REMEMBERED_KEYS)) - _marks(settings)
    found = [LOST_INDEX] if any(name.startswith(INDEX) for name in gone) else []
    found += [LOST_LINKS] if any(name.startswith(TOKEN) for name in gone) else []
    return [*found, *([STOLEN] if next(iter(public_keys(settings.token_keys))) in settings.struck_keys else [])]


def _marks(settings: Settings) -> set[str]:
    return {INDEX + fingerprint(settings.index_key), *(TOKEN + fingerprint(key) for key in settings.known_token_keys)}
