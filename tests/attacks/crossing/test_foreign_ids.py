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
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Browser

from .affiliates import STORE, Affiliate, Person, affiliate, bring_in, draft, join, place_of
from .test_swap import without_ids
from .world import Crossing, fingerprints

VIEWER = {"role": "client_viewer", "name": "Taken Over"}


@dataclass(frozen=True, slots=True)
class Naming:
    """A page that takes ids. ids: its fields, and what each of them names; fields: what else makes it complete.

    who: the administrator's page, or a shopper's.
    """

    address: str
    ids: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    who: str = "administrator"


MOVED = {"code": "S1", "name": "Moved", "level": "store", "time_zone": "Europe/London"}
# Each complete but for its ids, so that nothing else is a reason to refuse it.
FORMS = (
    Naming("/studies/new", {"client": "client_id", "version": "version_id"}, {"name": "Taken", "title": "Over"}),
    Naming("/studies/{draft}/edit/basics", {"version": "version_id"}, {"name": "Taken", "title": "Over"}),
    Naming("/studies/{draft}/edit/audience", {"source": "panel_id"}, {"rest_days": "7"}),
    Naming("/studies/{draft}/edit/audience", {"location": "location_id"}, {"source": "contacts", "rest_days": "7"}),
    Naming("/studies/{draft}/edit/identity", {"authorisation": "authorisation_id"}, {"mode": "identified"}),
    Naming("/users/{manager}/clients", {"clients": "client_id"}, {"works_for": "some"}),
    Naming("/users/invite", {"client": "client_id"}, VIEWER | {"email": "head@over.example"}),
    Naming("/users/invite", {"client": "client_id", "location": "location_id"}, VIEWER | {"email": "s@over.example"}),
    Naming(
        "/users/invite",
        {"clients": "client_id"},
        {"works_for": "some", "role": "editor", "name": "Taken Over", "email": "e@over.example"},
    ),
    Naming("/users/{manager}/role", {"client": "client_id", "location": "location_id"}, VIEWER),
    Naming("/clients/{client_id}/locations/new", {"parent": "above_id"}, MOVED | {"code": "X"}),
    Naming("/locations/{location_id}", {"parent": "above_id"}, MOVED),
    Naming("/campaigns/new", {"client": "shop_client"}, {"name": "Taken over", "kind": "in_person"}),
    Naming("/shopper/messages/new", {"shop": "held_shop"}, {"words": "May I?"}, who="shopper"),
)
QUERIES = (
    Naming("/studies", {"client": "client_id"}),
    Naming("/studies/new", {"client": "client_id"}),
    Naming("/clients/{client_id}/contacts", {"import": "import_id"}),
    Naming("/clients/{client_id}/contacts", {"place": "location_id"}),
    Naming("/clients/{client_id}/contacts/export", {"import": "import_id"}, {"purpose": "authority"}),
    Naming("/clients/{client_id}/contacts/export", {"place": "location_id"}, {"purpose": "authority"}),
    Naming("/clients/{client_id}/locations/new", {"below": "location_id"}),
    Naming("/shops", {"client": "shop_client"}),
    Naming("/shops", {"campaign": "shop_campaign"}),
    Naming("/shops", {"campaign": "shop_campaign", "wave": "shop_wave"}),
    Naming("/shops", {"client": "shop_client", "node": "shop_region"}),
    *(Naming("/shops", {"client": "shop_client"}, {"view": shape}) for shape in ("board", "agenda", "map")),
    Naming("/shops/risk", {"client": "shop_client"}),
    Naming("/shops/route", {"shop": "held_shop"}),
    Naming("/reviews", {"client": "shop_client"}),
    Naming("/reviews", {"campaign": "shop_campaign"}),
    Naming("/campaigns", {"client": "shop_client"}),
    Naming("/campaigns/new", {"client": "shop_client"}),
    Naming("/shopper/messages/new", {"shop": "held_shop"}, who="shopper"),
)
# What is chosen among many: an id that is not one's own is left out, and the rest goes on.
CHOICES = (
    Naming("/shops/bulk", {"ids": "held_shop"}, {"kind": "hold"}),
    Naming("/shops/bulk/preview", {"ids": "held_shop"}, {"kind": "hold", "reason": "legal"}),
    Naming("/shops/bulk/preview", {"ids": "held_shop"}, {"kind": "message", "words": "Hello"}),
    Naming("/shops/bulk/preview", {"ids": "open_shop"}, {"kind": "auto_offer"}),
    Naming("/shops/bulk/preview", {"ids": "held_shop", "leg": "held_shop"},
           {"kind": "plan", "leg_day": "2026-11-24", "day": "2026-11-25"}),
    *(
        Naming("/shops/bulk/do", {"shown": "held_shop", "left": "open_shop"}, {"cost": "USD 99999", **terms})
        for terms in ({"kind": "hold", "reason": "legal"}, {"kind": "cancel", "reason": "twice"},
                      {"kind": "pay", "fee": "99"}, {"kind": "message", "words": "Hello"},
                      {"kind": "plan", "day": "2026-11-25"})
    ),
    Naming("/shops/bulk/do", {"shown": "open_shop"}, {"kind": "auto_offer", "cost": ""}),
    Naming("/shops/route", {"ids": "held_shop"}),
    Naming("/releases", {"ids": "approved_shop"}),
)  # fmt: skip
OF_AN_ACT = {"ops.bulk_action", "ledger.event", "ops.job", "ops.job_log"}  # that something was asked for
SHOP = """
SELECT s.client_id AS shop_client, s.campaign_id AS shop_campaign, s.wave_id AS shop_wave,
       l.parent_id AS shop_region, s.id AS held_shop
  FROM identity.extension e
  JOIN field.shop s ON s.id = e.shop_id
  JOIN field.location l ON l.id = s.location_id
 WHERE e.id = $1
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """Browsers of an administrator and of a shopper, what is their affiliate's own, and what is another's."""

    browsers: Mapping[str, Browser]
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
            page = await self.browsers[naming.who].get(self.address(naming))
            revision = {"revision": page.text.partition('name="revision" value="')[2].partition('"')[0]}
        return await self.browsers[naming.who].post(self.address(naming), {**naming.fields, **revision, **ids})

    async def choose(self, naming: Naming, ids: Mapping[str, str]) -> tuple[httpx.Response, UUID]:
        """Send it, and look at where it leads; with the id that was drawn for it."""
        action_id, browser = uuid4(), self.browsers[naming.who]
        answer = await browser.post(naming.address, {**naming.fields, "action_id": str(action_id), **ids})
        return (await browser.get(answer.headers["location"]) if answer.status_code == 303 else answer), action_id

    async def ask(self, naming: Naming, ids: Mapping[str, str]) -> httpx.Response:
        """Open the address with a query."""
        return await self.browsers[naming.who].get(self.address(naming), params={**naming.fields, **ids})

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


@pytest.fixture(scope="module")
async def visits(crossing: Crossing, gannet: Affiliate) -> tuple[dict[str, UUID], Shopper, ShopWorld]:
    """Gannet's shops: one that somebody has, one that is open, one that is read, one that is approved."""
    there = await shop_world(crossing.site.superuser, crossing.site.settings, gannet.scope.affiliate_id)
    me = await there.shopper()
    held = await there.shop("ASSIGNED", me, planned_on=NOW.date() + timedelta(days=1))
    await there.report(await there.shop("SUBMITTED"))
    approved = await there.shop("APPROVED")
    await there.report(approved, {"greeted": "yes"})
    ids = {
        "shop_client": there.client_id, "shop_campaign": there.campaign_id, "shop_wave": there.wave_id,
        "shop_region": there.region_id, "held_shop": held, "approved_shop": approved,
        "open_shop": await there.shop(window_end=NOW + timedelta(days=2)),
    }  # fmt: skip
    return ids, me, there


