"""Where a shopper starts from: refused, worked out, picked on the map, typed, removed."""

import re
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.conftest import NOW, World
from tests.shop_world import insert
from tests.web_client import Site

from .conftest import TYPED, Registered

START = "/shopper/profile/start"
GREENWICH = {"postal_code": "SE10 9NN", "city": "Greenwich", "region": "London", "country": "GB"}
FINE = {"at": "51.48,0.00", "zoom": "6"}
KEPT = "SELECT latitude, longitude FROM identity.shopper WHERE id = $1"
NOTED = "SELECT detail::text FROM ledger.event WHERE subject_id = $1 AND action = 'shopper.correct'"


async def place(superuser: asyncpg.Connection, affiliate_id: UUID, point: tuple[float, float], **fields: str) -> None:
    """An open place of a client of the affiliate."""
    client_id, location_id = uuid4(), uuid4()
    client = {"id": client_id, "affiliate_id": affiliate_id, "name": f"Copperkettle {client_id.hex}", "created_at": NOW}
    await insert(superuser, "field.client", client)
    values: dict[str, object] = {
        "id": location_id, "affiliate_id": affiliate_id, "client_id": client_id, "level": "store", "code": "1",
        "name": "Riverside", "path": f"/{location_id.hex}/", "latitude": point[0], "longitude": point[1],
        "city": "Larkhollow", "region": "OH", "postal_code": "43004", "country": "US", "created_at": NOW,
    }  # fmt: skip
    await insert(superuser, "field.location", values | fields)


@pytest.fixture
async def kept(superuser: asyncpg.Connection, ada: Registered) -> "Kept":
    """Looks at what is kept of ada."""
    return Kept(superuser, ada.shopper_id)


class Kept:
    """What is kept of a shopper's place."""

    def __init__(self, superuser: asyncpg.Connection, shopper_id: UUID) -> None:
        self.superuser = superuser
        self.shopper_id = shopper_id

    async def point(self) -> tuple[float | None, float | None]:
        """Latitude and longitude."""
        row = await self.superuser.fetchrow(KEPT, self.shopper_id)
        return row["latitude"], row["longitude"]

    async def notes(self) -> list[str]:
        """What the ledger says of corrections."""
        return [row[0] for row in await self.superuser.fetch(NOTED, self.shopper_id)]


async def test_the_page_may_ask_the_device_and_no_other_page_of_the_profile_may(ada: Registered) -> None:
    assert "geolocation=(self)" in (await ada.browser.get(START)).headers["permissions-policy"]
    assert "geolocation=()" in (await ada.browser.get("/shopper/profile")).headers["permissions-policy"]


@pytest.mark.parametrize("way", ["", "/map"])
async def test_a_stranger_finds_no_such_page(site: Site, way: str) -> None:
    answer = await (await site.visitor()).get(START + way)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_staff_find_no_such_page(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get(START)).status_code in (403, 404)


@pytest.mark.parametrize("way", ["near", "map", "numbers", "remove"])
async def test_a_form_without_its_token_changes_nothing(ada: Registered, kept: Kept, way: str) -> None:
    sent = FINE | {"latitude": "1", "longitude": "1", "spot.x": "9", "spot.y": "9"}
    answer = await ada.browser.client.post(f"{START}/{way}", data=sent)
    assert answer.status_code == 403
    assert await kept.point() == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("latitude", "north"), ("latitude", "91"), ("latitude", ""), ("longitude", "nan"), ("longitude", "-180.5"),
     ("longitude", "inf")],
)  # fmt: skip
async def test_a_point_outside_the_world_is_refused(ada: Registered, kept: Kept, field: str, value: str) -> None:
    sent = {"latitude": "1", "longitude": "1"} | {field: value}
    answer = await ada.browser.submit(START, sent, to=f"{START}/numbers")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert '<details class="narrow" open ' in answer.text
    assert await kept.point() == (None, None)


@pytest.mark.parametrize(
    "sent",
    [FINE, FINE | {"spot.x": "10"}, FINE | {"spot.x": "here", "spot.y": "1"}, FINE | {"spot.x": "289", "spot.y": "9"},
     FINE | {"spot.x": "9", "spot.y": "-1"}, FINE | {"spot.x": "0", "spot.y": "0"},
     {"at": "84.90,0", "zoom": "0", "spot.x": "144", "spot.y": "9"},
     {"spot.x": "9", "spot.y": "9"}, FINE | {"zoom": "99", "spot.x": "9", "spot.y": "9"},
     FINE | {"at": "95,0", "spot.x": "9", "spot.y": "9"}],
)  # fmt: skip
async def test_a_tap_that_is_nowhere_is_refused(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection, sent: dict[str, str]
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0))
    answer = await ada.browser.submit(START, sent, to=f"{START}/map")
    assert answer.status_code == 422
    assert 'id="spot-error"' in answer.text
    assert 'value="Larkhollow"' in answer.text
    assert await kept.point() == (None, None)


