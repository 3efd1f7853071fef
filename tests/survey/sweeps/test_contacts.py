"""Whom no list of their client names for two years is erased, as if they had asked for it."""

from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from privacy.vault import data_keys
from survey.contacts import service as contacts
from survey.db import Role, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.settings import Settings
from survey.sweeps import service
from tests.conftest import NOW, World
from tests.survey.invitations.fieldwork import DAY, Fieldwork

TWO_YEARS = 730 * DAY


@pytest.fixture
async def fieldwork(world: World, superuser: asyncpg.Connection, settings: Settings) -> Fieldwork:
    """alice's client."""
    return await Fieldwork.begun(world.alices, superuser, settings)


async def named_today(fieldwork: Fieldwork, address: str = "") -> UUID:
    """Somebody whom a list of today names."""
    contact_id = await fieldwork.contact(address or f"{uuid4().hex}@example.net")
    await fieldwork.owner.execute("UPDATE identity.contact SET named_on = $2 WHERE id = $1", contact_id, NOW.date())
    return contact_id


async def sweep(fieldwork: Fieldwork, now: datetime) -> dict[str, int]:
    """The night's work."""
    return await service.run(media_of(fieldwork.settings), now)


async def is_there(fieldwork: Fieldwork, contact_id: UUID) -> bool:
    """Whether the row is there."""
    query = "SELECT EXISTS (SELECT FROM identity.contact WHERE id = $1)"
    return bool(await fieldwork.owner.fetchval(query, contact_id))


async def test_nobody_goes_a_day_too_early_and_then_row_and_key_go(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    await sweep(fieldwork, NOW + TWO_YEARS)
    assert await is_there(fieldwork, contact_id)
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert not await is_there(fieldwork, contact_id)
    assert await data_keys(fieldwork.owner, fieldwork.settings.keyring, [contact_id]) == {}


async def test_late_and_twice_is_once_and_the_ledger_says_so_of_each_and_of_all(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    for _ in range(2):
        await sweep(fieldwork, NOW + 2 * TWO_YEARS)
    events = await fieldwork.owner.fetch(
        "SELECT action, actor_kind, subject_id, purpose FROM ledger.event WHERE affiliate_id = $1"
        " AND (subject_id = $2 OR detail->>'what' = 'contacts') ORDER BY action",
        fieldwork.scope.affiliate_id,
        contact_id,
    )
    assert [tuple(row) for row in events] == [
        ("contact.erase", "system", contact_id, "no list has named them for as long as contacts are kept"),
        ("retention.sweep", "system", None, None),
    ]


async def test_who_is_asked_by_a_study_in_the_field_is_left_until_it_closes(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    study = await fieldwork.study()
    await fieldwork.launch(study)
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert await is_there(fieldwork, contact_id)
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        await releases.close_study(fieldwork.scope, study.id, NOW + DAY)
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert not await is_there(fieldwork, contact_id)


async def test_nobody_goes_while_a_list_of_their_client_comes_in(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    running = (
        "UPDATE identity.contact_import SET status = $2"
        " WHERE id = (SELECT import_id FROM identity.contact WHERE id = $1)"
    )
    await fieldwork.owner.execute(running, contact_id, "importing")
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert await is_there(fieldwork, contact_id)
    await fieldwork.owner.execute(running, contact_id, "finished")
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert not await is_there(fieldwork, contact_id)


async def test_whom_a_list_names_at_the_last_moment_stays_with_their_key(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    async with transaction(Role.WORKER):
        await contacts.forget_unnamed([contact_id], NOW.date(), NOW)
    assert await is_there(fieldwork, contact_id)
    assert await data_keys(fieldwork.owner, fieldwork.settings.keyring, [contact_id])


async def test_a_stop_outlives_them_and_meets_whoever_comes_again(fieldwork: Fieldwork) -> None:
    address = f"{uuid4().hex}@example.net"
    await named_today(fieldwork, address)
    async with transaction(Role.DESK) as here:
        key = suppression_key(fieldwork.settings.index_key, address)
        await stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    for each in (address, f"{uuid4().hex}@example.net"):
        await fieldwork.contact(each)
    study = await fieldwork.study()
    await fieldwork.launch(study)
    assert await fieldwork.log(study) == [("invitation", "queued", ""), ("invitation", "skipped", "opted out")]


async def test_messages_say_no_more_to_whom_they_went(fieldwork: Fieldwork) -> None:
    contact_id = await named_today(fieldwork)
    key = await fieldwork.owner.fetchval("SELECT suppression_key FROM identity.contact WHERE id = $1", contact_id)
    code_id, late = uuid4(), (NOW + TWO_YEARS).date()
    await fieldwork.owner.execute(
        "INSERT INTO ops.mail_code (id, affiliate_id, code_index, about, sender, written_on, recipient_index)"
        " VALUES ($1, $2, $3, 'a test', 'Kestrel', $4, $5)",
        code_id, fieldwork.scope.affiliate_id, code_id.bytes * 2, late, key,
    )  # fmt: skip
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    known = await fieldwork.owner.fetchrow("SELECT sender, recipient_index FROM ops.mail_code WHERE id = $1", code_id)
    assert tuple(known) == ("Kestrel", None)


async def test_another_affiliates_people_are_not_touched(
    fieldwork: Fieldwork, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    address = f"{uuid4().hex}@example.net"
    charlies = await Fieldwork.begun(world.charlies, superuser, settings)
    gone, stays = await named_today(fieldwork, address), await named_today(charlies, address)
    await superuser.execute("UPDATE identity.contact SET named_on = named_on + 2 WHERE id = $1", stays)
    await sweep(fieldwork, NOW + TWO_YEARS + DAY)
    assert (await is_there(fieldwork, gone), await is_there(charlies, stays)) == (False, True)
    assert await data_keys(superuser, settings.keyring, [stays])
