"""Whatever was filled in, in whatever order it is sent: what is not asked never counts, and is told."""

from collections.abc import Iterable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaires.domain import (
    Compiled,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
    Section,
    ShowIf,
    compile_definition,
    merged,
    parse_section,
    sections_read,
    visibility,
)
from survey.shops.campaigns.domain import ItemScore, Scoring, score
from survey.shops.fieldwork.domain import SentPage, Unasked, unasked
from tests.kiosk import KIOSK, ONLY_IF, YES_NO

PAGES, QUESTIONS = 4, 3
NAMES = [f"q{page}{number}" for page in range(PAGES) for number in range(QUESTIONS)]
ANSWERS = st.sampled_from(["yes", "no", ""])
FILLED = st.fixed_dictionaries(dict.fromkeys(NAMES, ANSWERS))

Coded = Mapping[str, object]


@st.composite
def questionnaires(draw: st.DrawFn) -> Compiled:
    """Pages of questions, each page and question perhaps asked only after an earlier answer."""

    def rule(earlier: list[str]) -> ShowIf | None:
        if not earlier or draw(st.booleans()):
            return None
        operator = draw(st.sampled_from([Operator.IS, Operator.IS_NOT]))
        return ShowIf(
            conditions=(Condition(draw(st.sampled_from(earlier)), operator, draw(st.sampled_from(["yes", "no"]))),)
        )

    sections = []
    for page in range(PAGES):
        first = page * QUESTIONS
        items = [
            Item(name, Kind.SINGLE, name, choices=YES_NO, show_if=rule(NAMES[: first + number]))
            for number, name in enumerate(NAMES[first : first + QUESTIONS])
        ]
        sections.append(Section(f"s{page}", f"S{page}", items=tuple(items), show_if=rule(NAMES[:first])))
    return compile_definition(Definition("Any", sections=tuple(sections)))


def sent(
    compiled: Compiled, before: Coded, filled: Mapping[str, str], pages: Iterable[int]
) -> tuple[Coded, list[Unasked]]:
    """What is stored, and what is told, after whole pages were sent one after the other."""
    coded, told = before, []
    for page in pages:
        own = NAMES[page * QUESTIONS : (page + 1) * QUESTIONS]
        form = {name: [filled[name]] for name in own} | {"shown": own}
        parsed = parse_section(compiled, page, form, coded)
        told += unasked(compiled, SentPage(page, form, coded, {}), parsed)
        coded = merged(coded, parsed)
    return coded, told


@given(questionnaires(), FILLED)
@settings(max_examples=150, deadline=None)
def test_pages_sent_in_their_order_store_all_that_is_asked_and_nothing_else(
    compiled: Compiled, filled: dict[str, str]
) -> None:
    given_answers = {name: value for name, value in filled.items() if value}
    shown = visibility(compiled, given_answers).items
    coded, told = sent(compiled, {}, filled, range(PAGES))
    assert coded == {name: value for name, value in given_answers.items() if name in shown}
    assert {line.item_id for line in told} == given_answers.keys() - shown


@given(questionnaires())
@settings(max_examples=150, deadline=None)
def test_whatever_a_page_hangs_on_is_sent_before_it(compiled: Compiled) -> None:
    for page in range(PAGES):
        read = sections_read(compiled, page)
        assert all(each < page for each in read)
        assert all(sections_read(compiled, each) <= read for each in read)


@given(questionnaires(), FILLED, FILLED, st.permutations(range(PAGES)), st.integers(0, PAGES))
@settings(max_examples=200, deadline=None)
def test_no_answer_goes_without_being_told(
    compiled: Compiled, first: dict[str, str], then: dict[str, str], order: list[int], count: int
) -> None:
    before, _ = sent(compiled, {}, first, range(PAGES))
    pages = order[:count]
    coded, told = sent(compiled, before, then, pages)
    typed = {name for name in NAMES if NAMES.index(name) // QUESTIONS in pages}
    wanted = {name for name in NAMES if (then[name] if name in typed else before.get(name))}
    assert wanted - coded.keys() <= {line.item_id for line in told}


@given(questionnaires(), FILLED, FILLED, st.permutations(range(PAGES)))
@settings(max_examples=200, deadline=None)
def test_an_answer_that_is_not_asked_never_scores(
    compiled: Compiled, first: dict[str, str], then: dict[str, str], order: list[int]
) -> None:
    before, _ = sent(compiled, {}, first, order)
    coded, _ = sent(compiled, before, then, order)
    shown = visibility(compiled, coded).items
    scoring = Scoring(items={name: ItemScore(points=2) for name in NAMES})
    assert coded.keys() <= shown
    assert score(scoring, compiled.definition, coded).points.keys() <= shown


def test_it_is_told_in_words_with_its_condition_and_its_fields() -> None:
    compiled = compile_definition(KIOSK)
    form = {"size": ["large"], "taste": ["Of rubber"], "size-comment": ["None left"]}
    page = SentPage(1, form, {"bought": "no"}, {})
    found = unasked(compiled, page, parse_section(compiled, 1, form, {"bought": "no"}))
    assert [(line.number, line.title, line.lines, line.condition) for line in found] == [
        (2, "Which size did you take?", ("Large",), ONLY_IF),
        (2, "How did it taste?", ("Of rubber",), ONLY_IF),
    ]
    assert found[0].values == {"size": ["large"], "size-comment": ["None left"]}


def test_what_is_no_answer_to_its_question_is_told_as_it_was_typed() -> None:
    compiled = compile_definition(KIOSK)
    form = {"size": ["enormous"]}
    found = unasked(compiled, SentPage(1, form, {}, {}), parse_section(compiled, 1, form, {}))
    assert [line.lines for line in found] == [("enormous",)]


def test_what_the_report_held_behind_a_changed_answer_is_told_with_its_words() -> None:
    compiled = compile_definition(KIOSK)
    coded, texts = {"bought": "yes", "size": "large"}, {"taste": "Of rubber", "lid": "It did not", "lid-comment": "Why"}
    form = {"bought": ["no"], "shown": ["bought", "bag"]}
    found = unasked(compiled, SentPage(0, form, coded, texts), parse_section(compiled, 0, form, coded))
    assert [(line.item_id, line.lines) for line in found] == [
        ("size", ("Large",)),
        ("taste", ("Of rubber",)),
        ("lid", ("It did not",)),
    ]
    assert found[2].values == {"lid": ["It did not"], "lid-comment": ["Why"]}