async def test_a_code_near_none_of_our_places_says_so_and_keeps_nothing(ada: Registered, kept: Kept) -> None:
    answer = await ada.browser.submit(START, {"postal_code": "99999"}, to=f"{START}/near")
    assert answer.status_code == 422
    assert "We know no place by that code or town" in answer.text
    empty = await ada.browser.submit(START, {}, to=f"{START}/near")
    assert "Enter a postal code, or a town" in empty.text
    long = await ada.browser.submit(START, {"postal_code": "9" * 13}, to=f"{START}/near")
    assert "Use at most 12 characters" in long.text
    assert await kept.point() == (None, None)


async def test_places_of_another_affiliate_never_count_or_appear(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.charlies.affiliate_id, (40.1, -82.9), city="Strangerton")
    answer = await ada.browser.submit(START, {"postal_code": "43004", "city": "Strangerton"}, to=f"{START}/near")
    assert answer.status_code == 422
    assert "no places on the map yet" in answer.text
    assert "Strangerton" not in (await ada.browser.get(f"{START}/map")).text
    assert await kept.point() == (None, None)


async def test_closed_places_do_not_count(ada: Registered, world: World, superuser: asyncpg.Connection) -> None:
    await place(superuser, world.alices.affiliate_id, (40.1, -82.9), status="closed")
    assert (await ada.browser.submit(START, {"postal_code": "43004"}, to=f"{START}/near")).status_code == 422


async def test_places_of_a_client_that_has_gone_neither_count_nor_appear(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (40.1, -82.9))
    assert "Larkhollow" in (await ada.browser.get(f"{START}/map")).text
    archive = "UPDATE field.client SET status = 'archived' WHERE affiliate_id = $1"
    await superuser.execute(archive, world.alices.affiliate_id)
    assert "Larkhollow" not in (await ada.browser.get(f"{START}/map")).text
    assert (await ada.browser.submit(START, {"postal_code": "43004"}, to=f"{START}/near")).status_code == 422


async def test_the_address_on_file_is_worked_out_from_our_own_places(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    for point in ((40.111, -82.911), (40.131, -82.931)):
        await place(superuser, world.alices.affiliate_id, point)
    page = (await ada.browser.get(START)).text
    assert 'value="43004-1234"' in page
    sent = {"postal_code": "43004-1234", "city": "Larkhollow", "region": "Ohio"}
    assert (await ada.browser.submit(START, sent, to=f"{START}/near")).headers["location"] == START
    page = (await ada.browser.get(START)).text
    assert "about the middle of 43004, from 2 places of ours there" in page
    assert "It may be off by about 1 mile;" in page
    assert await kept.point() == (40.12, -82.92)


async def test_a_larger_town_is_known_where_no_place_of_ours_is(ada: Registered, kept: Kept) -> None:
    sent = {"postal_code": "", "city": "Fresno", "region": "California"}
    assert (await ada.browser.submit(START, sent, to=f"{START}/near")).headers["location"] == START
    assert "about the middle of Fresno, CA" in (await ada.browser.get(START)).text
    assert await kept.point() == (36.7, -119.8)


async def test_a_town_is_enough_and_a_state_may_be_written_either_way(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (40.1, -82.9))
    await place(superuser, world.alices.affiliate_id, (44.1, -72.9), region="VT", postal_code="05001")
    sent = {"postal_code": "", "city": "larkhollow", "region": "ohio"}
    assert (await ada.browser.submit(START, sent, to=f"{START}/near")).status_code == 303
    assert await kept.point() == (40.1, -82.9)


async def test_far_out_a_tap_brings_the_map_closer_and_keeps_nothing(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0))
    sent = {"at": "51.48,0.00", "zoom": "2", "spot.x": "144", "spot.y": "144"}
    answer = await ada.browser.submit(START, sent, to=f"{START}/map")
    assert answer.headers["location"] == f"{START}?at=51.48,0.00&zoom=4#map"
    assert await kept.point() == (None, None)


async def test_close_up_a_tap_is_kept_to_about_a_kilometre(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0))
    sent = FINE | {"spot.x": "216", "spot.y": "72"}  # a quarter of 40 km north and east
    assert (await ada.browser.submit(START, sent, to=f"{START}/map")).headers["location"] == START
    assert await kept.point() == (51.57, 0.14)
    assert "about 9 miles from our place in Larkhollow" in (await ada.browser.get(START)).text
    assert ">you</text>" in (await ada.browser.get(f"{START}/map")).text


