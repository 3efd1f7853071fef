"""What PostgreSQL itself refuses to a shopper, whatever a page might ask."""

import asyncpg
import pytest

from tests.conftest import NOW
from tests.shop_world import Shopper, ShopWorld

from .conftest import Visit

OWN = (
    "field.report",
    "field.report_text",
    "field.evidence",
    "field.check_in",
    "identity.draft",
)


async def _counts(shopper: Shopper) -> dict[str, int]:
    async with shopper.transaction() as here:
        return {table: await here.fetchval(f"SELECT count(*) FROM {table}") for table in OWN}


async def _begun(visit: Visit) -> None:
    await visit.fill_in()
    await visit.times(latitude="53.8", longitude="-1.5", accuracy="20")


async def test_another_shopper_of_the_affiliate_reads_no_row_of_a_draft(visit: Visit, shops: ShopWorld) -> None:
    await _begun(visit)
    stranger = await shops.shopper()
    assert await _counts(stranger) == dict.fromkeys(OWN, 0)
    async with stranger.transaction() as here:
        keys = "SELECT count(*) FROM vault.subject_key WHERE id = $1"
        assert await here.fetchval(keys, (await visit.report())["id"]) == 0


async def test_its_writer_reads_all_of_it(visit: Visit) -> None:
    await _begun(visit)
    assert all((await _counts(visit.shopper)).values())


async def test_whoever_holds_the_shop_next_reads_no_row_of_the_draft_before(visit: Visit, shops: ShopWorld) -> None:
    await _begun(visit)
    await shops.owner.execute("UPDATE identity.assignment SET state = 'given_back' WHERE shop_id = $1", visit.shop_id)
    after = await shops.shopper()
    await shops.assignment(visit.shop_id, after)
    assert await _counts(after) == dict.fromkeys(OWN, 0)


async def test_nobody_writes_into_anothers_draft(visit: Visit, shops: ShopWorld) -> None:
    await _begun(visit)
    report_id = (await visit.report())["id"]
    stranger = await shops.shopper()
    async with stranger.transaction() as here:
        assert await here.execute("UPDATE field.report SET reason = 'shut' WHERE id = $1", report_id) == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stranger.transaction() as here:
            await here.execute(
                "INSERT INTO field.report_text (report_id, question_id, affiliate_id, sealed) VALUES ($1, 'q', $2, '')",
                report_id,
                shops.affiliate_id,
            )


async def test_nobody_makes_a_draft_in_the_name_of_another(visit: Visit, shops: ShopWorld) -> None:
    await _begun(visit)
    stranger = await shops.shopper()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stranger.transaction() as here:
            await here.execute(
                "INSERT INTO identity.draft (report_id, affiliate_id, shop_id, shopper_id, changed_at)"
                " VALUES (gen_random_uuid(), $1, $2, $3, $4)",
                shops.affiliate_id,
                visit.shop_id,
                visit.shopper.id,
                NOW,
            )


async def test_staff_see_no_whose_of_a_draft_and_change_no_submission(visit: Visit, shops: ShopWorld) -> None:
    await _begun(visit)
    await visit.hand_in()
    for statement in ("SELECT count(*) FROM identity.draft", "UPDATE field.report_submission SET number = 2"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with shops.transaction() as here:
                await here.execute(statement)
    async with shops.transaction() as here:
        assert await here.fetchval("SELECT count(*) FROM field.report_submission") == 1
