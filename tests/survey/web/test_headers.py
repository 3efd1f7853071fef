"""The headers that go out with everything."""

from dataclasses import replace

import pytest

from survey.settings import Settings
from survey.web.headers import fixed_headers
from tests.conftest import World
from tests.web_client import Site

URLS = ["/sample/open", "/no/such/page", "/sample/fault/bug", "/sample/link/x", "/static/favicon.svg", "/portal/sample"]


@pytest.mark.parametrize("url", URLS)
async def test_every_answer_is_fenced_in(site: Site, url: str) -> None:
    headers = (await (await site.visitor()).get(url)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("url", [url for url in URLS if not url.startswith("/static")])
async def test_no_page_is_kept_by_a_cache(site: Site, url: str) -> None:
    headers = (await (await site.visitor()).get(url)).headers
    assert headers.get_list("cache-control") == ["no-store"]
    assert headers["vary"] == "HX-Request, HX-Request-Type"


async def test_a_visitor_gets_no_cookie_from_anything(site: Site) -> None:
    for url in URLS:
        assert "set-cookie" not in (await (await site.visitor()).get(url)).headers


async def test_a_page_of_work_sets_no_cookie_either(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert "set-cookie" not in (await manager.get("/sample/form")).headers


def test_hsts_is_promised_only_where_there_is_tls(settings: Settings) -> None:
    names = [name for name, _ in fixed_headers(replace(settings, base_url="http://127.0.0.1:8000"))]
    assert b"strict-transport-security" not in names


async def test_a_file_to_save_has_a_harmless_name(site: Site) -> None:
    header = (await (await site.visitor()).get("/sample/file")).headers["content-disposition"]
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2
    assert "filename*=UTF-8''R%C3%A9p%C3%B6rt%20%221%22.csv" in header


@pytest.mark.parametrize("headers", [{f"x-{number}": "a" for number in range(101)}, {"cookie": "a" * 40_000}])
async def test_a_head_that_no_browser_sends_is_refused(site: Site, headers: dict[str, str]) -> None:
    answer = await (await site.visitor()).get("/sample/open", headers=headers)
    assert (answer.status_code, answer.headers["connection"]) == (431, "close")
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_an_address_that_is_too_long_is_refused(site: Site) -> None:
    assert (await (await site.visitor()).get("/sample/open?q=" + "a" * 40_000)).status_code == 431
