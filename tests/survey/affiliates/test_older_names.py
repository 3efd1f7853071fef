"""Names that were there before names were compared: which of them are taken once they are."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from survey.affiliates.domain import key_of
from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster
from survey.db.migrations import migrate_backwards, migrate_forwards
from tests.conftest import NOW

# Before names were compared; and before they were compared by the code's rule.
UNCOMPARED, BY_SQL = "2026-11-26T13:00:00:000064", "2026-11-26T18:00:00:000077"
# Accents, letters with a stroke, and signs that pass for letters; each as an affiliate may have been called.
NAMES = ("Nörthlight", "Søndergård", "Wisła Badania", "Yes! Research", "Ca$h Audit", "M|rror", "株式会社ミラー")


@pytest.mark.parametrize("since", [UNCOMPARED, BY_SQL])
async def test_a_name_that_was_there_before_is_taken_by_the_rule_of_today(
    fresh_database: Database, cluster: Cluster, since: str
) -> None:
    await migrate_backwards(fresh_database, "survey", since)
    for days, name in enumerate((*NAMES, "Northlight", "—")):
        await _called(name, days)
    await migrate_forwards(fresh_database)
    keys = await _keys(cluster)
    assert {name: keys[name] for name in NAMES} == {name: key_of(name) for name in NAMES}
    # The older of two that look the same has the key; a name without letters has none.
    assert (keys["Northlight"], keys["—"]) == (None, None)
    with pytest.raises(asyncpg.UniqueViolationError):
        await _called("YES! RESEARCH", 20, key_of("YES! RESEARCH"))


async def test_a_key_that_sql_has_given_passes_on_to_the_name_it_belongs_to(
    fresh_database: Database, cluster: Cluster
) -> None:
    await migrate_backwards(fresh_database, "survey", BY_SQL)
    # The later one has by SQL what the older one has by the code.
    await _called("Nörthlight", 1, "nörthllght")
    await _called("Northlight", 2, key_of("Northlight"))
    await migrate_forwards(fresh_database)
    keys = await _keys(cluster)
    assert (keys["Nörthlight"], keys["Northlight"]) == (key_of("Northlight"), None)


async def _called(name: str, days: int, key: str | None = None) -> None:
    more, values = ("", ()) if key is None else (", name_key", (key,))
    async with transaction(Role.PROVIDER) as here:
        await here.execute(
            f"INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at{more})"
            f" VALUES ('affiliate', $1, $2, 'x', 'x', $3{', $4' if more else ''})",
            *(name, uuid4().hex, NOW + timedelta(days=days), *values),
        )


async def _keys(cluster: Cluster) -> dict[str, str | None]:
    async with transaction(Role.PROVIDER) as here:
        database = await here.fetchval("SELECT current_database()")
    owner = await asyncpg.connect(cluster.url(database, as_superuser=True))
    rows = await owner.fetch("SELECT name, name_key FROM field.affiliate")
    await owner.close()
    return {row["name"]: row["name_key"] for row in rows}
