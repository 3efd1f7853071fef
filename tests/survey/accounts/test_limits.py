"""Which clients somebody works for: who says so, what is refused, and from when it holds."""

import re
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.accounts import service
from survey.accounts.domain import AccountRole, AlwaysAll, NotYourself
from survey.db import Role, Scope, beyond_clients, connection, savepoint, transaction
from survey.settings import Settings
from tests.conftest import NOW, World, unheard_of
from tests.web_client import Browser, Site

from .conftest import Someone, events, someone

Clients = dict[str, UUID]


@pytest.fixture
async def clients(world: World) -> Clients:
    """Alice's two clients, and one of charlie's."""
    made = {"Brightwater": world.alices, "Lantern": world.alices, "Strange": world.charlies}
    ids = {name: uuid4() for name in made}
    for name, scope in made.items():
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as here:
            await here.execute(
                "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, $3, $4)",
                *(ids[name], scope.affiliate_id, name, NOW),
            )
    return ids


def some(*client_ids: UUID) -> dict[str, str | list[str]]:
    """The form with these clients ticked."""
    return {"works_for": "some", "clients": [str(each) for each in client_ids]}


async def test_the_gate_knows_no_client_before_it_knows_the_affiliate(world: World, clients: Clients) -> None:
    async with transaction(Role.GATE):
        assert await _seen() == []
    async with transaction(Role.GATE, affiliate=world.alices.affiliate_id):
        assert await _seen() == ["Brightwater", "Lantern"]


async def test_only_an_administrator_says_for_which_clients_somebody_works(
    site: Site, world: World, manager: Someone, clients: Clients
) -> None:
    for role in ("manager", "scheduler", "editor", "payroll"):
        browser = await site.signed_in(world.alices.affiliate_id, role)
        answer = await browser.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
        assert answer.status_code == 403, role


