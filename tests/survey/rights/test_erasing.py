"""A shopper leaves one company: what must go goes at once, what the law asks for stays, and no table is forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.errors import SealBroken
from privacy.inventory import Erase, Personal, data_map
from privacy.vault import Place, create_subject, data_key, data_keys, seal, unseal
from survey.db import Database, NotFound, Role, Scope, transaction
from survey.media import Media, media_of
from survey.promises.inventory import every_table
from survey.queue import JobContext
from survey.rights.jobs import erase_shopper, finish_erasures, forget_idle, warn_idle
from survey.rights.service import erasing
from survey.rights.service.erasure_plan import MODULES, PLAN, PROFILE, is_of
from survey.settings import Settings
from survey.shops.visits import service as visits
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, insert, let_down, shop_world
from tests.web_client import Browser, Site

URL = "/shopper/profile/erase"
SURE = {"sure": "yes"}
LEFT = "SELECT count(*) FROM {} WHERE shopper_id = $1"


class Leaver:
    """A shopper with a row in every table that hangs on one, before they leave."""

    def __init__(self, there: ShopWorld, shopper: Shopper, media: Media) -> None:
        self.there, self.shopper, self.media = there, shopper, media
        self.ids: dict[str, UUID] = {}
        self.files: list[str] = []
        self.shown: list[str] = []

    async def count(self, table: str) -> int:
        """How many rows of theirs a table holds."""
        found: int = await self.there.owner.fetchval(LEFT.format(table), self.shopper.id)
        return found

    async def erase(self) -> None:
        """What the job does."""
        await erasing.erase_shopper(self.there.settings, self.there.affiliate_id, self.shopper.id, NOW)


@pytest.fixture
async def leaver(superuser: asyncpg.Connection, settings: Settings, world: World) -> Leaver:
    """Robin, who made a visit that was paid, has one under way, and has written to everybody."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    shopper = await there.shopper()
    made = Leaver(there, shopper, media_of(settings))
    await _reported(made)
    await _beside(made)
    await _under_way(made)
    return made


async def _reported(one: Leaver) -> None:
    there, owner = one.there, one.there.owner
    one.ids["shop"] = shop_id = await there.shop("CLOSED", one.shopper, planned_on=NOW.date())
    one.ids["report"] = report_id = await there.report(shop_id, {"clean": 5}, time_in=NOW, time_out=NOW)
    common = {"report_id": report_id, "affiliate_id": there.affiliate_id}
    await insert(owner, "field.report_text", common | {"question_id": "improve", "sealed": b"words"})
    await insert(owner, "field.report_submission", common | {"number": 1, "sealed": b"words", "submitted_at": NOW})
    await insert(
        owner, "field.check_in", common | {"latitude": 53, "longitude": -1, "accuracy_m": 9, "at": NOW}
    )  # fmt: skip
    review = common | {"shop_id": shop_id, "flags": ["far_away"], "breakdown": {"clear": 2}, "coaching": b"advice"}
    await owner.execute(
        "INSERT INTO field.review (report_id, affiliate_id, shop_id, flags, breakdown, coaching, decision)"
        " VALUES ($1, $2, $3, $4, '{\"clear\": 2}', $5, 'approved')",
        report_id, there.affiliate_id, shop_id, review["flags"], review["coaching"],
    )  # fmt: skip
    mention = common | {"id": uuid4(), "token": "E1", "role": "server", "name": b"sealed", "created_at": NOW}
    await insert(owner, "field.employee_mention", mention | {"purge_after": NOW.date()})
    one.files = [await one.media.put("evidence", b"pixels", limit_bytes=100) for _ in range(2)]
    await insert(owner, "field.evidence", common | {
        "id": uuid4(), "kind": "photo", "media_key": one.files[0], "client_key": one.files[1], "digest": bytes(32),
        "size_bytes": 6, "width": 1, "height": 1, "created_at": NOW,
    })  # fmt: skip
    for kind, state in (("audio", "ready"), ("film", "waiting")):
        keys = [await one.media.put("recordings", b"voices", limit_bytes=100) for _ in range(2)]
        one.files += keys if state == "waiting" else keys[:1]
        await insert(owner, "field.recording", common | {
            "id": uuid4(), "kind": kind, "state": state, "media_key": keys[0], "digest": bytes(32), "size_bytes": 6,
            "original_key": keys[1] if state == "waiting" else None, "declared_at": NOW, "created_at": NOW,
        })  # fmt: skip
    await insert(owner, "identity.pay_item", {
        "affiliate_id": there.affiliate_id, "shop_id": shop_id, "shopper_id": one.shopper.id,
        "client_id": there.client_id, "kind": "full", "fee_cents": 1200, "reimbursement_cents": 0, "bonus_cents": 0,
        "currency": "USD", "state": "PAYABLE", "visited_on": NOW.date(), "promised_on": NOW.date(),
    })  # fmt: skip


