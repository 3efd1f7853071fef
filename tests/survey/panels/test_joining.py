"""Joining a panel by double opt-in, a member's own page, leaving and being forgotten."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from privacy.tokens import Purpose, sign, sign_until
from survey.db import Database, Role, Scope, transaction
from survey.panels import service
from survey.panels.domain import PanelAudience
from survey.panels.jobs import forget_left
from survey.queue import JobContext
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.survey.panels.conftest import WORDING, slug
from tests.web_client import Site


def typed(address: str) -> dict[str, str]:
    """A filled form."""
    return {"email": address, "first_name": "Inès", "age_band": "35_44", "region": "town", "consent": "yes"}


async def asked(site: Site, world: World, superuser: asyncpg.Connection) -> UUID:
    """Somebody who has asked to join; their id."""
    visitor = await site.visitor()
    answer = await visitor.submit(slug(world), typed(f"{uuid4().hex}@example.net"))
    assert answer.status_code == 200, answer.text
    found: UUID = await superuser.fetchval(
        "SELECT id FROM identity.panelist WHERE affiliate_id = $1 ORDER BY joined_at DESC, id LIMIT 1",
        world.alices.affiliate_id,
    )
    return found


def confirm_path(site: Site, member_id: UUID) -> str:
    """The address in the confirmation message."""
    token = sign_until(site.settings.token_keys, Purpose.PANEL_CONFIRM, member_id, now=NOW, seconds=7 * 86400)
    return f"/join/confirm/{token}"


def read_form(page: httpx.Response) -> dict[str, str]:
    """What the button of the confirmation page sends beside its token."""
    found = re.search(r'name="wording" value="(\d+)"', page.text)
    assert found, page.text
    return {"wording": found[1]}


async def confirmed(site: Site, member_id: UUID) -> None:
    """The asker opens the link of the message and presses the button."""
    visitor = await site.visitor()
    path = confirm_path(site, member_id)
    answer = await visitor.submit(path, read_form(await visitor.get(path)))
    assert answer.status_code == 200, answer.text


def own_path(site: Site, member_id: UUID) -> str:
    """The address of a member's own page."""
    return f"/membership/{sign(site.settings.token_keys, Purpose.PANEL_MANAGE, member_id)}"


@pytest.mark.usefixtures("panel_id")
async def test_without_agreeing_nobody_joins_and_nothing_typed_is_lost(site: Site, world: World) -> None:
    visitor = await site.visitor()
    answer = await visitor.submit(slug(world), typed("ines@example.net") | {"consent": ""})
    assert answer.status_code == 422
    assert "without it you cannot join" in answer.text
    assert 'value="ines@example.net"' in answer.text


