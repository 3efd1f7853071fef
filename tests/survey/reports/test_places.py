"""The picker of places on a client's pages about visits: whatever has reports, by the name it has now."""

import asyncpg
import pytest

from survey.db import Role, Scope, transaction
from survey.reports import queries
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client, without a report."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


async def named(there: ShopWorld, path: str) -> list[str]:
    """What the picker offers to a viewer of the place with this path."""
    scope = Scope(there.affiliate_id, client_id=there.client_id, node_path=path)
    async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path):
        return [place.name for place in await queries.places_with_shops(scope, is_theirs=False)]


async def path_of(there: ShopWorld, name: str) -> str:
    """The path of one of the client's places."""
    path: str = await there.owner.fetchval(
        "SELECT path FROM field.location WHERE client_id = $1 AND name = $2", there.client_id, name
    )
    return path


async def test_places_without_reports_are_not_offered(there: ShopWorld) -> None:
    await there.location("CK-044")
    assert await named(there, await path_of(there, "Headquarters")) == []


async def test_every_place_with_reports_is_offered_once_after_those_above_it(there: ShopWorld) -> None:
    for location_id in (there.store_id, there.store_id, await there.location("CK-044"), await there.location("CK-045")):
        await release(await approved(there, location_id=location_id))
    found = await named(there, await path_of(there, "Headquarters"))
    assert found[:2] == ["Headquarters", "West"]
    assert sorted(found[2:]) == ["Riverside", "Store CK-044", "Store CK-045"]


async def test_a_viewer_is_offered_nothing_above_or_beside_their_own_place(there: ShopWorld) -> None:
    for location_id in (there.store_id, await there.location("CK-044")):
        await release(await approved(there, location_id=location_id))
    assert await named(there, await path_of(there, "Riverside")) == ["Riverside"]


async def test_a_place_that_was_renamed_is_offered_by_its_latest_name(there: ShopWorld) -> None:
    await release(await approved(there))
    await there.owner.execute("UPDATE field.location SET name = 'Far West' WHERE id = $1", there.region_id)
    # It sorts before or after the other store; the later wave's name counts either way.
    later = await there.wave("December", starts_on=NOW.date() + 30 * DAY, ends_on=NOW.date() + 40 * DAY)
    for _ in range(3):
        await release(await approved(there, location_id=await there.location(), wave_id=later))
    found = await named(there, await path_of(there, "Headquarters"))
    assert found[:2] == ["Headquarters", "Far West"]
    assert "West" not in found


async def test_no_more_places_are_offered_than_a_picker_holds(
    there: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        await release(await approved(there, location_id=await there.location()))
    monkeypatch.setattr("survey.reports.queries.shops.MOST_IN_PICKER", 3)
    found = await named(there, await path_of(there, "Headquarters"))
    assert found[:2] == ["Headquarters", "West"]
    assert len(found) == 3