async def _beside(one: Leaver) -> None:
    there, owner, me = one.there, one.there.owner, one.shopper
    own = {"affiliate_id": there.affiliate_id, "shopper_id": me.id}
    await there.application(await there.shop("OPEN"), me, note="I can go")
    await let_down(there, me)
    thread_id = uuid4()
    await insert(owner, "identity.thread", own | {"id": thread_id, "last_at": NOW, "created_at": NOW})
    words = {"id": uuid4(), "thread_id": thread_id, "author": "shopper", "body": b"words", "created_at": NOW}
    await insert(owner, "identity.message", own | words)
    key = await data_key(owner, there.settings.keyring, me.id)
    handle = seal(key, Place("identity.payout.handle", me.id, me.id), "robin@shoppers.example")
    await insert(owner, "identity.payout", own | {"kind": "paypal", "handle": handle, "last4": "st", "updated_at": NOW})
    feed = {"id": uuid4(), "account_id": me.account_id, "created_at": NOW}
    await insert(owner, "ops.calendar_feed", own | feed)
    conflict = {"client_id": there.client_id, "kind": "works_there", "source": "self", "created_at": NOW}
    await insert(owner, "identity.conflict", own | conflict)
    await _shown(one, own)
    one.ids["tax"] = tax_id = uuid4()
    await create_subject(owner, there.settings.keyring, there.affiliate_id, tax_id)
    key = await data_key(owner, there.settings.keyring, tax_id)
    number = seal(key, Place("identity.tax_identity.number", tax_id, tax_id), "219099999")
    await insert(owner, "identity.tax_identity", own | {
        "id": tax_id, "kind": "ssn", "number": number, "last4": "9999", "asked_at": NOW, "collected_at": NOW,
        "purge_on": NOW.date() + 2000 * DAY,
    })  # fmt: skip


async def _shown(one: Leaver, own: dict[str, UUID]) -> None:
    """A photo, a document, words in a field of the company's own, and a quiz that was tried."""
    owner, made = one.there.owner, {"affiliate_id": one.there.affiliate_id, "created_at": NOW}
    kind_id, field_id = uuid4(), uuid4()
    kind = {"id": kind_id, "code": f"k{kind_id.hex}", "label": "Forklift licence"}
    await insert(owner, "field.qualification_kind", made | kind)
    await insert(owner, "field.profile_field", made | {"id": field_id, "label": "Days", "kind": "text", "reason": "x"})
    photo, paper = [await one.media.put(folder, b"sealed", limit_bytes=100) for folder in ("portraits", "documents")]
    one.shown = [photo, paper]
    await insert(owner, "identity.portrait", own | {"media_key": photo, "added_at": NOW})
    await insert(owner, "identity.document", own | {
        "kind_id": kind_id, "media_key": paper, "format": "pdf", "sent_at": NOW, "purge_on": NOW.date(),
    })  # fmt: skip
    await insert(owner, "identity.profile_answer", own | {"field_id": field_id, "sealed": b"x", "updated_at": NOW})
    quiz = own | {"guideline_id": one.there.guideline_id}
    await insert(owner, "identity.quiz_try", quiz | {"number": 1, "percent": 50, "tried_at": NOW})
    await insert(owner, "identity.quiz_grant", quiz | {"after_try": 1, "granted_at": NOW})


