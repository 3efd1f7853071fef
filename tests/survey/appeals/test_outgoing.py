"""What staff write about a visit is looked through before it leaves; what a client types is kept without numbers."""

import pytest

from survey.appeals.domain import LONGEST_TEXT
from survey.appeals.service.outgoing import kept
from tests.survey.appeals.conftest import Case
from tests.survey.appeals.test_wishes import ASKED, NO, YES, manager_of, new_shops, state_of, wished
from tests.web_client import Site

CARD = "4111 1111 1111 1111"


async def _code(case: Case) -> str:
    query = "SELECT display_code FROM identity.shopper WHERE id = $1"
    found: str = await case.one.there.owner.fetchval(query, case.one.shopper.id)
    return found


@pytest.mark.parametrize("event", ["resolve", "decline", "ask_client"])
async def test_words_with_the_shoppers_code_do_not_reach_the_client(case: Case, event: str) -> None:
    appeal_id, code = await case.raised(), await _code(case)
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": event, "words": f"Our {code} was asked."})
    assert answer.status_code == 422
    assert "Take out: code" in answer.text
    assert f"Our {code} was asked." in answer.text
    assert code not in (await case.head.get(f"/portal/appeals/{appeal_id}")).text


async def test_words_with_our_number_of_the_visit_do_not_reach_the_client(case: Case) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.post(
        f"/appeals/{appeal_id}", {"event": "decline", "words": f"See {case.one.public_ref}."}
    )
    assert (answer.status_code, "Take out: reference" in answer.text) == (422, True)


async def test_an_outcome_with_the_shoppers_code_changes_nothing(case: Case) -> None:
    appeal_id, code = await case.raised(), await _code(case)
    fields = {"clean": "5", "reason": "The picture shows it.", "outcome": f"Our {code} was asked."}
    answer = await case.editor.post(f"/appeals/{appeal_id}/change", fields)
    assert (answer.status_code, "Take out: code" in answer.text) == (422, True)
    assert await case.state_of(appeal_id) == "NEW"


async def test_a_card_number_is_not_sent_on_to_the_shopper(case: Case) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": "ask_shopper", "words": f"Was it {CARD}?"})
    assert (answer.status_code, "Take out a card number" in answer.text) == (422, True)
    asked = "SELECT count(*) FROM field.appeal_question WHERE appeal_id = $1"
    assert await case.one.there.owner.fetchval(asked, appeal_id) == 0


async def test_words_that_name_nobody_are_sent(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "decline", "The picture shows the table.")
    assert "The picture shows the table." in (await case.head.get(f"/portal/appeals/{appeal_id}")).text


async def test_a_card_number_in_a_clients_own_words_is_covered_when_they_are_stored(case: Case) -> None:
    appeal_id = await case.raised(words=f"She paid with {CARD}.")
    page = (await case.editor.get(f"/appeals/{appeal_id}")).text
    assert CARD not in page
    assert "She paid with [card number]." in page


async def test_an_answer_to_a_wish_with_the_shoppers_code_is_refused(site: Site, case: Case) -> None:
    manager, wish_id, code = await manager_of(site, case), await wished(case), await _code(case)
    for fields, name in ((NO, "no"), (YES, "words")):
        answer = await manager.post(f"/appeals/reshoots/{wish_id}", fields | {name: f"Our {code} cannot."})
        assert (answer.status_code, "Take out: code" in answer.text) == (422, True)
        assert f"Our {code} cannot." in answer.text
    assert await state_of(case, wish_id) == "ASKED"
    assert await new_shops(case) == []


async def test_a_card_number_in_a_wish_is_covered_when_it_is_stored(site: Site, case: Case) -> None:
    assert (await case.store.post(f"{case.url}/reshoot", ASKED | {"words": f"Paid with {CARD}."})).status_code == 303
    wish_id = await case.one.there.owner.fetchval(
        "SELECT id FROM release.reshoot_wish WHERE report_ref = $1", case.report_ref
    )
    shown = (await (await manager_of(site, case)).get(f"/appeals/reshoots/{wish_id}")).text
    assert CARD not in shown
    assert "Paid with [card number]." in shown


async def test_a_card_number_in_a_plan_is_covered_when_it_is_stored(case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    words = {"event": "submit", "cause": f"Paid with {CARD}.", "action": "None."}
    assert (await case.store.post(f"{case.url}/plan/write", words)).status_code == 303
    shown = (await case.head.get(f"{case.url}/plan")).text
    assert CARD not in shown
    assert "Paid with [card number]." in shown


def test_what_covers_numbers_never_makes_words_longer_than_they_may_be() -> None:
    words = ("My ssn is 078051120. " * 200)[:LONGEST_TEXT]
    found = kept(words)
    assert "078051120" not in found
    assert len(found) <= LONGEST_TEXT
