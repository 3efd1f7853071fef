"""The library of phrases: of one affiliate, about nobody, and put into a form that keeps what was typed."""

import re
from uuid import UUID

import pytest

from tests.conftest import new_affiliate
from tests.survey.shops.reviews.conftest import Desk
from tests.web_client import Browser, Site

TEXT = "Please add the picture of the receipt, with the date on it."
PHRASE = {"kind": "return", "name": "Receipt missing", "text": TEXT}


@pytest.fixture
async def editor(site: Site, desk: Desk) -> Browser:
    """An editor of the desk's affiliate."""
    return await site.signed_in(desk.there.affiliate_id, "editor")


async def kept(desk: Desk, editor: Browser, **fields: str) -> UUID:
    """A phrase of the library."""
    assert (await editor.post("/reviews/phrases/new", PHRASE | fields)).status_code == 303
    found: UUID = await desk.there.owner.fetchval(
        "SELECT id FROM field.phrase WHERE affiliate_id = $1 AND name = $2", desk.there.affiliate_id,
        (PHRASE | fields)["name"],
    )  # fmt: skip
    return found


async def uses(desk: Desk, phrase_id: UUID) -> int:
    """How often a phrase was put in."""
    found: int = await desk.there.owner.fetchval("SELECT use_count FROM field.phrase WHERE id = $1", phrase_id)
    return found


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_who_reads_no_reports_has_no_phrases(site: Site, desk: Desk, role: str) -> None:
    browser = await site.signed_in(desk.there.affiliate_id, role)
    assert (await browser.get("/reviews/phrases")).status_code == 403
    assert (await browser.post("/reviews/phrases/new", PHRASE)).status_code == 403


async def test_another_affiliate_neither_reads_nor_changes_a_phrase(site: Site, desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor)
    stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "editor")
    assert TEXT not in (await stranger.get("/reviews/phrases")).text
    for path in ("", "/retire"):
        assert (await stranger.post(f"/reviews/phrases/{phrase_id}{path}", PHRASE)).status_code == 404


@pytest.mark.parametrize(
    "text", ["", "x" * 1001, "Dear {name}, thank you.", "Your card 4111 1111 1111 1111 is in the picture."]
)
async def test_a_text_with_room_for_somebody_or_with_a_card_is_refused(editor: Browser, text: str) -> None:
    assert (await editor.post("/reviews/phrases/new", PHRASE | {"text": text, "sure": "yes"})).status_code == 422


@pytest.mark.parametrize("text", ["Call 020 7946 0958 when it is done.", "Ask Mrs Whitfield for the receipt."])
async def test_what_may_lead_to_somebody_is_warned_of_and_kept_only_when_nobody_is_meant(
    desk: Desk, editor: Browser, text: str
) -> None:
    answer = await editor.post("/reviews/phrases/new", PHRASE | {"text": text})
    assert answer.status_code == 422
    assert "nobody is meant" in answer.text
    await kept(desk, editor, text=text, sure="yes")


async def test_two_phrases_of_a_kind_do_not_share_a_name(desk: Desk, editor: Browser) -> None:
    await kept(desk, editor)
    assert (await editor.post("/reviews/phrases/new", PHRASE | {"name": "receipt MISSING"})).status_code == 422


async def test_putting_a_phrase_in_keeps_what_was_typed_and_sends_nothing(desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor)
    await desk.pick_up()
    fields = {"note": "The second page is dark.", "question": "", "phrase": str(phrase_id), "put_in": "yes"}
    answer = await desk.editor.post(f"/reviews/{desk.shop_id}/notes", fields)
    assert answer.status_code == 200
    assert f"The second page is dark.\n{TEXT}" in answer.text
    # Back to where the note is written, not to the head of a long page.
    assert f'formaction="{desk.base}/notes#notes"' in answer.text
    assert (
        await desk.there.owner.fetchval("SELECT count(*) FROM field.report_note WHERE report_id = $1", desk.report_id)
        == 0
    )
    assert await uses(desk, phrase_id) == 1


async def test_putting_advice_in_keeps_the_points_that_were_chosen(desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor, kind="coaching")
    await desk.pick_up()
    fields = {"clear": "1", "coaching": "Good work.", "phrase": str(phrase_id), "put_in": "yes"}
    answer = await desk.editor.post(f"/reviews/{desk.shop_id}/approve", fields)
    assert answer.status_code == 200
    assert f"Good work.\n{TEXT}" in answer.text
    assert "There is a problem" not in answer.text
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"


async def test_a_phrase_for_something_else_is_not_put_in(desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor, kind="decline")
    await desk.pick_up()
    fields = {"note": "Dark.", "phrase": str(phrase_id), "put_in": "yes"}
    assert TEXT not in (await desk.editor.post(f"/reviews/{desk.shop_id}/notes", fields)).text
    assert await uses(desk, phrase_id) == 0


async def test_a_retired_phrase_is_offered_no_more_and_its_name_is_free(desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor)
    for _ in range(2):
        assert (await editor.post(f"/reviews/phrases/{phrase_id}/retire")).status_code == 303
    assert TEXT not in (await editor.get("/reviews/phrases")).text
    assert TEXT in (await editor.get("/reviews/phrases?state=retired")).text
    assert (await editor.post("/reviews/phrases/new", PHRASE)).status_code == 303


async def test_adding_changing_and_retiring_are_on_record_without_words(desk: Desk, editor: Browser) -> None:
    phrase_id = await kept(desk, editor)
    await editor.post(f"/reviews/phrases/{phrase_id}", PHRASE | {"name": "No receipt"})
    await editor.post(f"/reviews/phrases/{phrase_id}/retire")
    rows = await desk.there.owner.fetch(
        "SELECT action, detail::text FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at, id", phrase_id
    )
    assert [tuple(row) for row in rows] == [("phrase.add", "{}"), ("phrase.change", "{}"), ("phrase.retire", "{}")]


async def test_the_most_used_stands_first_and_the_list_is_narrowed_by_its_address(desk: Desk, editor: Browser) -> None:
    await kept(desk, editor)
    often = await kept(desk, editor, name="Blurred", text="Please take it again in good light.")
    await desk.there.owner.execute("UPDATE field.phrase SET use_count = 5 WHERE id = $1", often)
    page = (await editor.get("/reviews/phrases")).text
    assert page.index("Blurred") < page.index("Receipt missing")
    assert "Blurred" not in (await editor.get("/reviews/phrases?q=receipt")).text
    assert "Blurred" not in (await editor.get("/reviews/phrases?kind=coaching")).text


async def test_the_enter_key_decides_and_puts_no_phrase_in(desk: Desk, editor: Browser) -> None:
    await kept(desk, editor, kind="coaching")
    await desk.pick_up()
    page = (await desk.editor.get(f"/reviews/{desk.shop_id}/approve")).text
    form = page.partition(f'action="/reviews/{desk.shop_id}/approve"')[2].partition("</form>")[0]
    # A browser presses the first button of a form for it.
    first = re.findall(r"<button[^>]*>", form)[0]
    assert 'name="put_in"' in form
    assert "put_in" not in first
