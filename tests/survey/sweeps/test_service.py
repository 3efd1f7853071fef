"""What is over goes, file and key and row; what is not yet over, or held by the law, stays."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.vault import data_keys
from survey.db import NotFound, Role, transaction
from survey.media import Media, media_of
from survey.settings import Settings
from survey.sweeps import service
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, insert, let_down, shop_world

Make = Callable[["Old"], Coroutine[None, None, tuple[UUID, str]]]
EXISTS = "SELECT EXISTS (SELECT FROM {} WHERE {} = $1)"


class Old:
    """A visit that is long over: the shop, who made it, the report."""

    def __init__(self, there: ShopWorld, media: Media, shopper: Shopper, ids: tuple[UUID, UUID]) -> None:
        self.there, self.media, self.shopper = there, media, shopper
        self.shop_id, self.report_id = ids

    async def exists(self, row: UUID, place: str) -> bool:
        """Whether the row is there. place: table and column."""
        return bool(await self.there.owner.fetchval(EXISTS.format(*place.split(" ")), row))

    async def file(self) -> str:
        """A file in the store."""
        return await self.media.put("evidence", b"pixels", limit_bytes=100)

    async def hold(self) -> None:
        """The law forbids to remove anything of the shop."""
        await self.there.owner.execute("UPDATE field.shop SET is_legal_hold = true WHERE id = $1", self.shop_id)


@pytest.fixture
def media(settings: Settings) -> Media:
    """The tests' own store."""
    return media_of(settings)


