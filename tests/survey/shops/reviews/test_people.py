"""Nobody reaches the client by name or description: might-be names, words an editor marks, tokens typed by hand."""

import pytest

from tests.survey.shops.reviews.conftest import PLAIN, POINTS, Desk
from tests.web_client import Site

DESCRIBED = "The girl at till 3, tall with red hair\nand a nose ring, was rude."
DESCRIPTION = "tall with red hair and a nose ring"


async def approved(desk: Desk, **fields: str) -> bool:
    """Whether the report can be approved."""
    await desk.do("approve", **POINTS | fields)
    return await desk.there.state_of(desk.shop_id) == "APPROVED"


async def told(desk: Desk, story: str, mode: str = "role") -> None:
    """A report that tells this, picked up."""
    await desk.there.configure(employee_id_mode=mode)
    await desk.write("improve", story)
    await desk.pick_up()


async def mark(desk: Desk, words: str, **fields: str) -> None:
    """Say that words are a person."""
    await desk.do("findings", field="improve", act="person", words=words, **{"role": "server"} | fields)


async def trail(desk: Desk) -> str:
    """Everything that the report keeps of its changes."""
    return "".join(f"{edit.old}{edit.new}{edit.reason}" for edit in (await desk.opened()).edits)


@pytest.mark.parametrize(
    "story",
    ["Anna was lovely and smiled.", "It was full. Anna then showed me the menu.", "anna at the till was rude."],
)
async def test_a_report_with_an_undecided_might_be_name_is_not_approved(desk: Desk, story: str) -> None:
    await told(desk, story)
    assert not await approved(desk)
    page = await desk.page()
    assert "1 that might be a name: say of each whether it is one" in page
    assert "1 to deal with, 1 of them might be a name" in page


async def test_a_might_be_name_that_is_none_is_dismissed_with_one_press_everywhere(desk: Desk) -> None:
    await told(desk, "The queue for Rose was long.")
    await desk.write("praise", "I like Rose, the drink.")
    [first, second] = await desk.findings()
    assert {first[0], second[0]} == {"perhaps"}
    await desk.do("findings", field="improve", finding=first[1], act="leave")
    assert await desk.findings() == []
    assert await approved(desk)


async def test_dismissing_is_recorded_without_the_words(desk: Desk) -> None:
    await told(desk, "The queue for Rose was long.")
    await desk.do("findings", field="improve", finding=(await desk.findings())[0][1], act="leave")
    [event] = [one for one in await desk.there.events(desk.report_id) if one["action"] == "review.leave_finding"]
    assert '"kind": "perhaps"' in event["detail"]
    assert "Rose" not in event["detail"]


async def test_a_might_be_name_becomes_a_token_like_any_name(desk: Desk) -> None:
    await told(desk, "Anna was lovely. I thanked Anna.")
    digest = (await desk.findings())[0][1]
    await desk.do("findings", field="improve", finding=digest, act="token", role="server")
    assert await desk.text() == "[E1] was lovely. I thanked [E1]."
    assert "Anna" not in await trail(desk)


async def test_words_of_the_place_are_not_asked_about(desk: Desk) -> None:
    await desk.there.owner.execute("UPDATE field.client SET name = 'Zorba' WHERE id = $1", desk.there.client_id)
    await told(desk, "In the end Zorba served me well.")
    assert await desk.findings() == []


async def test_who_does_not_hold_the_report_marks_nobody(site: Site, desk: Desk) -> None:
    await told(desk, DESCRIBED)
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    fields = {"field": "improve", "act": "person", "words": "tall", "role": "server"}
    await second.post(f"{desk.base}/findings", fields)
    assert await desk.text() == DESCRIBED
    assert "Somebody else has this report in review" in (await second.get(desk.base)).text


@pytest.mark.parametrize("words", ["", "   ", "short with black hair", "all"])
async def test_words_that_the_text_does_not_have_are_refused(desk: Desk, words: str) -> None:
    await told(desk, DESCRIBED)
    await mark(desk, words)
    assert "The text has no such words" in await desk.page()
    assert await desk.text() == DESCRIBED


