"""The promise of a copy: whoever closes a part of it, spoils it, or keeps copies for longer, is found out."""

from uuid import uuid4

from survey.promises.checks.copies import copies_complete
from tests.demo_world import Played

from .test_checks import broken, look


async def test_copies_of_the_demo_world_are_complete_and_there_is_something_in_them(played: Played) -> None:
    found = await look(played, copies_complete)
    assert found.faults == ()
    entries = int(found.looked.split()[1].replace(",", ""))
    assert entries > 200, "hardly anything was gathered: it proves nothing"


async def test_a_fence_that_keeps_shoppers_from_something_of_theirs_is_found(played: Played) -> None:
    fence = "CREATE POLICY silence ON identity.assignment AS RESTRICTIVE FOR SELECT TO candour_shopper USING (false)"
    async with broken(played, fence, "DROP POLICY silence ON identity.assignment"):
        assert "what identity.assignment does" in (await look(played, copies_complete)).words


async def test_a_value_that_its_owner_cannot_open_is_found(played: Played) -> None:
    spoil = (
        "CREATE TABLE public.spoilt AS SELECT id, name FROM identity.shopper WHERE name IS NOT NULL;"
        " UPDATE identity.shopper SET name = 'spoilt' WHERE name IS NOT NULL"
    )
    mend = (
        "UPDATE identity.shopper s SET name = k.name FROM public.spoilt k WHERE k.id = s.id; DROP TABLE public.spoilt"
    )
    async with broken(played, spoil, mend):
        assert "1 values of a copy cannot be opened" in (await look(played, copies_complete)).words


async def test_a_copy_that_should_have_gone_is_found(played: Played) -> None:
    copy_id = uuid4()
    old = (
        "INSERT INTO identity.data_copy (id, affiliate_id, shopper_id, media_key, asked_at) SELECT"
        f" '{copy_id}', affiliate_id, id, 'copies/' || repeat('0', 32), now() - interval '8 days'"
        " FROM identity.shopper WHERE status = 'active' ORDER BY id LIMIT 1"
    )
    async with broken(played, old, f"DELETE FROM identity.data_copy WHERE id = '{copy_id}'"):
        assert "1 copies should have been removed" in (await look(played, copies_complete)).words