@pytest.fixture
async def old(superuser: asyncpg.Connection, settings: Settings, world: World, media: Media) -> Old:
    """A shop of today that is closed; the tests go on to a day years ahead."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    shopper = await there.shopper()
    shop_id = await there.shop("CLOSED", shopper, planned_on=NOW.date())
    return Old(there, media, shopper, (shop_id, await there.report(shop_id)))


async def an_application(old: Old) -> tuple[UUID, str]:
    return await old.there.application(old.shop_id, old.shopper, decided_at=NOW), "identity.application id"


async def an_extension(old: Old) -> tuple[UUID, str]:
    extension_id = uuid4()
    held = "SELECT id FROM identity.assignment WHERE shop_id = $1"
    values = {
        "id": extension_id, "affiliate_id": old.there.affiliate_id, "shop_id": old.shop_id, "asked_at": NOW,
        "shopper_id": old.shopper.id, "assignment_id": await old.there.owner.fetchval(held, old.shop_id),
        "wanted_on": NOW.date(), "reason": "illness", "state": "WITHDRAWN",
    }  # fmt: skip
    await insert(old.there.owner, "identity.extension", values)
    return extension_id, "identity.extension id"


async def a_mark(old: Old) -> tuple[UUID, str]:
    mark_id = await let_down(old.there, old.shopper)
    await old.there.owner.execute("UPDATE identity.mark SET shop_id = $2 WHERE id = $1", mark_id, old.shop_id)
    return mark_id, "identity.mark id"


async def a_visit(old: Old) -> tuple[UUID, str]:
    return old.shop_id, "identity.assignment shop_id"


async def a_message(old: Old) -> tuple[UUID, str]:
    thread_id, message_id = uuid4(), uuid4()
    common = {"affiliate_id": old.there.affiliate_id, "shopper_id": old.shopper.id, "created_at": NOW}
    await insert(old.there.owner, "identity.thread", common | {"id": thread_id, "shop_id": old.shop_id, "last_at": NOW})
    words = common | {"id": message_id, "thread_id": thread_id, "author": "shopper", "body": b"sealed"}
    await insert(old.there.owner, "identity.message", words)
    return message_id, "identity.message id"


async def a_report(old: Old) -> tuple[UUID, str]:
    return old.report_id, "field.report id"


async def a_picture(old: Old) -> tuple[UUID, str]:
    picture_id = uuid4()
    values = {
        "id": picture_id, "affiliate_id": old.there.affiliate_id, "report_id": old.report_id, "kind": "photo",
        "media_key": await old.file(), "client_key": await old.file(), "digest": picture_id.bytes * 2,
        "size_bytes": 6, "width": 1, "height": 1, "created_at": NOW,
    }  # fmt: skip
    await insert(old.there.owner, "field.evidence", values)
    return picture_id, "field.evidence id"


async def a_recording(old: Old) -> tuple[UUID, str]:
    recording_id = uuid4()
    values = {
        "id": recording_id, "affiliate_id": old.there.affiliate_id, "report_id": old.report_id, "kind": "audio",
        "state": "ready", "media_key": await old.file(), "digest": recording_id.bytes * 2, "size_bytes": 6,
        "declared_at": NOW, "created_at": NOW,
    }  # fmt: skip
    await insert(old.there.owner, "field.recording", values)
    return recording_id, "field.recording id"


async def a_waiting_recording(old: Old) -> tuple[UUID, str]:
    recording_id, place = await a_recording(old)
    await old.there.owner.execute(
        "UPDATE field.recording SET state = 'waiting', original_key = $2 WHERE id = $1", recording_id, await old.file()
    )
    return recording_id, place


async def a_check_in(old: Old) -> tuple[UUID, str]:
    values = {
        "report_id": old.report_id, "affiliate_id": old.there.affiliate_id, "latitude": 53, "longitude": -1,
        "accuracy_m": 9, "at": NOW,
    }  # fmt: skip
    await insert(old.there.owner, "field.check_in", values)
    return old.report_id, "field.check_in report_id"


async def a_copy(old: Old) -> tuple[UUID, str]:
    return await released(old), "release.shop_picture id"


async def some_pay(old: Old) -> tuple[UUID, str]:
    batch_id = uuid4()
    batch = {
        "id": batch_id, "affiliate_id": old.there.affiliate_id, "number": 1, "state": "paid", "currency": "USD",
        "created_at": NOW, "exported_at": NOW, "paid_on": NOW.date(), "item_count": 1, "total_cents": 1200,
    }  # fmt: skip
    await insert(old.there.owner, "identity.pay_batch", batch)
    values = {
        "affiliate_id": old.there.affiliate_id, "shop_id": old.shop_id, "shopper_id": old.shopper.id,
        "client_id": old.there.client_id, "kind": "full", "fee_cents": 1200, "reimbursement_cents": 0,
        "bonus_cents": 0, "currency": "USD", "state": "PAID", "visited_on": NOW.date(), "promised_on": NOW.date(),
        "batch_id": batch_id, "paid_on": NOW.date(),
    }  # fmt: skip
    await insert(old.there.owner, "identity.pay_item", values)
    return old.shopper.id, "identity.pay_item shopper_id"


async def released(old: Old, **columns: object) -> UUID:
    """A copy of a picture that a client reads."""
    report_id, picture_id = uuid4(), uuid4()
    report = {
        "id": report_id, "affiliate_id": old.there.affiliate_id, "client_id": old.there.client_id, "client_name": "C",
        "report_ref": uuid4(), "version": 1, "shop_id": old.shop_id, "node_path": "/x/", "node_level": "store",
        "node_code": "S", "node_name": "S", "trail": [], "campaign_id": uuid4(), "campaign_name": "C",
        "wave_id": uuid4(), "wave_label": "W", "wave_starts_on": NOW.date(), "time_shown": "", "is_failed": False,
        "snapshot": {}, "digest": bytes(32), "released_on": NOW.date(), "appeal_until": NOW, **columns,
    }  # fmt: skip
    await insert(old.there.owner, "release.shop_report", report)
    picture = {
        "id": picture_id, "report_id": report_id, "affiliate_id": old.there.affiliate_id, "position": 1,
        "kind": "photo", "media_key": await old.file(), "width": 1, "height": 1,
    }  # fmt: skip
    await insert(old.there.owner, "release.shop_picture", picture)
    return picture_id


AGES: dict[Make, int] = {
    an_application: 365, an_extension: 365, a_mark: 730, a_visit: 1460, a_message: 365, a_report: 1095,
    a_picture: 180, a_recording: 180, a_check_in: 180, a_copy: 1095,
}  # fmt: skip


@pytest.mark.parametrize("make", AGES, ids=lambda make: make.__name__)
async def test_nothing_goes_before_its_time_and_then_it_goes(old: Old, media: Media, make: Make) -> None:
    row, place = await make(old)
    await service.run(media, NOW + AGES[make] * DAY - timedelta(hours=1))
    assert await old.exists(row, place)
    await service.run(media, NOW + (AGES[make] + 1) * DAY)
    assert not await old.exists(row, place)


@pytest.mark.parametrize("make", [*AGES, some_pay], ids=lambda make: make.__name__)
async def test_what_the_law_holds_stays_for_as_long_as_it_does(old: Old, media: Media, make: Make) -> None:
    row, place = await make(old)
    await old.hold()
    await service.run(media, NOW + 9000 * DAY)
    assert await old.exists(row, place)


async def test_what_was_paid_is_kept_for_seven_years_and_then_names_nobody(old: Old, media: Media) -> None:
    await some_pay(old)
    query = "SELECT shopper_id, fee_cents FROM identity.pay_item WHERE shop_id = $1"
    last_day = datetime.combine(date(NOW.year + 8, 1, 1), NOW.timetz()) - timedelta(days=1)
    await service.run(media, last_day)
    assert tuple(await old.there.owner.fetchrow(query, old.shop_id)) == (old.shopper.id, 1200)
    await service.run(media, last_day + 3 * DAY)
    assert tuple(await old.there.owner.fetchrow(query, old.shop_id)) == (None, 1200)


@pytest.mark.parametrize("columns", [{"state": "PENDING", "paid_on": None}, {"state": "PAYABLE", "paid_on": None}])
async def test_what_is_still_owed_is_never_forgotten(old: Old, media: Media, columns: dict[str, object]) -> None:
    row, place = await some_pay(old)
    await old.there.owner.execute(
        "UPDATE identity.pay_item SET state = $2, paid_on = NULL,"
        " batch_id = CASE $2 WHEN 'PENDING' THEN batch_id END WHERE shop_id = $1",
        old.shop_id,
        columns["state"],
    )
    await service.run(media, NOW + 9000 * DAY)
    assert await old.exists(row, place)


@pytest.mark.parametrize("make", [a_picture, a_recording, a_waiting_recording, a_copy], ids=lambda make: make.__name__)
async def test_files_go_with_their_rows(old: Old, media: Media, make: Make) -> None:
    row, place = await make(old)
    table = place.split(" ")[0]
    files = await old.there.owner.fetchrow(f"SELECT * FROM {table} WHERE id = $1", row)
    await service.run(media, NOW + 9000 * DAY)
    keys = [files[name] for name in {"media_key", "client_key", "original_key"} & set(files.keys()) if files[name]]
    assert keys
    for key in keys:
        with pytest.raises(NotFound):
            await media.size_bytes(key)


async def test_the_key_of_a_report_goes_with_it(old: Old, media: Media) -> None:
    await service.run(media, NOW + 1096 * DAY)
    assert await data_keys(old.there.owner, old.there.settings.keyring, [old.report_id]) == {}


@pytest.mark.parametrize("how", [{"withdrawn_at": NOW}, {"is_superseded": True}])
async def test_pictures_that_no_client_reads_any_more_go_the_next_night(
    old: Old, media: Media, how: dict[str, object]
) -> None:
    ref = uuid4()
    picture_id = await released(old, report_ref=ref, **how)
    standing = await released(old, report_ref=ref, version=2)
    await service.run(media, NOW + 2 * DAY)
    assert not await old.exists(picture_id, "release.shop_picture id")
    assert await old.exists(standing, "release.shop_picture id")


async def test_an_open_appeal_keeps_report_and_proofs(old: Old, media: Media) -> None:
    row, place = await a_picture(old)
    await old.there.owner.execute("UPDATE field.shop SET is_appeal_open = true WHERE id = $1", old.shop_id)
    await service.run(media, NOW + 9000 * DAY)
    assert await old.exists(row, place)


async def test_a_code_is_forgotten_after_a_year_and_not_a_day_earlier(old: Old, media: Media) -> None:
    code_id = uuid4()
    values = {
        "id": code_id, "affiliate_id": old.there.affiliate_id, "code_index": code_id.bytes * 2, "about": "a test",
        "sender": "Kestrel", "written_on": NOW.date(), "recipient_index": code_id.bytes * 2,
    }  # fmt: skip
    await insert(old.there.owner, "ops.mail_code", values)
    await service.run(media, NOW + 365 * DAY)
    assert await old.exists(code_id, "ops.mail_code id")
    await service.run(media, NOW + 366 * DAY)
    assert not await old.exists(code_id, "ops.mail_code id")


async def test_a_calendar_address_that_is_shut_is_forgotten_and_one_in_use_is_not(old: Old, media: Media) -> None:
    shut, used = uuid4(), uuid4()
    for feed_id, revoked in ((shut, NOW), (used, None)):
        values = {
            "id": feed_id, "affiliate_id": old.there.affiliate_id, "account_id": uuid4(), "created_at": NOW,
            "shopper_id": old.shopper.id, "revoked_at": revoked,
        }  # fmt: skip
        await insert(old.there.owner, "ops.calendar_feed", values)
    await service.run(media, NOW + 31 * DAY)
    assert not await old.exists(shut, "ops.calendar_feed id")
    assert await old.exists(used, "ops.calendar_feed id")


async def test_a_sweep_records_how_much_went_and_never_whose(old: Old, media: Media) -> None:
    for _ in range(2):
        await old.there.application(old.shop_id, old.shopper, state="DECLINED", decided_at=NOW)
    for _ in range(2):
        await service.run(media, NOW + 366 * DAY)
    query = "SELECT * FROM ledger.event WHERE affiliate_id = $1 AND action = 'retention.sweep'"
    [event] = [row for row in await old.there.owner.fetch(query, old.there.affiliate_id) if "applic" in row["detail"]]
    assert event["detail"] == '{"n": 2, "what": "applications"}'
    assert (event["subject_id"], event["object_id"], event["actor_kind"]) == (None, None, "system")


async def test_batch_after_batch_goes_until_nothing_is_due(
    old: Old, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for _ in range(5):
        await old.there.application(old.shop_id, old.shopper, state="DECLINED", decided_at=NOW)
    assert (await service.run(media, NOW + 366 * DAY))["applications"] >= 5
    assert not await old.exists(old.shop_id, "identity.application shop_id")


async def test_what_is_overdue_is_counted(old: Old, media: Media) -> None:
    await old.there.application(old.shop_id, old.shopper, decided_at=NOW)
    async with transaction(Role.WORKER):
        before = (await service.overdue(NOW + 366 * DAY, 2 * DAY))["applications"]
        assert (await service.overdue(NOW + 368 * DAY, 2 * DAY))["applications"] == before + 1
