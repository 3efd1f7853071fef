"""Letting the report of a shop leave: what leaves, what never does, and how it is taken back."""

import json
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from survey.db import NotFound, Role, transaction
from survey.media import media_of
from survey.releases import service
from survey.releases.domain import Revealing
from survey.settings import Settings
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HoldReason, OnHold, WrongState
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, shop_world
from tests.survey.releases.shops import (
    BAD,
    COMMENT,
    STORY,
    VISIT,
    approved,
    release,
    same_person,
    seal_text,
    snapshot,
    tell,
)
from tests.survey.releases.viewers import viewer_with_key
from tests.web_client import Site


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client whose campaign tells roles and dayparts."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


async def readable(there: ShopWorld) -> list[asyncpg.Record]:
    """What the client's own role reads at the head of the tree."""
    path = f"/{there.root_id.hex}/"
    async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path) as here:
        rows: list[asyncpg.Record] = await here.fetch("SELECT report_ref, version, score FROM release.shop_report")
    return rows


async def test_another_affiliates_shop_is_not_found(there: ShopWorld, world: World) -> None:
    one = await approved(there)
    stranger = world.charlies
    async with transaction(Role.STAFF, affiliate=stranger.affiliate_id):
        with pytest.raises(NotFound):
            await service.release_shop(stranger, there.settings, media_of(there.settings), one.shop_id, NOW)


@pytest.mark.parametrize("state", ["IN_REVIEW", "SUBMITTED", "REJECTED", "EXCLUDED"])
async def test_only_an_approved_report_leaves(there: ShopWorld, state: str) -> None:
    one = await approved(there, state)
    with pytest.raises(WrongState):
        await release(one)
    assert await readable(there) == []


async def test_a_report_on_hold_does_not_leave(there: ShopWorld) -> None:
    one = await approved(there, is_on_hold=True)
    with pytest.raises(OnHold):
        await release(one)


async def test_nobody_releases_the_report_of_their_own_visit(there: ShopWorld, site: Site) -> None:
    one = await approved(there)
    editor, colleague = [await site.signed_in(there.affiliate_id, "editor") for _ in range(2)]
    assert editor.account_id
    await same_person(one, editor.account_id)
    for path, fields in ((f"/releases/{one.shop_id}", {}), ("/releases", {"ids": str(one.shop_id)})):
        await editor.post(path, fields)
        assert await there.state_of(one.shop_id) == "APPROVED"
    assert await readable(there) == []
    assert await there.events(one.shop_id) == []
    await editor.post(f"/releases/{one.shop_id}")
    assert "This visit is your own" in (await editor.get(f"/releases/{one.shop_id}")).text
    await colleague.post(f"/releases/{one.shop_id}")
    assert await there.state_of(one.shop_id) == "RELEASED"
    actions = [event["action"] for event in await there.events(one.shop_id)]
    assert actions == ["shop.release", "shop_report.released"]


@pytest.mark.parametrize(
    "words",
    ["I am Quillfeather, as you know.", "Write to 113-496-0000.", "quillfeather ashgrove", "I live at 9 mill lane"],
)
async def test_a_report_that_names_its_author_is_refused(there: ShopWorld, words: str) -> None:
    one = await approved(there)
    await seal_text(there, one.report_id, "greeted-comment", words)
    with pytest.raises(Revealing):
        await release(one)
    assert await there.state_of(one.shop_id) == "APPROVED"
    assert await readable(there) == []


async def test_a_report_that_holds_the_shops_reference_is_refused(there: ShopWorld) -> None:
    one = await approved(there)
    await seal_text(there, one.report_id, "greeted-comment", f"My shop {one.public_ref} went well.")
    with pytest.raises(Revealing) as refusal:
        await release(one)
    assert refusal.value.kinds == ("reference",)


