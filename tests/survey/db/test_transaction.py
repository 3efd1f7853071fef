"""Transactions: what they let through, what they give back."""

import pytest

from survey.db import Database, Role, connection, transaction
from survey.db.errors import OutsideTransaction
from tests.conftest import World


async def test_a_statement_outside_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(OutsideTransaction):
        connection()


async def test_another_affiliate_is_not_seen(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
        names = [row[0] for row in await here.fetch("SELECT name FROM field.affiliate")]
    assert names == ["alice's"]
