"""From which day a contact is kept: that of the last list that named them, whatever it had to say."""

from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest

from survey.contacts import service
from tests.conftest import NOW

from .conftest import Lists

LATER = NOW + timedelta(days=100)
TODAY = NOW.date()
BOTH = "email,first name\nann@example.com,Ann\nbob@example.com,Bob\n"


async def bring_in_later(lists: Lists, content: str) -> None:
    """A list that comes in a hundred days later."""
    import_id = await lists.upload(content)
    await lists.check(import_id)
    await lists.begin(import_id)
    await service.run_import(lists.safe, lists.scope, import_id, lambda: LATER)


async def days_of(superuser: asyncpg.Connection, client_id: UUID) -> list[date]:
    """The days, the earliest first."""
    rows = await superuser.fetch("SELECT named_on FROM identity.contact WHERE client_id = $1 ORDER BY 1", client_id)
    return [row["named_on"] for row in rows]


async def test_whoever_comes_in_was_named_that_day(lists: Lists, superuser: asyncpg.Connection) -> None:
    await lists.bring_in(BOTH)
    assert await days_of(superuser, lists.client_id) == [TODAY, TODAY]


@pytest.mark.parametrize("again", ["bob@example.com,Bob", "bob@example.com,Robert", "BOB@example.com,"])
async def test_a_later_list_names_whom_it_names_and_nobody_else(
    lists: Lists, superuser: asyncpg.Connection, again: str
) -> None:
    await lists.bring_in(BOTH)
    await bring_in_later(lists, f"email,first name\n{again}\n")
    assert await days_of(superuser, lists.client_id) == [TODAY, LATER.date()]


async def test_a_list_that_is_only_looked_through_names_nobody(lists: Lists, superuser: asyncpg.Connection) -> None:
    await lists.bring_in(BOTH)
    import_id = await lists.upload("email\nbob@example.com\n")
    await lists.attest(import_id)
    await service.check_import(lists.safe, lists.scope, import_id, lambda: LATER)
    assert await days_of(superuser, lists.client_id) == [TODAY, TODAY]


async def test_a_run_that_comes_late_makes_nobodys_day_earlier(lists: Lists, superuser: asyncpg.Connection) -> None:
    await lists.bring_in(BOTH)
    await bring_in_later(lists, BOTH)
    await lists.bring_in("email,first name\nbob@example.com,Rob\n")
    assert await days_of(superuser, lists.client_id) == [LATER.date(), LATER.date()]
