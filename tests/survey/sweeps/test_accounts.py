"""An account is erased a year after it was disabled, unless somebody was let in again."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.vault import data_keys
from survey.accounts import service as accounts
from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.settings import Settings
from survey.sweeps import service
from tests.conftest import NOW, World
from tests.shop_world import insert, shop_world
from tests.survey.accounts.conftest import Someone, someone
from tests.web_client import Site

DAY = timedelta(days=1)
YEAR = 365 * DAY


class Staff:
    """An affiliate's people, one of whom is disabled today."""

    def __init__(self, owner: asyncpg.Connection, settings: Settings, who: Someone) -> None:
        self.owner, self.settings, self.who = owner, settings, who

    async def is_there(self, table: str = "identity.account", key: str = "id") -> bool:
        """Whether anything of the account is in a table."""
        query = f"SELECT EXISTS (SELECT FROM {table} WHERE {key} = $1)"
        return bool(await self.owner.fetchval(query, self.who.id))

    async def set_status(self, status: str) -> datetime | None:
        """The state of the account; since when it is disabled."""
        query = "UPDATE identity.account SET status = $2 WHERE id = $1 RETURNING disabled_at"
        since: datetime | None = await self.owner.fetchval(query, self.who.id, status)
        return since

    async def sweep(self, now: datetime) -> dict[str, int]:
        """The night's work."""
        return await service.run(media_of(self.settings), now)


async def disabled_at(owner: asyncpg.Connection, settings: Settings, affiliate_id: UUID, at: datetime) -> Staff:
    """Somebody whose account was disabled at a moment."""
    made = Staff(owner, settings, await someone(settings, affiliate_id))
    await made.set_status("disabled")
    await owner.execute("UPDATE identity.account SET disabled_at = $2 WHERE id = $1", made.who.id, at)
    return made


@pytest.fixture
async def staff(superuser: asyncpg.Connection, settings: Settings, world: World) -> Staff:
    """alice's manager, disabled today."""
    return await disabled_at(superuser, settings, world.alices.affiliate_id, NOW)


async def test_since_when_an_account_is_disabled_follows_from_its_state(staff: Staff) -> None:
    assert await staff.set_status("disabled") == NOW
    assert await staff.set_status("active") is None
    assert await staff.set_status("disabled") is not None


async def test_the_worker_removes_nobody_who_may_sign_in(staff: Staff) -> None:
    await staff.set_status("active")
    async with transaction(Role.WORKER) as here:
        assert await here.execute("DELETE FROM identity.account WHERE id = $1", staff.who.id) == "DELETE 0"


async def test_an_account_goes_after_a_year_and_not_a_day_too_early(staff: Staff) -> None:
    await staff.sweep(NOW + YEAR)
    assert await staff.is_there()
    await staff.sweep(NOW + YEAR + timedelta(minutes=1))
    assert not await staff.is_there()
    assert await data_keys(staff.owner, staff.settings.keyring, [staff.who.id]) == {}


async def test_what_hangs_on_it_goes_along(staff: Staff) -> None:
    owned = {"affiliate_id": staff.who.affiliate_id, "account_id": staff.who.id}
    await insert(staff.owner, "identity.recovery_code", owned | {"id": uuid4(), "code_hash": b"x"})
    await insert(staff.owner, "ops.calendar_feed", owned | {"id": uuid4(), "created_at": NOW})
    await staff.sweep(NOW + YEAR + DAY)
    for table in ("identity.recovery_code", "ops.calendar_feed"):
        assert not await staff.is_there(table, "account_id")


async def test_whoever_was_let_in_again_stays(staff: Staff) -> None:
    await staff.set_status("active")
    await staff.sweep(NOW + 9 * YEAR)
    assert await staff.is_there()


