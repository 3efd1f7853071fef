"""A report that came back: each note stands at its question until the report is handed in again."""

from uuid import uuid4

from survey.db import Role, Scope, transaction
from survey.settings import Settings
from survey.shops.reviews import service as reviews
from tests.conftest import NOW

from .conftest import Visit, words_of

QUESTION, THANKS = "Which reason was it really?", "Thank you for the rest."


async def _sent_back(visit: Visit, settings: Settings) -> None:
    """An editor asks about one answer and says something about the whole."""
    editor = Scope(visit.there.affiliate_id, uuid4(), "editor")
    async with transaction(Role.STAFF, affiliate=editor.affiliate_id):
        await reviews.pick_up(editor, settings, visit.shop_id, NOW)
        await reviews.add_note(editor, settings, visit.shop_id, ("reason", QUESTION), NOW)
        await reviews.add_note(editor, settings, visit.shop_id, ("", THANKS), NOW)
        await reviews.send_back(editor, settings, visit.shop_id, NOW)


async def test_a_note_stands_on_the_shops_page_and_at_its_question_only(visit: Visit, settings: Settings) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await _sent_back(visit, settings)
    whole, asked, other = [words_of(await visit.get(place)) for place in ("", "1", "2")]
    assert QUESTION in whole
    assert "hand it in again by Mon 23 November, 09:30:" in whole
    assert THANKS in whole
    assert "Goes back to the board" not in whole
    assert QUESTION in asked
    assert QUESTION not in other


async def test_a_note_leads_to_its_question_and_the_page_to_what_was_changed(visit: Visit, settings: Settings) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await _sent_back(visit, settings)
    page = (await visit.get()).text
    assert f'href="{visit.at("1")}#reason"' in page
    assert f'href="{visit.base}/review"' in page
    assert (await visit.browser.get(f"{visit.base}/review")).status_code == 200


async def test_a_note_is_gone_once_the_report_is_handed_in_again(visit: Visit, settings: Settings) -> None:
    await visit.fill_in()
    await visit.hand_in()
    await _sent_back(visit, settings)
    await visit.answer(1, reason="collect")
    assert (await visit.hand_in()).status_code == 303
    assert QUESTION not in words_of(await visit.get())
