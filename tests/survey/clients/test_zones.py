"""Time zones that a list or a form does not say, and the list that goes out and comes back."""

import csv
import io
import re
from uuid import UUID

import asyncpg
import pytest

from survey.clients import service
from survey.clients.domain import Guess, LocationDraft, guessed_zone, read_cell, zones
from survey.clients.forms import is_time_zone
from survey.db import Role, transaction
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

HEAD = "code,name,level,city,region,postal_code,country,time_zone\n"
LIST = (
    HEAD
    + "A1,Anaheim,store,Anaheim,California,92801,US,\n"
    + "P1,El Paso,store,El Paso,TX,79901,US,\n"
    + "P2,Van Horn,store,Van Horn,TX,79855,US,\n"
    + "K1,Somewhere,store,,,,,\n"
    + "L1,Leeds,store,Leeds,,,GB,Europe/London\n"
)
GUESSED = re.compile(r'name="place" value="([^"]+)"')


@pytest.fixture
async def alice(site: Site, world: World) -> Browser:
    """alice's manager."""
    return await site.signed_in(world.alices.affiliate_id, "manager")


@pytest.fixture
async def zoneless(world: World, client_id: UUID, superuser: asyncpg.Connection) -> UUID:
    """alice's client with two stores from before zones were asked for."""
    drafts = [
        LocationDraft("S1", "Salem", "store", region="OH", country="US", row=2),
        LocationDraft("S2", "Nowhere", "store", row=3),
    ]
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.import_locations(world.alices, client_id, drafts, NOW)
    await superuser.execute("UPDATE field.location SET time_zone = 'UTC' WHERE client_id = $1", client_id)
    return client_id


async def _zones(superuser: asyncpg.Connection, client_id: UUID) -> dict[str, str]:
    rows = await superuser.fetch(
        "SELECT code, time_zone FROM field.location WHERE client_id = $1 AND level = 'store'", client_id
    )
    return {row["code"]: row["time_zone"] for row in rows}


@pytest.mark.parametrize("page", ["export", "template", "zones"])
async def test_another_tenants_places_are_nobodys(site: Site, world: World, client_id: UUID, page: str) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    assert (await charlie.get(f"/clients/{client_id}/locations/{page}")).status_code == 404
    assert (await charlie.post(f"/clients/{client_id}/locations/zones")).status_code == 404


async def test_another_tenant_settles_no_store_by_its_id(
    site: Site, world: World, zoneless: UUID, superuser: asyncpg.Connection
) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    ids = await superuser.fetch("SELECT id FROM field.location WHERE client_id = $1", zoneless)
    for each in ids:
        sent = {"utc": str(each["id"]), "place": str(each["id"])}
        for act in ("zones", "zones/utc"):
            assert (await charlie.post(f"/clients/{zoneless}/locations/{act}", sent)).status_code == 404
    assert await _zones(superuser, zoneless) == {"S1": "UTC", "S2": "UTC"}