async def test_what_leaves_is_the_allow_list_and_nothing_else(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    stands = await snapshot(one)
    content = stands["snapshot"]
    assert isinstance(content, dict)
    assert set(content) == {"outcome", "sections", "answers", "receipt", "staff_notice", "time_zone"}
    told = {each["id"]: (Decimal(each["share"]), Decimal(each["score"])) for each in content["sections"]}
    # Weights multiply points here: 10 of them once, 20 of them three times.
    assert told == {"arrival": (Decimal("14.29"), Decimal(100)), "store": (Decimal("85.71"), Decimal(75))}
    assert stands["score"] == round(sum(share * score for share, score in told.values()) / 100, 2)
    assert [each["question_id"] for each in content["answers"]] == ["greeted", "story", "clean", "allergen"]
    assert (content["answers"][1]["lines"], content["answers"][2]["comment"]) == ([STORY], COMMENT)
    assert content["receipt"] == {"amount_cents": 695, "currency": "USD"}
    assert not [word for word in one.telltales if word in str(content)]


async def test_of_a_visit_that_could_not_be_made_no_answer_and_no_score_leaves(there: ShopWorld) -> None:
    one = await approved(there)
    await there.owner.execute("UPDATE field.report SET outcome = 'closed' WHERE id = $1", one.report_id)
    await release(one)
    stands = await snapshot(one)
    content = stands["snapshot"]
    assert isinstance(content, dict)
    assert (stands["score"], content["sections"], content["answers"]) == (None, [], [])
    assert content["outcome"] == "The location was closed, and no visit could be made."


async def test_releasing_moves_the_shop_and_accounts_for_what_left(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    assert await there.state_of(one.shop_id) == "RELEASED"
    actions = [row["action"] for row in await there.events(one.shop_id)]
    assert actions == ["shop.release", "shop_report.released"]
    stands = await snapshot(one)
    left = await there.owner.fetchrow("SELECT * FROM ledger.disclosure WHERE object_id = $1", stands["id"])
    assert (left["client_id"], left["digest"]) == (there.client_id, stands["digest"])


async def test_looking_for_the_shoppers_name_is_recorded_with_its_purpose(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    (look,) = await there.events(one.shopper.id)
    assert (look["action"], look["purpose"]) == ("shopper.read", "keep out of a report who made the visit")


async def test_releasing_twice_is_once(there: ShopWorld) -> None:
    one = await approved(there)
    assert await release(one) == await release(one)
    assert len(await readable(there)) == 1


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ({"time_precision": "wave"}, "November"),
        ({"time_precision": "daypart"}, "morning, week 1"),
        ({"time_precision": "hour"}, "22 November 2026, 09:00 to 10:00"),
        ({"time_precision": "minute"}, "22 November 2026, 09:30"),
        ({"time_precision": "minute", "employee_id_mode": "none"}, "November"),
    ],
)
async def test_the_time_is_told_as_finely_as_the_campaign_says(
    there: ShopWorld, columns: dict[str, str], shown: str
) -> None:
    await there.configure(**columns)
    one = await approved(there)
    await release(one)
    assert (await snapshot(one))["time_shown"] == shown


async def test_where_one_person_works_alone_only_the_wave_is_told(there: ShopWorld) -> None:
    await there.configure(time_precision="minute")
    store = await there.location("CK-100", is_single_staffed=True)
    one = await approved(there, location_id=store)
    await release(one)
    assert (await snapshot(one))["time_shown"] == "November"


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("none", []),
        ("role", [("E1", "barista", None, None)]),
        ("description", [("E1", "barista", None, "red apron")]),
        ("name", [("E1", "barista", "Tamsin Vale", "red apron")]),
    ],
)
async def test_employees_leave_as_the_campaign_says(there: ShopWorld, mode: str, told: list[tuple[str, ...]]) -> None:
    await there.configure(employee_id_mode=mode)
    one = await approved(there)
    await release(one)
    rows = await there.owner.fetch(
        "SELECT token, role, name, description FROM release.shop_employee WHERE report_id = $1",
        (await snapshot(one))["id"],
    )
    assert [tuple(row) for row in rows] == told


async def test_names_of_employees_go_when_their_time_is_over(there: ShopWorld) -> None:
    await there.configure(employee_id_mode="name")
    one = await approved(there)
    await release(one)
    assert await service.purge_employees(NOW + 180 * DAY) >= 1
    stands = await snapshot(one)
    row = await there.owner.fetchrow("SELECT * FROM release.shop_employee WHERE report_id = $1", stands["id"])
    assert (row["name"], row["description"], row["role"]) == (None, None, "barista")


async def test_words_stay_behind_where_the_campaign_shows_none(there: ShopWorld) -> None:
    await there.configure(is_narrative_shown=False)
    one = await approved(there)
    await release(one)
    assert STORY not in str(await snapshot(one))
    assert COMMENT not in str(await snapshot(one))


@pytest.mark.parametrize(("mode", "count"), [("redacted", 1), ("none", 0)])
async def test_pictures_leave_as_redacted_copies_or_not_at_all(there: ShopWorld, mode: str, count: int) -> None:
    await there.configure(picture_mode=mode)
    one = await approved(there)
    await release(one)
    rows = await there.owner.fetch(
        "SELECT media_key FROM release.shop_picture WHERE report_id = $1", (await snapshot(one))["id"]
    )
    assert len(rows) == count
    for row in rows:
        content = await media_of(there.settings).read(row["media_key"], limit_bytes=100_000)
        assert row["media_key"] != one.media_key
        assert one.secret not in content


@pytest.mark.parametrize("mode", ["audio", "video"])
async def test_a_recording_never_leaves_and_no_role_of_a_client_can_reach_one(there: ShopWorld, mode: str) -> None:
    await there.configure(recording_mode=mode, picture_mode="redacted", receipt_mode="redacted")
    one = await approved(there)
    key = await media_of(there.settings).put("recordings", b"a voice", limit_bytes=100)
    await there.owner.execute(
        "INSERT INTO field.recording (affiliate_id, report_id, kind, state, media_key, digest, size_bytes, declared_at,"
        " created_at) SELECT affiliate_id, id, 'audio', 'ready', $2, decode('00', 'hex'), 7, now(), now()"
        " FROM field.report WHERE shop_id = $1",
        one.shop_id,
        key,
    )
    await release(one)
    stands = await snapshot(one)
    pictures = await there.owner.fetch(
        "SELECT kind, media_key FROM release.shop_picture WHERE report_id = $1", stands["id"]
    )
    assert key not in str(stands)
    assert "record" not in str(stands["snapshot"]).lower()
    assert [
        picture for picture in pictures if picture["media_key"] == key or picture["kind"] in ("audio", "film")
    ] == []
    for role in ("candour_client", "candour_releaser"):
        may = "SELECT has_table_privilege($1, 'field.recording', 'SELECT, INSERT, UPDATE, DELETE')"
        assert not await there.owner.fetchval(may, role)


