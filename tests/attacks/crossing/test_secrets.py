"""Secrets planted wherever a request can carry one, at every route there is: the log holds none of them."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import cycle
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import structlog

from privacy.tokens import Purpose, sign

from .addresses import PARAMETER, Route, routes_of
from .world import Crossing

SECRET = "planted7secret"
ADDRESS = f"{SECRET}@person.example"
NETWORK = "203.0.113.77"
HEADERS = {
    "x-forwarded-for": NETWORK,
    "user-agent": SECRET,
    "referer": f"https://elsewhere.example/{SECRET}",
    "hx-current-url": f"https://testserver.local/{SECRET}",
    "authorization": f"Bearer {SECRET}",
    "accept-language": SECRET,
    "if-none-match": f'"{SECRET}"',
    "x-request-id": SECRET,
}
FORM = "application/x-www-form-urlencoded"
FIELDS = {"email": ADDRESS, "password": SECRET, "name": SECRET, "address": ADDRESS, "text": SECRET, "code": SECRET}
PARTS = (
    f'--b\r\nContent-Disposition: form-data; name="list"; filename="{SECRET}.csv"\r\n\r\n{ADDRESS}\r\n--b--\r\n'
).encode()
BODIES: Mapping[str, tuple[bytes, str]] = {
    "a form": (urlencode(FIELDS).encode(), FORM),
    "a file": (PARTS, "multipart/form-data; boundary=b"),
    "broken parts": (SECRET.encode(), "multipart/form-data"),
    "json": (json.dumps(FIELDS).encode(), "application/json"),
    "not what it says": (b"\xff\xfe" + SECRET.encode(), f"text/{SECRET}"),
}
# What a database refuses, with the value in its message if nobody is careful.
HOSTILE = {
    "a NUL": f"{SECRET}\x00",
    "half a character": f"{SECRET}\ud800",
    "a long text": SECRET * 2_000,
    "a number too large": f"9{'9' * 30}{SECRET}",
}


@pytest.fixture
def lines(crossing: Crossing) -> "Lines":
    """What is logged from here on."""
    return Lines(crossing.logged)


class Lines:
    """The part of the log that a test has written."""

    def __init__(self, log: BytesIO) -> None:
        self._log = log
        self._start = len(log.getvalue())

    @property
    def text(self) -> str:
        """Everything since the test began."""
        return self._log.getvalue()[self._start :].decode()

    def must_not_hold(self, *secrets: str, least: int) -> None:
        """Fails with the lines that hold one of them, or when hardly anything was logged at all."""
        written = self.text.lower().splitlines()
        assert len(written) >= least, "hardly anything was logged: it proves nothing"
        assert [line for line in written if any(secret.lower() in line for secret in secrets)] == []


async def test_nothing_that_a_stranger_sends_to_any_route_is_logged(crossing: Crossing, lines: Lines) -> None:
    visitor = await crossing.site.visitor(cookies={"other": SECRET, "__Host-candour": SECRET})
    bodies = cycle(BODIES.values())
    routes = routes_of(crossing.site.front)
    for route in routes:
        url = f"{planted(route)}?q={SECRET}&email={ADDRESS}"
        if route.method == "GET":
            await visitor.get(url, headers=HEADERS)
        else:
            content, kind = next(bodies)
            await visitor.client.post(url, content=content, headers=HEADERS | {"content-type": kind})
    for url in (f"/{SECRET}", f"/static/{SECRET}", f"/portal/{SECRET}", f"/%00{SECRET}", f"/clients/{SECRET}"):
        await visitor.get(url, headers=HEADERS)
        await visitor.client.request(SECRET, url, headers=HEADERS)
    lines.must_not_hold(SECRET, NETWORK, least=len(routes))


@pytest.mark.parametrize("kind", BODIES)
async def test_no_kind_of_body_is_logged_where_people_type_secrets(crossing: Crossing, lines: Lines, kind: str) -> None:
    visitor = await crossing.site.visitor()
    content, media = BODIES[kind]
    for url in ("/sign-in", "/forgot", "/join/voices", f"/reset/{SECRET}", f"/s/{SECRET}/1", f"/o/{SECRET}"):
        await visitor.client.post(url, content=content, headers={"content-type": media})
    lines.must_not_hold(SECRET, least=6)


@pytest.mark.parametrize("value", HOSTILE)
async def test_a_value_that_the_database_refuses_is_not_logged_and_breaks_no_page(
    crossing: Crossing, lines: Lines, value: str
) -> None:
    people = {who: await crossing.browser(who) for who in ("other-affiliate-admin", "provider", "nobody")}
    for browser in people.values():
        for url, names in typed_at(crossing).items():
            form = dict.fromkeys(names, HOSTILE[value]) | {"csrf": browser.csrf()}
            body = urlencode(form, errors="surrogatepass").encode()
            answer = await browser.client.post(url, content=body, headers={"content-type": FORM})
            assert answer.status_code < 500, url
    lines.must_not_hold(SECRET, least=20)


async def test_links_that_open_something_are_not_logged(crossing: Crossing, lines: Lines) -> None:
    visitor = await crossing.site.visitor()
    tokens = list(links(crossing))
    for _, url in tokens:
        await visitor.get(url)
        await visitor.client.post(url, data={"go": "on"})
    lines.must_not_hold(*(token for token, _ in tokens), least=2 * len(tokens))


async def test_who_is_signed_in_and_with_what_is_not_logged(crossing: Crossing, lines: Lines) -> None:
    manager = await crossing.browser("manager")
    for url in ("/studies", "/clients", "/account", "/users", "/nowhere"):
        await manager.get(url)
    (session,) = manager.client.cookies.values()
    assert (await manager.get("/studies")).status_code == 200
    lines.must_not_hold(session, str(manager.account_id), manager.csrf(), least=6)


def test_a_secret_that_somebody_did_log_would_be_found(lines: Lines) -> None:
    structlog.get_logger("candour.test").info("said", word=SECRET)
    with pytest.raises(AssertionError):
        lines.must_not_hold(SECRET, least=1)


def planted(route: Route) -> str:
    """The route's address with a secret wherever it takes a text."""
    return PARAMETER.sub(lambda found: {"uuid": str(uuid4()), "int": "1"}.get(found[2], SECRET), route.template)