async def _under_way(one: Leaver) -> None:
    there, owner, me = one.there, one.there.owner, one.shopper
    one.ids["held"] = shop_id = await there.shop("IN_PROGRESS", me, planned_on=NOW.date())
    one.ids["draft"] = draft_id = await there.report(shop_id)
    await owner.execute("UPDATE field.report SET shop_id = NULL, submitted_at = NULL WHERE id = $1", draft_id)
    draft = {"report_id": draft_id, "shop_id": shop_id, "shopper_id": me.id, "changed_at": NOW}
    await insert(owner, "identity.draft", draft | {"affiliate_id": there.affiliate_id})
    one.ids["offered"] = await there.shop("OFFERED", me)


@pytest.fixture
async def browser(site: Site, leaver: Leaver) -> Browser:
    """Robin's browser."""
    return await leaver.there.signed_in(site, leaver.shopper)


def _of_shoppers() -> Iterator[tuple[str, str, Erase]]:
    for column in data_map(every_table()):
        declared = column.declaration
        if isinstance(declared, Personal) and "shopper" in declared.subject:
            yield f"{column.schema}.{column.table}", column.column, declared.on_erase


def test_every_table_with_something_to_erase_of_a_shopper_is_in_the_plan() -> None:
    meant = {table for table, _, way in _of_shoppers() if way is not Erase.KEEP}
    assert meant - {step.table for step in (*PLAN, PROFILE)} == set()


def test_the_plan_reads_every_area_whose_columns_are_about_shoppers() -> None:
    read = {f"{each.schema}.{each.table}" for module in MODULES for each in data_map(_tables(module))}
    assert {table for table, _, _ in _of_shoppers()} - read == set()


def _tables(module: ModuleType) -> list[type]:
    return [table for table in every_table() if is_of(module, table)]


async def test_a_stranger_and_another_shopper_erase_nobody(site: Site, leaver: Leaver) -> None:
    assert (await (await site.visitor()).client.post(URL, data=SURE)).status_code in {303, 403}
    other = await leaver.there.signed_in(site, await leaver.there.shopper("Somebody Else"))
    await other.submit(URL, SURE)
    asked = "SELECT subject_id FROM ledger.event WHERE action = 'shopper.ask_erasure' AND affiliate_id = $1"
    subjects = {row[0] for row in await leaver.there.owner.fetch(asked, leaver.there.affiliate_id)}
    assert leaver.shopper.id not in subjects


async def test_without_a_tick_nothing_is_asked_for(leaver: Leaver, browser: Browser) -> None:
    answer = await browser.submit(URL, {})
    assert (answer.status_code, "Tick this if you are sure" in answer.text) == (422, True)
    jobs = "SELECT count(*) FROM ops.job WHERE entrypoint = 'rights.erase_shopper' AND dedupe_key LIKE $1"
    assert await leaver.there.owner.fetchval(jobs, f"%{leaver.shopper.id}") == 0


async def test_the_page_says_what_stays_and_what_is_owed(browser: Browser) -> None:
    page = (await browser.get(URL)).text
    assert "You are still owed USD 12.00" in page
    assert "You still have 2 shops" in page
    assert "1 report:" in page
    assert f"until {(NOW + 2000 * DAY).strftime('%-d %B %Y')}" in page


async def test_asking_twice_asks_for_one_erasure_and_is_on_record(leaver: Leaver, browser: Browser) -> None:
    for _ in range(2):
        assert "being deleted" in (await browser.submit(URL, SURE)).text
    jobs = "SELECT count(*) FROM ops.job WHERE entrypoint = 'rights.erase_shopper' AND dedupe_key LIKE $1"
    assert await leaver.there.owner.fetchval(jobs, f"%{leaver.shopper.id}") == 1
    events = [row["action"] for row in await leaver.there.events(leaver.shopper.id)]
    assert "shopper.ask_erasure" in events


GONE = tuple(sorted(
    step.table for step in PLAN if step.link == "shopper_id" and not step.emptied
))  # fmt: skip


async def test_every_row_that_hangs_on_the_shopper_goes(leaver: Leaver) -> None:
    before = {table: await leaver.count(table) for table in GONE}
    assert sum(before.values()) >= 8, "there was hardly anything to erase: it proves nothing"
    await leaver.erase()
    assert {table: await leaver.count(table) for table in GONE} == dict.fromkeys(GONE, 0)


