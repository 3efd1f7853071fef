"""The pages of clients and locations, as staff use them."""

from uuid import UUID

import asyncpg
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import shop_world
from tests.web_client import Site

LIST = "code;name;level;parent_code;city;country\nN;North;region;;;\nN1;Leeds;store;N;Leeds;GB\nX;Broken;planet;;;\n"


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


async def test_a_clients_page_leads_to_all_that_is_done_for_it(site: Site, world: World, client_id: UUID) -> None:
    page = (await (await site.signed_in(world.alices.affiliate_id)).get(f"/clients/{client_id}")).text
    for href in (f"/clients/{client_id}/locations", f"/campaigns?client={client_id}", f"/studies?client={client_id}"):
        assert f'href="{href}"' in page


async def test_an_empty_name_is_asked_for(site: Site, world: World) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    answer = await alice.submit("/clients/new", {"name": "  "})
    assert answer.status_code == 422
    assert "Enter the client&#39;s name" in answer.text


async def test_columns_that_mean_nothing_are_named_before_anything_is_taken_in(
    site: Site, world: World, client_id: UUID
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    base = f"/clients/{client_id}/locations"
    text = "Code;Name;Level;Zip;Lat;Time zone\nZ-1;Zed;store;02101;42.3;Europe/London\n"
    checked = (await alice.post(f"{base}/check", {"text": text})).text
    assert "Not taken in: Zip, Lat" in checked
    assert "Time zone," not in checked.partition("Not taken in")[2].partition("</")[0]
    assert "Not taken in" not in (await alice.post(f"{base}/check", {"text": LIST})).text
    answer = await alice.post(f"{base}/import", {"text": text})
    assert "1 location added, 0 changed." in (await alice.get(answer.headers["location"])).text


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


async def test_closing_a_location_tells_of_its_shops_and_leads_to_them(
    site: Site, world: World, settings: Settings, superuser: asyncpg.Connection
) -> None:
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    manager, place = await site.signed_in(world.alices.affiliate_id, "manager"), f"/locations/{there.store_id}"
    for state in ("OPEN", "CANCELLED", "CLOSED"):
        await there.shop(state)
    assert "out there" not in (await manager.get(place)).text
    await manager.post(f"{place}/close")
    page = (await manager.get(place)).text
    assert "1 shop is out there" in page
    found = HTMLParser(page).css_first('a[href^="/shops?"]')
    assert found is not None
    link = found.attributes["href"] or ""
    board = (await manager.get(link)).text
    shop_id = await superuser.fetchval(
        "SELECT id FROM field.shop WHERE location_id = $1 AND state = 'OPEN'", there.store_id
    )
    assert f"/shops/{shop_id}" in board
    await superuser.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE id = $1", shop_id)
    assert "out there" not in (await manager.get(place)).text


async def test_a_competitors_place_is_marked_and_counts_as_no_store_of_the_client(
    site: Site, world: World, client_id: UUID
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    text = (
        "code,name,level,competitor,country\nC1,Leeds,store,no,GB\nC2,Mudlark,store,yes,GB\nC3,York,store,perhaps,GB\n"
    )
    checked = await alice.post(f"{base}/check", {"text": text})
    assert "Competitor must be yes or no." in checked.text
    await alice.post(f"{base}/import", {"text": text})
    assert (await alice.get(base)).text.count("Competitor") == 1
    assert "1 store" in (await alice.get(f"/clients/{client_id}")).text


async def test_a_list_says_everything_that_is_wrong_with_a_row(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    assert "Status is open, temporarily_closed or closed" in (await alice.get(f"{base}/import")).text
    text = "code,name,level,status,latitude\nC1,,planet,shut,91\n"
    checked = (await alice.post(f"{base}/check", {"text": text})).text
    for fault in ("Give it a name", "The level must be", "The status must be", "Give latitude and longitude"):
        assert fault in checked


async def test_only_an_admin_records_a_permission_for_named_answers(site: Site, world: World, client_id: UUID) -> None:
    manager = await site.signed_in(world.alices.affiliate_id, "manager")
    fields = {"reference": "Letter 12", "valid_until": "2027-06-30"}
    assert (await manager.post(f"/clients/{client_id}/authorisations", fields)).status_code == 403
    admin = await site.signed_in(world.alices.affiliate_id, "affiliate_admin")
    past = await admin.post(f"/clients/{client_id}/authorisations", fields | {"valid_until": "2020-01-01"})
    assert past.status_code == 422
    assert (await admin.post(f"/clients/{client_id}/authorisations", fields)).status_code == 303
    assert "In force" in (await admin.get(f"/clients/{client_id}")).text


PLACES = (
    "code,name,level,latitude,longitude,opening_hours,status,single_staffed,country\n"
    'L1,Leeds,store,53.7997,-1.5492,"mon-fri 07:00-19:00",open,no,GB\n'
    "Y1,York,store,53.9591,-1.0815,,temporarily closed,yes,GB\n"
    "H1,Hull,store,53.7457,,,,,GB\n"
    "B1,Bath,store,51.38,-2.36,at noon,,,GB\n"
    "D1,Deal,store,51.22,1.40,,demolished,,GB\n"
)


async def test_a_list_says_of_each_wrong_place_what_to_do(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    checked = (await alice.post(f"/clients/{client_id}/locations/check", {"text": PLACES})).text
    assert "Give latitude and longitude, or neither." in checked
    assert "Begin “at noon” with days, like mon-fri." in checked
    assert "The status must be open, temporarily_closed or closed." in checked


async def test_a_list_shows_before_and_after_and_leaves_what_it_does_not_name(
    site: Site, world: World, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    assert (await alice.post(f"{base}/import", {"text": PLACES})).status_code == 303
    again = "code,name,level,opening_hours\nL1,Leeds City,store,mon 08:00-12:00\nY1,York,store,\n"
    checked = (await alice.post(f"{base}/check", {"text": again})).text
    assert "<del>mon-fri 07:00-19:00</del>" in checked
    assert "<ins>mon 08:00-12:00</ins>" in checked
    assert "Latitude" not in checked.partition("To change")[2]
    await alice.post(f"{base}/import", {"text": again})
    rows = await superuser.fetch(
        "SELECT name, latitude, opening_hours::text AS hours, status, is_single_staffed FROM field.location"
        " WHERE client_id = $1 AND level = 'store' ORDER BY name",
        client_id,
    )
    assert [tuple(row) for row in rows] == [
        ("Leeds City", 53.7997, '{"mon": [["08:00", "12:00"]]}', "open", False),
        ("York", 53.9591, "{}", "temporarily_closed", True),
    ]


async def test_the_map_stands_above_its_table_and_leads_to_its_places(
    site: Site, world: World, client_id: UUID
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    assert 'class="map"' not in (await alice.get(base)).text
    await alice.post(f"{base}/import", {"text": PLACES})
    page = (await alice.get(base)).text
    assert '<svg role="group" aria-labelledby="places-title places-desc"' in page
    assert 'aria-label="York (closed for a time)"' in page
    assert "2 on the map" in page
    assert page.index("</svg>\n  </figure>") < page.rindex("<table")


async def test_a_competitors_place_is_in_the_table_and_not_on_the_clients_map(
    site: Site, world: World, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    await alice.post(f"{base}/import", {"text": PLACES})
    await superuser.execute(
        "UPDATE field.location SET is_competitor = true WHERE client_id = $1 AND code = 'Y1'", client_id
    )
    page = (await alice.get(base)).text
    assert "1 on the map" in page
    assert 'aria-label="York (closed for a time)"' not in page
    assert ">York</a>" in (await alice.get(f"{base}?q=York")).text


async def test_a_piece_of_the_map_is_a_filter_in_the_address(site: Site, world: World, client_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    base = f"/clients/{client_id}/locations"
    await alice.post(f"{base}/import", {"text": PLACES})
    page = (await alice.get(f"{base}?box=53.9,-1.2,54.0,-1.0")).text
    assert "York" in page
    assert ">Leeds<" not in page
    assert "A piece of the map" in page
    assert "No location found" in (await alice.get(f"{base}?box=0,0,1,1")).text
    assert ">Leeds<" in (await alice.get(f"{base}?box=nonsense")).text


async def test_hours_and_degrees_are_typed_and_shown_again(
    site: Site, world: World, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    await alice.post(f"/clients/{client_id}/locations/import", {"text": PLACES})
    row = await superuser.fetchrow(
        "SELECT id, parent_id FROM field.location WHERE client_id = $1 AND code = 'Y1'", client_id
    )
    url, fields = f"/locations/{row['id']}", {"name": "York", "code": "Y1", "level": "store"}
    fields |= {"parent": str(row["parent_id"]), "time_zone": "Europe/London", "longitude": "-1.08"}
    wrong = await alice.post(url, fields | {"latitude": "north", "opening_hours": "sometimes"})
    assert wrong.status_code == 422
    assert "Enter degrees from -90 to 90" in wrong.text
    assert "with days, like mon-fri" in wrong.text
    assert (await alice.post(url, fields | {"latitude": "53,96", "opening_hours": "sun 10-16"})).status_code == 303
    page = (await alice.get(url)).text
    assert 'value="53.96"' in page
    assert "sun 10:00-16:00" in page
    # The form does not speak of it, so it stays closed for a time.
    assert "Closed for a time" in page
    assert (await alice.post(f"{url}/reopen")).status_code == 303
    assert (await alice.post(f"{url}/pause")).status_code == 303
    events = await superuser.fetchval(
        "SELECT count(*) FROM ledger.event WHERE object_id = $1 AND action = 'location.temporarily_closed'", row["id"]
    )
    assert events == 1
