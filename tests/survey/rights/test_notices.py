"""The notice and the list of cookies say what is true."""

from http.cookies import SimpleCookie

import httpx

from survey.questionnaires.domain import store_visit
from survey.rights.domain import COOKIES
from survey.rights.service import held
from survey.web.cookies import cookie_name
from tests.conftest import NOW, World
from tests.field_study import make_study
from tests.web_client import Site


async def test_the_notice_names_every_kind_of_data_that_a_column_declares(site: Site) -> None:
    page = await (await site.visitor()).get("/privacy")
    assert page.status_code == 200
    for kind in held():
        assert kind.what in page.text


def test_every_kind_of_data_has_words_of_its_own() -> None:
    assert all(" " in kind.what for kind in held())


async def test_the_cookie_of_a_survey_is_declared(site: Site, world: World) -> None:
    study = await make_study(site.superuser, site.settings, (world.alices.affiliate_id, NOW), store_visit())
    visitor = await site.visitor()
    answer = await visitor.client.post(study.path(await study.door()))
    assert cookies_in(answer) <= {cookie.name for cookie in COOKIES}


def test_the_cookie_of_a_session_is_declared() -> None:
    assert cookie_name(is_plain=False) in {cookie.name for cookie in COOKIES}


async def test_no_page_for_everybody_sets_a_cookie(site: Site) -> None:
    visitor = await site.visitor()
    for path in ("/privacy", "/cookies", "/sign-in"):
        assert cookies_in(await visitor.get(path)) == set()


def cookies_in(answer: httpx.Response) -> set[str]:
    """The names of the cookies an answer sets."""
    return {name for header in answer.headers.get_list("set-cookie") for name in SimpleCookie(header)}