async def test_the_dry_run_says_what_is_guessed_and_asks_where_a_state_has_several(
    alice: Browser, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    base = f"/clients/{client_id}/locations"
    page = (await alice.post(f"{base}/check", {"text": LIST})).text
    assert "Zone guessed from California: America/Los_Angeles" in page
    assert "Zone guessed from Texas, postal code 79901: America/Denver" in page
    assert "Texas lies in several time zones: say America/Chicago or America/Denver." in page
    assert "Give it a time zone such as Europe/London." in page
    assert await _zones(superuser, client_id) == {}
    assert (await alice.post(f"{base}/import", {"text": LIST})).status_code == 303
    assert await _zones(superuser, client_id) == {
        "A1": "America/Los_Angeles", "P1": "America/Denver", "L1": "Europe/London"
    }  # fmt: skip


async def test_a_list_without_the_column_leaves_known_places_their_zone(
    alice: Browser, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    base = f"/clients/{client_id}/locations"
    await alice.post(f"{base}/import", {"text": LIST})
    before = await _zones(superuser, client_id)
    for text in ("code,name,level\nL1,Leeds City,store\n", HEAD + "L1,Leeds,store,Leeds,,,GB,\n"):
        await alice.post(f"{base}/import", {"text": text})
    assert await _zones(superuser, client_id) == before


async def test_a_form_puts_its_guess_into_the_field_for_somebody_to_confirm(
    alice: Browser, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    url = f"/clients/{client_id}/locations/new"
    root = await superuser.fetchval("SELECT id FROM field.location WHERE client_id = $1", client_id)
    fields = {"name": "Salem", "code": "S1", "level": "store", "parent": str(root), "region": "Ohio", "country": "US"}
    answer = await alice.submit(url, fields)
    assert answer.status_code == 422
    assert 'value="America/New_York"' in answer.text
    assert "Zone guessed from Ohio: America/New_York. Save again if that is right" in answer.text
    assert (await alice.submit(url, fields | {"time_zone": "America/New_York"})).status_code == 303
    assert (await alice.submit(url, fields | {"code": "R1", "level": "region"})).status_code == 303


async def test_stores_from_before_are_listed_and_guesses_are_taken_by_a_person(
    alice: Browser, zoneless: UUID, superuser: asyncpg.Connection
) -> None:
    base = f"/clients/{zoneless}/locations"
    assert "2 stores have no time zone" in (await alice.get(base)).text
    page = (await alice.get(f"{base}/zones")).text
    assert "Zone guessed from Ohio: America/New_York" in page
    assert (await alice.submit(f"{base}/zones", {"place": GUESSED.findall(page)})).status_code == 303
    assert await _zones(superuser, zoneless) == {"S1": "America/New_York", "S2": "UTC"}
    assert "1 store has no time zone" in (await alice.get(base)).text
    actions = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at", zoneless
    )
    assert actions[-1]["action"] == "location.zones"


async def test_a_store_whose_time_is_utc_is_confirmed_once_and_an_old_list_does_not_undo_it(
    alice: Browser, zoneless: UUID, superuser: asyncpg.Connection
) -> None:
    base = f"/clients/{zoneless}/locations"
    store_id = await superuser.fetchval("SELECT id FROM field.location WHERE client_id = $1 AND code = 'S2'", zoneless)
    for status in (303, 404):
        answer = await alice.submit(f"{base}/zones", {"utc": str(store_id)}, f"{base}/zones/utc")
        assert answer.status_code == status
    assert "Nowhere" not in (await alice.get(f"{base}/zones")).text
    await alice.post(f"{base}/import", {"text": HEAD + "S2,Somewhere,store,,,,,UTC\n"})
    assert await _zones(superuser, zoneless) == {"S1": "UTC", "S2": "Etc/UTC"}
    noted = "SELECT count(*) FROM ledger.event WHERE object_id = $1 AND action = 'location.utc'"
    assert await superuser.fetchval(noted, store_id) == 1


async def test_utc_that_is_typed_is_said(alice: Browser, client_id: UUID, superuser: asyncpg.Connection) -> None:
    root = await superuser.fetchval("SELECT id FROM field.location WHERE client_id = $1", client_id)
    fields = {"name": "Tema", "code": "S1", "level": "store", "parent": str(root), "time_zone": "UTC"}
    assert (await alice.submit(f"/clients/{client_id}/locations/new", fields)).status_code == 303
    assert "no time zone" not in (await alice.get(f"/clients/{client_id}/locations")).text
    assert await _zones(superuser, client_id) == {"S1": "Etc/UTC"}


async def test_utc_in_a_list_is_said_of_a_new_store_and_of_no_other_place(
    alice: Browser, zoneless: UUID, superuser: asyncpg.Connection
) -> None:
    rows = "R1,West,region,,,,,UTC\nS1,Salem,store,Salem,OH,,US,UTC\nS3,Tema,store,,,,,UTC\n"
    assert (await alice.post(f"/clients/{zoneless}/locations/import", {"text": HEAD + rows})).status_code == 303
    assert await _zones(superuser, zoneless) == {"S1": "UTC", "S2": "UTC", "S3": "Etc/UTC"}
    assert "Tema" not in (await alice.get(f"/clients/{zoneless}/locations/zones")).text
    region = "SELECT time_zone FROM field.location WHERE client_id = $1 AND code = 'R1'"
    assert await superuser.fetchval(region, zoneless) == "UTC"


async def test_stores_without_a_zone_come_in_pages_and_guesses_only_for_those_shown(
    alice: Browser, world: World, client_id: UUID, superuser: asyncpg.Connection
) -> None:
    stores = [LocationDraft(f"S{n:02}", f"S {n:02}", "store", region="OH", country="US", row=n) for n in range(52)]
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.import_locations(world.alices, client_id, stores, NOW)
    await superuser.execute("UPDATE field.location SET time_zone = 'UTC' WHERE client_id = $1", client_id)
    url = f"/clients/{client_id}/locations/zones"
    page = (await alice.get(url)).text
    assert (page.count('<th scope="row">'), "S 51" in page, "after=" in page) == (50, False, True)
    await alice.submit(url, {"place": GUESSED.findall(page)})
    left = [code for code, zone in (await _zones(superuser, client_id)).items() if zone == "UTC"]
    assert sorted(left) == ["S50", "S51"]


async def test_what_goes_out_comes_back_and_changes_only_what_was_edited(alice: Browser, client_id: UUID) -> None:
    base = f"/clients/{client_id}/locations"
    rows = LIST + "F1,=1+1,store,Bath,,,GB,Europe/London\n" + "F2,-Quay,store,Deal,,,GB,Europe/London\n"
    await alice.post(f"{base}/import", {"text": rows})
    sent = (await alice.get(f"{base}/export")).content.decode("utf-8-sig")
    names = {row["code"]: row["name"] for row in csv.DictReader(io.StringIO(sent))}
    assert (names["F1"], names["F2"]) == ("'=1+1", "'-Quay")
    assert "There is nothing to do" in (await alice.post(f"{base}/check", {"text": sent})).text
    page = (await alice.post(f"{base}/check", {"text": sent.replace("Anaheim,store", "Anaheim Hills,store")})).text
    assert "<ins>Anaheim Hills</ins>" in page
    assert "Take in 1 location" in page


async def test_degrees_and_hours_survive_the_way_out_and_back(alice: Browser, client_id: UUID) -> None:
    base = f"/clients/{client_id}/locations"
    text = (
        "code,name,level,latitude,longitude,opening_hours,status,single_staffed,country,competitor\n"
        'L1,Leeds,store,53.7997,-1.5492,"mon-fri 07:00-19:00; sun 10:00-16:00",temporarily_closed,yes,GB,yes\n'
    )
    await alice.post(f"{base}/import", {"text": text})
    sent = (await alice.get(f"{base}/export")).content.decode("utf-8-sig")
    assert "53.7997,-1.5492" in sent
    assert "There is nothing to do" in (await alice.post(f"{base}/check", {"text": sent})).text


async def test_the_template_names_the_columns_and_nothing_else(alice: Browser, client_id: UUID) -> None:
    sent = (await alice.get(f"/clients/{client_id}/locations/template")).content.decode("utf-8-sig")
    assert sent.startswith("code,name,level,parent_code")
    assert sent.count("\n") == 1


@pytest.mark.parametrize(
    ("place", "zones"),
    [(("US", "CA", ""), ("America/Los_Angeles",)), (("usa", "new york", ""), ("America/New_York",)),
     (("US", "FL", "32501"), ("America/Chicago",)), (("US", "FL", "33101"), ("America/New_York",)),
     (("US", "FL", "32401"), ("America/New_York", "America/Chicago")), (("Canada", "Quebec", ""),
     ("America/Toronto", "America/Halifax")), (("UK", "West Yorkshire", "LS1"), ("Europe/London",)),
     (("Atlantis", "", ""), ()), (("", "CA", ""), ())],
    ids=["code", "names", "panhandle", "Miami", "between", "two zones", "county", "no country known", "no country"],
)  # fmt: skip
def test_a_guess_is_as_good_as_the_address(place: tuple[str, str, str], zones: tuple[str, ...]) -> None:
    assert guessed_zone(*place).zones == zones


def test_every_zone_that_is_guessed_is_one() -> None:

    told = {*zones._OF_COUNTRY.values(), *(zone for _, _, found in zones._BY_STATE.values() for zone in found)}
    assert [zone for zone in sorted(told) if not is_time_zone(zone)] == []
    assert Guess().words.startswith("Give it a time zone")


def test_an_apostrophe_that_belongs_to_a_name_stays() -> None:
    assert [read_cell(text) for text in ("'=1", "'s Gravenhage", "'", "")] == ["=1", "'s Gravenhage", "'", ""]
