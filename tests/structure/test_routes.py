"""Rules for every route of the product, whoever wrote it."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from survey import app, portal
from survey.demo import routes as demo
from survey.mailbox import routes as mailbox
from survey.settings import Environment, Settings, load
from survey.web.application import Unguarded, application
from survey.web.guards import Access, Plane
from survey.web.rendering import TEMPLATES, Renderer
from survey.web.routing import TERMS, Terms
from survey.web.static import Assets
from tests.conftest import TEST_ENVIRONMENT

SURVEY = Path(app.__file__).parent
HANDLER_LINES = 15
HANDLERS = (*app.ROUTES, *portal.ROUTES)
# What may be in an address: ids, numbers, signed tokens, slugs of our own making. Never what a person has typed.
PARAMETERS = {"uuid", "int"}
TEXT_PARAMETERS = {"token", "slug", "role", "kind", "name", "file_name", "table", "format", "level"}


def named(handler: HTTPRouteHandler) -> str:
    """How a failing test names a handler."""
    return f"{sorted(handler.http_methods)[0]} {sorted(handler.paths)[0]}"


def terms_of(handler: HTTPRouteHandler) -> Terms:
    """What the handler has declared."""
    found: Terms = handler.opt[TERMS]
    return found


def lines_of(handler: HTTPRouteHandler) -> int:
    """Lines of the handler's body, without its docstring."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(handler.fn))).body
    assert isinstance(function, ast.AsyncFunctionDef)
    return (function.body[-1].end_lineno or 0) - (function.body[0].end_lineno or 0)


def written() -> Iterator[HTTPRouteHandler]:
    """Every handler that stands in a routes module of the product."""
    for path in [*SURVEY.glob("*/routes/*.py"), *SURVEY.glob("*/routes.py")]:
        name = ".".join(path.relative_to(SURVEY.parent).with_suffix("").parts).removesuffix(".__init__")
        yield from (one for one in vars(importlib.import_module(name)).values() if isinstance(one, HTTPRouteHandler))


def rendered() -> Iterator[str]:
    """Every template that some code renders; an asterisk stands where an f-string puts something in."""
    for file in SURVEY.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render" and len(node.args) > 1:
                yield _spelt(node.args[1])


def _spelt(name: ast.expr) -> str:
    if isinstance(name, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in name.values)
    return str(name.value) if isinstance(name, ast.Constant) else "*"


every = pytest.mark.parametrize("handler", HANDLERS, ids=named)
gets = pytest.mark.parametrize("handler", [one for one in HANDLERS if "GET" in one.http_methods], ids=named)
posts = pytest.mark.parametrize("handler", [one for one in HANDLERS if "POST" in one.http_methods], ids=named)


@pytest.fixture(scope="module")
def settings_here(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings without a database: these tests only look."""
    return load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(tmp_path_factory.mktemp("data"))})


def test_a_route_without_a_guard_stops_the_start(settings_here: Settings) -> None:
    async def bare() -> None: ...

    unguarded = HTTPRouteHandler("/bare", http_method="GET", status_code=204)(bare)
    with pytest.raises(Unguarded):
        application(settings_here, [unguarded], Renderer(settings_here, str))


@every
def test_every_route_says_who_it_is_for_and_only_once(handler: HTTPRouteHandler) -> None:
    assert isinstance(terms_of(handler).access, Access)
    assert not handler.guards


@every
def test_an_open_route_says_why_it_is_open(handler: HTTPRouteHandler) -> None:
    access = terms_of(handler).access
    if access.plane in (Plane.PUBLIC, Plane.BEARER):
        assert len(access.reason.split()) >= 3


@every
def test_a_link_holds_a_token_and_a_token_is_verified(handler: HTTPRouteHandler) -> None:
    has_token = all("{token:str}" in path for path in handler.paths)
    assert has_token == (terms_of(handler).access.plane is Plane.BEARER)


@posts
def test_a_form_is_checked_or_says_why_not(handler: HTTPRouteHandler) -> None:
    terms = terms_of(handler)
    assert terms.is_write
    assert not terms.without_csrf or len(terms.without_csrf.split()) >= 4


@posts
def test_a_signed_in_persons_form_is_always_checked(handler: HTTPRouteHandler) -> None:
    terms = terms_of(handler)
    if terms.access.plane not in (Plane.PUBLIC, Plane.BEARER):
        assert not terms.without_csrf


@gets
def test_a_get_that_writes_says_why(handler: HTTPRouteHandler) -> None:
    terms = terms_of(handler)
    assert terms.is_write == bool(terms.writes_on_get)
    assert not terms.writes_on_get or len(terms.writes_on_get.split()) >= 3


@gets
def test_a_get_behind_a_link_never_writes(handler: HTTPRouteHandler) -> None:
    # Mail scanners follow links, and some run scripts.
    if terms_of(handler).access.plane in (Plane.BEARER, Plane.PUBLIC):
        assert not terms_of(handler).is_write


@every
def test_addresses_hold_ids_and_our_own_words_only(handler: HTTPRouteHandler) -> None:
    for path in handler.paths:
        for part in path.split("/"):
            if part.startswith("{"):
                name, _, kind = part.strip("{}").partition(":")
                assert kind in PARAMETERS or (kind == "str" and name in TEXT_PARAMETERS), part


@every
def test_a_handler_is_short(handler: HTTPRouteHandler) -> None:
    assert lines_of(handler) <= HANDLER_LINES


@every
def test_a_handler_has_a_docstring(handler: HTTPRouteHandler) -> None:
    assert inspect.getdoc(handler.fn)


def test_no_address_is_taken_twice() -> None:
    taken = [(method, path) for one in HANDLERS for method in one.http_methods for path in one.paths]
    assert len(taken) == len(set(taken))


def test_the_portal_stays_below_its_prefix() -> None:
    for handler in portal.ROUTES:
        assert all(path == portal.PREFIX or path.startswith(f"{portal.PREFIX}/") for path in handler.paths)
        assert terms_of(handler).access.plane is Plane.VIEWER


@pytest.mark.parametrize("template", sorted(set(rendered())), ids=str)
def test_a_template_that_is_rendered_exists(template: str) -> None:
    names = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")]
    if "*" in template:
        assert any(Path(name).match(template) for name in names)
    else:
        assert template in names


def test_every_template_compiles(settings_here: Settings) -> None:
    Renderer(settings_here, Assets().url).compile_all()


def test_the_whole_site_can_be_put_together(settings_here: Settings) -> None:
    rooms = app.build(settings_here).rooms
    assert [prefix for prefix, _ in rooms] == ["/portal", "/"]
    assert all(isinstance(room, Litestar) and not room.openapi_config for _, room in rooms)


def test_a_real_start_compiles_every_template_first(settings_here: Settings) -> None:
    renderer = Renderer(settings_here, Assets().url)
    application(replace(settings_here, environment=Environment.DEMO), (), renderer)
    assert len(renderer.templates.cache or ()) > 5


def test_a_handler_that_is_written_is_served() -> None:
    served = {*HANDLERS, *mailbox.ROUTES, *demo.DEV, *demo.DEMO}
    assert {named(handler) for handler in written()} - {named(handler) for handler in served} == set()
