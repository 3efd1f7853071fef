"""Pages from templates: escaped, complete, and with nothing invented."""

import pytest
from jinja2 import UndefinedError

from survey.settings import Settings
from survey.web.page import local_path
from survey.web.rendering import Entry, Renderer
from tests.conftest import World
from tests.web_client import Site

from .conftest import SAMPLE_TEMPLATES

ENTRIES = (
    Entry("Studies", "/studies", "x", frozenset({"manager"}), also=("/waves",)),
    Entry("Platform", "/provider", "x", frozenset({"provider"})),
)


async def test_what_people_typed_is_escaped(site: Site, world: World) -> None:
    page = (await (await site.signed_in(world.alices.affiliate_id)).get("/sample/form")).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>" not in page


async def test_a_page_of_work_holds_the_navigation_of_its_role(site: Site, world: World) -> None:
    page = (await (await site.signed_in(world.alices.affiliate_id)).get("/sample/form")).text
    assert '<a href="/sample" aria-current="page">Sample</a>' in page
    assert "Platform" not in page


async def test_a_public_page_has_no_navigation(site: Site) -> None:
    assert "<a " not in (await (await site.visitor()).get("/sample/public-form")).text


def test_the_navigation_marks_the_present_area(settings: Settings) -> None:
    renderer = Renderer(settings, str, ENTRIES)
    assert [item["current"] for item in renderer.entries("manager", "/studies/1/log")] == [True]
    assert [item["current"] for item in renderer.entries("manager", "/studies-old")] == [False]
    assert [item["current"] for item in renderer.entries("manager", "/waves/1")] == [True]
    assert [item["current"] for item in renderer.entries("manager", "/wavesome")] == [False]
    assert [item["label"] for item in renderer.entries("provider", "/")] == ["Platform"]


@pytest.mark.parametrize(
    "raw", ["https://evil.test/", "//evil.test", "/\\evil.test", "evil", "", "/a\r\nSet-Cookie: x", "javascript:x"]
)
def test_nobody_is_sent_to_another_site(raw: str) -> None:
    assert local_path(raw) == "/"


def test_a_path_of_our_own_is_gone_on_to() -> None:
    assert local_path("/studies/1?after=x") == "/studies/1?after=x"


def test_a_misspelt_variable_is_an_error_and_not_an_empty_place(settings: Settings) -> None:
    renderer = Renderer(settings, str, (), (SAMPLE_TEMPLATES,))
    with pytest.raises(UndefinedError):
        renderer.text("sample/form.html", {"flashes": (), "csrf_field": str})