async def test_a_text_that_the_report_does_not_have_is_not_found(desk: Desk) -> None:
    await told(desk, DESCRIBED)
    answer = await desk.do("findings", field="nothing", act="person", words="tall", role="server")
    assert answer.status_code == 404


async def test_a_description_is_marked_by_its_words_and_leaves_no_trace(desk: Desk) -> None:
    await told(desk, DESCRIBED)
    await mark(desk, DESCRIPTION)
    assert await desk.text() == "The girl at till 3, [E1], was rude."
    assert "red" not in await trail(desk)
    [person] = (await desk.opened()).mentions
    assert (person.role, person.name, person.description) == ("server", "", "")


async def test_marked_words_go_from_every_text_in_their_own_letters(desk: Desk) -> None:
    await told(desk, "Wren poured. I will come again.")
    await desk.write("praise", "Wren! A wren sang.")
    await mark(desk, "wren")
    assert await desk.text() == "[E1] poured. I will come again."
    assert await desk.text("praise") == "[E1]! A wren sang."


async def test_somebody_who_is_in_the_report_already_keeps_the_token(desk: Desk) -> None:
    await told(desk, "Wren poured. The tall one smiled.")
    await mark(desk, "Wren")
    await mark(desk, "The tall one", token="E1")
    assert await desk.text() == "[E1] poured. [E1] smiled."
    assert len((await desk.opened()).mentions) == 1


async def test_where_a_campaign_says_nothing_of_people_marked_words_become_nobody(desk: Desk) -> None:
    await told(desk, DESCRIBED, mode="none")
    await mark(desk, DESCRIPTION)
    assert await desk.text() == "The girl at till 3, [staff member], was rude."
    assert (await desk.opened()).mentions == []


async def test_a_name_is_not_kept_where_only_roles_are(desk: Desk) -> None:
    await told(desk, DESCRIBED)
    await mark(desk, DESCRIPTION, name="Wren")
    assert "keeps no names" in await desk.page()
    assert await desk.text() == DESCRIBED


async def test_marking_somebody_is_recorded_without_the_words(desk: Desk) -> None:
    await told(desk, DESCRIBED)
    await mark(desk, DESCRIPTION)
    [event] = [one for one in await desk.there.events(desk.report_id) if one["action"] == "review.mark_person"]
    assert '"question": "improve"' in event["detail"]
    assert "red" not in event["detail"]


async def test_a_token_that_stands_for_nobody_is_not_approved(desk: Desk) -> None:
    await told(desk, PLAIN)
    await desk.do("texts/improve", text="The floor was dry and [E7] smiled.", reason="Clearer")
    assert not await approved(desk)
    assert "[E7] stands for nobody" in await desk.page()


async def test_a_token_that_stands_for_somebody_holds_nothing_up(desk: Desk) -> None:
    await told(desk, DESCRIBED)
    await mark(desk, DESCRIPTION)
    assert await approved(desk)


async def test_a_report_is_not_approved_before_somebody_says_to_have_read_it(desk: Desk) -> None:
    await told(desk, PLAIN)
    answer = await desk.do("approve", **{name: value for name, value in POINTS.items() if name != "is_read"})
    assert answer.status_code == 422
    assert "tick that nobody is named or described" in answer.text
    assert "This campaign allows roles: no name, no description." in answer.text
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"


async def test_that_somebody_has_read_it_is_in_the_approvals_record(desk: Desk) -> None:
    await told(desk, PLAIN)
    assert await approved(desk)
    [event] = [one for one in await desk.there.events(desk.shop_id) if one["action"] == "shop.approve"]
    assert '"is_read": true' in event["detail"]


async def test_the_form_to_mark_somebody_stands_beside_each_text_of_who_holds_it(site: Site, desk: Desk) -> None:
    await told(desk, DESCRIBED)
    assert "These words are a person" in await desk.page()
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    assert "These words are a person" not in (await second.get(desk.base)).text
