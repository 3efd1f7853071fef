"""The wizard, as staff use it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import asyncpg
import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.db import Role, Scope, transaction
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.shoppers import service as shoppers
from survey.shoppers.domain import BandQuestion
from survey.shops.campaigns import queries
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import ItemScore, Scoring, html_of
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import Planned

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAGES = ("", "/scoring", "/guidelines", "/guidelines/new", "/guidelines/1", "/scenarios", "/waves/new",
         *(f"/edit/{part}" for part in ("basics", "questionnaire", "rotation", "requirements", "privacy")))  # fmt: skip
BASICS = {
    "name": "Winter", "kind": "in_person", "currency": "USD", "fee_cents": "15.50", "reimbursement_cap_cents": "8",
    "attempt_fee_cents": "", "bonus_ladder": "2 days: 6\n7 days: 3.00", "report_due_hours": "24", "grace_hours": "24",
    "offer_hours": "24", "return_hours": "24", "appeal_days": "14", "pay_days": "30",
}  # fmt: skip


SAYING_LEAST = {
    "employee_id_mode": "none", "time_precision": "wave", "demographics_mode": "none", "recording_mode": "none",
    "picture_mode": "none", "receipt_mode": "none",
}  # fmt: skip


@pytest.fixture
async def scheduler(site: Site, world: World) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(world.alices.affiliate_id, "scheduler")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def save(browser: Browser, url: str, fields: Mapping[str, str | list[str]], status: int = 303) -> str:
    """Open a page and send its form with the revision it holds; the answer's text."""
    revision = hidden((await browser.get(url)).text, "revision")
    answer = await browser.post(url, {"revision": revision} | dict(fields))
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


async def test_strangers_sign_in_and_other_tenants_and_roles_find_nothing(
    site: Site, world: World, winter: Planned
) -> None:
    stranger = await site.visitor()
    assert (await stranger.get("/campaigns")).status_code == 303
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    editor = await site.signed_in(world.alices.affiliate_id, "editor")
    for page in PAGES:
        assert (await charlie.get(f"/campaigns/{winter.campaign_id}{page}")).status_code == 404
        assert (await editor.get(f"/campaigns/{winter.campaign_id}{page}")).status_code == 403
    for page in ("", "/edit"):
        assert (await charlie.get(f"/waves/{winter.wave_id}{page}")).status_code == 404
    for act in ("publish", "remove", "edit"):
        assert (await charlie.post(f"/waves/{winter.wave_id}/{act}", {"label": "X"})).status_code == 404
    assert "Winter" not in (await charlie.get("/campaigns?q=winter")).text


async def test_every_page_opens(scheduler: Browser, winter: Planned) -> None:
    for page in PAGES:
        assert (await scheduler.get(f"/campaigns/{winter.campaign_id}{page}")).status_code == 200, page
    for page in ("", "/edit"):
        assert (await scheduler.get(f"/waves/{winter.wave_id}{page}")).status_code == 200


async def test_the_list_is_filtered_by_its_address(scheduler: Browser, winter: Planned) -> None:
    assert "Winter" in (await scheduler.get("/campaigns?q=brightwater&state=draft")).text
    assert "No campaign found" in (await scheduler.get("/campaigns?state=live")).text
    assert "No campaign found" in (await scheduler.get("/campaigns?q=summer")).text
    assert (await scheduler.get("/campaigns?after=nonsense")).status_code == 404


async def test_a_campaign_is_begun_for_a_client(scheduler: Browser, winter: Planned) -> None:
    wrong = await scheduler.submit("/campaigns/new", {"name": "", "kind": "flying", "client": "x"})
    assert wrong.status_code == 422
    assert "Give the campaign a name" in wrong.text
    taken = {"name": "Winter", "kind": "phone", "client": str(winter.client_id)}
    assert "campaign of this name already" in (await scheduler.submit("/campaigns/new", taken)).text
    begun = await scheduler.submit("/campaigns/new", taken | {"name": "Calls"})
    assert begun.status_code == 303
    page = (await scheduler.get(begun.headers["location"])).text
    assert "Choose a questionnaire" in page
    assert "By telephone" in page


