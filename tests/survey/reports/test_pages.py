"""The client's pages: each viewer within its own part of the tree, hidden numbers nowhere in what is sent."""

import re
from uuid import uuid4

import pytest

from tests.conftest import World
from tests.survey.releases.field import Study
from tests.survey.reports.conftest import release
from tests.web_client import Browser, Site

PAGES = ("overview", "questions", "places", "participants")


async def test_a_stranger_is_sent_to_sign_in(site: Site) -> None:
    answer = await (await site.visitor()).get("/portal")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/portal")


async def test_staff_have_no_portal(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get("/portal")).status_code == 303


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_opens(viewer: Browser, page: str) -> None:
    assert (await viewer.get(f"/portal/{page}")).status_code == 200


async def test_a_page_that_there_is_not_is_not_found(viewer: Browser) -> None:
    assert (await viewer.get("/portal/people")).status_code == 404
