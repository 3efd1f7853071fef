"""Ids of another affiliate where no path holds them: in the fields of forms and in queries, beside ids of one's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from survey.clients import service as clients
from survey.db import Role, transaction
from survey.panels.domain import Profile
from tests.conftest import NOW
from tests.web_client import Browser

from .affiliates import STORE, Affiliate, Person, affiliate, bring_in, draft, join, place_of
from .test_swap import without_ids
from .world import Crossing, fingerprints

VIEWER = {"role": "client_viewer", "name": "Taken Over"}


@dataclass(frozen=True, slots=True)
class Naming:
    """A page that takes ids. ids: its fields, and what each of them names; fields: what else makes it complete."""

    address: str
    ids: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)


# Each complete but for its ids, so that nothing else is a reason to refuse it.
FORMS = (
    Naming("/studies/new", {"client": "client_id", "version": "version_id"}, {"name": "Taken", "title": "Over"}),
    Naming("/studies/{draft}/edit/basics", {"version": "version_id"}, {"name": "Taken", "title": "Over"}),
    Naming("/studies/{draft}/edit/audience", {"source": "panel_id"}, {"rest_days": "7"}),
    Naming("/studies/{draft}/edit/audience", {"location": "location_id"}, {"source": "contacts", "rest_days": "7"}),
    Naming("/studies/{draft}/edit/identity", {"authorisation": "authorisation_id"}, {"mode": "identified"}),
    Naming("/users/invite", {"client": "client_id"}, VIEWER | {"email": "head@over.example"}),
    Naming("/users/invite", {"client": "client_id", "location": "location_id"}, VIEWER | {"email": "s@over.example"}),
    Naming("/users/{manager}/role", {"client": "client_id", "location": "location_id"}, VIEWER),
    Naming("/clients/{client_id}/locations/new", {"parent": "above_id"}, {"code": "X", "name": "X", "level": "store"}),
    Naming("/locations/{location_id}", {"parent": "above_id"}, {"code": "S1", "name": "Moved", "level": "store"}),
)
QUERIES = (
    Naming("/studies", {"client": "client_id"}),
    Naming("/studies/new", {"client": "client_id"}),
    Naming("/clients/{client_id}/contacts", {"import": "import_id"}),
    Naming("/clients/{client_id}/contacts", {"place": "location_id"}),
    Naming("/clients/{client_id}/contacts/export", {"import": "import_id"}, {"purpose": "authority"}),
    Naming("/clients/{client_id}/contacts/export", {"place": "location_id"}, {"purpose": "authority"}),
    Naming("/clients/{client_id}/locations/new", {"below": "location_id"}),
)


@dataclass(frozen=True, slots=True)
class Attack:
    """An administrator's browser, what is the administrator's own, and what is another affiliate's."""

    browser: Browser
    own: Mapping[str, UUID]
    foreign: Mapping[str, UUID]

    def mixes(self, naming: Naming, strange: Mapping[str, UUID]) -> Iterator[dict[str, str]]:
        """The page's ids with one of them a stranger's, and with all of them."""
        chosen = {name: str(self.own[known]) for name, known in naming.ids.items()}
        others = {name: str(strange[known]) for name, known in naming.ids.items()}
        yield from ({**chosen, name: others[name]} for name in naming.ids)
        yield others

    async def send(self, naming: Naming, ids: Mapping[str, str]) -> httpx.Response:
        """Fill in the form on a page of the administrator's own."""
        revision = {}
        if "draft" in naming.address:
            page = await self.browser.get(self.address(naming))
            revision = {"revision": page.text.partition('name="revision" value="')[2].partition('"')[0]}
        return await self.browser.post(self.address(naming), {**naming.fields, **revision, **ids})

    async def ask(self, naming: Naming, ids: Mapping[str, str]) -> httpx.Response:
        """Open the address with a query."""
        return await self.browser.get(self.address(naming), params={**naming.fields, **ids})

    def address(self, naming: Naming) -> str:
        """Where the page is, of the administrator's own things."""
        return naming.address.format_map(self.own)


@pytest.fixture(scope="module")
async def gannet(crossing: Crossing) -> Affiliate:
    """A company of this module's own, which may be written to."""
    one = await affiliate(crossing.ours.stage, crossing.owner, "gannet")
    one.ids["import_id"] = await bring_in(
        one.stage, one.ground, [Person("a@gannet.example").row(), Person("b@gannet.example").row("S2")]
    )
    one.ids["panel_id"], _ = await join(one, Person("member@gannet.example"), Profile("en", "65_up", "other", "city"))
    one.ids["draft"] = await draft(one)
    return one


@pytest.fixture
async def attack(crossing: Crossing, gannet: Affiliate) -> Attack:
    """Gannet's administrator with ids of ours."""
    browser = await crossing.site.with_session(gannet.scope.affiliate_id, gannet.people["affiliate_admin"])
    return Attack(browser, await _everything_of(gannet), await _everything_of(crossing.ours))


@pytest.mark.parametrize("naming", FORMS, ids=lambda naming: f"{naming.address} {' '.join(naming.ids)}")
async def test_an_id_of_another_affiliate_in_a_form_is_as_one_that_nobody_has(
    attack: Attack, naming: Naming, superuser: asyncpg.Connection
) -> None:
    nobodys = {name: uuid4() for name in attack.foreign}
    before = await fingerprints(superuser)
    for foreign, made_up in zip(attack.mixes(naming, attack.foreign), attack.mixes(naming, nobodys), strict=True):
        theirs, nothing = await attack.send(naming, foreign), await attack.send(naming, made_up)
        assert theirs.status_code in {404, 422}, (foreign, theirs.status_code)
        assert without_ids(theirs, attack.foreign) == without_ids(nothing, nobodys)
    assert await fingerprints(superuser) == before
    # The control: with the administrator's own ids the very same form is taken.
    accepted = await attack.send(naming, {name: str(attack.own[known]) for name, known in naming.ids.items()})
    assert accepted.status_code == 303, accepted.text
    assert await fingerprints(superuser) != before


@pytest.mark.parametrize("naming", QUERIES, ids=lambda naming: f"{naming.address} {' '.join(naming.ids)}")
async def test_an_id_of_another_affiliate_in_a_query_is_as_one_that_nobody_has(attack: Attack, naming: Naming) -> None:
    nobodys = {name: uuid4() for name in attack.foreign}
    for foreign, made_up in zip(attack.mixes(naming, attack.foreign), attack.mixes(naming, nobodys), strict=True):
        theirs, nothing = await attack.ask(naming, foreign), await attack.ask(naming, made_up)
        assert without_ids(theirs, attack.foreign) == without_ids(nothing, nobodys)
    own = await attack.ask(naming, {name: str(attack.own[known]) for name, known in naming.ids.items()})
    assert own.status_code == 200
    assert without_ids(own, attack.own) != without_ids(nothing, nobodys), "the id makes no difference: no proof"


async def _everything_of(one: Affiliate) -> dict[str, UUID]:
    """The ids of what an affiliate has, and of a permission of its client's."""
    scope, ground = one.scope, one.ground
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        given = await clients.authorisations_of(scope, ground.client_id)
        permission = (
            given[0].id
            if given
            else await clients.authorise_identified(scope, ground.client_id, "Letter of 1 June", _next_year(), NOW)
        )
    return {
        **one.ids,
        "manager": one.people["manager"],
        "version_id": ground.version_id,
        "authorisation_id": permission,
        "location_id": place_of(ground, STORE),
        "above_id": place_of(ground, "D1"),
    }


def _next_year() -> date:
    return NOW.date() + timedelta(days=365)