def typed_at(crossing: Crossing) -> dict[str, tuple[str, ...]]:
    """Forms that write what somebody types, with the names of their fields."""
    theirs = crossing.theirs.ids
    return {
        "/sign-in": ("email", "password"),
        "/forgot": ("email",),
        "/clients/new": ("name",),
        f"/clients/{theirs['client_id']}/rename": ("name",),
        f"/clients/{theirs['client_id']}/contacts/find": ("address",),
        f"/clients/{theirs['client_id']}/locations/new": ("code", "name", "level", "city", "parent_id"),
        f"/clients/{theirs['client_id']}/locations/import": ("text",),
        "/panels/new": ("name", "slug", "about", "wording"),
        "/questionnaires/new": ("name", "title"),
        "/studies/new": ("name", "title", "client_id", "version_id"),
        f"/studies/{theirs['draft']}/edit/message": ("revision", "invitation_subject", "invitation_body"),
        "/users/invite": ("email", "name", "role", "works_for"),
        "/settings": ("session_minutes",),
        "/settings/brand": ("name", "accent", "postal_address", "contact_email", "contact_phone"),
        "/account/name": ("name",),
        "/account/password": ("current", "password"),
        "/provider/new": ("name", "slug", "postal_address", "contact_email", "email"),
        f"/join/voices-{theirs['affiliate_id'].hex}": ("email", "first_name", "region"),
    }


def links(crossing: Crossing) -> Iterator[tuple[str, str]]:
    """A good token of each kind for nobody, and where it is used."""
    places = {
        Purpose.SURVEY: "/s/",
        Purpose.OPT_OUT: "/o/",
        Purpose.ACCOUNT_INVITE: "/welcome/",
        Purpose.PASSWORD_RESET: "/reset/",
        Purpose.PANEL_CONFIRM: "/join/confirm/",
        Purpose.PANEL_MANAGE: "/membership/",
        Purpose.CALENDAR: "/calendar/",
    }
    for purpose, place in places.items():
        token = sign(crossing.site.settings.token_keys, purpose, uuid4())
        yield token, place + token
