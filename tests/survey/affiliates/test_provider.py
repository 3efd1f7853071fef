"""The provider's pages: tenants, never their people."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.affiliates import service
from survey.affiliates.domain import Draft
from survey.db import Role, transaction
from tests.conftest import NOW, World
from tests.web_client import Browser, Site


@pytest.fixture
async def provider_id(site: Site) -> UUID:
    """The tenant that runs the platform."""
    draft = Draft(f"The provider {uuid4().hex}", f"provider-{uuid4().hex}", "1 Platform Way", "office@provider.test")
    async with transaction(Role.PROVIDER):
        return (await service.create_provider(draft, NOW)).affiliate_id


@pytest.fixture
async def provider(site: Site, provider_id: UUID) -> Browser:
    """Somebody who runs the platform."""
    return await site.signed_in(provider_id, "provider")


def described(**fields: str) -> dict[str, str]:
    """A new affiliate as the form sends it."""
    return {
        "name": f"Merlin Insight {uuid4().hex}",
        "slug": f"merlin-{uuid4().hex[:12]}",
        "postal_address": "2 Low Street\nTestford",
        "contact_email": "office@merlin.test",
        "admin_name": "Ada Minn",
        "admin_email": f"ada.{uuid4().hex}@merlin.test",
    } | fields


@pytest.mark.parametrize("role", ["affiliate_admin", "manager"])
async def test_nobody_of_an_affiliate_opens_the_providers_pages(site: Site, world: World, role: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get("/provider")).status_code == 403
    assert (await browser.post("/provider/new", described())).status_code == 403
    assert (await browser.post(f"/provider/{world.charlies.affiliate_id}/suspend")).status_code == 403


async def test_the_provider_opens_no_page_of_an_affiliate(provider: Browser) -> None:
    for page in ("/users", "/settings", "/questionnaires"):
        assert (await provider.get(page)).status_code == 403


async def test_the_provider_has_the_name_of_its_mail_on_its_pages_too(provider_id: UUID, world: World) -> None:
    async with transaction(Role.DESK):
        for affiliate_id, name in ((provider_id, "Candour"), (world.alices.affiliate_id, "alice's")):
            assert (await service.sender_of(affiliate_id)).name == name
            brand = await service.find_brand(affiliate_id)
            assert brand
            assert brand.name == name


async def test_the_providers_role_sees_no_account_at_all(world: World, site: Site) -> None:
    await site.signed_in(world.alices.affiliate_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.PROVIDER) as connection:
            await connection.fetch("SELECT id FROM identity.account")


async def test_the_provider_cannot_suspend_itself(provider: Browser, provider_id: UUID) -> None:
    assert (await provider.post(f"/provider/{provider_id}/suspend")).status_code == 404


async def test_a_new_affiliate_gets_its_administrator_invited(provider: Browser, superuser: asyncpg.Connection) -> None:
    fields = described()
    assert (await provider.submit("/provider/new", fields)).headers["location"] == "/provider"
    row = await superuser.fetchrow(
        "SELECT a.role, a.status, d.kind FROM field.affiliate f JOIN identity.account a ON a.affiliate_id = f.id"
        " JOIN ops.delivery d ON d.recipient_id = a.id WHERE f.slug = $1",
        fields["slug"],
    )
    assert tuple(row) == ("affiliate_admin", "invited", "account.invitation")
    assert fields["admin_email"] not in (await provider.get("/provider?q=Merlin")).text


async def test_a_short_name_that_is_taken_is_said_and_nobody_is_invited(
    provider: Browser, superuser: asyncpg.Connection
) -> None:
    fields = described()
    await provider.submit("/provider/new", fields)
    again = await provider.submit("/provider/new", described(slug=fields["slug"]))
    assert (again.status_code, "Another affiliate has this short name" in again.text) == (422, True)
    assert await superuser.fetchval("SELECT count(*) FROM field.affiliate WHERE slug = $1", fields["slug"]) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Candour Research", "the platform’s"),
        ("Merlin\nBcc: x@example.org", "line break"),
        ("Mer\u202elin", "turn the"),
    ],
)
async def test_a_company_is_not_called_like_the_platform_or_by_a_name_that_misleads(
    provider: Browser, name: str, words: str
) -> None:
    page = await provider.submit("/provider/new", described(name=name))
    assert (page.status_code, words in page.text) == (422, True)


async def test_two_companies_do_not_look_the_same_by_name(provider: Browser, superuser: asyncpg.Connection) -> None:
    fields = described()
    await provider.submit("/provider/new", fields)
    again = described(name=fields["name"].replace("Insight", "lns1ght").upper())
    page = await provider.submit("/provider/new", again)
    assert (page.status_code, "a name that looks like this one" in page.text) == (422, True)
    assert await superuser.fetchval("SELECT count(*) FROM field.affiliate WHERE slug = $1", again["slug"]) == 0


async def test_what_is_missing_is_said_at_once(provider: Browser) -> None:
    page = await provider.submit(
        "/provider/new", described(name="", slug="Not a slug", contact_email="no", admin_name="")
    )
    assert page.status_code == 422
    for message in ("company’s name", "lower-case letters", "people can reply to", "Enter a name"):
        assert message in page.text


async def test_suspending_signs_everybody_out_and_resuming_lets_them_back(
    site: Site, provider: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    affiliate_id = world.alices.affiliate_id
    manager = await site.signed_in(affiliate_id)
    await provider.post(f"/provider/{affiliate_id}/suspend")
    assert (await manager.get("/account")).status_code == 303
    assert await superuser.fetchval("SELECT count(*) FROM ops.session WHERE affiliate_id = $1", affiliate_id) == 0
    await provider.post(f"/provider/{affiliate_id}/resume")
    assert (await (await site.signed_in(affiliate_id)).get("/questionnaires")).status_code == 200
    assert await _actions(superuser, affiliate_id) == ["affiliate.suspend", "affiliate.resume"]


async def test_suspending_takes_the_clients_portal_away_too(
    site: Site, provider: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    await superuser.execute(
        "INSERT INTO ops.portal_session (id_hash, affiliate_id, client_id, node_path, expires_at)"
        " VALUES ($1, $2, gen_random_uuid(), '/x/', $3)",
        uuid4().bytes, world.alices.affiliate_id, NOW,
    )  # fmt: skip
    await provider.post(f"/provider/{world.alices.affiliate_id}/suspend")
    left = await superuser.fetchval(
        "SELECT count(*) FROM ops.portal_session WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    assert left == 0


async def test_the_list_is_searched_and_comes_in_pages(provider: Browser, superuser: asyncpg.Connection) -> None:
    word = f"pages{uuid4().hex[:8]}"
    await superuser.execute(
        "INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at)"
        " SELECT 'affiliate', $1 || n, $1 || '-' || n, 'x', 'x', $2 FROM generate_series(1, 51) AS n",
        word,
        NOW,
    )
    first = (await provider.get(f"/provider?q={word}")).text
    assert "Showing 50 affiliates" in first
    following = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Showing 1 affiliate<" in (await provider.get(f"/provider{following}")).text
    assert "No affiliate fits" in (await provider.get("/provider?q=nobody-has-this-name")).text


async def _actions(superuser: asyncpg.Connection, affiliate_id: UUID) -> list[str]:
    rows = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at", affiliate_id
    )
    return [row["action"] for row in rows]


async def test_whoever_runs_the_platform_writes_under_its_name(provider_id: UUID, world: World) -> None:
    """A shopper signs in at the platform's own tenant, whose name nobody has ever told them."""
    async with transaction(Role.WORKER):
        assert (await service.sender_of(provider_id)).name == "Candour"
        assert (await service.sender_of(world.alices.affiliate_id)).name != "Candour"
