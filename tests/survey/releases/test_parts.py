"""Pictures and what names a client's staff are signed one by one: whoever changes or removes one early is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.signing import sign
from survey.db import Role, transaction
from survey.media import media_of
from survey.releases import service
from survey.releases.domain.parts import (
    ANOTHER,
    EARLY,
    NAME_EARLY,
    PUT_IN,
    SOMEBODY_ELSE,
    SOMEBODY_GONE,
    SOMEBODY_PUT_IN,
    Filed,
    Held,
    Parts,
    Person,
    Picture,
    faults_in,
    parts_in,
)
from survey.releases.domain.signing import Kind, Subject, statement_of
from survey.settings import Settings
from survey.sweeps import service as sweeps
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, insert, shop_world

from .shops import SCORING, VISIT, approved, picture, release

PICTURES = (Picture(UUID(int=1), 0, "photo", "ab" * 32), Picture(UUID(int=2), 1, "receipt", "cd" * 32))
PERSON = Person("E1", "barista", date(2027, 5, 1), "ef" * 32)
SIGNED = Parts(PICTURES, (PERSON,))
FILED = tuple(Filed(each.id, each.position, each.kind, "released/x") for each in PICTURES)
SOUND = Held(FILED, (PERSON,), is_over=False)
BEFORE, AFTER = PERSON.purge_after - DAY, PERSON.purge_after


def found(today: date = BEFORE, **changes: Any) -> list[str]:
    return faults_in(SIGNED, replace(SOUND, **changes), today)


def test_what_is_as_it_was_signed_has_no_fault() -> None:
    assert found() == []
    statement = statement_of(Subject(Kind.SHOP_REPORT, UUID(int=3), UUID(int=4), bytes(32), "", SIGNED), NOW)
    assert parts_in(statement) == replace(SIGNED, pictures=[*PICTURES], staff=[PERSON])
    assert parts_in(statement_of(Subject(Kind.SHOP_REPORT, UUID(int=3), UUID(int=4), bytes(32)), NOW)) is None


def test_a_picture_that_was_put_in_swapped_or_removed_early_is_found() -> None:
    assert found(pictures=(*FILED, replace(FILED[0], id=UUID(int=9)))) == [PUT_IN]
    assert found(pictures=(replace(FILED[0], id=UUID(int=9)), FILED[1])) == [PUT_IN, EARLY]
    assert found(pictures=(replace(FILED[0], kind="card"), FILED[1])) == [ANOTHER]
    assert found(pictures=(replace(FILED[0], position=1), FILED[1])) == [ANOTHER]
    assert found(pictures=FILED[1:]) == [EARLY]
    assert found(pictures=FILED[1:], is_over=True) == []
    assert found(pictures=(), is_over=True) == []


def test_somebody_of_the_staff_who_was_put_in_changed_or_removed_is_found() -> None:
    assert found(staff=()) == [SOMEBODY_GONE]
    assert found(staff=(PERSON, replace(PERSON, token="E2"))) == [SOMEBODY_PUT_IN]
    for change in ({"role": "manager"}, {"purge_after": BEFORE}, {"mark": "00" * 32}):
        assert found(staff=(replace(PERSON, **change),)) == [SOMEBODY_ELSE]


def test_a_name_may_be_gone_from_the_day_that_was_signed_and_not_before() -> None:
    without = (replace(PERSON, mark=""),)
    assert found(BEFORE, staff=without) == [NAME_EARLY]
    assert found(AFTER, staff=without) == []
    # Another name is never the same as none.
    assert found(AFTER, staff=(replace(PERSON, mark="00" * 32),)) == [SOMEBODY_ELSE]


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """A campaign whose client reads pictures, and the names of its staff, who were told."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    notice = {
        "id": uuid4(), "affiliate_id": made.affiliate_id, "client_id": made.client_id, "told_on": NOW.date(),
        "body": "Mystery visits are made here.", "channel": "handbook", "attested_by": "Head of retail",
        "recorded_by": made.client_id, "recorded_at": NOW,
    }  # fmt: skip
    await insert(superuser, "field.staff_notice", notice | {"jurisdictions": ("GB",)})
    await made.configure(scoring=SCORING, employee_id_mode="name", staff_notice_id=notice["id"])
    return made


async def left(there: ShopWorld) -> UUID:
    """A report that has left; its id."""
    report_ref = await release(await approved(there))
    found: UUID = await there.owner.fetchval("SELECT id FROM release.shop_report WHERE report_ref = $1", report_ref)
    return found


