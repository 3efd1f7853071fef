"""Changing what a shopper wrote: with a reason, kept for ever, shown to the shopper, and without what was taken out."""

from datetime import timedelta

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.questionnaires.domain import Definition, Item, Kind, Section, in_currency
from survey.shops.reviews import service
from survey.shops.reviews.domain import Edit, in_words
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import STORY, Desk
from tests.web_client import Site


async def test_an_answer_is_not_changed_without_a_reason(desk: Desk) -> None:
    await desk.pick_up()
    answer = await desk.do("answers/clean", clean="3")
    assert answer.status_code == 422
    assert "the shopper reads it" in answer.text
    assert (await desk.opened()).report.coded["clean"] == 5


async def test_an_answer_that_the_question_does_not_know_is_refused(desk: Desk) -> None:
    await desk.pick_up()
    assert (await desk.do("answers/clean", clean="17", reason="Typo")).status_code == 422


async def test_a_question_of_another_questionnaire_is_not_found(desk: Desk) -> None:
    await desk.pick_up()
    assert (await desk.do("answers/nothing", nothing="3", reason="Typo")).status_code == 404


@pytest.mark.parametrize("part", ["answers/clean", "texts/improve"])
async def test_who_does_not_hold_the_report_changes_nothing_and_is_told_why(site: Site, desk: Desk, part: str) -> None:
    await desk.pick_up()
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    answer = await second.post(f"{desk.base}/{part}", {"clean": "3", "text": "Other words", "reason": "Typo"})
    assert (answer.status_code, answer.headers["location"]) == (303, desk.base)
    assert "Somebody else has this report in review" in (await second.get(desk.base)).text
    assert (await desk.opened()).edits == []


async def test_whoever_reads_a_report_is_on_record(site: Site, desk: Desk) -> None:
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    await second.get(desk.base)
    [event] = await desk.there.events(desk.report_id)
    assert (event["action"], event["actor_id"]) == ("report.read", second.account_id)
    assert (event["subject_id"], event["purpose"]) == (desk.shopper.id, service.REVIEW)


async def test_a_report_that_is_nobodys_any_more_is_still_not_read_unseen(site: Site, desk: Desk) -> None:
    await desk.there.owner.execute("DELETE FROM identity.assignment WHERE shop_id = $1", desk.shop_id)
    await desk.editor.get(desk.base)
    [event] = await desk.there.events(desk.report_id)
    assert (event["action"], event["subject_id"]) == ("report.look", None)


async def test_a_page_that_is_loaded_again_is_one_look_and_coming_back_is_another(site: Site, desk: Desk) -> None:
    for seconds in (0, 30, 59, 61):
        site.clock.now = NOW + timedelta(seconds=seconds)
        await desk.editor.get(desk.base)
    assert [event["at"] for event in await desk.there.events(desk.report_id)] == [NOW, NOW + timedelta(seconds=61)]


