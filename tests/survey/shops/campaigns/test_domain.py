"""Guidelines, quiz, waves and privacy settings, without a database."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.shops.campaigns.domain import (
    DAYPARTS,
    REVIEW_BY,
    BadQuiz,
    Question,
    asked,
    bars_recording,
    bytes_for,
    compared,
    html_of,
    is_review_due,
    is_told,
    mark,
    may_begin_reference,
    needs_consent_of_all,
    quiz_of,
    quiz_text,
    recording_warnings,
    ref_prefix,
    refs_of,
    says_more,
    still_open,
    untold,
    windows,
)

QUIZ = """How long may you wait?
- An hour
* Five minutes

What do you bring?
* The receipt
* A picture
- A friend"""


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHN2Zz4=)",
        "![x](https://elsewhere.test/pixel.gif)",
        '<img src="x" onerror="alert(1)">',
        "<a href='x' onclick='y'>z</a>",
        '[x](https://ok.test "\\" onmouseover=alert(1) ")',
    ],
)
def test_markdown_carries_neither_script_nor_pictures_from_elsewhere(evil: str) -> None:
    html = html_of(evil)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.partition('href="')[2].partition('"')[0]
    assert "data:" not in html.partition('href="')[2].partition('"')[0]
    assert ' onmouseover="' not in html
    assert "<a href='x'" not in html


@given(st.text(max_size=200))
def test_no_text_opens_an_element_that_markdown_does_not_have(text: str) -> None:
    known = {"p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "h2", "h3", "h4", "hr", "br", "blockquote"}
    known |= {"table", "thead", "tbody", "tr", "th", "td"}
    html = str(html_of(text))
    opened = {part.lstrip("/").split(">")[0].split(" ")[0] for part in html.split("<")[1:]}
    assert opened <= known


def test_headings_begin_below_the_pages_own_and_links_say_nothing() -> None:
    html = html_of("# One\n\n[x](https://ok.test)")
    assert "<h2>One</h2>" in html
    assert '<a href="https://ok.test" rel="noopener noreferrer">' in html


def test_a_comparison_says_what_went_and_what_came() -> None:
    lines = compared("a\nb\nc", "a\nB\nc\nd")
    assert [(line.kind, line.text) for line in lines] == [
        ("same", "a"), ("removed", "b"), ("added", "B"), ("same", "c"), ("added", "d"),
    ]  # fmt: skip


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_a_comparison_holds_both_texts_whole(before: list[str], after: list[str]) -> None:
    lines = compared("\n".join(before), "\n".join(after))
    assert [line.text for line in lines if line.kind != "added"] == before
    assert [line.text for line in lines if line.kind != "removed"] == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Only a question?", "2 to 8 different answers"),
        ("Q?\n- one\n- two", "put \\* before the right answer"),
        ("Q?\n* same\n- same", "different answers"),
        ("* one\n- two", "write the question on one line"),
    ],
)
def test_a_quiz_that_cannot_be_marked_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(BadQuiz, match=f"Question 1: .*{message}"):
        quiz_of(text)


def test_a_quiz_is_read_and_written_as_it_is_typed() -> None:
    quiz = quiz_of(QUIZ)
    assert quiz[1] == Question("What do you bring?", ("The receipt", "A picture", "A friend"), (0, 1))
    assert quiz_text(quiz) == QUIZ
    assert quiz_of("  \n") == ()


def test_shoppers_are_asked_without_the_answers() -> None:
    questions = asked(quiz_of(QUIZ))
    assert [(question.number, question.is_multiple) for question in questions] == [(1, False), (2, True)]
    assert not hasattr(questions[0], "right")


@pytest.mark.parametrize(
    ("answers", "percent", "is_passed", "wrong"),
    [
        ({}, 0, False, (1, 2)),
        ({1: frozenset({1}), 2: frozenset({0})}, 50, False, (2,)),
        ({1: frozenset({1}), 2: frozenset({0, 1, 2})}, 50, False, (2,)),
        ({1: frozenset({1}), 2: frozenset({0, 1}), 7: frozenset({1})}, 100, True, ()),
    ],
)
def test_a_part_of_the_right_answers_is_wrong(
    answers: dict[int, frozenset[int]], percent: int, is_passed: bool, wrong: tuple[int, ...]
) -> None:
    result = mark(quiz_of(QUIZ), 80, answers)
    assert (result.percent, result.is_passed, result.wrong) == (percent, is_passed, wrong)


def test_windows_follow_the_clocks_of_the_place() -> None:
    (spring,) = windows(date(2027, 3, 14), date(2027, 3, 14), ["America/New_York"], ["any"])
    assert (spring.opens, spring.closes) == (
        datetime(2027, 3, 14, 5, tzinfo=UTC),
        datetime(2027, 3, 15, 4, tzinfo=UTC),
    )


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 40),
    st.sampled_from(["UTC", "Europe/London", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"]),
    st.sampled_from(sorted(DAYPARTS)),
)
def test_every_window_ends_after_it_begins(first: date, days: int, zone: str, part: str) -> None:
    (window,) = windows(first, date.fromordinal(first.toordinal() + days), [zone], [part])
    assert window.opens < window.closes
    assert still_open([window], window.closes) == []
    assert still_open([window], window.opens) == [window]


def test_a_reference_begins_with_the_affiliates_initials() -> None:
    assert [ref_prefix(slug) for slug in ("north-light-research", "candour", "7-up", "x", "9")] == [
        "NL", "CA", "UP", "X", "SH",
    ]  # fmt: skip


@given(st.binary(min_size=0, max_size=600))
def test_references_are_different_and_easy_to_read(drawn: bytes) -> None:
    whole = drawn[: len(drawn) // 6 * 6]
    refs = refs_of("NL", whole)
    assert len(refs) == len(set(refs)) <= len(whole) // 6
    assert not {character for ref in refs for character in ref[3:]} & set("01IO")
    assert bytes_for(100) >= 600


@pytest.mark.parametrize(
    ("region", "country", "is_one"),
    [
        ("CA", "US", True),
        ("california", "United States", True),
        ("WA", "", True),
        ("WA", "Australia", False),
        ("NY", "US", False),
        ("", "US", False),
    ],
)
def test_states_where_everybody_must_agree_are_known_by_code_and_name(region: str, country: str, is_one: bool) -> None:
    assert needs_consent_of_all(region, country) is is_one


def test_recording_is_warned_of_where_everybody_must_agree() -> None:
    places = [("CA", "US"), ("NY", "US"), ("Florida", "")]
    assert recording_warnings("none", places, REVIEW_BY) == []
    assert [words.split(",")[0] for words in recording_warnings("audio", places, REVIEW_BY)] == [
        "In CA everybody in a conversation must agree to its recording: no shop there",
        "In Florida everybody in a conversation must agree to its recording: no shop there",
    ]
    assert "check the law yourself" in recording_warnings("video", [], date(2040, 1, 1))[0]


@pytest.mark.parametrize(
    ("region", "country", "is_barred"),
    [("CA", "US", True), ("california", "", True), ("NY", "US", False), ("", "USA", True), ("", "GB", False),
     ("CA", "AR", False)],
)  # fmt: skip
def test_a_place_bars_recording_where_all_must_agree_or_nobody_has_said_in_which_state_it_lies(
    region: str, country: str, is_barred: bool
) -> None:
    assert bars_recording(region, country) is is_barred


@pytest.mark.parametrize(
    ("jurisdictions", "region", "country", "is_there"),
    [(("US-CA",), "California", "United States", True), (("US-CA",), "ca", "us", True), (("US-CA",), "NY", "US", False),
     (("US-CA",), "", "US", False), (("US-CA",), "CA", "", False), (("US",), "", "USA", True), ((), "CA", "US", False),
     (("GB",), "Yorkshire", "United Kingdom", True), (("CA",), "CA", "US", False), (("DE-BE",), "Berlin", "DE", True),
     (("GB",), "", "Mars", False), (("FR-75",), "75", "FR", True)],
)  # fmt: skip
def test_a_notice_reaches_a_place_whose_country_or_state_it_names(
    jurisdictions: tuple[str, ...], region: str, country: str, is_there: bool
) -> None:
    assert is_told(jurisdictions, region, country) is is_there
    assert (untold(jurisdictions, [(region, country)]) == []) is is_there


def test_the_list_of_states_asks_to_be_looked_at_again() -> None:
    assert not is_review_due(REVIEW_BY)
    assert is_review_due(date.fromordinal(REVIEW_BY.toordinal() + 1))


def test_settings_know_which_of_two_says_more() -> None:
    assert says_more("employee_id_mode", "role", "name")
    assert not says_more("time_precision", "minute", "daypart")


@given(
    slug=st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True), drawn=st.binary(min_size=16, max_size=64)
)
def test_every_beginning_of_a_reference_may_be_one_and_names_of_places_are_none(slug: str, drawn: bytes) -> None:
    for ref in refs_of(ref_prefix(slug), drawn):
        assert all(may_begin_reference(ref[:length]) for length in range(1, len(ref) + 1))
        assert may_begin_reference(ref.lower())
    for words in ("Store", "Old Customs", "CK031", "CK-031 North", "-", ""):
        assert not may_begin_reference(words)