async def look(there: ShopWorld, now: datetime = NOW) -> service.Looked:
    return await service.look_at_signatures(there.settings, there.affiliate_id, now)


async def faults(there: ShopWorld, now: datetime = NOW) -> list[str]:
    """What the check finds, without the ids."""
    return [fault.partition(": ")[2] for fault in (await look(there, now)).faults]


async def put_file(there: ShopWorld, report_id: UUID, content: bytes) -> None:
    """Another file in the place of a picture's, as somebody with the store could."""
    key = await there.owner.fetchval("SELECT media_key FROM release.shop_picture WHERE report_id = $1", report_id)
    await media_of(there.settings).delete(key)
    await media_of(there.settings).put_at(key, content, limit_bytes=100_000)


async def signed_as_before(there: ShopWorld, report_id: UUID) -> None:
    """Let the report be signed as it was before its parts were signed one by one: the control of these tests."""
    text = await there.owner.fetchval("SELECT statement FROM release.signature WHERE subject_id = $1", report_id)
    said = {name: value for name, value in json.loads(text).items() if name not in ("pictures", "staff")}
    older = json.dumps(said)
    await there.owner.execute(
        "UPDATE release.signature SET statement = $2, signature = $3 WHERE subject_id = $1",
        report_id, older, sign(there.settings.token_keys, older.encode()).value,
    )  # fmt: skip


async def test_a_report_that_nobody_touched_is_read_again_and_found_sound(there: ShopWorld) -> None:
    await left(there)
    looked = await look(there)
    assert (looked.faults, looked.seen, looked.pictures, looked.read, looked.staff, looked.whole) == ([], 1, 1, 1, 1, 0)


async def test_what_is_signed_of_a_picture_is_the_digest_of_its_file_and_of_a_name_no_plain_one(
    there: ShopWorld,
) -> None:
    """By the standard library, and not by our own."""
    report_id = await left(there)
    statement = await there.owner.fetchval("SELECT statement FROM release.signature WHERE subject_id = $1", report_id)
    key = await there.owner.fetchval("SELECT media_key FROM release.shop_picture WHERE report_id = $1", report_id)
    content = await media_of(there.settings).read(key, limit_bytes=100_000)
    said = json.loads(statement)
    assert [each[3] for each in said["pictures"]] == [sha256(content).hexdigest()]
    row = await there.owner.fetchrow("SELECT * FROM release.shop_employee WHERE report_id = $1", report_id)
    assert (row["name"], len(row["salt"])) == ("Tamsin Vale", 16)
    spelt = b'["Tamsin Vale", "red apron"]'
    assert said["staff"] == [["E1", "barista", row["purge_after"].isoformat(), sha256(row["salt"] + spelt).hexdigest()]]
    assert sha256(spelt).hexdigest() not in statement
    assert "Tamsin" not in statement


async def test_a_picture_with_other_bytes_is_found_out_and_was_not_before(there: ShopWorld) -> None:
    report_id = await left(there)
    await put_file(there, report_id, picture(77))
    assert await faults(there) == [ANOTHER]
    await signed_as_before(there, report_id)
    looked = await look(there)
    assert (looked.faults, looked.read, looked.whole) == ([], 0, 1)


@pytest.mark.parametrize(
    "change", ["name = 'Tom Cole'", "description = 'a blue apron'", "role = 'manager'", "name = NULL", "salt = NULL"]
)
async def test_what_names_somebody_of_the_staff_cannot_change_unnoticed_and_could_before(
    there: ShopWorld, change: str
) -> None:
    report_id = await left(there)
    await there.owner.execute(f"UPDATE release.shop_employee SET {change} WHERE report_id = $1", report_id)
    assert await faults(there) == [SOMEBODY_ELSE]
    await signed_as_before(there, report_id)
    assert await faults(there) == []


async def test_a_name_that_goes_early_is_found_out_also_where_its_day_was_moved(there: ShopWorld) -> None:
    report_id = await left(there)
    gone = "UPDATE release.shop_employee SET name = NULL, description = NULL, salt = NULL WHERE report_id = $1"
    await there.owner.execute(gone, report_id)
    assert await faults(there) == [NAME_EARLY]
    await there.owner.execute("UPDATE release.shop_employee SET purge_after = $2 WHERE report_id = $1", report_id, NOW)
    assert await faults(there) == [SOMEBODY_ELSE]


