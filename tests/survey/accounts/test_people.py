"""The people of an affiliate: who may see and change them, and what nobody may."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from survey.accounts import service
from survey.accounts.domain import AccountRole, LastAdministrator, NotYourself, Place
from survey.db import Role, Scope, transaction
from survey.mail import service as mail
from survey.settings import Settings
from tests.conftest import NOW, World, unheard_of
from tests.web_client import Browser, Site

from .conftest import Mailbox, Someone, adopt, events, signs_in, someone, with_factor

INVITEE = {"name": "Noa New", "role": "manager", "works_for": "all"}


@pytest.fixture
async def stores(world: World) -> dict[str, UUID]:
    """Alice's client with a head office and two stores: ids by code, and `client`."""
    client_id, hq, north, south = uuid4(), uuid4(), uuid4(), uuid4()
    scope = world.alices
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        await connection.execute(
            "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, 'Brightwater', $3)",
            client_id, scope.affiliate_id, NOW,
        )  # fmt: skip
        for location_id, parent, code, name in (
            (hq, None, "HQ", "Head office"), (north, hq, "N1", "Store North"), (south, hq, "S1", "Store South"),
        ):  # fmt: skip
            path = f"/{hq.hex}/" if parent is None else f"/{hq.hex}/{location_id.hex}/"
            await connection.execute(
                "INSERT INTO field.location"
                " (id, affiliate_id, client_id, parent_id, level, code, name, path, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                location_id, scope.affiliate_id, client_id, parent, "store" if parent else "hq", code, name, path, NOW,
            )  # fmt: skip
    return {"client": client_id, "HQ": hq, "N1": north, "S1": south}


@pytest.mark.parametrize("role", ["manager", "provider"])
@pytest.mark.parametrize("page", ["/users", "/users/invite"])
async def test_only_administrators_see_people(site: Site, world: World, role: str, page: str) -> None:
    browser = await site.signed_in(world.alices.affiliate_id, role)
    assert (await browser.get(page)).status_code == 403


async def test_another_affiliates_person_is_not_found(site: Site, world: World, manager: Someone) -> None:
    charlies = await someone(site.settings, world.charlies.affiliate_id, AccountRole.AFFILIATE_ADMIN)
    browser = await site.with_session(charlies.affiliate_id, charlies.id)
    assert (await browser.get(f"/users/{manager.id}")).status_code == 404
    for act in ("disable", "enable", "invite", "factor-off"):
        assert (await browser.post(f"/users/{manager.id}/{act}")).status_code == 404
    assert (await browser.post(f"/users/{manager.id}/role", {"role": "affiliate_admin"})).status_code == 404


async def test_the_gate_itself_does_not_reach_another_affiliate_once_one_is_named(
    world: World, manager: Someone
) -> None:
    async with transaction(Role.GATE, affiliate=world.charlies.affiliate_id) as connection:
        changed = await connection.execute("UPDATE identity.account SET status = 'disabled' WHERE id = $1", manager.id)
    assert changed == "UPDATE 0"