async def test_of_the_profile_a_code_is_left_that_leads_to_nobody(leaver: Leaver) -> None:
    await leaver.erase()
    row = await leaver.there.owner.fetchrow("SELECT * FROM identity.shopper WHERE id = $1", leaver.shopper.id)
    kept = {name: value for name, value in row.items() if value not in (None, "", "{}", False)}
    assert set(kept) == {"id", "affiliate_id", "display_code", "time_zone", "status", "held_limit", "agreement_version",
                         "created_at"}  # fmt: skip
    assert await data_keys(leaver.there.owner, leaver.there.settings.keyring, [leaver.shopper.id]) == {}


async def test_of_reports_what_was_ticked_stays_and_words_pictures_and_places_go(leaver: Leaver) -> None:
    await leaver.erase()
    owner, report_id = leaver.there.owner, leaver.ids["report"]
    report = await owner.fetchrow("SELECT coded, time_in, submitted_at FROM field.report WHERE id = $1", report_id)
    assert (report["coded"], report["time_in"], report["submitted_at"]) == ('{"clean": 5}', None, NOW)
    for table in ("report_text", "report_submission", "check_in", "evidence", "recording"):
        assert await owner.fetchval(f"SELECT count(*) FROM field.{table} WHERE report_id = $1", report_id) == 0, table
    review = await owner.fetchrow(
        "SELECT flags, breakdown, coaching, decision FROM field.review WHERE report_id = $1", report_id
    )
    assert tuple(review) == ([], "{}", None, "approved")
    for file in leaver.files:
        with pytest.raises(NotFound):
            await leaver.media.size_bytes(file)


async def test_what_a_shopper_showed_of_themselves_goes_with_its_files(leaver: Leaver) -> None:
    tables = ("portrait", "document", "profile_answer", "quiz_try", "quiz_grant")
    assert [await leaver.count(f"identity.{table}") for table in tables] == [1] * 5
    await leaver.erase()
    assert [await leaver.count(f"identity.{table}") for table in tables] == [0] * 5
    for file in leaver.shown:
        with pytest.raises(NotFound):
            await leaver.media.size_bytes(file)


async def test_drafts_go_whole(leaver: Leaver) -> None:
    await leaver.erase()
    owner, draft_id = leaver.there.owner, leaver.ids["draft"]
    assert await owner.fetchval("SELECT count(*) FROM field.report WHERE id = $1", draft_id) == 0
    assert await data_keys(owner, leaver.there.settings.keyring, [draft_id]) == {}


async def test_what_was_sealed_with_a_report_cannot_be_opened_and_its_page_can(site: Site, leaver: Leaver) -> None:
    keys, report_id = leaver.there.settings.keyring, leaver.ids["report"]
    place = Place("field.report_text.sealed#improve", report_id, report_id)
    sealed = seal(await data_key(leaver.there.owner, keys, report_id), place, "words")
    await leaver.erase()
    with pytest.raises(SealBroken):
        unseal(await data_key(leaver.there.owner, keys, report_id), place, sealed)
    editor = await site.signed_in(leaver.there.affiliate_id, "editor")
    for page in (f"/reviews/{leaver.ids['shop']}", "/reviews", "/releases?state=released"):
        assert (await editor.get(page)).status_code == 200, page


async def test_shops_under_way_go_to_somebody_else(leaver: Leaver) -> None:
    await leaver.erase()
    assert [await leaver.there.state_of(leaver.ids[name]) for name in ("held", "offered")] == ["OPEN", "OPEN"]


async def test_a_shop_on_hold_keeps_nobody_from_leaving(leaver: Leaver) -> None:
    await leaver.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", leaver.ids["held"])
    await leaver.erase()
    assert await leaver.there.owner.fetchval(
        "SELECT status FROM identity.shopper WHERE id = $1", leaver.shopper.id
    ) == "erased"  # fmt: skip


async def test_the_tax_number_stays_to_its_date_and_opens_for_payroll(leaver: Leaver) -> None:
    await leaver.erase()
    row = await leaver.there.owner.fetchrow("SELECT * FROM identity.tax_identity WHERE id = $1", leaver.ids["tax"])
    assert (row["last4"], row["purge_on"]) == ("9999", NOW.date() + 2000 * DAY)
    assert leaver.ids["tax"] in await data_keys(leaver.there.owner, leaver.there.settings.keyring, [row["id"]])


