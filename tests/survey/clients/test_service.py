"""Clients and locations as they are stored, per tenant and audited."""

from uuid import UUID

import asyncpg
import pytest

from survey.clients import service
from survey.clients.domain import BadMove, LocationDraft
from survey.db import NotFound, Role, Scope, transaction
from tests.conftest import NOW, World

LIST = [
    LocationDraft("N", "North", "region", row=2),
    LocationDraft("N-D", "North district", "district", "N", row=3),
    LocationDraft("N1", "Leeds", "store", "N-D", city="Leeds", row=4),
    LocationDraft("S", "South", "region", row=5),
]


async def test_another_affiliate_finds_neither_the_client_nor_its_locations(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.client_in(world.charlies, client_id)
        with pytest.raises(NotFound):
            await service.root_of(world.charlies, client_id)


async def test_a_client_comes_with_its_headquarters_and_an_audit_row(
    world: World, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        root = await service.root_of(world.alices, client_id)
    assert root.path == f"/{root.id.hex}/"
    actions = await superuser.fetch("SELECT action FROM ledger.event WHERE object_id = $1", client_id)
    assert [row["action"] for row in actions] == ["client.create"]


async def test_two_clients_of_one_affiliate_cannot_share_a_name(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        with pytest.raises(service.Taken):
            await service.create_client(world.alices, "Brightwater Coffee", NOW)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        assert await service.create_client(world.charlies, "Brightwater Coffee", NOW)


async def tree(scope: Scope, client_id: UUID) -> dict[str, str]:
    """Paths in codes, by code."""
    places = await service.locations_of(scope, client_id)
    codes = {place.id.hex: place.code for place in places}
    return {place.code: "/".join(codes[part] for part in place.path.strip("/").split("/")) for place in places}


async def test_a_list_makes_the_tree_and_changes_nothing_the_second_time(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.import_locations(world.alices, client_id, LIST, NOW)
        assert (await tree(world.alices, client_id))["N1"] == "HQ/N/N-D/N1"
        again = await service.import_locations(world.alices, client_id, LIST, NOW)
        assert again.is_empty
        assert again.unchanged == 4


async def test_a_moved_branch_takes_everything_below_along(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.import_locations(world.alices, client_id, LIST, NOW)
        moved = [*LIST[:1], LocationDraft("N-D", "North district", "district", "S", row=3), *LIST[2:]]
        await service.import_locations(world.alices, client_id, moved, NOW)
        assert (await tree(world.alices, client_id))["N1"] == "HQ/S/N-D/N1"


async def test_the_headquarters_cannot_become_anything_else(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        root = await service.root_of(world.alices, client_id)
        with pytest.raises(BadMove):
            await service.edit_location(world.alices, root.id, LocationDraft("HQ", "HQ", "store"), root.id, NOW)


async def test_a_region_with_districts_below_cannot_become_a_store(world: World, client_id: UUID) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.import_locations(world.alices, client_id, LIST, NOW)
        north = next(place for place in await service.locations_of(world.alices, client_id) if place.code == "N")
        with pytest.raises(BadMove, match="same level or higher"):
            await service.edit_location(
                world.alices, north.id, LocationDraft("N", "North", "store"), north.parent_id, NOW
            )
