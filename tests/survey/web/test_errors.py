"""Every error has its page, its fragment and its problem, and none of them tells a value."""

from dataclasses import replace

import pytest

from survey.db import Database
from survey.settings import Settings
from tests.conftest import World
from tests.web_client import Site

PAGES = {"missing": 404, "conflict": 409, "unique": 409, "refused": 403, "away": 503, "bug": 500}


@pytest.mark.parametrize(("kind", "status"), PAGES.items())
async def test_an_error_has_a_page(site: Site, kind: str, status: int) -> None:
    answer = await (await site.visitor()).get(f"/sample/fault/{kind}", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<!DOCTYPE html>" in answer.text
    assert "planted-secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("kind", "status"), PAGES.items())
async def test_htmx_gets_a_fragment(site: Site, kind: str, status: int) -> None:
    answer = await (await site.visitor()).get(f"/sample/fault/{kind}", headers={"HX-Request-Type": "partial"})
    assert answer.status_code == status
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(("kind", "status"), PAGES.items())
async def test_json_gets_a_problem(site: Site, kind: str, status: int) -> None:
    answer = await (await site.visitor()).get(f"/sample/fault/{kind}", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert "planted-secret" not in answer.text


async def test_a_bug_has_a_reference_that_the_log_knows(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await (await site.visitor()).get("/sample/fault/bug", headers={"accept": "application/json"})
    reference = answer.json()["instance"].rpartition(":")[2]
    assert reference in capsys.readouterr().out


async def test_without_its_database_the_site_says_so_and_open_pages_still_open(
    site: Site, settings: Settings, world: World
) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    unreachable = Database()
    await unreachable.start(replace(settings, database_url="postgresql://127.0.0.1:1/nowhere"))
    try:
        answer = await manager.get("/sample/work")
        assert (answer.status_code, (await manager.get("/sample/open")).status_code) == (503, 200)
        assert "cannot reach our database" in answer.text
    finally:
        await unreachable.stop()
    assert (await manager.get("/sample/work")).status_code == 200


async def test_a_refusal_says_why(site: Site) -> None:
    assert "Your affiliate has switched this off." in (await (await site.visitor()).get("/sample/fault/refused")).text


@pytest.mark.parametrize("url", ["/no/such/page", "/sample/thing/no-uuid", "/portal/nothing", "/portalx", "/static/x"])
async def test_what_does_not_exist_is_404(site: Site, url: str) -> None:
    assert (await (await site.visitor()).get(url)).status_code == 404


async def test_a_wrong_method_is_405_and_names_the_right_ones(site: Site) -> None:
    answer = await (await site.visitor()).client.request("DELETE", "/sample/open")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


async def test_a_body_that_is_no_form_is_400(site: Site) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await (await site.visitor()).client.post("/sample/echo", content=b"a=%00", headers=headers)
    assert answer.status_code == 400


async def test_a_host_that_is_none_is_refused(site: Site) -> None:
    answer = await (await site.visitor()).get("/sample/open", headers={"host": "a b"})
    assert answer.status_code == 400


async def test_options_says_what_is_possible_and_nothing_else(site: Site) -> None:
    answer = await (await site.visitor()).client.options("/sample/work")
    assert (answer.status_code, answer.content) == (204, b"")