async def test_names_that_go_when_their_time_is_over_take_their_salt_along_and_are_no_fault(there: ShopWorld) -> None:
    report_id = await left(there)
    later = NOW + 181 * DAY
    await service.purge_employees(later)
    row = await there.owner.fetchrow("SELECT * FROM release.shop_employee WHERE report_id = $1", report_id)
    assert (row["role"], row["name"], row["description"], row["salt"]) == ("barista", None, None, None)
    assert await faults(there, later) == []
    # By an earlier clock the same would have been too early: the check does look.
    assert await faults(there, NOW) == [NAME_EARLY]


@pytest.mark.parametrize("statement", ["DELETE FROM release.shop_picture WHERE report_id = $1"])
async def test_a_picture_that_is_gone_before_its_time_is_missed_with_its_row_or_its_file_alone(
    there: ShopWorld, statement: str
) -> None:
    report_id = await left(there)
    key = await there.owner.fetchval("SELECT media_key FROM release.shop_picture WHERE report_id = $1", report_id)
    await media_of(there.settings).delete(key)
    assert await faults(there) == [EARLY]
    await there.owner.execute(statement, report_id)
    assert await faults(there) == [EARLY]


async def test_a_picture_that_was_put_in_is_found_out(there: ShopWorld) -> None:
    report_id = await left(there)
    await there.owner.execute(
        "INSERT INTO release.shop_picture SELECT gen_random_uuid(), report_id, affiliate_id, position + 1, kind,"
        " media_key, width, height FROM release.shop_picture WHERE report_id = $1",
        report_id,
    )
    assert await faults(there) == [PUT_IN]


async def recalled(there: ShopWorld, report_id: UUID) -> None:
    shop_id = await there.owner.fetchval("SELECT shop_id FROM release.shop_report WHERE id = $1", report_id)
    async with there.transaction():
        await service.recall_shop(there.scope, shop_id, "wrong_place", NOW)


async def aged(there: ShopWorld, report_id: UUID) -> None:
    """Nothing happens: only time passes."""


@pytest.mark.parametrize(("ends", "days"), [(recalled, 1), (aged, 1095)])
async def test_a_picture_that_the_sweep_takes_is_no_fault_and_one_that_goes_earlier_is(
    there: ShopWorld, ends: Callable[[ShopWorld, UUID], Any], days: int
) -> None:
    report_id = await left(there)
    await ends(there, report_id)
    # Names of staff go too by then, as they do in the daily round.
    over = NOW + timedelta(days=days + 1)
    await service.purge_employees(over)
    await sweeps.run(media_of(there.settings), over)
    assert not await there.owner.fetchval("SELECT count(*) FROM release.shop_picture WHERE report_id = $1", report_id)
    assert await faults(there, over) == []
    assert EARLY in await faults(there, NOW + timedelta(days=days) - timedelta(hours=1))


async def test_pictures_of_a_version_that_an_appeal_replaced_may_go_after_a_day(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    async with there.transaction():
        media = media_of(there.settings)
        await service.release_again(there.scope, there.settings, media, one.shop_id, NOW)
    assert await faults(there) == []
    over = NOW + 3 * DAY
    await sweeps.run(media_of(there.settings), over)
    looked = await look(there, over)
    assert (looked.faults, looked.seen, looked.pictures) == ([], 2, 1)


async def test_a_file_that_goes_while_it_is_looked_for_is_no_fault_where_its_time_is_over(there: ShopWorld) -> None:
    """The sweep removes a file before its row: in between the row leads nowhere."""
    report_id = await left(there)
    await recalled(there, report_id)
    key = await there.owner.fetchval("SELECT media_key FROM release.shop_picture WHERE report_id = $1", report_id)
    await media_of(there.settings).delete(key)
    assert await faults(there, NOW + 2 * DAY) == []
    assert await faults(there, NOW) == [EARLY]


async def test_whoever_looks_at_signatures_reads_no_salt_of_another_affiliate(there: ShopWorld) -> None:
    await left(there)
    async with transaction(Role.WORKER, affiliate=uuid4()) as here:
        assert await here.fetchval("SELECT count(salt) FROM release.shop_employee") == 0
    for role in (Role.RELEASER, Role.CLIENT):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(role, affiliate=there.affiliate_id) as here:
                await here.fetchval("SELECT count(salt) FROM release.shop_employee")