async def test_a_changed_answer_keeps_old_new_and_reason(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("answers/clean", clean="3", reason="The picture shows a spill")
    found = await desk.opened()
    assert found.report.coded["clean"] == 3
    [edit] = found.edits
    assert (edit.old, edit.new, edit.reason, edit.origin, edit.n) == (5, 3, "The picture shows a spill", "editor", 1)


async def test_a_changed_answer_is_shown_in_the_words_of_the_question(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("answers/found_all", found_all="no", reason="The story says so")
    shopper = await desk.there.signed_in(site, desk.shopper)
    for page in (await desk.page(), (await shopper.get(f"/shopper/shops/{desk.shop_id}/review")).text):
        assert "Before: <del>Yes</del>" in page
        assert "Now: <ins>No</ins>" in page


async def test_of_a_long_answer_the_shopper_reads_what_was_changed_and_not_all_of_it(site: Site, desk: Desk) -> None:
    story = " ".join(f"part{number}" for number in range(80))
    await desk.write("improve", story)
    await desk.pick_up()
    await desk.do("texts/improve", text=story.replace("part40", "nothing"), reason="Shorter")
    shopper = await desk.there.signed_in(site, desk.shopper)
    page = (await shopper.get(f"/shopper/shops/{desk.shop_id}/review")).text
    assert '<del><span class="visually-hidden">taken out: </span>part40</del>' in page
    assert '<ins><span class="visually-hidden">put in: </span>nothing</ins>' in page
    assert ("part39" in page, "part10 " in page, "part70" in page) == (True, False, False)


async def test_the_same_change_twice_is_one(desk: Desk) -> None:
    await desk.pick_up()
    for _ in range(2):
        await desk.do("answers/clean", clean="3", reason="The picture shows a spill")
    assert len((await desk.opened()).edits) == 1


@pytest.mark.parametrize(
    ("part", "fields"), [("answers/clean", {"clean": "5"}), ("texts/improve", {"text": STORY})], ids=["answer", "words"]
)
async def test_what_stands_already_is_not_said_to_be_changed(desk: Desk, part: str, fields: dict[str, str]) -> None:
    await desk.pick_up()
    await desk.page()
    await desk.do(part, **fields)
    page = await desk.page()
    assert "nothing was changed" in page
    assert "The change is kept" not in page
    assert (await desk.opened()).edits == []


async def test_the_score_follows_a_changed_answer(desk: Desk) -> None:
    await desk.there.configure(scoring={"items": {"clean": {"points": 4}}})
    await desk.pick_up()
    await desk.do("answers/clean", clean="3", reason="The picture shows a spill")
    percent = await desk.there.owner.fetchval("SELECT score_percent FROM field.report WHERE id = $1", desk.report_id)
    assert percent == 50


async def test_an_answer_that_fails_the_visit_is_marked_where_it_stands(desk: Desk) -> None:
    rule = {"points": 4, "points_by": {"yes": 4}, "fails": ["no"]}
    await desk.there.configure(scoring={"items": {"found_all": rule}})
    assert "Fails the visit" not in await desk.page()
    await desk.pick_up()
    await desk.do("answers/found_all", found_all="no", reason="The picture shows it")
    page = await desk.page()
    answers = page[page.index('id="q-found_all"') :]
    assert -1 < answers.index("Fails the visit") < answers.index("</dt>")


async def test_a_change_is_recorded_without_a_word_of_it(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("texts/improve", text="The server was kind.", reason="Shorter")
    [event] = await desk.there.events(desk.report_id)
    assert event["action"] == "review.edit"
    assert "kind" not in str(event["detail"])


async def test_changes_cannot_be_altered_or_removed(desk: Desk) -> None:
    for statement in ("UPDATE field.report_edit SET origin = 'appeal'", "DELETE FROM field.report_edit"):
        async with transaction(Role.STAFF, affiliate=desk.there.affiliate_id) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
            await connection.execute("ROLLBACK; BEGIN")


async def test_words_lie_under_seal(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("texts/improve", text="Zanzibar was served by a quick server.", reason="Quoting Zanzibar")
    await desk.do("notes", question="improve", note="Zanzibar, please")
    for table in ("report_edit", "report_note", "report_text", "review"):
        rows = await desk.there.owner.fetch(f"SELECT t::text AS row FROM field.{table} t")
        assert all("Zanzibar" not in row["row"] and b"Zanzibar".hex() not in row["row"] for row in rows)


async def test_the_scan_marks_names_and_numbers_in_the_story(desk: Desk) -> None:
    await desk.pick_up()
    assert [kind for kind, _ in await desk.findings()] == ["name", "name", "card"]
    page = await desk.page()
    assert '<mark title="a person’s name">Anna</mark>' in page


async def test_the_shoppers_own_name_is_found_without_being_shown_elsewhere(desk: Desk) -> None:
    await desk.write("improve", "I said that I am Robin.")
    await desk.pick_up()
    assert [kind for kind, _ in await desk.findings()] == ["author"]
    await desk.clean()
    assert await desk.text() == "I said that I am [the shopper]."


async def test_a_name_goes_from_every_text_of_the_report(desk: Desk) -> None:
    await desk.write("praise", "Anna smiled.")
    await desk.pick_up()
    await desk.clean()
    assert await desk.text("praise") == "[staff member] smiled."


async def test_a_card_number_cannot_be_left(desk: Desk) -> None:
    await desk.pick_up()
    digest = dict(await desk.findings())["card"]
    await desk.do("findings", field="improve", finding=digest, act="leave")
    assert "may not stay" in await desk.page()
    assert "card" in dict(await desk.findings())


async def test_a_name_is_not_left_without_a_reason(desk: Desk) -> None:
    await desk.pick_up()
    answer = await desk.do("findings", field="improve", finding=(await desk.findings())[0][1], act="leave")
    assert (answer.status_code, "Say in a few words why it may stay" in answer.text) == (422, True)
    assert [kind for kind, _ in await desk.findings()] == ["name", "name", "card"]


async def test_a_name_that_names_nobody_is_left_with_a_reason(desk: Desk) -> None:
    await desk.pick_up()
    name = (await desk.findings())[0][1]
    await desk.do("findings", field="improve", finding=name, act="leave", reason="The doll on the till")
    assert [kind for kind, _ in await desk.findings()] == ["card"]


async def test_what_is_taken_out_is_gone_from_the_trail_too(desk: Desk) -> None:
    await desk.pick_up()
    await desk.clean()
    text, found = await desk.text(), await desk.opened()
    assert "4111" not in text
    assert "[card number]" in text
    assert all("4111" not in f"{edit.old}{edit.new}{edit.reason}" for edit in found.edits)
    assert all("Anna" not in f"{edit.old}{edit.new}{edit.reason}" for edit in found.edits)


async def test_replacing_twice_says_that_it_is_done(desk: Desk) -> None:
    await desk.pick_up()
    digest = dict(await desk.findings())["card"]
    for _ in range(2):
        assert (await desk.do("findings", field="improve", finding=digest, act="replace")).status_code == 303
    assert "dealt with already" in await desk.page()


async def test_where_a_campaign_says_nothing_of_people_no_token_is_made(desk: Desk) -> None:
    await desk.pick_up()
    digest = dict(await desk.findings())["name"]
    await desk.do("findings", field="improve", finding=digest, act="token", role="server", name="Anna")
    assert "says nothing of people" in await desk.page()
    assert (await desk.opened()).mentions == []


@pytest.mark.parametrize(("mode", "kept"), [("role", False), ("name", True)])
async def test_a_token_stands_for_as_much_as_the_campaign_allows(desk: Desk, mode: str, kept: bool) -> None:
    await desk.there.configure(employee_id_mode=mode)
    await desk.pick_up()
    digest = dict(await desk.findings())["name"]
    fields = {"name": "Anna"} if kept else {}
    await desk.do("findings", field="improve", finding=digest, act="token", role="server", **fields)
    found = await desk.opened()
    assert (await desk.text()).startswith("My server [E1] was kind. [E1] wrote")
    [person] = found.mentions
    assert (person.token, person.role, person.name) == ("E1", "server", "Anna" if kept else "")


async def test_a_name_is_refused_where_only_roles_are_kept(desk: Desk) -> None:
    await desk.there.configure(employee_id_mode="role")
    await desk.pick_up()
    digest = dict(await desk.findings())["name"]
    await desk.do("findings", field="improve", finding=digest, act="token", role="server", name="Anna")
    assert "keeps no names" in await desk.page()


async def test_names_of_staff_go_on_their_own_clock(desk: Desk) -> None:
    await desk.there.configure(employee_id_mode="name")
    await desk.pick_up()
    digest = dict(await desk.findings())["name"]
    await desk.do("findings", field="improve", finding=digest, act="token", role="server", name="Anna")
    await service.purge_mentions(NOW + timedelta(days=180))
    assert [each.name for each in (await desk.opened()).mentions] == ["Anna"]
    await service.purge_mentions(NOW + timedelta(days=181))
    [person] = (await desk.opened()).mentions
    assert (person.token, person.role, person.name) == ("E1", "server", "")
    query = "SELECT detail FROM ledger.event WHERE affiliate_id = $1 AND action = 'retention.sweep'"
    [detail] = [row["detail"] for row in await desk.there.owner.fetch(query, desk.there.affiliate_id)]
    assert detail == '{"n": 1, "what": "mentions"}'


async def test_names_of_staff_stay_while_the_law_holds_the_shop(desk: Desk) -> None:
    await desk.there.configure(employee_id_mode="name")
    await desk.pick_up()
    digest = dict(await desk.findings())["name"]
    await desk.do("findings", field="improve", finding=digest, act="token", role="server", name="Anna")
    await desk.there.owner.execute("UPDATE field.shop SET is_legal_hold = true WHERE id = $1", desk.shop_id)
    await service.purge_mentions(NOW + timedelta(days=181))
    assert [person.name for person in (await desk.opened()).mentions] == ["Anna"]


async def test_the_shopper_sees_what_was_changed_in_their_name(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("answers/clean", clean="3", reason="The picture shows a spill")
    browser = await desk.there.signed_in(site, desk.shopper)
    page = await browser.get(f"/shopper/shops/{desk.shop_id}/review")
    assert page.status_code == 200
    assert "The picture shows a spill" in page.text


async def test_while_nobody_has_read_a_report_its_page_says_so(site: Site, desk: Desk) -> None:
    browser = await desk.there.signed_in(site, desk.shopper)
    page = await browser.get(f"/shopper/shops/{desk.shop_id}/review")
    assert (page.status_code, "Nobody has decided about it yet" in page.text) == (200, True)
    held = await desk.there.shop("ASSIGNED", desk.shopper)
    assert (await browser.get(f"/shopper/shops/{held}/review")).status_code == 404


async def test_another_shopper_sees_nothing_of_it(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    other = await desk.there.signed_in(site, await desk.there.shopper("Kim Other"))
    assert (await other.get(f"/shopper/shops/{desk.shop_id}/review")).status_code == 404


async def test_a_choice_is_changed_like_any_other_answer(desk: Desk) -> None:
    await desk.pick_up()
    was = (await desk.opened()).report.coded["found_all"]
    other = "no" if was == "yes" else "yes"
    await desk.do("answers/found_all", found_all=other, reason="The receipt shows all of it")
    found = await desk.opened()
    assert found.report.coded["found_all"] == other
    assert [(edit.old, edit.new) for edit in found.edits] == [(was, other)]
    assert [(edit.old, edit.new) for edit in found.edits_in_words] == [(was.capitalize(), other.capitalize())]


def test_a_change_is_told_in_words_and_money_in_its_currency() -> None:
    paid = Item("paid", Kind.MONEY, "What did you pay?")
    asked = in_currency(Definition("Visit", sections=(Section("s", "S", items=(paid,)),)), "GBP")
    edits = [
        Edit("paid", 1, NOW, "editor", None, 695, "As the receipt says"),
        Edit("paid-comment", 1, NOW, "editor", "old", "new", "Shorter", is_text=True),
    ]
    assert [(edit.old, edit.new) for edit in in_words(edits, asked)] == [(None, "GBP 6.95"), ("old", "new")]
