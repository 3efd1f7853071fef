"""The viewer's way in: the portal reads a scope and no person, and only behind candour_client's fence."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.db import Role, transaction
from survey.web.cookies import SECURE_NAME
from survey.web.sessions import hash_of, open_session, revoke_all
from tests.conftest import NOW, World
from tests.web_client import Browser, Site


class Place:
    """A client and the head of its tree."""

    def __init__(self) -> None:
        self.client_id = uuid4()
        self.location_id = uuid4()
        self.path = f"/{self.location_id.hex}/"


@pytest.fixture
async def place(site: Site, world: World) -> Place:
    """A client of alice's."""
    made = Place()
    affiliate_id = world.alices.affiliate_id
    await site.superuser.execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, 'Northwind', $3)",
        made.client_id, affiliate_id, NOW,
    )  # fmt: skip
    await site.superuser.execute(
        "INSERT INTO field.location (id, affiliate_id, client_id, level, code, name, path, created_at)"
        " VALUES ($1, $2, $3, 'hq', 'HQ', 'Head office', $4, $5)",
        made.location_id, affiliate_id, made.client_id, made.path, NOW,
    )  # fmt: skip
    return made


@pytest.fixture
async def viewer(site: Site, world: World, place: Place) -> Browser:
    """A viewer at the head of the tree."""
    return await site.viewer(world.alices.affiliate_id, place.client_id, place.location_id)


async def test_a_stranger_does_not_enter_the_portal(site: Site) -> None:
    assert (await (await site.visitor()).get("/portal/sample")).headers["location"] == "/sign-in?next=/portal/sample"


async def test_staff_does_not_enter_the_portal(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get("/portal/sample")).status_code == 303


async def test_a_viewer_does_not_enter_the_working_pages(viewer: Browser) -> None:
    assert (await viewer.get("/sample/work")).status_code == 403


async def test_a_viewer_is_fenced_to_client_and_node(viewer: Browser, place: Place) -> None:
    assert (await viewer.get("/portal/sample")).json() == {
        "as": "candour_client",
        "client": str(place.client_id),
        "node": place.path,
        "fences": {"client": str(place.client_id), "node": place.path},
    }


async def test_a_viewers_form_needs_the_sessions_token(viewer: Browser) -> None:
    assert (await viewer.client.post("/portal/sample", data={})).status_code == 403
    assert (await viewer.post("/portal/sample")).json() == "taken"


async def test_a_portal_session_ends_when_it_says(site: Site, viewer: Browser) -> None:
    site.clock.now = NOW + timedelta(hours=8)
    assert (await viewer.get("/portal/sample")).status_code == 303


async def test_signing_in_gives_a_viewer_what_the_portal_reads(site: Site, viewer: Browser) -> None:
    async with transaction(Role.GATE):
        token = await open_session(_id(viewer), "full", "", NOW)
    browser = await site.visitor(cookies={SECURE_NAME: token})
    assert (await browser.get("/portal/sample")).status_code == 200


async def test_half_a_sign_in_does_not(site: Site, viewer: Browser) -> None:
    async with transaction(Role.GATE):
        token = await open_session(_id(viewer), "password", "", NOW)
    browser = await site.visitor(cookies={SECURE_NAME: token})
    assert (await browser.get("/portal/sample")).status_code == 303


async def test_ending_the_session_ends_the_portals_too(site: Site, viewer: Browser) -> None:
    async with transaction(Role.GATE):
        token = await open_session(_id(viewer), "full", "", NOW)
        await revoke_all(_id(viewer))
    assert not await site.superuser.fetchval(
        "SELECT count(*) FROM ops.portal_session WHERE id_hash = $1", hash_of(token)
    )
    assert (await viewer.get("/portal/sample")).status_code == 303


def _id(browser: Browser) -> UUID:
    assert browser.account_id is not None
    return browser.account_id
