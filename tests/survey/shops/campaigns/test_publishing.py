"""Publishing a wave: refused with reasons, then one statement, once."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import msgspec
import pytest

from survey.clients import service as clients
from survey.db import NotFound, Role, Scope, transaction
from survey.questionnaires.domain import Definition, Item, Kind, Section, to_json
from survey.shops.campaigns import service
from survey.shops.campaigns.domain import Days, Draft, Effects, NotReshot, Quota, WaveDraft
from tests.conftest import NOW, World

from .conftest import FIRST, LAST, Planned, planned

SHOPS = "SELECT * FROM field.shop WHERE wave_id = $1 ORDER BY window_start, public_ref"


async def publish(scope: Scope, wave_id: UUID, now: datetime = NOW) -> Effects:
    """Publish in a transaction of its own, as a request does."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await service.publish_wave(scope, wave_id, now)


async def test_another_tenants_wave_is_not_found(world: World, winter: Planned) -> None:
    with pytest.raises(NotFound):
        await publish(world.charlies, winter.wave_id)


async def test_what_is_missing_is_said_all_at_once(world: World, superuser: asyncpg.Connection) -> None:
    scope = world.alices
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, "Empty", NOW)
        campaign_id = await service.create(scope, Draft(client_id, "Nothing", "phone"), NOW)
        wave_id = await service.put_wave(scope, campaign_id, None, WaveDraft("One", FIRST, LAST, Quota()), NOW)
    with pytest.raises(service.NotPublishable) as refused:
        await publish(scope, wave_id)
    assert refused.value.reasons == (
        "Choose a questionnaire",
        "Write a guideline",
        "None of the client's locations is open",
    )
    assert await superuser.fetch(SHOPS, wave_id) == []


async def test_a_wave_that_is_over_is_refused(winter: Planned) -> None:
    with pytest.raises(service.NotPublishable, match="cannot be published") as refused:
        await publish(winter.scope, winter.wave_id, datetime(2026, 12, 15, 12, tzinfo=UTC))
    assert refused.value.reasons == ("The wave's last day is over",)


