"""Keys that must not get lost: what opt-outs are found by, and what opt-out links were ever signed with.

The database remembers a fingerprint of each. Without the old key a wish to be left alone is found no more, and a link
in an old message leads nowhere; nobody would notice, so a process does not start.
"""

import asyncpg
from asyncpg import Connection

from privacy.crypto import fingerprint
from survey.db import Database, DatabaseUnavailable, Role, transaction
from survey.settings import BadSettings, Settings

from . import queries

INDEX = "key.index."
TOKEN = "key.token."  # noqa: S105  (the beginning of a setting's name)

LOST_INDEX = (
    "CANDOUR_INDEX_KEY is not the key that this database's opt-outs were hashed with: put that one back, or people who"
    " told us to stop are written to again"
)
LOST_LINKS = (
    "a token key that opt-out links were signed with is missing: add it to CANDOUR_RETIRED_TOKEN_KEYS, where it opens"
    " opt-out links and nothing else"
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
    missing = [str(version) for version in versions if version not in settings.keyring.keys]
    if missing:
        lost.append(
            f"CANDOUR_KEKS lacks version {', '.join(missing)}, which people's keys are wrapped with: put it back"
        )
    return lost


async def _lost(here: Connection, settings: Settings) -> list[str]:
    gone = set(await queries.names(here, queries.REMEMBERED_KEYS)) - _marks(settings)
    found = [LOST_INDEX] if any(name.startswith(INDEX) for name in gone) else []
    return [*found, *([LOST_LINKS] if any(name.startswith(TOKEN) for name in gone) else [])]


def _marks(settings: Settings) -> set[str]:
    return {INDEX + fingerprint(settings.index_key), *(TOKEN + fingerprint(key) for key in settings.opt_out_keys)}