async def test_a_failed_visit_is_told_to_the_viewers_in_scope_without_a_word_of_it(there: ShopWorld) -> None:
    inside, outside = (
        await viewer_with_key(there, there.root_id),
        await viewer_with_key(there, await there.location("CK-200")),
    )
    one = await approved(there, coded=BAD)
    report_ref = await release(one)
    rows = await there.owner.fetch(
        "SELECT recipient_id, context, is_bulk FROM ops.delivery WHERE kind = $1", service.ALERT_KIND
    )
    mails = {row["recipient_id"]: row for row in rows}
    assert (inside in mails, outside in mails) == (True, False)
    assert str(report_ref) in str(mails[inside]["context"])
    assert not mails[inside]["is_bulk"]


async def alerted(there: ShopWorld, account_id: UUID) -> int:
    """How often somebody is told that a visit has failed."""
    query = "SELECT count(*) FROM ops.delivery WHERE kind = $1 AND recipient_id = $2"
    found: int = await there.owner.fetchval(query, service.ALERT_KIND, account_id)
    return found


async def test_a_visit_that_fails_by_an_appeal_alone_is_told_once_too(there: ShopWorld) -> None:
    viewer, media = await viewer_with_key(there, there.root_id), media_of(there.settings)
    one = await approved(there)
    await release(one)
    assert await alerted(there, viewer) == 0
    await there.owner.execute("UPDATE field.report SET coded = $2 WHERE id = $1", one.report_id, json.dumps(BAD))
    for told in (1, 1):
        async with there.transaction():
            await service.release_again(there.scope, there.settings, media, one.shop_id, NOW)
        assert await alerted(there, viewer) == told


async def test_whoever_releases_reads_why_a_capped_score_is_less_than_its_sections(
    site: Site, there: ShopWorld
) -> None:
    editor = await site.signed_in(there.affiliate_id, "editor")
    failed, good = await approved(there, coded=BAD), await approved(there)
    words = "held lower here by an answer that fails the visit"
    assert words in (await editor.get(f"/releases/{failed.shop_id}")).text
    assert words not in (await editor.get(f"/releases/{good.shop_id}")).text
    await release(failed)
    assert words in (await editor.get(f"/releases/{failed.shop_id}")).text


async def test_no_report_is_recalled_for_a_reason_that_nobody_chose(site: Site, there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    admin = await site.signed_in(there.affiliate_id, "affiliate_admin")
    assert '<option value="">Choose why</option>' in (await admin.get(f"/releases/{one.shop_id}")).text
    await admin.post(f"/releases/{one.shop_id}/recall", {"reason": ""})
    assert "Choose why the report is taken back" in (await admin.get(f"/releases/{one.shop_id}")).text
    assert await there.state_of(one.shop_id) == "RELEASED"
    await admin.post(f"/releases/{one.shop_id}/recall", {"reason": "client_asked"})
    assert await there.state_of(one.shop_id) == "APPROVED"


async def test_a_recall_withdraws_at_once_and_leaves_a_tombstone(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release(one)
    assert len(await readable(there)) == 1
    async with there.transaction():
        await service.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    assert await readable(there) == []
    stone = await there.owner.fetchrow("SELECT * FROM release.shop_tombstone WHERE report_ref = $1", report_ref)
    assert stone["withdrawn_on"] == NOW.date()
    assert await there.state_of(one.shop_id) == "APPROVED"


async def test_recalling_twice_is_once(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    for _ in range(2):
        async with there.transaction():
            await service.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    assert [row["action"] for row in await there.events(one.shop_id)].count("shop.recall") == 1


async def test_what_was_recalled_can_be_released_anew_under_another_reference(there: ShopWorld) -> None:
    one = await approved(there)
    first = await release(one)
    async with there.transaction():
        await service.recall_shop(there.scope, one.shop_id, "wrong_place", NOW)
    second = await release(one)
    assert second != first
    assert [row["report_ref"] for row in await readable(there)] == [second]


async def test_a_hold_hides_at_once_and_lifting_it_shows_again(there: ShopWorld) -> None:
    one = await approved(there)
    await release(one)
    async with there.transaction():
        await visits.hold(there.scope, one.shop_id, HoldReason.CLIENT_ASKED, NOW)
    assert await readable(there) == []
    async with there.transaction():
        await visits.lift_hold(there.scope, one.shop_id, NOW)
    assert len(await readable(there)) == 1
