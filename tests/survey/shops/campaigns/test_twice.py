"""A form for something new that is sent twice makes one thing, and leads to it."""

import asyncio
import re
from collections.abc import Mapping
from uuid import UUID

import asyncpg
import pytest

from survey.db import Scope
from survey.web import form_with, id_once, once
from tests.conftest import World
from tests.web_client import Browser, Site

from .conftest import Planned

WORD = re.compile(r'name="once" value="([0-9a-f]{32})"')
CAMPAIGN = {"name": "Twice over", "kind": "phone"}
WAVE = {"label": "Week 50", "starts_on": "2026-12-07", "ends_on": "2026-12-13", "part-any": "1"}
PLACE = {"name": "Quay", "code": "Q1", "level": "store", "time_zone": "Europe/London"}
KIND = {"code": "twice_over", "label": "Has a boat"}


@pytest.fixture
async def admin(site: Site, world: World) -> Browser:
    """alice's administrator, who may make everything."""
    return await site.signed_in(world.alices.affiliate_id, "affiliate_admin")


@pytest.fixture
async def forms(winter: Planned, superuser: asyncpg.Connection) -> dict[str, tuple[str, dict[str, str], str]]:
    """By kind: the page of the form, its fields, and where it is sent."""
    client = str(winter.client_id)
    root = await superuser.fetchval(
        "SELECT id FROM field.location WHERE client_id = $1 AND parent_id IS NULL", winter.client_id
    )
    place, wave = f"/clients/{client}/locations/new", f"/campaigns/{winter.campaign_id}/waves/new"
    return {
        "campaign": ("/campaigns/new", CAMPAIGN | {"client": client}, ""),
        "wave": (wave, WAVE, ""),
        "location": (place, PLACE | {"parent": str(root)}, ""),
        "client": ("/clients/new", {"name": "Twice over"}, ""),
        "qualification": ("/shoppers/rules/qualifications/new", KIND, "/shoppers/rules/qualifications"),
    }


KINDS = ("campaign", "wave", "location", "client", "qualification")


async def _filled(browser: Browser, url: str, fields: Mapping[str, str]) -> dict[str, str]:
    found = WORD.search((await browser.get(url)).text)
    assert found, f"no word in the form at {url}"
    return {**fields, "once": found[1]}


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_form_sent_again_leads_to_what_it_has_made(
    admin: Browser, forms: dict[str, tuple[str, dict[str, str], str]], kind: str
) -> None:
    url, fields, to = forms[kind]
    filled = await _filled(admin, url, fields)
    first = await admin.post(to or url, filled)
    again = await admin.post(to or url, filled)
    assert (first.status_code, again.status_code) == (303, 303), again.text[:3000]
    assert "You made this already" in (await admin.get(again.headers["location"])).text


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_presses_at_once_both_are_led_somewhere(
    admin: Browser, forms: dict[str, tuple[str, dict[str, str], str]], kind: str
) -> None:
    url, fields, to = forms[kind]
    filled = await _filled(admin, url, fields)
    answers = await asyncio.gather(*(admin.post(to or url, filled) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]


@pytest.mark.parametrize(("kind", "field"), [("campaign", "name"), ("wave", "label"), ("location", "code"),
                                             ("client", "name"), ("qualification", "code")])  # fmt: skip
async def test_another_name_in_the_same_form_makes_another_thing(
    admin: Browser, forms: dict[str, tuple[str, dict[str, str], str]], kind: str, field: str
) -> None:
    url, fields, to = forms[kind]
    filled = await _filled(admin, url, fields)
    first = await admin.post(to or url, filled)
    other = await admin.post(to or url, filled | {field: "another_one"})
    assert (first.status_code, other.status_code) == (303, 303)
    page = (await admin.get(other.headers["location"])).text
    assert "You made this already" not in page
    assert "another_one" in page


@pytest.mark.parametrize("kind", KINDS)
async def test_a_new_form_with_a_name_in_use_is_refused_as_before(
    admin: Browser, forms: dict[str, tuple[str, dict[str, str], str]], kind: str
) -> None:
    url, fields, to = forms[kind]
    await admin.post(to or url, await _filled(admin, url, fields))
    assert (await admin.post(to or url, await _filled(admin, url, fields))).status_code == 422


def test_a_word_leads_elsewhere_for_another_account(world: World) -> None:
    form = once(form_with({}))
    ids = {id_once(scope, form) for scope in (world.alices, world.charlies)}
    assert len(ids) == 2
    assert id_once(world.alices, form) in ids
    assert once(form)["once"] == form["once"]


@pytest.mark.parametrize("word", ["", "short", "Z" * 32])
def test_a_made_up_word_is_none(world: World, word: str) -> None:
    scope: Scope = world.alices
    made: set[UUID] = {id_once(scope, form_with({"once": word})) for _ in range(2)}
    assert len(made) == 2