async def test_the_record_of_pay_stays(leaver: Leaver) -> None:
    await leaver.erase()
    assert await leaver.count("identity.pay_item") == 1


async def test_a_report_that_the_law_holds_stays_as_it_is(leaver: Leaver) -> None:
    await leaver.there.owner.execute("UPDATE field.shop SET is_legal_hold = true WHERE id = $1", leaver.ids["shop"])
    await leaver.erase()
    assert await leaver.media.size_bytes(leaver.files[0]) == len(b"pixels")
    words = "SELECT count(*) FROM field.report_text WHERE report_id = $1"
    assert await leaver.there.owner.fetchval(words, leaver.ids["report"]) == 1


async def put_on_hold(leaver: Leaver, is_held: bool) -> None:
    """What an administrator does about the law."""
    scope = Scope(leaver.there.affiliate_id, uuid4(), "affiliate_admin", "staff")
    async with transaction(Role.STAFF, affiliate=leaver.there.affiliate_id):
        if is_held:
            why = visits.WhyHeld("claim", "2026-0417")
            await visits.place_legal_hold(scope, leaver.ids["shop"], why, NOW)
        else:
            await visits.lift_legal_hold(scope, leaver.ids["shop"], "closed", NOW)


async def words_left(leaver: Leaver) -> int:
    """How many texts of the report there are."""
    words = "SELECT count(*) FROM field.report_text WHERE report_id = $1"
    found: int = await leaver.there.owner.fetchval(words, leaver.ids["report"])
    return found


async def finish(leaver: Leaver) -> None:
    """What the worker does in the night."""
    await erasing.finish_erasures(leaver.there.settings, NOW)


async def test_the_sweep_takes_nothing_of_a_report_that_is_still_held(leaver: Leaver) -> None:
    await put_on_hold(leaver, True)
    await leaver.erase()
    await finish(leaver)
    assert await words_left(leaver) == 1
    assert await leaver.media.size_bytes(leaver.files[0]) == len(b"pixels")


async def test_once_the_hold_is_lifted_the_next_night_finishes_the_erasing(
    leaver: Leaver, settings: Settings, database: Database
) -> None:
    owner, report_id = leaver.there.owner, leaver.ids["report"]
    await put_on_hold(leaver, True)
    before = await owner.fetchval("SELECT wrapped FROM vault.subject_key WHERE id = $1", report_id)
    await leaver.erase()
    await put_on_hold(leaver, False)
    await finish_erasures.handler(JobContext(settings, database, lambda: NOW), {})
    assert await words_left(leaver) == 0
    for file in leaver.files:
        with pytest.raises(NotFound):
            await leaver.media.size_bytes(file)
    assert await owner.fetchval("SELECT wrapped FROM vault.subject_key WHERE id = $1", report_id) != before


async def test_finishing_twice_is_once_and_on_record(leaver: Leaver) -> None:
    await put_on_hold(leaver, True)
    await leaver.erase()
    await put_on_hold(leaver, False)
    await finish(leaver)
    await finish(leaver)
    count = "SELECT count(*) FROM ledger.event WHERE action = 'report.erase' AND object_id = $1"
    assert await leaver.there.owner.fetchval(count, leaver.ids["report"]) == 1
    due = "SELECT count(*) FROM field.erasure_due WHERE report_id = $1"
    assert await leaver.there.owner.fetchval(due, leaver.ids["report"]) == 0


async def test_whoever_stays_keeps_a_report_whose_hold_is_lifted(leaver: Leaver) -> None:
    await put_on_hold(leaver, True)
    await put_on_hold(leaver, False)
    await finish(leaver)
    assert await words_left(leaver) == 1


async def test_the_page_tells_that_a_held_report_stays_until_the_hold_is_lifted(
    leaver: Leaver, browser: Browser
) -> None:
    assert "legal hold" not in (await browser.get(URL)).text
    await put_on_hold(leaver, True)
    assert "because of a legal hold" in (await browser.get(URL)).text


async def test_the_sign_in_goes_with_the_last_profile(leaver: Leaver) -> None:
    owner, account_id = leaver.there.owner, leaver.shopper.account_id
    await leaver.erase()
    assert await owner.fetchval("SELECT count(*) FROM identity.account WHERE id = $1", account_id) == 0