async def test_what_is_wrong_with_the_questions_is_said_before_anybody_publishes(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    twice = Section("greeted", "Arrival", items=(Item("greeted", Kind.LONG_TEXT, "Who greeted you?"),))
    await superuser.execute(
        "UPDATE field.questionnaire_version SET definition = $2 WHERE id = $1",
        winter.version_id,
        to_json(Definition(title="Visits", language="en", sections=(twice,))),
    )
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        foreseen = await service.effects_of(winter.scope, winter.wave_id, NOW)
    assert foreseen.reasons == ("Questionnaire: The id “greeted” is used more than once",)
    assert not foreseen.is_possible
    with pytest.raises(service.NotPublishable):
        await publish(winter.scope, winter.wave_id)


async def test_staff_are_named_only_where_they_were_told(winter: Planned, superuser: asyncpg.Connection) -> None:
    await superuser.execute("UPDATE field.campaign SET employee_id_mode = 'name' WHERE id = $1", winter.campaign_id)
    with pytest.raises(service.NotPublishable) as refused:
        await publish(winter.scope, winter.wave_id)
    assert refused.value.reasons == ("Record that the client's staff were told of mystery visits",)


async def test_every_store_gets_its_quota_with_the_campaigns_pay(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    assert await publish(winter.scope, winter.wave_id) == Effects(9, 3, {})
    shops = await superuser.fetch(SHOPS, winter.wave_id)
    assert {shop["state"] for shop in shops} == {"OPEN"}
    assert {(shop["fee_cents"], shop["reimbursement_cap_cents"], shop["currency"]) for shop in shops} == {
        (1200, 800, "USD")
    }
    assert {shop["version_id"] for shop in shops} == {winter.version_id}
    assert len({(shop["location_id"], shop["daypart"]) for shop in shops}) == 6


async def test_windows_are_hours_of_the_locations_own_day(winter: Planned, superuser: asyncpg.Connection) -> None:
    await publish(winter.scope, winter.wave_id)
    rows = await superuser.fetch(
        "SELECT DISTINCT l.time_zone, s.window_start, s.window_end FROM field.shop s"
        " JOIN field.location l ON l.id = s.location_id WHERE s.wave_id = $1 AND s.daypart = 'evening'",
        winter.wave_id,
    )
    assert {row["time_zone"]: (row["window_start"], row["window_end"]) for row in rows} == {
        "Europe/London": (datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 12, 14, 21, tzinfo=UTC)),
        "America/New_York": (datetime(2026, 12, 1, 22, tzinfo=UTC), datetime(2026, 12, 15, 2, tzinfo=UTC)),
    }


async def test_each_shop_has_the_timer_of_its_windows_end(winter: Planned, superuser: asyncpg.Connection) -> None:
    await publish(winter.scope, winter.wave_id)
    timers = await superuser.fetch(
        "SELECT t.kind, t.due_at = s.window_end AS is_right FROM field.shop_timer t JOIN field.shop s"
        " ON s.id = t.shop_id WHERE s.wave_id = $1",
        winter.wave_id,
    )
    assert [(timer["kind"], timer["is_right"]) for timer in timers] == [("window_ended", True)] * 9


async def test_references_are_random_and_each_is_used_once(winter: Planned, superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "UPDATE field.affiliate SET slug = 'north-light-' || left(id::text, 8) WHERE id = $1",
        winter.scope.affiliate_id,
    )
    await publish(winter.scope, winter.wave_id)
    refs = [shop["public_ref"] for shop in await superuser.fetch(SHOPS, winter.wave_id)]
    assert len(set(refs)) == 9
    assert all(ref.startswith("NL-") and len(ref) == 9 for ref in refs)


async def test_asking_twice_makes_nothing_twice(winter: Planned, superuser: asyncpg.Connection) -> None:
    await publish(winter.scope, winter.wave_id)
    again = await publish(winter.scope, winter.wave_id)
    assert (again.shops, again.is_new) == (9, False)
    assert len(await superuser.fetch(SHOPS, winter.wave_id)) == 9
    events = await superuser.fetch(
        "SELECT detail FROM ledger.event WHERE affiliate_id = $1 AND action = 'wave.publish'", winter.scope.affiliate_id
    )
    assert [msgspec.json.decode(event["detail"])["shops"] for event in events] == [9]


async def test_of_two_who_publish_at_the_same_time_one_makes_the_shops(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    found = await asyncio.gather(*(publish(winter.scope, winter.wave_id) for _ in range(3)))
    assert sorted((each.shops, each.is_new) for each in found) == [(9, False), (9, False), (9, True)]
    assert len(await superuser.fetch(SHOPS, winter.wave_id)) == 9


async def test_publishing_puts_the_campaign_into_the_field_and_freezes_its_questions(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    await publish(winter.scope, winter.wave_id)
    row = await superuser.fetchrow(
        "SELECT c.status, v.frozen_at FROM field.campaign c JOIN field.questionnaire_version v ON v.id = c.version_id"
        " WHERE c.id = $1",
        winter.campaign_id,
    )
    assert (row["status"], row["frozen_at"]) == ("live", NOW)


async def in_state(superuser: asyncpg.Connection, winter: Planned, code: str, region: str) -> None:
    """Move one of the stores to a state of the USA, and let the campaign record."""
    await superuser.execute(
        "UPDATE field.location SET region = $3, country = 'US' WHERE client_id = $1 AND code = $2",
        winter.client_id, code, region,
    )  # fmt: skip
    await superuser.execute("UPDATE field.campaign SET recording_mode = 'audio' WHERE id = $1", winter.campaign_id)


@pytest.mark.parametrize("region", ["CA", "Washington", ""])
async def test_nobody_is_sent_to_record_where_everybody_must_agree(
    winter: Planned, superuser: asyncpg.Connection, region: str
) -> None:
    await in_state(superuser, winter, "N1", region)
    assert await publish(winter.scope, winter.wave_id) == Effects(6, 2, {"recording": 1})
    places = await superuser.fetch(
        "SELECT DISTINCT l.code FROM field.shop s JOIN field.location l ON l.id = s.location_id WHERE s.wave_id = $1",
        winter.wave_id,
    )
    assert {row["code"] for row in places} == {"L1", "L2"}


async def test_a_wave_that_records_and_has_nowhere_to_go_is_refused(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    for code in ("L1", "L2", "N1"):
        await in_state(superuser, winter, code, "FL")
    with pytest.raises(service.NotPublishable) as refused:
        await publish(winter.scope, winter.wave_id)
    assert refused.value.reasons == (
        "Everybody must agree to a recording at every location that takes part: ask for none",
    )


async def told(superuser: asyncpg.Connection, winter: Planned, *jurisdictions: str) -> None:
    """Rest the campaign, which names staff, on a notice; the stores lie in York, in Berlin and in New York."""
    await superuser.execute(
        "UPDATE field.location SET region = CASE code WHEN 'L2' THEN 'Berlin' WHEN 'N1' THEN 'New York' ELSE '' END,"
        " country = CASE code WHEN 'L2' THEN 'DE' WHEN 'N1' THEN 'US' ELSE 'GB' END WHERE client_id = $1",
        winter.client_id,
    )
    notice_id = await superuser.fetchval(
        "INSERT INTO field.staff_notice (affiliate_id, client_id, told_on, body, channel, attested_by, jurisdictions,"
        " recorded_by, recorded_at) VALUES ($1, $2, $3, 'Visits happen', 'letter', 'Retail', $4, $5, $6) RETURNING id",
        winter.scope.affiliate_id, winter.client_id, NOW.date(), list(jurisdictions), winter.scope.account_id, NOW,
    )  # fmt: skip
    await superuser.execute(
        "UPDATE field.campaign SET employee_id_mode = 'name', staff_notice_id = $2 WHERE id = $1",
        winter.campaign_id, notice_id,
    )  # fmt: skip


async def test_a_notice_that_reached_no_place_of_the_wave_is_refused(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    await told(superuser, winter, "US-CA")
    with pytest.raises(service.NotPublishable) as refused:
        await publish(winter.scope, winter.wave_id)
    assert refused.value.reasons == (
        "The notice to staff was given at none of the locations that take part: record one for them",
    )


@pytest.mark.parametrize(
    ("jurisdictions", "codes"),
    [(("GB", "US-CA"), {"L1"}), (("US-NY",), {"N1"}), (("US", "DE-BE"), {"L2", "N1"}),
     (("GB", "US", "DE"), {"L1", "L2", "N1"})],
)  # fmt: skip
async def test_no_shop_that_names_staff_is_made_where_they_were_not_told(
    winter: Planned, superuser: asyncpg.Connection, jurisdictions: tuple[str, ...], codes: set[str]
) -> None:
    await told(superuser, winter, *jurisdictions)
    left_out = {"untold": 3 - len(codes)} if len(codes) < 3 else {}
    assert await publish(winter.scope, winter.wave_id) == Effects(3 * len(codes), len(codes), left_out)
    places = await superuser.fetch(
        "SELECT DISTINCT l.code FROM field.shop s JOIN field.location l ON l.id = s.location_id WHERE s.wave_id = $1",
        winter.wave_id,
    )
    assert {row["code"] for row in places} == codes


async def test_drafts_where_staff_were_not_told_are_not_opened(winter: Planned, superuser: asyncpg.Connection) -> None:
    await told(superuser, winter, "GB", "US", "DE")
    await lay_out(winter.scope, winter.wave_id)
    await told(superuser, winter, "GB", "US")
    assert await opened(winter.scope, winter.wave_id) == service.Opened(6, {"untold": 3})


async def test_drafts_where_all_must_agree_to_a_recording_are_not_opened(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    await lay_out(winter.scope, winter.wave_id)
    await in_state(superuser, winter, "N1", "CA")
    assert await opened(winter.scope, winter.wave_id) == service.Opened(6, {"recording": 3})


async def test_no_visit_is_made_anew_where_staff_were_not_told(winter: Planned, superuser: asyncpg.Connection) -> None:
    await publish(winter.scope, winter.wave_id)
    await told(superuser, winter, "US")
    shop_id = await superuser.fetchval(
        "UPDATE field.shop SET state = 'REJECTED' WHERE id = (SELECT s.id FROM field.shop s JOIN field.location l"
        " ON l.id = s.location_id WHERE s.wave_id = $1 AND l.code = 'L1' LIMIT 1) RETURNING id", winter.wave_id,
    )  # fmt: skip
    with pytest.raises(NotReshot, match="the notice to staff was not given there"):
        async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
            await service.reshoot(winter.scope, shop_id, Days(FIRST, LAST), NOW)


async def test_a_campaign_that_records_nothing_goes_everywhere(winter: Planned, superuser: asyncpg.Connection) -> None:
    await in_state(superuser, winter, "N1", "CA")
    await superuser.execute("UPDATE field.campaign SET recording_mode = 'none' WHERE id = $1", winter.campaign_id)
    assert await publish(winter.scope, winter.wave_id) == Effects(9, 3, {})


async def test_a_competitors_place_is_for_campaigns_at_competitors_and_for_no_other(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    kind = "UPDATE field.campaign SET kind = 'competitor' WHERE id = $1"
    mark = "UPDATE field.location SET is_competitor = true WHERE client_id = $1 AND code = 'L2'"
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        assert (await service.effects_of(winter.scope, winter.wave_id, NOW)).locations == 3
    await superuser.execute(kind, winter.campaign_id)
    with pytest.raises(service.NotPublishable) as refused:
        await publish(winter.scope, winter.wave_id)
    assert refused.value.reasons == ("No location that is open is marked as a competitor's",)
    await superuser.execute(mark, winter.client_id)
    assert await publish(winter.scope, winter.wave_id) == Effects(3, 1, {})
    draft = WaveDraft("Own", FIRST, LAST, Quota({"any": 1}))
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        own_id = await service.put_wave(winter.scope, winter.campaign_id, None, draft, NOW)
    await superuser.execute("UPDATE field.campaign SET kind = 'in_person' WHERE id = $1", winter.campaign_id)
    assert await publish(winter.scope, own_id) == Effects(2, 2, {})


async def test_closed_places_are_passed_over_and_counted(winter: Planned, superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "UPDATE field.location SET status = CASE code WHEN 'L1' THEN 'closed' ELSE 'temporarily_closed' END"
        " WHERE client_id = $1 AND code IN ('L1', 'L2')",
        winter.client_id,
    )
    assert await publish(winter.scope, winter.wave_id) == Effects(3, 1, {"closed": 1, "temporarily_closed": 1})


async def test_a_place_that_is_shut_in_the_evening_gets_no_evening_shop(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = msgspec.json.encode({day: [["07:00", "17:00"]] for day in days}).decode()
    await superuser.execute(
        "UPDATE field.location SET opening_hours = $2::text::jsonb WHERE client_id = $1 AND code = 'L1'",
        winter.client_id,
        hours,
    )
    assert await publish(winter.scope, winter.wave_id) == Effects(8, 3, {"not_open_then": 1})


async def test_a_bar_that_closes_after_midnight_is_open_late(world: World, superuser: asyncpg.Connection) -> None:
    late = await planned(world.alices, Quota({"late": 1}))
    await superuser.execute(
        'UPDATE field.location SET opening_hours = \'{"fri": [["18:00", "02:00"]]}\' WHERE client_id = $1',
        late.client_id,
    )
    assert (await publish(late.scope, late.wave_id)).shops == 3


async def test_a_part_of_the_day_that_is_over_everywhere_is_passed_over(winter: Planned) -> None:
    noon_of_the_last_day = datetime(2026, 12, 14, 17, tzinfo=UTC)
    assert await publish(winter.scope, winter.wave_id, noon_of_the_last_day) == Effects(3, 3, {"over": 6})


async def test_a_quota_may_name_branches_and_give_a_place_its_own(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    rows = await superuser.fetch("SELECT code, id FROM field.location WHERE client_id = $1", winter.client_id)
    ids = {row["code"]: str(row["id"]) for row in rows}
    quota = Quota({"any": 1}, (ids["L1"], ids["N1"]), {ids["N1"]: {"midday": 4}})
    draft = WaveDraft("Chosen", FIRST, LAST, quota)
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        wave_id = await service.put_wave(winter.scope, winter.campaign_id, None, draft, NOW)
    assert await publish(winter.scope, wave_id) == Effects(5, 2, {})


async def test_scenarios_are_given_out_in_turn(winter: Planned, superuser: asyncpg.Connection) -> None:
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        for name in ("A parent", "A hurried one", "A tourist"):
            await service.put_scenario(winter.scope, winter.campaign_id, None, (name, ""), NOW)
    await publish(winter.scope, winter.wave_id)
    counts = await superuser.fetch(
        "SELECT count(*) AS shops FROM field.shop WHERE wave_id = $1 GROUP BY scenario_id", winter.wave_id
    )
    assert [row["shops"] for row in counts] == [3, 3, 3]


async def test_what_is_foreseen_is_what_is_made(winter: Planned) -> None:
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        foreseen = await service.effects_of(winter.scope, winter.wave_id, NOW)
    assert foreseen.is_possible
    assert foreseen == await publish(winter.scope, winter.wave_id)


async def test_a_published_wave_can_no_longer_be_changed(winter: Planned) -> None:
    await publish(winter.scope, winter.wave_id)
    draft = WaveDraft("Other", date(2027, 1, 1), date(2027, 1, 2), Quota())
    with pytest.raises(service.InUse):
        async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
            await service.put_wave(winter.scope, winter.campaign_id, winter.wave_id, draft, NOW)


STATES = "SELECT state, count(*) AS shops FROM field.shop WHERE wave_id = $1 GROUP BY state ORDER BY state"
TIMERS = (
    "SELECT count(*) FROM field.shop_timer t JOIN field.shop s ON s.id = t.shop_id"
    " WHERE s.wave_id = $1 AND t.kind = 'window_ended' AND t.due_at = s.window_end"
)


async def lay_out(scope: Scope, wave_id: UUID) -> Effects:
    """Make the shops as drafts."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await service.publish_wave(scope, wave_id, NOW, as_drafts=True)


async def opened(scope: Scope, wave_id: UUID, now: datetime = NOW) -> service.Opened:
    """Open the drafts."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await service.open_wave(scope, wave_id, now)


async def test_another_tenants_drafts_are_not_found(world: World, winter: Planned) -> None:
    await lay_out(winter.scope, winter.wave_id)
    with pytest.raises(NotFound):
        await opened(world.charlies, winter.wave_id)


async def test_drafts_have_no_timer_and_are_opened_by_the_machine(
    winter: Planned, superuser: asyncpg.Connection
) -> None:
    assert (await lay_out(winter.scope, winter.wave_id)).shops == 9
    assert [tuple(row) for row in await superuser.fetch(STATES, winter.wave_id)] == [("DRAFT", 9)]
    assert await superuser.fetchval(TIMERS, winter.wave_id) == 0
    assert await opened(winter.scope, winter.wave_id) == service.Opened(9, {})
    assert [tuple(row) for row in await superuser.fetch(STATES, winter.wave_id)] == [("OPEN", 9)]
    assert await superuser.fetchval(TIMERS, winter.wave_id) == 9
    told = await superuser.fetchval(
        "SELECT count(*) FROM ledger.event e JOIN field.shop s ON s.id = e.object_id"
        " WHERE s.wave_id = $1 AND e.action = 'shop.publish'",
        winter.wave_id,
    )
    assert told == 9


async def test_laying_out_and_opening_twice_is_once(winter: Planned) -> None:
    await lay_out(winter.scope, winter.wave_id)
    assert not (await publish(winter.scope, winter.wave_id)).is_new
    await opened(winter.scope, winter.wave_id)
    assert await opened(winter.scope, winter.wave_id) == service.Opened(0, {})


async def test_a_place_that_has_closed_since_keeps_its_drafts(winter: Planned, superuser: asyncpg.Connection) -> None:
    await lay_out(winter.scope, winter.wave_id)
    await superuser.execute(
        "UPDATE field.location SET status = 'closed' WHERE client_id = $1 AND code = 'L1'", winter.client_id
    )
    assert await opened(winter.scope, winter.wave_id) == service.Opened(6, {"closed": 3})


async def test_a_draft_whose_time_is_over_stays_one(winter: Planned) -> None:
    await lay_out(winter.scope, winter.wave_id)
    later = datetime(2026, 12, 30, tzinfo=UTC)
    assert await opened(winter.scope, winter.wave_id, later) == service.Opened(0, {"over": 9})


@pytest.mark.parametrize(
    ("change", "why"), [("status = 'closed'", "campaign_closed"), ("guideline_id = NULL", "no_guideline")]
)
async def test_drafts_of_a_campaign_that_has_closed_or_lost_its_guideline_stay_drafts(
    winter: Planned, superuser: asyncpg.Connection, change: str, why: str
) -> None:
    await lay_out(winter.scope, winter.wave_id)
    await superuser.execute(f"UPDATE field.campaign SET {change} WHERE client_id = $1", winter.client_id)
    assert await opened(winter.scope, winter.wave_id) == service.Opened(0, {why: 9})