async def test_the_list_shows_people_and_that_they_were_seen_is_recorded(
    office: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    page = await office.get("/users")
    assert manager.email in page.text
    assert (await events(superuser, manager.id))[-1] == "account.read"
    row = await superuser.fetchrow(
        "SELECT purpose, actor_id FROM ledger.event WHERE subject_id = $1 AND action = 'account.read'", manager.id
    )
    assert (row["purpose"], row["actor_id"]) == ("manage who works for the affiliate", office.account_id)


async def test_the_list_is_narrowed_by_role_state_and_a_whole_address(office: Browser, manager: Someone) -> None:
    assert manager.email in (await office.get("/users?role=manager&status=active")).text
    assert manager.email not in (await office.get("/users?role=affiliate_admin")).text
    assert manager.email not in (await office.get("/users?status=invited")).text
    assert manager.email in (await office.get(f"/users?q={manager.email.upper()}")).text
    assert "Nobody fits" in (await office.get("/users?q=nobody@people.test")).text


async def test_the_list_comes_in_pages(office: Browser, settings: Settings, administrator: Someone) -> None:
    scope = Scope(administrator.affiliate_id, None, "affiliate_admin", "system")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        await connection.execute(
            "INSERT INTO identity.account (id, affiliate_id, role, email, email_index, name, created_at)"
            " SELECT gen_random_uuid(), $1, 'manager', '', uuid_send(gen_random_uuid()), '', $2"
            " FROM generate_series(1, 60) AS n",
            scope.affiliate_id,
            NOW,
        )
    first = (await office.get("/users")).text
    assert "Showing 50 people" in first
    following = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Showing 11 people" in (await office.get(f"/users{following}")).text


async def test_an_invitation_with_mistakes_says_which(office: Browser) -> None:
    page = await office.submit("/users/invite", {"email": "not an address", "name": "", "role": "provider"})
    assert page.status_code == 422
    for message in ("Enter an e-mail address, like", "Enter a name", "Choose what this person will do"):
        assert message in page.text


async def test_an_address_that_has_an_account_here_is_not_invited_again(office: Browser, manager: Someone) -> None:
    page = await office.submit("/users/invite", INVITEE | {"email": manager.email.upper()})
    assert page.status_code == 422
    assert "has an account here already" in page.text


async def test_whoever_cannot_be_invited_by_mail_is_named_on_their_page(
    office: Browser, superuser: asyncpg.Connection, administrator: Someone
) -> None:
    before = "SELECT id FROM identity.account WHERE affiliate_id = $1 AND status = 'invited'"
    address = f"{unheard_of()}@people.test"
    assert (await office.submit("/users/invite", INVITEE | {"email": address})).status_code == 303
    page = f"/users/{await superuser.fetchval(before, administrator.affiliate_id)}"
    assert "could not be sent" not in (await office.get(page)).text
    key = suppression_key(office.settings.index_key, address)
    async with transaction(Role.DESK) as connection:
        await stop(connection, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
        await mail.drop_stopped(connection, key)
    assert "The invitation could not be sent" in (await office.get(page)).text


async def test_a_viewer_is_bound_to_the_place_that_was_named(
    office: Browser, stores: dict[str, UUID], superuser: asyncpg.Connection
) -> None:
    fields = {"email": "v@people.test", "name": "Vi", "role": "client_viewer", "client": str(stores["client"])}
    assert (await office.submit("/users/invite", fields | {"place": "n1"})).status_code == 303
    row = await superuser.fetchrow(
        "SELECT client_id, location_id FROM identity.account WHERE client_id = $1", stores["client"]
    )
    assert row["location_id"] == stores["N1"]


async def test_a_place_that_fits_several_is_asked_back(office: Browser, stores: dict[str, UUID]) -> None:
    fields = {"email": "v@people.test", "name": "Vi", "role": "client_viewer", "client": str(stores["client"])}
    page = await office.submit("/users/invite", fields | {"place": "store"})
    assert page.status_code == 422
    assert "Store North" in page.text
    assert "Store South" in page.text
    chosen = await office.submit("/users/invite", fields | {"place": "store", "location": str(stores["S1"])})
    assert chosen.status_code == 303


async def test_without_a_place_a_viewer_reads_the_whole_client(
    office: Browser, stores: dict[str, UUID], superuser: asyncpg.Connection
) -> None:
    fields = {"email": "v@people.test", "name": "Vi", "role": "client_viewer", "client": str(stores["client"])}
    assert (await office.submit("/users/invite", fields)).status_code == 303
    bound = await superuser.fetchval("SELECT location_id FROM identity.account WHERE client_id = $1", stores["client"])
    assert bound == stores["HQ"]


async def test_a_place_of_another_affiliates_client_is_not_found(
    site: Site, settings: Settings, world: World, stores: dict[str, UUID]
) -> None:
    charlies = await someone(settings, world.charlies.affiliate_id, AccountRole.AFFILIATE_ADMIN)
    browser = await site.with_session(charlies.affiliate_id, charlies.id)
    fields = {"email": "v@people.test", "name": "Vi", "role": "client_viewer", "client": str(stores["client"])}
    assert (await browser.submit("/users/invite", fields | {"location": str(stores["HQ"])})).status_code == 404


async def test_a_viewer_lands_in_the_portal(
    site: Site, settings: Settings, world: World, stores: dict[str, UUID], superuser: asyncpg.Connection
) -> None:
    place = Place(stores["client"], stores["N1"])
    viewer = await someone(settings, world.alices.affiliate_id, AccountRole.CLIENT_VIEWER, place=place)
    browser = await site.visitor()
    assert (await signs_in(browser, viewer)).headers["location"] == "/portal"
    row = await superuser.fetchrow("SELECT * FROM ops.portal_session WHERE id_hash = $1", adopt(browser).session_hash)
    assert row["node_path"] == f"/{stores['HQ'].hex}/{stores['N1'].hex}/"
    assert (await browser.get("/account")).status_code == 200


async def test_a_clients_person_chooses_how_often_to_hear_of_reports(
    site: Site, settings: Settings, world: World, stores: dict[str, UUID], superuser: asyncpg.Connection
) -> None:
    place = Place(stores["client"], stores["N1"])
    reader = await someone(settings, world.alices.affiliate_id, AccountRole.CLIENT_VIEWER, place=place)
    browser = await site.visitor()
    await signs_in(browser, reader)
    own = adopt(browser)
    assert "Mail about reports" in (await own.get("/account")).text
    assert (await own.post("/account/report-mail", {"report_mail": "weekly"})).status_code == 422
    for _ in range(2):
        assert (await own.post("/account/report-mail", {"report_mail": "hourly"})).status_code == 303
    chosen = await superuser.fetchval("SELECT report_mail FROM identity.account WHERE id = $1", reader.id)
    assert (chosen, (await events(superuser, reader.id)).count("account.report_mail")) == ("hourly", 1)


async def test_a_viewer_who_has_read_for_hours_can_still_sign_out(
    site: Site, settings: Settings, world: World, stores: dict[str, UUID]
) -> None:
    place = Place(stores["client"], stores["N1"])
    viewer = await someone(settings, world.alices.affiliate_id, AccountRole.CLIENT_VIEWER, place=place)
    browser = await site.visitor()
    await signs_in(browser, viewer)
    for minutes in (100, 200, 300):
        site.clock.now = NOW + timedelta(minutes=minutes)
        assert (await browser.get("/portal")).status_code == 200
    assert (await browser.get("/account")).status_code == 200
    assert (await adopt(browser).post("/sign-out")).headers["location"] == "/sign-in?after=signed-out"
    assert (await browser.get("/portal")).status_code == 303


async def test_a_shorter_session_length_holds_for_viewers_who_are_signed_in(
    site: Site, settings: Settings, world: World, stores: dict[str, UUID], office: Browser
) -> None:
    place = Place(stores["client"], stores["N1"])
    viewer = await someone(settings, world.alices.affiliate_id, AccountRole.CLIENT_VIEWER, place=place)
    browser = await site.visitor()
    await signs_in(browser, viewer)
    assert (await office.submit("/settings", {"session_minutes": "60"})).status_code == 303
    site.clock.now = NOW + timedelta(minutes=59)
    assert (await browser.get("/portal")).status_code == 200
    site.clock.now = NOW + timedelta(minutes=61)
    assert (await browser.get("/portal")).status_code == 303


async def test_another_place_ends_the_viewers_portal_session(
    site: Site,
    office: Browser,
    settings: Settings,
    world: World,
    stores: dict[str, UUID],
    superuser: asyncpg.Connection,
) -> None:
    place = Place(stores["client"], stores["HQ"])
    viewer = await someone(settings, world.alices.affiliate_id, AccountRole.CLIENT_VIEWER, place=place)
    browser = await site.visitor()
    await signs_in(browser, viewer)
    fields = {"role": "client_viewer", "client": str(stores["client"]), "place": "N1"}
    assert (await office.submit(f"/users/{viewer.id}", fields, to=f"/users/{viewer.id}/role")).status_code == 303
    assert (
        await superuser.fetchval("SELECT count(*) FROM ops.portal_session WHERE client_id = $1", stores["client"]) == 0
    )
    detail = await superuser.fetchval(
        "SELECT detail ->> 'location.new' FROM ledger.event WHERE object_id = $1 AND action = 'account.change_role'",
        viewer.id,
    )
    assert detail == str(stores["N1"])


async def test_a_role_is_changed_with_both_on_record(
    office: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    await office.submit(f"/users/{manager.id}", {"role": "affiliate_admin"}, to=f"/users/{manager.id}/role")
    row = await superuser.fetchrow(
        "SELECT detail ->> 'role.old' AS old, detail ->> 'role.new' AS new FROM ledger.event"
        " WHERE object_id = $1 AND action = 'account.change_role'",
        manager.id,
    )
    assert (row["old"], row["new"]) == ("manager", "affiliate_admin")


async def test_nobody_changes_their_own_role(office: Browser, administrator: Someone) -> None:
    page = await office.post(f"/users/{administrator.id}/role", {"role": "manager"})
    assert page.status_code == 422
    assert "cannot change your own role" in page.text
    assert (await office.post(f"/users/{administrator.id}/disable")).status_code == 403


async def test_the_last_administrator_stays(administrator: Someone) -> None:
    other = Scope(administrator.affiliate_id, uuid4(), "affiliate_admin")
    async with transaction(Role.GATE, affiliate=other.affiliate_id):
        with pytest.raises(LastAdministrator):
            await service.disable(other, administrator.id, NOW)
        with pytest.raises(LastAdministrator):
            await service.change_role(other, administrator.id, AccountRole.MANAGER, None, NOW)


async def test_nobody_disables_themselves_even_with_another_administrator(
    settings: Settings, administrator: Someone
) -> None:
    await someone(settings, administrator.affiliate_id, AccountRole.AFFILIATE_ADMIN)
    own = Scope(administrator.affiliate_id, administrator.id, "affiliate_admin")
    async with transaction(Role.GATE, affiliate=own.affiliate_id):
        with pytest.raises(NotYourself):
            await service.disable(own, administrator.id, NOW)


async def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(
    site: Site, office: Browser, manager: Someone, superuser: asyncpg.Connection
) -> None:
    browser = await site.visitor()
    await signs_in(browser, manager)
    await office.post(f"/users/{manager.id}/disable")
    assert (await browser.get("/account")).status_code == 303
    assert (await signs_in(browser, manager)).status_code == 422
    await office.post(f"/users/{manager.id}/enable")
    assert (await signs_in(browser, manager)).status_code == 303
    assert [name for name in await events(superuser, manager.id) if "able" in name] == [
        "account.disable",
        "account.enable",
    ]


async def test_an_administrator_takes_a_lost_second_factor_off_and_the_person_is_told(
    site: Site, office: Browser, manager: Someone, mailbox: Mailbox
) -> None:
    browser = await site.visitor()
    await signs_in(browser, manager)
    await with_factor(adopt(browser), NOW)
    await office.post(f"/users/{manager.id}/factor-off")
    assert (await mailbox.letters(manager.id))[-1].row.kind == "account.factor_off"
    assert (await signs_in(await site.visitor(), manager)).headers["location"] == "/studies"


async def test_staff_themselves_cannot_change_an_account_at_the_database(world: World, manager: Someone) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as connection:
            await connection.execute("UPDATE identity.account SET role = 'affiliate_admin' WHERE id = $1", manager.id)
