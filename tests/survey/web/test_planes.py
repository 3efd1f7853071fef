"""Who may open what, and as which database role."""

from uuid import uuid4

import asyncpg
import pytest

from privacy.tokens import Purpose, sign, sign_until
from survey.db import Scope
from tests.conftest import NOW, World
from tests.web_client import Site


async def test_a_stranger_is_sent_to_the_sign_in_and_brought_back(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/work")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/sample/work")


async def test_a_strange_address_cannot_break_out_of_the_redirect(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/place/%0d%0aset-cookie:x=1%3Fé")
    assert answer.headers["location"] == "/sign-in?next=/sample/place/%0D%0Aset-cookie%3Ax%3D1%3F%C3%A9"


async def test_a_query_is_not_carried_through_the_sign_in(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/work?email=ann%40person.test")
    assert "ann" not in answer.headers["location"]


async def test_a_stranger_who_wants_json_gets_a_problem(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/work", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Please sign in")


async def test_a_fragment_sends_the_whole_page_to_the_sign_in(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/work", headers={"HX-Request-Type": "partial"})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/sample/work"


async def test_an_invented_session_is_nobodys(site: Site) -> None:
    stranger = await site.visitor(cookies={"__Host-candour": "x" * 43})
    assert (await stranger.get("/sample/work")).status_code == 303


@pytest.mark.parametrize(("role", "status"), [("affiliate_admin", 403), ("provider", 403), ("manager", 200)])
async def test_only_the_named_roles_open_a_staff_page(site: Site, world: World, role: str, status: int) -> None:
    person = await site.signed_in(world.alices.affiliate_id, role)
    assert (await person.get("/sample/work")).status_code == status


async def test_a_manager_does_not_open_the_providers_pages(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get("/sample/platform")).status_code == 403


async def test_staff_sees_its_own_affiliate_as_candour_staff(site: Site, world: World) -> None:
    await _client(site.superuser, world.charlies, "charlie's client")
    manager = await site.signed_in(world.alices.affiliate_id)
    seen = (await manager.get("/sample/work")).json()
    assert seen == {
        "as": "candour_staff",
        "affiliate": str(world.alices.affiliate_id),
        "account": str(manager.account_id),
        "clients": [],
    }


async def test_the_provider_works_as_candour_provider(site: Site, world: World) -> None:
    person = await site.signed_in(world.alices.affiliate_id, "provider")
    assert (await person.get("/sample/platform")).json() == "candour_provider"


async def test_an_own_account_is_opened_by_every_role_as_the_gate(site: Site, world: World) -> None:
    for role in ("manager", "affiliate_admin", "provider"):
        person = await site.signed_in(world.alices.affiliate_id, role)
        assert (await person.get("/sample/account")).json() == "candour_gate"


@pytest.mark.parametrize(
    ("stage", "url"), [("password", "/sign-in/second-factor"), ("enrol", "/account/second-factor")]
)
async def test_half_a_sign_in_opens_no_page_of_work(site: Site, world: World, stage: str, url: str) -> None:
    person = await site.signed_in(world.alices.affiliate_id, stage=stage)
    answer = await person.get("/sample/work")
    assert (answer.status_code, answer.headers["location"]) == (303, url)


async def test_the_second_factor_is_asked_of_half_a_sign_in_only(site: Site, world: World) -> None:
    half = await site.signed_in(world.alices.affiliate_id, stage="password")
    whole = await site.signed_in(world.alices.affiliate_id)
    assert (await half.get("/sample/second-factor")).status_code == 200
    assert (await whole.get("/sample/second-factor")).status_code == 303


async def test_a_public_page_needs_no_database(site: Site) -> None:
    assert (await (await site.visitor()).get("/sample/open")).json() == {"partial": False}


async def test_a_public_page_gets_the_role_it_asks_for(site: Site) -> None:
    assert (await (await site.visitor()).get("/sample/desk")).json() == "candour_desk"


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", "a" * 300])
async def test_a_link_that_was_not_signed_is_a_designed_404(site: Site, token: str) -> None:
    answer = await (await site.visitor()).get(f"/sample/link/{token}")
    assert answer.status_code == 404
    assert "This link does not work" in answer.text


async def test_a_link_signed_for_something_else_is_refused(site: Site) -> None:
    token = sign(site.settings.token_keys, Purpose.OPT_OUT, uuid4())
    assert (await (await site.visitor()).get(f"/sample/link/{token}")).status_code == 404


async def test_the_holder_of_a_link_is_fenced_to_it(site: Site) -> None:
    link = uuid4()
    token = sign(site.settings.token_keys, Purpose.SURVEY, link)
    answer = await (await site.visitor()).get(f"/sample/link/{token}")
    assert answer.json() == {"as": "candour_respondent", "link": str(link), "fence": str(link)}


async def test_a_timed_link_says_that_its_time_is_over(site: Site) -> None:
    keys, link = site.settings.token_keys, uuid4()
    visitor = await site.visitor()
    good = sign_until(keys, Purpose.PASSWORD_RESET, link, now=NOW, seconds=60)
    over = sign_until(keys, Purpose.PASSWORD_RESET, link, now=NOW, seconds=-60)
    assert (await visitor.get(f"/sample/soon/{good}")).json() == str(link)
    assert "no longer valid" in (await visitor.get(f"/sample/soon/{over}")).text


async def test_head_gets_the_headers_of_get_and_no_body(site: Site) -> None:
    visitor = await site.visitor()
    head, get = await visitor.client.head("/sample/open"), await visitor.get("/sample/open")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


async def _client(superuser: asyncpg.Connection, scope: Scope, name: str) -> None:
    await superuser.execute(
        "INSERT INTO field.client (affiliate_id, name, created_at) VALUES ($1, $2, now())", scope.affiliate_id, name
    )
