"""Forms from elsewhere are refused, on every plane."""

from datetime import timedelta
from uuid import uuid4

import pytest

from privacy.tokens import Purpose, sign
from survey.web.csrf import is_ours, is_own_site, token_for
from survey.web.guards import Access, Plane
from survey.web.visit import Visit
from tests.conftest import NOW, World
from tests.web_client import CSRF_FIELD, Site

FIELDS = {"name": "Northwind", "status": "303"}


async def test_a_form_without_a_token_is_refused_and_writes_nothing(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    answer = await manager.client.post("/sample/client", data=FIELDS)
    assert (answer.status_code, (await manager.get("/sample/work")).json()["clients"]) == (403, [])
    assert "send this again" in answer.text


async def test_the_token_of_another_session_is_refused(site: Site, world: World) -> None:
    manager, other = [await site.signed_in(world.alices.affiliate_id) for _ in range(2)]
    answer = await manager.client.post("/sample/client", data=FIELDS | {"csrf": other.csrf()})
    assert answer.status_code == 403


async def test_the_token_of_a_public_form_opens_no_work(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    stranger = await site.visitor()
    assert (await manager.client.post("/sample/client", data=FIELDS | {"csrf": stranger.csrf()})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.test"}],
)
async def test_a_form_on_another_site_is_refused_even_with_the_token(
    site: Site, world: World, headers: dict[str, str]
) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.post("/sample/client", FIELDS, headers=headers)).status_code == 403


async def test_the_pages_own_form_is_taken(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.submit("/sample/form", FIELDS, to="/sample/client")).status_code == 303


async def test_htmx_may_send_the_token_as_a_header(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    headers = {"x-csrf-token": manager.csrf()}
    assert (await manager.client.post("/sample/client", data=FIELDS, headers=headers)).status_code == 303


def test_a_token_made_with_the_previous_key_still_holds() -> None:
    old, new, foreign = (bytes([number]) * 32 for number in (1, 2, 3))
    visit = Visit(Access(Plane.STAFF, None), NOW, session_hash=b"x" * 32)
    sent = {b"x-csrf-token": token_for(visit, (old,)).encode()}
    assert is_ours(visit, (new, old), sent)
    assert not is_ours(visit, (new, foreign), sent)


async def test_a_public_form_needs_a_token_of_the_last_twelve_hours(site: Site) -> None:
    stranger = await site.visitor()
    page = (await stranger.get("/sample/public-form")).text
    token = CSRF_FIELD.findall(page)[0]
    assert (await stranger.client.post("/sample/public", data={})).status_code == 403
    assert (await stranger.client.post("/sample/public", data={"csrf": token})).status_code == 200
    site.clock.now = NOW + timedelta(hours=12)
    assert (await stranger.client.post("/sample/public", data={"csrf": token})).status_code == 403


async def test_a_links_form_is_bound_to_its_link(site: Site) -> None:
    stranger = await site.visitor()
    mine, theirs = [sign(site.settings.token_keys, Purpose.SURVEY, uuid4()) for _ in range(2)]
    answer = await stranger.submit(f"/sample/link-form/{mine}", {"a": "1"}, to=f"/sample/link/{mine}")
    assert answer.json()["a"] == "1"
    refused = await stranger.submit(f"/sample/link-form/{theirs}", {"a": "1"}, to=f"/sample/link/{mine}")
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ([(b"sec-fetch-site", b"same-origin"), (b"origin", b"null")], True),
        ([(b"sec-fetch-site", b"cross-site"), (b"origin", b"https://here.test")], False),
        ([(b"origin", b"https://here.test")], True),
        ([(b"origin", b"https://here.test.evil.test")], False),
        ([(b"origin", b"null")], True),
        ([], True),
    ],
)
def test_the_browsers_own_word_decides(headers: list[tuple[bytes, bytes]], is_own: bool) -> None:
    assert is_own_site({b"host": b"here.test"} | dict(headers)) is is_own