async def test_money_is_typed_as_people_write_it(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/basics"
    assert "Enter an amount like 12.50" in await save(scheduler, url, BASICS | {"fee_cents": "a lot"}, 422)
    assert "A bonus only grows" in await save(scheduler, url, BASICS | {"bonus_ladder": "7: 5\n2: 3"}, 422)
    twice = await save(scheduler, url, BASICS | {"bonus_ladder": "7 days: 3\n7 days: 4"}, 422)
    assert "7 days stand here twice" in twice
    await save(scheduler, url, BASICS)
    row = await superuser.fetchrow(
        "SELECT fee_cents, reimbursement_cap_cents, bonus_ladder::text FROM field.campaign WHERE id = $1",
        winter.campaign_id,
    )
    assert tuple(row) == (1550, 800, "[[7, 300], [2, 600]]")


async def test_shops_are_offered_again_by_themselves_only_where_somebody_says_so(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    url, kept = f"/campaigns/{winter.campaign_id}/edit/basics", "SELECT offers_again FROM field.campaign WHERE id = $1"
    assert await superuser.fetchval(kept, winter.campaign_id) is False
    await save(scheduler, url, BASICS | {"offers_again": "yes"})
    assert await superuser.fetchval(kept, winter.campaign_id) is True
    box = HTMLParser((await scheduler.get(url)).text).css_first("input[name=offers_again]")
    assert box is not None
    assert "checked" in box.attributes
    await save(scheduler, url, BASICS)
    assert await superuser.fetchval(kept, winter.campaign_id) is False


async def test_two_windows_do_not_overwrite_each_other(scheduler: Browser, winter: Planned) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/basics"
    old = hidden((await scheduler.get(url)).text, "revision")
    await save(scheduler, url, BASICS)
    late = await scheduler.post(url, BASICS | {"revision": old, "fee_cents": "99"})
    assert late.status_code == 409
    assert 'value="99"' in late.text


async def test_rotation_and_requirements_are_kept_as_rules(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    base = f"/campaigns/{winter.campaign_id}/edit"
    rules = {"location_days": "90", "is_household": "yes", "daily_limit": "3", "blackout": "2026-12-24 to 2026-12-26"}
    assert "Write “Christmas”" in await save(scheduler, f"{base}/rotation", {"blackout": "Christmas"}, 422)
    await save(scheduler, f"{base}/rotation", rules)
    await save(scheduler, f"{base}/requirements", {"least_grade": "7.5"})
    row = await superuser.fetchrow(
        "SELECT rotation::text, requirements::text FROM field.campaign WHERE id = $1", winter.campaign_id
    )
    assert '"location_days": 90' in row["rotation"]
    assert '"blackout": [["2026-12-24", "2026-12-26"]]' in row["rotation"]
    assert '"least_grade_tenths": 75' in row["requirements"]
    assert 'value="7.5"' in (await scheduler.get(f"{base}/requirements")).text
    assert "2026-12-24 to 2026-12-26" in (await scheduler.get(f"{base}/rotation")).text


async def asked_of_shoppers(scope: Scope) -> BandQuestion:
    """A question of the affiliate's: how old somebody is."""
    bands = (("25_34", "25 to 34"), ("35_44", "35 to 44"))
    one = BandQuestion(uuid4(), "age", "How old are you?", bands, False, "Some visits ask for it")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await shoppers.rules.add_question(scope, one, NOW)
    return one


def ticked(page: str) -> list[str]:
    """The bands whose box is ticked."""
    return re.findall(r'name="band-age" type="checkbox" value="(\w+)" checked', page)


async def test_bands_are_ticked_among_those_that_shoppers_are_offered(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/requirements"
    assert "asked nothing about themselves" in (await scheduler.get(url)).text
    await asked_of_shoppers(winter.scope)
    for wrong in ({"band-age": ["65_74"]}, {"band-height": ["tall"]}, {"band-": ["25_34"]}):
        assert "Choose bands of the list" in await save(scheduler, url, wrong, 422)
    await save(scheduler, url, {"band-age": ["25_34", "35_44", "25_34"]})
    kept = await superuser.fetchval(
        "SELECT requirements -> 'bands' FROM field.campaign WHERE id = $1", winter.campaign_id
    )
    assert kept == '{"age": ["25_34", "35_44"]}'
    assert ticked((await scheduler.get(url)).text) == ["25_34", "35_44"]
    await save(scheduler, url, {})
    assert ticked((await scheduler.get(url)).text) == []


async def test_a_band_of_before_stays_ticked_though_it_is_offered_no_longer(
    scheduler: Browser, winter: Planned
) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/requirements"
    one = await asked_of_shoppers(winter.scope)
    await save(scheduler, url, {"band-age": ["25_34", "35_44"]})
    narrower = replace(one, bands=(("25_34", "25 to 34"), ("35_99", "35 or more")))
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        await shoppers.rules.change_question(winter.scope, narrower, NOW)
    page = (await scheduler.get(url)).text
    assert ticked(page) == ["25_34", "35_44"]
    assert "35_44 (no longer offered)" in page
    await save(scheduler, url, {"band-age": ["35_44", "35_99"]})
    assert ticked((await scheduler.get(url)).text) == ["35_99", "35_44"]


async def test_the_clients_own_words_are_switched_off_and_not_on_again_once_shops_are_out(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/privacy"
    assert 'name="is_narrative_shown" type="radio" value="yes" checked' in (await scheduler.get(url)).text
    assert "Choose one of the settings" in await save(scheduler, url, SAYING_LEAST | {"is_narrative_shown": "x"}, 422)
    await scheduler.post(f"/waves/{winter.wave_id}/publish")
    await save(scheduler, url, SAYING_LEAST | {"is_narrative_shown": "no"})
    assert not await superuser.fetchval(
        "SELECT is_narrative_shown FROM field.campaign WHERE id = $1", winter.campaign_id
    )
    late = await save(scheduler, url, SAYING_LEAST | {"is_narrative_shown": "yes"}, 422)
    assert "may say less of people from now on, but not more" in late


async def test_naming_staff_needs_a_notice_and_then_goes(scheduler: Browser, winter: Planned) -> None:
    url = f"/campaigns/{winter.campaign_id}/edit/privacy"
    settings = {
        "employee_id_mode": "name", "time_precision": "daypart", "demographics_mode": "none", "recording_mode": "none",
        "picture_mode": "redacted", "receipt_mode": "amount", "is_narrative_shown": "yes",
    }  # fmt: skip
    assert "Record first that the client" in await save(scheduler, url, dict(settings), 422)
    notice = {
        "told_on": "2026-11-01", "channel": "letter", "notice_body": "Visits happen.", "attested_by": "Head of retail",
        "jurisdictions": "us-ca, GB",
    }  # fmt: skip
    early = await scheduler.post(
        f"/campaigns/{winter.campaign_id}/staff-notice", notice | {"told_on": "2030-01-01", "jurisdictions": "Mars"}
    )
    assert early.status_code == 422
    assert "Enter a day that has come" in early.text
    assert (await scheduler.post(f"/campaigns/{winter.campaign_id}/staff-notice", notice)).status_code == 303
    page = (await scheduler.get(url)).text
    assert "US-CA, GB" in page
    chosen = re.search(rf'<option value="({UUID.pattern})" selected', page)
    assert chosen
    await save(scheduler, url, settings | {"staff_notice": chosen[1]})


async def test_the_time_that_is_told_is_shown_with_the_reason(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    page, url = f"/campaigns/{winter.campaign_id}", f"/campaigns/{winter.campaign_id}/edit/privacy"
    assert "time: wave (not daypart: reports say nothing of the staff)" in (await scheduler.get(page)).text
    assert (await scheduler.get(url)).text.count("Without effect while reports say nothing") == 3
    await save(
        scheduler,
        url,
        SAYING_LEAST | {"employee_id_mode": "role", "time_precision": "hour", "is_narrative_shown": "yes"},
    )
    assert "time: hour ·" in (await scheduler.get(page)).text
    await superuser.execute(
        "UPDATE field.location SET is_single_staffed = true WHERE client_id = $1 AND code = 'L1'", winter.client_id
    )
    assert "time: hour (wave at 1 where one person works alone)" in (await scheduler.get(page)).text
    edit = (await scheduler.get(url)).text
    assert "Without effect" not in edit
    assert "At 1 location one person works alone" in edit


async def test_publishing_names_the_money_before_it_is_done(scheduler: Browser, winter: Planned) -> None:
    page = (await scheduler.get(f"/waves/{winter.wave_id}")).text
    assert "9 × USD 12.00 = USD 108.00 in fees, and up to USD 72.00 paid back for purchases" in page


async def test_a_closed_campaign_takes_no_new_version_of_its_guideline(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    before = await superuser.fetchval("SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id)
    await scheduler.post(f"/campaigns/{winter.campaign_id}/close")
    url = f"/campaigns/{winter.campaign_id}/guidelines"
    assert (await scheduler.post(f"{url}/new", {"body": "Go out.", "pass_percent": "80"})).status_code == 303
    assert "its guideline stays as it is" in (await scheduler.get(url)).text
    assert before == await superuser.fetchval(
        "SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id
    )


async def test_points_are_given_by_answer(scheduler: Browser, winter: Planned, superuser: asyncpg.Connection) -> None:
    url = f"/campaigns/{winter.campaign_id}/scoring"
    page = (await scheduler.get(url)).text
    item, code = re.search(r'name="by-([a-z0-9_]+)-([a-z0-9_]+)"', page).groups()  # type: ignore[union-attr]
    assert "say how many points each answer earns" in await save(scheduler, url, {f"points-{item}": "5"}, 422)
    fields: dict[str, str | list[str]] = {
        f"points-{item}": "5", f"weight-{item}": "2", f"by-{item}-{code}": "5", f"fails-{item}": [code],
        f"cap-{item}": "20", f"comment-{item}": "yes",
    }  # fmt: skip
    await save(scheduler, url, fields)
    stored = await superuser.fetchval(
        "SELECT scoring -> 'items' -> $2 FROM field.campaign WHERE id = $1", winter.campaign_id, item
    )
    assert f'"fails": ["{code}"]' in stored
    assert '"cap_percent": 20' in stored
    assert "1 scored question" in (await scheduler.get(f"/campaigns/{winter.campaign_id}")).text


VISIT = Definition(
    "A visit",
    sections=(
        Section(
            "s",
            "Service",
            items=(
                Item("joined", Kind.TIME, "When did you join the queue?"),
                Item("served", Kind.TIME, "When were you served?"),
                Item("counted", Kind.NUMBER, "Seconds on your watch"),
                Item("paid", Kind.MONEY, "What did you pay?"),
                Item("kind", Kind.SINGLE, "Were they kind?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
                Item("story", Kind.LONG_TEXT, "What happened?", help="Name nobody"),
            ),
        ),
    ),
)


@pytest.fixture
async def scored(winter: Planned) -> str:
    """The scoring page of a campaign whose questionnaire asks for times, money and words."""
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        await questionnaires.create(winter.scope, "Times", VISIT, NOW)
        version_id = next(each.version_id for each in await questionnaires.usable_versions(winter.scope)
                          if each.name == "Times")  # fmt: skip
        revision = (await queries.campaign_in(winter.scope, winter.campaign_id)).revision
        await campaigns.edit(winter.scope, winter.campaign_id, revision, {"version_id": version_id}, NOW)
    return f"/campaigns/{winter.campaign_id}/scoring"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"points-served": "5"}, "earns points only where a waiting time ends with it"),
        ({"points-paid": "5"}, "earns points only where a waiting time ends with it"),
        ({"start-0": "joined", "end-0": "counted", "seconds-0": "120"}, "two times of the day, or two numbers"),
        ({"start-0": "joined", "end-0": "paid", "seconds-0": "120"}, "two different questions"),
        ({"start-0": "served", "end-0": "served", "seconds-0": "120"}, "two different questions"),
        ({"start-0": "joined", "end-0": "served", "seconds-0": "0"}, "Enter a whole number from 1"),
        ({"words-story": "many"}, "Enter a whole number from 0 to 500"),
        ({"comment_words": "501"}, "Enter a whole number from 0 to 500"),
    ],
)
async def test_a_scoring_that_cannot_work_says_so_and_keeps_what_was_typed(
    scheduler: Browser, scored: str, fields: dict[str, str], words: str
) -> None:
    page = await save(scheduler, scored, dict(fields), 422)
    assert words in page
    name, value = next(iter(fields.items()))
    assert f'value="{value}" selected' in page or re.search(rf'name="{name}"[^>]* value="{value}"', page)


async def test_times_comments_bonus_and_words_are_set_and_shown_again(
    scheduler: Browser, scored: str, superuser: asyncpg.Connection, winter: Planned
) -> None:
    page = (await scheduler.get(scored)).text
    assert "Words are not scored" in page
    assert re.findall(r'<option value="(\w+)">Service: ', page)[:3] == ["joined", "served", "counted"]
    assert '<option value="paid">' not in page
    fields: dict[str, str | list[str]] = {
        "start-0": "joined", "end-0": "served", "seconds-0": "300", "points-served": "5", "words-story": "30",
        "comment_below_top": "yes", "comment_words": "8", "is_over_hundred": "yes", "points-kind": "2",
        "by-kind-yes": "2", "fails-kind": ["no"], "cap-kind": "40", "scope-kind": "section", "words-kind": "12",
        "bonus-kind": "yes",
    }  # fmt: skip
    await save(scheduler, scored, fields)
    stored = await superuser.fetchval("SELECT scoring FROM field.campaign WHERE id = $1", winter.campaign_id)
    assert msgspec.json.decode(stored, type=Scoring) == Scoring(
        items={
            "served": ItemScore(points=5, weight=0),
            "kind": ItemScore(2, 0, (), ("no",), 40, False, {"yes": 2}, 12, True, True),
            "story": ItemScore(points=0, min_words=30),
        },
        timings=(("joined", "served", 300),),
        is_comment_asked=True,
        comment_words=8,
        is_over_hundred=True,
        has_shares=True,
    )
    again = (await scheduler.get(scored)).text
    for shown in ('name="comment_below_top" type="checkbox" value="yes" checked', 'value="section" selected'):
        assert shown in again


async def test_a_new_campaign_has_shares_and_may_choose_that_weights_multiply(
    scheduler: Browser, scored: str, superuser: asyncpg.Connection, winter: Planned
) -> None:
    mode = "SELECT coalesce((scoring ->> 'has_shares')::bool, false) FROM field.campaign WHERE id = $1"
    assert await superuser.fetchval(mode, winter.campaign_id)
    await save(scheduler, scored, {"section_mode": "factor", "points-kind": "2", "by-kind-yes": "2"})
    assert not await superuser.fetchval(mode, winter.campaign_id)
    assert re.search(r'value="factor"[^>]*checked', (await scheduler.get(scored)).text)


async def test_sections_are_folded_and_tell_their_share_and_a_fault_unfolds_its_own(
    scheduler: Browser, scored: str
) -> None:
    await save(scheduler, scored, {"points-kind": "2", "by-kind-yes": "2", "weight-kind": "1"})
    page = (await scheduler.get(scored)).text
    assert "100.0 % of the total" in page
    assert '<details class="fold">' in page
    assert '<details class="fold" open>' not in page
    assert '<details class="fold" open>' in await save(scheduler, scored, {"words-story": "many"}, 422)


async def test_a_trial_tells_the_score_and_keeps_nothing(
    site: Site, world: World, scheduler: Browser, scored: str, superuser: asyncpg.Connection
) -> None:
    editor = await site.signed_in(world.alices.affiliate_id, "editor")
    assert (await editor.get(f"{scored}/trial")).status_code == 403
    assert "No question is scored yet" in (await scheduler.get(f"{scored}/trial")).text
    fields = {"points-kind": "4", "weight-kind": "1", "by-kind-yes": "4", "by-kind-no": "1",
              "points-served": "4", "weight-served": "1", "start-0": "joined", "end-0": "served", "seconds-0": "60",
              "start-1": "", "end-1": ""}  # fmt: skip
    await save(scheduler, scored, fields)
    events = await superuser.fetchval("SELECT count(*) FROM ledger.event")
    page = (await scheduler.get(f"{scored}/trial?q-kind=no&q-joined=10:00&q-served=10:01&q-kind=nonsense")).text
    assert '<td class="number" data-label="Score">62.5</td>' in page
    assert "What comes of it" not in (await scheduler.get(f"{scored}/trial?q-kind=maybe&q-paid=5")).text
    assert await superuser.fetchval("SELECT count(*) FROM ledger.event") == events


async def test_a_guideline_is_previewed_put_into_force_and_compared(scheduler: Browser, winter: Planned) -> None:
    base = f"/campaigns/{winter.campaign_id}/guidelines"
    fields = {"body": "# Go in\n\nOrder a **tea**. <b>x</b>", "quiz": "Q?\n* a\n- b", "pass_percent": "100"}
    preview = await scheduler.post(f"{base}/new", fields | {"act": "preview"})
    assert "<strong>tea</strong>" in preview.text
    assert "&lt;b&gt;x" in preview.text
    assert (await scheduler.get(f"{base}/2")).status_code == 404
    wrong = await scheduler.post(f"{base}/new", fields | {"quiz": "Q?\n- a\n- b"})
    assert "put * before the right answer" in wrong.text
    written = await scheduler.post(f"{base}/new", fields)
    assert written.headers["location"] == f"{base}/2"
    changes = (await scheduler.get(f"{base}/2?against=1")).text
    assert "<del>Order a *coffee*.</del>" in changes
    assert str(html_of("# Go in")) in (await scheduler.get(f"{base}/1")).text


async def test_scenarios_are_added_changed_and_removed(scheduler: Browser, winter: Planned) -> None:
    base = f"/campaigns/{winter.campaign_id}/scenarios"
    assert (await scheduler.post(base, {"name": ""})).status_code == 422
    assert (await scheduler.post(base, {"name": "A parent", "body": "Push a pram."})).status_code == 303
    page = (await scheduler.get(base)).text
    scenario = re.search(rf"\?scenario=({UUID.pattern})", page)
    assert scenario
    await scheduler.post(base, {"scenario": scenario[1], "name": "A grandparent"})
    assert "A grandparent" in (await scheduler.get(base)).text
    assert (await scheduler.post(f"/scenarios/{scenario[1]}/remove")).status_code == 303
    assert "A grandparent" not in (await scheduler.get(base)).text
    assert (await scheduler.get(f"{base}?scenario={scenario[1]}")).status_code == 404


async def test_a_wave_is_planned_previewed_and_published_once(scheduler: Browser, winter: Planned) -> None:
    url = f"/campaigns/{winter.campaign_id}/waves/new"
    assert 'value="December 2026"' in (await scheduler.get(url)).text
    wave = {"label": "Late", "starts_on": "2026-12-01", "ends_on": "2026-12-31", "part-any": "1", "own": "L1 any 0"}
    wrong = await scheduler.submit(url, wave | {"own": "Z9 any 2", "ends_on": "2026-11-01"})
    assert "no store with the code Z9" in wrong.text
    assert "The last day comes before the first" in wrong.text
    planned = await scheduler.submit(url, wave)
    page = (await scheduler.get(planned.headers["location"])).text
    assert "2 shops at 2 locations" in page
    assert (await scheduler.post(f"{planned.headers['location']}/publish")).status_code == 303
    page = (await scheduler.get(planned.headers["location"])).text
    assert "2 shops made" in page
    assert f"/shops?campaign={winter.campaign_id}&amp;wave=" in page
    assert (await scheduler.post(f"{planned.headers['location']}/publish")).status_code == 303
    assert (await scheduler.post(f"{planned.headers['location']}/remove")).status_code == 303
    assert "2 shops made" in (await scheduler.get(planned.headers["location"])).text


async def test_a_wave_that_cannot_be_published_says_why(
    scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.location SET status = 'closed' WHERE client_id = $1", winter.client_id)
    page = (await scheduler.get(f"/waves/{winter.wave_id}")).text
    assert "None of the client&#39;s locations is open" in page
    assert ">Publish</button>" not in page
    refused = await scheduler.post(f"/waves/{winter.wave_id}/publish")
    assert refused.status_code == 422


async def test_a_wave_is_laid_out_first_and_opened_to_shoppers_later(
    site: Site, scheduler: Browser, winter: Planned, superuser: asyncpg.Connection
) -> None:
    url = f"/waves/{winter.wave_id}"
    assert "Lay out as drafts" in (await scheduler.get(url)).text
    assert (await scheduler.post(f"{url}/lay-out")).status_code == 303
    page = (await scheduler.get(url)).text
    assert "Laid out: 9 shops at 3 locations" in page
    assert "9 drafts: no shopper sees them yet" in page
    await superuser.execute(
        "UPDATE field.location SET status = 'closed' WHERE client_id = $1 AND code = 'L1'", winter.client_id
    )
    assert (await scheduler.post(f"{url}/open")).status_code == 303
    page = (await scheduler.get(url)).text
    assert "Opened: 6 shops; 3 left out: the location is closed" in page
    assert "3 drafts" in page