async def test_another_affiliates_account_or_client_is_not_found(
    site: Site, world: World, office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    charlies = await someone(site.settings, world.charlies.affiliate_id, AccountRole.AFFILIATE_ADMIN)
    stranger = await site.with_session(charlies.affiliate_id, charlies.id)
    assert (await stranger.post(f"/users/{manager.id}/clients", some(clients["Strange"]))).status_code == 404
    for foreign in (clients["Strange"], uuid4()):
        answer = await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"], foreign))
        assert answer.status_code == 404
    assert not await superuser.fetchval("SELECT is_limited FROM identity.account WHERE id = $1", manager.id)


async def test_to_tick_nothing_is_a_mistake_and_not_all_clients(office: Browser, manager: Someone) -> None:
    answer = await office.post(f"/users/{manager.id}/clients", {"works_for": "some"})
    assert answer.status_code == 422
    assert "Tick at least one client" in answer.text


async def test_whoever_says_neither_is_told_one_thing(office: Browser, manager: Someone, clients: Clients) -> None:
    answer = await office.post(f"/users/{manager.id}/clients", {})
    assert answer.status_code == 422
    assert "Choose for which clients this person works" in answer.text
    assert "Tick at least one client" not in answer.text


@pytest.mark.parametrize("role", [AccountRole.AFFILIATE_ADMIN, AccountRole.PAYROLL])
async def test_roles_that_see_the_whole_affiliate_are_not_limited(
    office: Browser, world: World, settings: Settings, clients: Clients, role: AccountRole
) -> None:
    whole = await someone(settings, world.alices.affiliate_id, role)
    page = await office.get(f"/users/{whole.id}")
    assert "cannot be limited" in page.text
    assert f'action="/users/{whole.id}/clients"' not in page.text
    assert (await office.post(f"/users/{whole.id}/clients", some(clients["Lantern"]))).status_code == 403
    scope = Scope(world.alices.affiliate_id, office.account_id, "affiliate_admin")
    async with transaction(Role.GATE, affiliate=scope.affiliate_id):
        with pytest.raises(AlwaysAll):
            await service.limit(scope, whole.id, [clients["Lantern"]], NOW)


async def test_the_database_limits_no_other_role_either(superuser: asyncpg.Connection, administrator: Someone) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await superuser.execute("UPDATE identity.account SET is_limited = true WHERE id = $1", administrator.id)


async def test_nobody_limits_or_frees_themselves(world: World, manager: Someone) -> None:
    own = Scope(world.alices.affiliate_id, manager.id, "affiliate_admin")
    async with transaction(Role.GATE, affiliate=own.affiliate_id):
        with pytest.raises(NotYourself):
            await service.limit(own, manager.id, None, NOW)


async def test_a_limit_is_saved_shown_and_recorded_and_can_be_lifted(
    office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    address = f"/users/{manager.id}"
    assert (await office.post(f"{address}/clients", some(clients["Lantern"]))).status_code == 303
    page = await office.get(address)
    assert re.search(r"Works for\s*</dt>\s*<dd[^>]*>\s*Lantern\s*<", page.text)
    assert "Lantern" in (await office.get("/users")).text
    assert (await events(superuser, manager.id))[-1] == "account.read"
    detail = await superuser.fetchval(
        "SELECT detail::text FROM ledger.event WHERE subject_id = $1 AND action = 'account.limit'", manager.id
    )
    assert f'"clients.new": "{clients["Lantern"]}"' in detail
    assert '"clients.old": "all"' in detail
    assert (await office.post(f"{address}/clients", {"works_for": "all"})).status_code == 303
    assert "Lantern" not in (await office.get("/users")).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": "manager"}, "Choose for which clients this person works"),
        ({"role": "editor", "works_for": "some"}, "Tick at least one client"),
        ({"role": "payroll", "works_for": "some"}, "this role works for all clients"),
        ({"role": "affiliate_admin", "works_for": "some"}, "this role works for all clients"),
    ],
)
async def test_an_invitation_does_not_guess_for_which_clients(
    office: Browser, clients: Clients, superuser: asyncpg.Connection, fields: dict[str, str], message: str
) -> None:
    typed = {"name": "Noa New", "email": f"{unheard_of()}@people.test", **fields}
    answer = await office.post("/users/invite", typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert typed["email"] in answer.text
    assert "Lantern" in answer.text
    assert await _invited(superuser, office) == []


async def test_nobody_is_invited_for_a_client_of_somebody_else(
    office: Browser, clients: Clients, superuser: asyncpg.Connection
) -> None:
    typed = {"name": "Noa New", "role": "editor", "email": f"{unheard_of()}@people.test"}
    for foreign in (clients["Strange"], uuid4()):
        answer = await office.post("/users/invite", typed | some(clients["Lantern"], foreign))
        assert answer.status_code == 404
    # Nor is there an account without a limit, or a mail.
    assert await _invited(superuser, office) == []


async def test_whoever_is_invited_for_certain_clients_is_limited_before_the_first_sign_in(
    office: Browser, clients: Clients, superuser: asyncpg.Connection
) -> None:
    typed = {"name": "Noa New", "role": "editor", "email": f"{unheard_of()}@people.test"}
    assert (await office.post("/users/invite", typed | some(clients["Lantern"]))).status_code == 303
    [(account_id, is_limited)] = await _invited(superuser, office)
    assert is_limited
    page = await office.get(f"/users/{account_id}")
    assert re.search(r"Works for\s*</dt>\s*<dd[^>]*>\s*Lantern\s*<", page.text)
    assert {"account.invite", "account.limit"} <= set(await events(superuser, account_id))


async def _invited(superuser: asyncpg.Connection, office: Browser) -> list[tuple[UUID, bool]]:
    rows = await superuser.fetch(
        "SELECT id, is_limited FROM identity.account WHERE status = 'invited'"
        " AND affiliate_id = (SELECT affiliate_id FROM identity.account WHERE id = $1)",
        office.account_id,
    )
    return [(row["id"], row["is_limited"]) for row in rows]


async def test_a_limit_holds_at_once_in_an_open_session(
    site: Site, office: Browser, manager: Someone, clients: Clients
) -> None:
    browser = await site.with_session(manager.affiliate_id, manager.id)
    assert {"Brightwater", "Lantern"} <= set(_names(await _clients_page(browser)))
    await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
    assert _names(await _clients_page(browser)) == ["Lantern"]
    assert (await browser.get(f"/clients/{clients['Brightwater']}")).status_code == 404
    assert (await browser.get(f"/clients/{clients['Lantern']}")).status_code == 200
    own = await browser.get("/account")
    assert "You work for: Lantern." in own.text
    await office.post(f"/users/{manager.id}/clients", {"works_for": "all"})
    assert (await browser.get(f"/clients/{clients['Brightwater']}")).status_code == 200
    assert "You work for certain clients" not in (await browser.get("/account")).text


async def test_whose_last_client_goes_sees_nothing_rather_than_everything(
    site: Site, office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
    await superuser.execute("DELETE FROM field.client WHERE id = $1", clients["Lantern"])
    browser = await site.with_session(manager.affiliate_id, manager.id)
    assert _names(await _clients_page(browser)) == []
    assert "nothing of any client is shown" in (await browser.get("/account")).text


async def test_a_role_that_sees_everything_ends_the_limit(
    office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    await office.post(f"/users/{manager.id}/clients", some(clients["Lantern"]))
    await office.post(f"/users/{manager.id}/role", {"role": "editor"})
    assert await superuser.fetchval("SELECT is_limited FROM identity.account WHERE id = $1", manager.id)
    await office.post(f"/users/{manager.id}/role", {"role": "payroll"})
    assert not await superuser.fetchval("SELECT is_limited FROM identity.account WHERE id = $1", manager.id)
    assert not await superuser.fetchval(
        "SELECT count(*) FROM identity.account_client WHERE account_id = $1", manager.id
    )


async def test_that_a_role_ends_a_limit_is_said_beforehand_and_afterwards_and_recorded(
    office: Browser, manager: Someone, clients: Clients, superuser: asyncpg.Connection
) -> None:
    address = f"/users/{manager.id}"
    assert "Any other role ends it" not in (await office.get(address)).text
    await office.post(f"{address}/clients", some(clients["Lantern"]))
    assert "Any other role ends it" in (await office.get(address)).text
    await office.post(f"{address}/role", {"role": "editor"})
    assert "has ended" not in (await office.get(address)).text
    await office.post(f"{address}/role", {"role": "payroll"})
    assert "The limit to certain clients has ended" in (await office.get(address)).text
    await office.post(f"{address}/role", {"role": "manager"})
    assert await _limits(superuser, manager.id) == [("all", str(clients["Lantern"])), (str(clients["Lantern"]), "all")]


async def _limits(superuser: asyncpg.Connection, account_id: UUID) -> list[tuple[str, str]]:
    rows = await superuser.fetch(
        "SELECT detail ->> 'clients.old', detail ->> 'clients.new' FROM ledger.event"
        " WHERE subject_id = $1 AND action = 'account.limit' ORDER BY recorded_at, id",
        account_id,
    )
    return [tuple(row) for row in rows]


async def test_a_rule_may_look_beyond_the_clients_and_no_longer_than_it_says(world: World, clients: Clients) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id, clients=[clients["Lantern"]]):
        assert await _seen() == ["Lantern"]
        async with beyond_clients():
            assert await _seen() == ["Brightwater", "Lantern"]
            async with beyond_clients():
                assert await _seen() == ["Brightwater", "Lantern"]
            assert await _seen() == ["Brightwater", "Lantern"]
        assert await _seen() == ["Lantern"]


async def test_the_limit_is_back_after_whatever_goes_wrong_beyond_it(world: World, clients: Clients) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id, clients=[clients["Lantern"]]) as here:
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with savepoint(), beyond_clients():
                await here.execute("SELECT 1 / 0")
        assert await _seen() == ["Lantern"]
        with pytest.raises(ValueError, match="ours"):
            async with beyond_clients():
                raise ValueError("ours")
        assert await _seen() == ["Lantern"]


async def test_no_client_at_all_is_not_every_client(world: World, clients: Clients) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id, clients=[]):
        assert await _seen() == []


async def _seen() -> list[str]:
    return [row["name"] for row in await connection().fetch("SELECT name FROM field.client ORDER BY name")]


async def _clients_page(browser: Browser) -> str:
    answer = await browser.get("/clients")
    assert answer.status_code == 200
    return answer.text


def _names(page: str) -> list[str]:
    return [name for name in ("Brightwater", "Lantern", "Strange") if name in page]
