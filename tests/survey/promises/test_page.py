"""The page of promises, and the start that stops at a column nobody has declared."""

import pytest
from piccolo.columns import Text
from piccolo.table import Table

from privacy.errors import Unclassified
from survey.promises import inventory
from survey.promises.registry import PROMISES
from tests.conftest import NOW
from tests.structure.test_tables import TABLES
from tests.web_client import Site, clock, front, site

__all__ = ["clock", "front", "site"]


async def test_a_stranger_reads_every_promise_and_when_it_was_looked_at(site: Site) -> None:
    await site.superuser.execute("TRUNCATE ledger.promise_check")
    page = await (await site.visitor()).get("/promises")
    assert page.status_code == 200
    assert page.text.count("Not looked at yet") == len(PROMISES)


async def test_a_broken_promise_is_said_to_be_broken_and_when_it_last_held(site: Site) -> None:
    await site.superuser.execute("TRUNCATE ledger.promise_check")
    for is_held, at in ((True, NOW.replace(day=3)), (False, NOW)):
        await site.superuser.execute(
            "INSERT INTO ledger.promise_check (promise, is_held, finding, at) VALUES ('sealed', $1, 'x', $2)",
            is_held,
            at,
        )
    page = await (await site.visitor()).get("/promises")
    assert "Broken" in page.text
    assert "It last held on 3 November 2026" in page.text


def test_the_list_of_tables_leaves_none_out() -> None:
    assert set(inventory.every_table()) == set(TABLES)


def test_a_column_that_nobody_has_declared_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stray(Table, tablename="stray"):
        """Somebody was in a hurry."""

        mood = Text()

    monkeypatch.setattr(inventory, "every_table", lambda: [Stray])
    with pytest.raises(Unclassified):
        inventory.stop_at_unclassified()