@pytest.mark.usefixtures("panel_id")
async def test_asking_makes_no_member_until_the_mailbox_says_so(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    member_id = await asked(site, world, superuser)
    visitor = await site.visitor()
    await visitor.get(confirm_path(site, member_id))
    status = "SELECT status FROM identity.panelist WHERE id = $1"
    assert await superuser.fetchval(status, member_id) == "pending"
    await confirmed(site, member_id)
    assert await superuser.fetchval(status, member_id) == "active"
    evidence = await superuser.fetchrow("SELECT * FROM ledger.consent WHERE subject_id = $1", member_id)
    assert (evidence["is_given"], evidence["wording"]) == (True, WORDING)


async def test_whoever_read_other_words_than_are_in_force_is_shown_them_first(
    site: Site, world: World, superuser: asyncpg.Connection, panel_id: UUID
) -> None:
    member_id = await asked(site, world, superuser)
    visitor = await site.visitor()
    form = read_form(await visitor.get(confirm_path(site, member_id)))
    change = "UPDATE field.panel SET wording = 'Other words', wording_version = wording_version + 1 WHERE id = $1"
    await superuser.execute(change, panel_id)
    refused = await visitor.submit(confirm_path(site, member_id), form)
    assert refused.status_code == 409
    assert "Other words" in refused.text
    assert await superuser.fetchval("SELECT status FROM identity.panelist WHERE id = $1", member_id) == "pending"
    assert (await visitor.submit(confirm_path(site, member_id), read_form(refused))).status_code == 200
    kept = await superuser.fetch("SELECT wording FROM ledger.consent WHERE subject_id = $1", member_id)
    assert [row["wording"] for row in kept] == ["Other words"]


@pytest.mark.usefixtures("panel_id")
async def test_confirming_twice_is_confirming_once(site: Site, world: World, superuser: asyncpg.Connection) -> None:
    member_id = await asked(site, world, superuser)
    visitor = await site.visitor()
    form = read_form(await visitor.get(confirm_path(site, member_id)))
    for _ in range(2):
        assert (await visitor.submit(confirm_path(site, member_id), form)).status_code == 200
    assert await superuser.fetchval("SELECT count(*) FROM ledger.consent WHERE subject_id = $1", member_id) == 1


@pytest.mark.usefixtures("panel_id")
async def test_a_known_address_is_answered_like_an_unknown_one(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    address = f"{uuid4().hex}@example.net"
    first = await visitor.submit(slug(world), typed(address))
    second = await visitor.submit(slug(world), typed(address.upper()))
    assert first.text == second.text
    count = "SELECT count(*) FROM identity.panelist WHERE affiliate_id = $1"
    assert await superuser.fetchval(count, world.alices.affiliate_id) == 1


@pytest.mark.usefixtures("panel_id")
async def test_an_old_confirmation_link_is_refused(site: Site, world: World, superuser: asyncpg.Connection) -> None:
    member_id = await asked(site, world, superuser)
    path = confirm_path(site, member_id)
    site.clock.now = NOW + timedelta(days=8)
    visitor = await site.visitor()
    assert "no longer valid" in (await visitor.get(path)).text


@pytest.mark.usefixtures("panel_id")
async def test_a_member_sees_corrects_copies_and_leaves(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    member_id = await asked(site, world, superuser)
    visitor = await site.visitor()
    await confirmed(site, member_id)
    own = own_path(site, member_id)
    assert "Inès" in (await visitor.get(own)).text
    await visitor.submit(own, {"first_name": "Ida", "age_band": "45_54"})
    copy = (await visitor.get(f"{own}/copy")).json()
    assert (copy["first_name"], copy["age_band"], copy["where_you_live"]) == ("Ida", "45_54", None)
    assert copy["agreements"][0]["wording"] == WORDING
    await visitor.submit(own, to=f"{own}/leave")
    assert "You have left this panel" in (await visitor.get(own)).text
    assert await superuser.fetchval("SELECT count(*) FROM ledger.consent WHERE subject_id = $1", member_id) == 2


@pytest.mark.usefixtures("panel_id")
async def test_being_forgotten_removes_the_row_and_the_key(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    member_id = await asked(site, world, superuser)
    visitor = await site.visitor()
    own = own_path(site, member_id)
    assert (await visitor.client.post(f"{own}/erase")).status_code == 403
    assert (await visitor.submit(own, to=f"{own}/erase")).status_code == 200
    for table in ("identity.panelist", "vault.subject_key"):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE id = $1", member_id) == 0
    assert (await visitor.get(own)).status_code == 404


@pytest.mark.usefixtures("panel_id")
@pytest.mark.parametrize("how", ["by the member", "unconfirmed"])
async def test_whoever_is_forgotten_is_forgotten_by_the_codes_of_their_mail_too(
    site: Site, world: World, superuser: asyncpg.Connection, how: str
) -> None:
    member_id = await asked(site, world, superuser)
    code_id = await superuser.fetchval(
        "INSERT INTO ops.mail_code (affiliate_id, code_index, about, sender, written_on, recipient_index)"
        " SELECT affiliate_id, $2, 'a test', 'Kestrel', $3, suppression_key FROM identity.panelist WHERE id = $1"
        " RETURNING id",
        member_id, member_id.bytes * 2, NOW.date(),
    )  # fmt: skip
    if how == "unconfirmed":
        async with transaction(Role.WORKER) as connection:
            await service.forget_unconfirmed(connection, NOW + timedelta(days=8))
    else:
        visitor = await site.visitor()
        own = own_path(site, member_id)
        assert (await visitor.submit(own, to=f"{own}/erase")).status_code == 200
    kept = await superuser.fetchrow("SELECT about, recipient_index FROM ops.mail_code WHERE id = $1", code_id)
    assert tuple(kept) == ("a test", None)


@pytest.mark.usefixtures("panel_id")
async def test_who_never_confirms_is_forgotten_after_a_week(
    site: Site, world: World, superuser: asyncpg.Connection
) -> None:
    member_id = await asked(site, world, superuser)
    async with transaction(Role.WORKER) as connection:
        await service.forget_unconfirmed(connection, NOW + timedelta(days=6))
    assert await superuser.fetchval("SELECT count(*) FROM identity.panelist WHERE id = $1", member_id) == 1
    async with transaction(Role.WORKER) as connection:
        await service.forget_unconfirmed(connection, NOW + timedelta(days=8))
    assert await superuser.fetchval("SELECT count(*) FROM identity.panelist WHERE id = $1", member_id) == 0
    assert await superuser.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", member_id) == 0


@pytest.mark.usefixtures("panel_id")
async def test_who_has_left_is_forgotten_after_thirty_days_and_a_member_is_not(
    site: Site, world: World, superuser: asyncpg.Connection, settings: Settings, database: Database
) -> None:
    for _ in range(2):
        await asked(site, world, superuser)
    members = "SELECT id FROM identity.panelist WHERE affiliate_id = $1"
    left, kept = [row["id"] for row in await superuser.fetch(members, world.alices.affiliate_id)]
    for member_id in (left, kept):
        await confirmed(site, member_id)
    await (await site.visitor()).submit(own_path(site, left), to=f"{own_path(site, left)}/leave")
    present = "SELECT count(*) FROM identity.panelist WHERE id = $1"
    await forget_left(JobContext(settings, database, lambda: NOW + timedelta(days=29)), {})
    assert await superuser.fetchval(present, left) == 1
    await forget_left(JobContext(settings, database, lambda: NOW + timedelta(days=31)), {})
    assert (await superuser.fetchval(present, left), await superuser.fetchval(present, kept)) == (0, 1)
    assert await superuser.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", left) == 0
    assert await superuser.fetchval("SELECT count(*) FROM ledger.consent WHERE subject_id = $1", left) == 2
    actions = await superuser.fetch("SELECT action FROM ledger.event WHERE subject_id = $1", left)
    assert "panelist.erase" in {row["action"] for row in actions}


async def test_an_audience_counts_confirmed_members_in_its_bands(
    site: Site, world: World, superuser: asyncpg.Connection, panel_id: UUID
) -> None:
    member_id = await asked(site, world, superuser)
    await asked(site, world, superuser)
    await confirmed(site, member_id)

    async def people(scope: Scope, audience: PanelAudience) -> int:
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            return (await service.audience_count(scope, panel_id, uuid4(), audience)).people

    assert await people(world.alices, PanelAudience()) == 1
    assert await people(world.alices, PanelAudience(age_bands=("35_44",))) == 1
    assert await people(world.alices, PanelAudience(age_bands=("65_up",))) == 0
    assert await people(world.charlies, PanelAudience()) == 0