async def test_whoever_is_let_in_again_at_the_last_moment_stays_with_their_key(staff: Staff) -> None:
    await staff.set_status("active")
    async with transaction(Role.WORKER):
        await accounts.forget_disabled([staff.who.id], NOW + YEAR, NOW + 2 * YEAR)
    assert await staff.is_there()
    assert await data_keys(staff.owner, staff.settings.keyring, [staff.who.id])


async def test_late_and_twice_is_once_and_the_ledger_keeps_what_was_done_and_by_which_id(staff: Staff) -> None:
    for _ in range(2):
        await staff.sweep(NOW + 3 * YEAR)
    events = await staff.owner.fetch(
        "SELECT action, actor_kind, subject_id FROM ledger.event WHERE affiliate_id = $1"
        " AND (action = 'account.erase' OR detail->>'what' = 'accounts') ORDER BY action",
        staff.who.affiliate_id,
    )
    assert [tuple(row) for row in events] == [
        ("account.erase", "system", staff.who.id), ("retention.sweep", "system", None),
    ]  # fmt: skip


async def test_messages_say_no_more_that_they_went_to_the_account(staff: Staff) -> None:
    code_id, key = uuid4(), uuid4().bytes * 2
    await insert(staff.owner, "ops.delivery", {
        "affiliate_id": staff.who.affiliate_id, "campaign_id": uuid4(), "recipient_id": staff.who.id, "kind": "x",
        "is_bulk": False, "suppression_key": key, "not_before": NOW, "state": "skipped", "created_at": NOW,
    })  # fmt: skip
    await insert(staff.owner, "ops.mail_code", {
        "id": code_id, "affiliate_id": staff.who.affiliate_id, "code_index": code_id.bytes * 2, "about": "a test",
        "sender": "Kestrel", "written_on": (NOW + YEAR).date(), "recipient_index": key,
    })  # fmt: skip
    await staff.sweep(NOW + YEAR + DAY)
    known = await staff.owner.fetchrow("SELECT sender, recipient_index FROM ops.mail_code WHERE id = $1", code_id)
    assert tuple(known) == ("Kestrel", None)


async def test_another_affiliates_people_are_not_touched(staff: Staff, world: World) -> None:
    others = await disabled_at(staff.owner, staff.settings, world.charlies.affiliate_id, NOW + DAY)
    await staff.sweep(NOW + YEAR + timedelta(hours=1))
    assert (await staff.is_there(), await others.is_there()) == (False, True)


async def test_a_sign_in_that_leads_to_a_profile_goes_with_the_profile(staff: Staff) -> None:
    there = await shop_world(staff.owner, staff.settings, staff.who.affiliate_id)
    shopper = await there.shopper()
    account_id = await staff.owner.fetchval("SELECT account_id FROM identity.shopper WHERE id = $1", shopper.id)
    disabled = "UPDATE identity.account SET status = 'disabled', disabled_at = $2 WHERE id = $1"
    await staff.owner.execute(disabled, account_id, NOW)
    await staff.sweep(NOW + YEAR + DAY)
    assert await staff.owner.fetchval("SELECT EXISTS (SELECT FROM identity.account WHERE id = $1)", account_id)


async def test_the_same_address_can_be_invited_again(staff: Staff, site: Site) -> None:
    await staff.sweep(NOW + YEAR + DAY)
    again = await someone(staff.settings, staff.who.affiliate_id, email=staff.who.email)
    assert again.id != staff.who.id


async def test_an_administrator_reads_that_a_disabled_account_goes(staff: Staff, site: Site) -> None:
    office = await site.signed_in(staff.who.affiliate_id, "affiliate_admin")
    assert "A year after it was disabled" in (await office.get(f"/users/{staff.who.id}")).text


async def test_colleagues_who_are_gone_have_no_name(staff: Staff) -> None:
    await staff.sweep(NOW + YEAR + DAY)
    scope = Scope(staff.who.affiliate_id, uuid4(), "manager")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        assert await accounts.names_in(scope, staff.settings, [staff.who.id], "read a history", NOW) == {}