async def test_the_middle_of_the_map_is_there_for_a_keyboard(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0))
    assert (await ada.browser.submit(START, FINE | {"middle": "yes"}, to=f"{START}/map")).status_code == 303
    assert await kept.point() == (51.48, 0.0)


async def test_typed_numbers_are_kept_to_two_decimals(ada: Registered, kept: Kept) -> None:
    sent = {"latitude": "39.96118", "longitude": "-82.998794"}
    assert (await ada.browser.submit(START, sent, to=f"{START}/numbers")).status_code == 303
    assert await kept.point() == (39.96, -83.0)
    assert "39.96, -83.00, to about a kilometre" in (await ada.browser.get("/shopper/profile")).text


async def test_what_is_kept_can_be_removed_and_correcting_details_leaves_it(ada: Registered, kept: Kept) -> None:
    await ada.browser.submit(START, {"latitude": "39.96", "longitude": "-83"}, to=f"{START}/numbers")
    page = (await ada.browser.get("/shopper/profile/details")).text
    values = TYPED | {"name": "Ada Fernleigh", "time_zone": "America/New_York", "units": "mi"}
    assert "latitude" not in page
    await ada.browser.submit("/shopper/profile/details", values)
    assert await kept.point() == (39.96, -83.0)
    await ada.browser.submit(START, to=f"{START}/remove")
    assert await kept.point() == (None, None)
    assert "Nothing is kept" in (await ada.browser.get(START)).text


async def test_a_finer_point_of_former_days_is_coarse_once_it_is_saved_again(
    ada: Registered, kept: Kept, superuser: asyncpg.Connection
) -> None:
    finer = "UPDATE identity.shopper SET latitude = 39.961184, longitude = -82.998792 WHERE id = $1"
    await superuser.execute(finer, ada.shopper_id)
    assert "39.9611" not in (await ada.browser.get("/shopper/profile")).text
    await ada.browser.submit(START, {"latitude": "39.961184", "longitude": "-82.998792"}, to=f"{START}/numbers")
    assert await kept.point() == (39.96, -83.0)
    assert len(await kept.notes()) == 1


async def test_the_profile_at_another_company_keeps_its_own_place_whatever_the_form_says(
    ada: Registered, kept: Kept, world: World, superuser: asyncpg.Connection
) -> None:
    other = await superuser.fetchval(
        "INSERT INTO identity.shopper (affiliate_id, account_id, name, email, email_index, phone, address,"
        " display_code, latitude, longitude, created_at)"
        " SELECT $2, account_id, name, email, $3, phone, address, $4, 51.48, 0.0, created_at"
        " FROM identity.shopper WHERE id = $1 RETURNING id",
        ada.shopper_id, world.charlies.affiliate_id, uuid4().bytes, f"S-{uuid4().hex[:8].upper()}",
    )  # fmt: skip
    named = {"id": str(other), "shopper_id": str(other)}
    await ada.browser.submit(START, {"latitude": "39.96", "longitude": "-83"} | named, to=f"{START}/numbers")
    assert await kept.point() == (39.96, -83.0)
    await ada.browser.submit(START, named, to=f"{START}/remove")
    assert await kept.point() == (None, None)
    assert tuple(await superuser.fetchrow(KEPT, other)) == (51.48, 0.0)


async def test_every_change_is_on_record_with_its_way_and_without_the_place(ada: Registered, kept: Kept) -> None:
    sent = {"latitude": "39.96", "longitude": "-83"}
    for _ in range(2):  # a form that is sent twice changes nothing the second time
        assert (await ada.browser.submit(START, sent, to=f"{START}/numbers")).status_code == 303
    for _ in range(2):
        assert (await ada.browser.submit(START, to=f"{START}/remove")).status_code == 303
    notes = await kept.notes()
    assert [re.findall(r'"way": ?"(\w+)"', note) for note in notes] == [["numbers"], ["removed"]]
    assert all("point.changed" in note and "39" not in note and "83" not in note for note in notes)


async def test_a_view_that_is_none_shows_the_whole_map(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0))
    for query in ("at=x&zoom=1", "at=1,2,3&zoom=1", "at=nan,1&zoom=1", "at=1,1&zoom=-1", "zoom=3"):
        page = await ada.browser.get(f"{START}?{query}")
        assert page.status_code == 200
        assert 'name="at" value="51.48,0.00"' in page.text


async def test_the_picture_is_our_own_and_names_towns(
    ada: Registered, world: World, superuser: asyncpg.Connection
) -> None:
    await place(superuser, world.alices.affiliate_id, (51.48, 0.0), city="Lark & Hollow <b>")
    answer = await ada.browser.get(f"{START}/map?at=51.48,0.00&zoom=6")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "Lark &amp; Hollow &lt;b&gt;" in answer.text
    assert ">you</text>" not in answer.text
