"""The pages of clients and locations, as staff use them."""

from uuid import UUID

from tests.conftest import World
from tests.web_client import Site

LIST = "code;name;level;parent_code;city\nN;North;region;;\nN1;Leeds;store;N;Leeds\nX;Broken;planet;;\n"


async def test_strangers_are_sent_to_sign_in_and_other_tenants_find_nothing(
    site: Site, world: World, client_id: UUID
) -> None:
    stranger = await site.visitor()
    assert (await stranger.get(f"/clients/{client_id}")).status_code == 303
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    for page in ("", "/locations", "/locations/new", "/locations/import", "/rename"):
        assert (await charlie.get(f"/clients/{client_id}{page}")).status_code == 404


async def test_a_client_is_entered_and_shown_in_the_list(site: Site, world: World) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    added = await alice.submit("/clients/new", {"name": "Northwind & Sons"})
    assert added.status_code == 303
    assert "Northwind &amp; Sons" in (await alice.get("/clients")).text
    assert (await alice.get(added.headers["location"])).status_code == 200


async def test_an_empty_name_is_asked_for(site: Site, world: World) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    answer = await alice.submit("/clients/new", {"name": "  "})
    assert answer.status_code == 422
    assert "Enter the client&#39;s name" in answer.text


async def test_a_list_is_checked_first_and_taken_in_afterwards(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    checked = await alice.post(f"{base}/check", {"text": LIST})
    assert "The level must be hq, region, district or store." in checked.text
    assert "Nothing below" in (await alice.get(base)).text
    assert (await alice.post(f"{base}/import", {"text": LIST})).status_code == 303
    assert "North" in (await alice.get(base)).text
    assert "Leeds" in (await alice.get(f"{base}?q=n1")).text


async def test_a_file_that_is_no_list_is_refused_in_words(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    answer = await alice.post(f"/clients/{client_id}/locations/check", {"text": "a,b\n1,2"})
    assert answer.status_code == 422
    assert "Missing: code, name, level." in answer.text


async def test_a_location_is_added_changed_and_closed(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    page = (await alice.get(f"{base}/new")).text
    parent = page.partition('name="parent"')[2].partition('value="')[2].partition('"')[0]
    fields = {"name": "York", "code": "Y1", "level": "store", "parent": parent, "time_zone": "Europe/London"}
    assert (await alice.submit(f"{base}/new", fields)).status_code == 303
    listed = (await alice.get(base)).text
    place = listed.partition('href="/locations/')[2]
    place = listed.rpartition('<a href="/locations/')[2].partition('"')[0] or place
    assert (await alice.post(f"/locations/{place}/close")).status_code == 303
    assert "Closed" in (await alice.get(f"/locations/{place}")).text
    wrong = await alice.post(f"/locations/{place}", fields | {"time_zone": "Mars/Olympus"})
    assert wrong.status_code == 422
    assert 'value="Mars/Olympus"' in wrong.text


async def test_only_an_admin_records_a_permission_for_named_answers(site: Site, world: World, client_id: UUID) -> None:
    manager = await site.signed_in(world.alices.affiliate_id, "manager")
    fields = {"reference": "Letter 12", "valid_until": "2027-06-30"}
    assert (await manager.post(f"/clients/{client_id}/authorisations", fields)).status_code == 403
    admin = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    past = await admin.post(f"/clients/{client_id}/authorisations", fields | {"valid_until": "2020-01-01"})
    assert past.status_code == 422
    assert (await admin.post(f"/clients/{client_id}/authorisations", fields)).status_code == 303
    assert "In force" in (await admin.get(f"/clients/{client_id}")).text