@pytest.fixture
async def attack(crossing: Crossing, gannet: Affiliate, visits: tuple[dict[str, UUID], Shopper, ShopWorld]) -> Attack:
    """Gannet's administrator and a shopper of theirs, with ids of ours."""
    own, me, there = visits
    browsers = {
        "administrator": await crossing.site.with_session(gannet.scope.affiliate_id, gannet.people["affiliate_admin"]),
        "shopper": await there.signed_in(crossing.site, me),
    }
    ours, superuser = crossing.ours.ids, crossing.site.superuser
    strange = dict(await superuser.fetchrow(SHOP, ours["extension_id"]))
    strange |= {"open_shop": ours["shop_id"], "approved_shop": ours["reviewed_id"]}
    return Attack(browsers, await _everything_of(gannet) | own, await _everything_of(crossing.ours) | strange)


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


@pytest.mark.parametrize("naming", CHOICES, ids=lambda naming: f"{naming.address} {naming.fields.get('kind', '')}")
async def test_an_id_of_another_affiliate_among_what_is_chosen_is_as_one_that_nobody_has(
    attack: Attack, naming: Naming, superuser: asyncpg.Connection
) -> None:
    nobodys = {name: uuid4() for name in attack.foreign}
    foreign = {name: str(attack.foreign[known]) for name, known in naming.ids.items()}
    made_up = {name: str(nobodys[known]) for name, known in naming.ids.items()}
    before = await fingerprints(superuser)
    (theirs, one), (nothing, other) = await attack.choose(naming, foreign), await attack.choose(naming, made_up)
    assert without_ids(theirs, {**attack.foreign, "act": one}) == without_ids(nothing, {**nobodys, "act": other})
    after = await fingerprints(superuser)
    assert {table for table in after if after[table] != before[table]} <= OF_AN_ACT
    # The control: with ids of the administrator's own the very same choice says something else.
    own, act = await attack.choose(naming, {name: str(attack.own[known]) for name, known in naming.ids.items()})
    assert own.status_code == 200
    assert without_ids(own, {**attack.own, "act": act}) != without_ids(nothing, {**nobodys, "act": other})


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