async def test_erasing_at_one_company_leaves_the_profile_at_another(
    leaver: Leaver, settings: Settings, world: World
) -> None:
    owner, account_id = leaver.there.owner, leaver.shopper.account_id
    elsewhere = await shop_world(owner, settings, world.charlies.affiliate_id)
    other = await elsewhere.shopper(account_id=account_id)
    await leaver.erase()
    row = await owner.fetchrow("SELECT status, account_id FROM identity.shopper WHERE id = $1", other.id)
    assert tuple(row) == ("active", account_id)


async def test_a_browser_leaves_the_profile_at_once(leaver: Leaver, browser: Browser) -> None:
    await leaver.erase()
    assert (await browser.get("/shopper/profile")).status_code != 200


async def test_erasing_twice_is_once_and_on_record_without_a_name(
    leaver: Leaver, settings: Settings, database: Database
) -> None:
    payload = {"affiliate_id": leaver.there.affiliate_id, "shopper_id": leaver.shopper.id}
    for _ in range(2):
        await erase_shopper.handler(JobContext(settings, database, lambda: NOW), payload)
    events = [row for row in await leaver.there.events(leaver.shopper.id) if row["action"] == "shopper.erase"]
    assert [(row["subject_id"], row["detail"]) for row in events] == [
        (leaver.shopper.id, '{"drafts": 1, "reports": 1}')
    ]  # fmt: skip


async def test_another_affiliates_job_erases_nobody(leaver: Leaver, settings: Settings) -> None:
    await erasing.erase_shopper(settings, uuid4(), leaver.shopper.id, NOW)
    assert await leaver.count("identity.payout") == 1


@pytest.mark.parametrize("status", ["active", "deactivated"])
async def test_whoever_was_not_heard_of_for_two_years_is_forgotten(
    superuser: asyncpg.Connection, settings: Settings, world: World, database: Database, status: str
) -> None:
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    idle, seen, working, owed = [await there.shopper(status=status) for _ in range(4)]
    later = NOW + 731 * DAY
    async with transaction(Role.WORKER) as here:
        await here.execute(
            "INSERT INTO ledger.event (affiliate_id, at, actor_kind, action, object_kind, object_id, subject_id)"
            " VALUES ($1, $2, 'shopper', 'shopper.sign_in', 'shopper', $3, $3)",
            there.affiliate_id, later - timedelta(days=700), seen.id,
        )  # fmt: skip
    await there.shop("ASSIGNED", working)
    leaver = Leaver(there, owed, media_of(settings))
    await _reported(leaver)
    await warn_idle.handler(JobContext(settings, database, lambda: NOW + 701 * DAY), {})
    await forget_idle.handler(JobContext(settings, database, lambda: NOW + 729 * DAY), {})
    assert await _status(there, idle) == status
    await forget_idle.handler(JobContext(settings, database, lambda: later), {})
    assert [await _status(there, each) for each in (idle, seen, working, owed)] == ["erased", *[status] * 3]


async def _status(there: ShopWorld, shopper: Shopper) -> str:
    found: str = await there.owner.fetchval("SELECT status FROM identity.shopper WHERE id = $1", shopper.id)
    return found


async def test_mail_to_an_erased_shopper_stays_known_as_ours_and_does_not_say_to_whom_it_went(leaver: Leaver) -> None:
    there, code_id = leaver.there, uuid4()
    key = code_id.bytes * 2
    delivery = {
        "affiliate_id": there.affiliate_id, "campaign_id": uuid4(), "recipient_id": leaver.shopper.id,
        "kind": "shop-offer", "is_bulk": False, "suppression_key": key, "not_before": NOW,
    }  # fmt: skip
    code = {
        "id": code_id, "affiliate_id": there.affiliate_id, "code_index": key, "about": "a test", "sender": "Kestrel",
        "written_on": NOW.date(), "recipient_index": key,
    }  # fmt: skip
    await insert(there.owner, "ops.delivery", delivery)
    await insert(there.owner, "ops.mail_code", code)
    await leaver.erase()
    kept = await there.owner.fetchrow("SELECT about, recipient_index FROM ops.mail_code WHERE id = $1", code_id)
    assert tuple(kept) == ("a test", None)
