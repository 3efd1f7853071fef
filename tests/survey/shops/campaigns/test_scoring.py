"""The score of a report, against a second way of working it out."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaires.domain import PREFER_NOT, Choice, Definition, Item, Kind, Row, Section
from survey.shops.campaigns.domain import (
    ItemScore,
    Scoring,
    answer_words,
    comment_words,
    crossed,
    full_shares,
    score,
    seconds_between,
)

CODES = ("good", "fair", "poor", "na")
CHOICES = tuple(Choice(code, code.title()) for code in CODES)
BY_CODE = {"good": 4, "fair": 2, "poor": 0}
QUESTION = ItemScore(points=4, points_by=BY_CODE, not_applicable=("na",))
MOST = 3


def single(item_id: str) -> Item:
    """A question with one answer."""
    return Item(item_id, Kind.SINGLE, item_id, choices=CHOICES)


def asked(*items: Item) -> Definition:
    """A questionnaire of one section."""
    return Definition("Visit", sections=(Section("s", "All", items=items),))


def test_nothing_that_applied_is_no_score_and_not_a_nought() -> None:
    found = score(Scoring(items={"a": QUESTION}), asked(single("a")), {"a": "na"})
    assert found.percent is None
    assert found.sections == {}


@pytest.mark.parametrize("answer", ["na", PREFER_NOT, None])
def test_what_does_not_apply_leaves_both_sums(answer: str | None) -> None:
    scoring = Scoring(items={"a": QUESTION, "b": QUESTION})
    found = score(scoring, asked(single("a"), single("b")), {"a": "fair", "b": answer})
    assert found.percent == Decimal("50.00")
    assert list(found.points) == ["a"]


def test_a_failing_answer_caps_the_section_and_the_whole() -> None:
    definition = Definition(
        "V", sections=(Section("s", "S", items=(single("a"),)), Section("t", "T", items=(single("b"),)))
    )
    rule = msgspec.structs.replace(QUESTION, fails=("poor",), cap_percent=10)
    found = score(Scoring(items={"a": QUESTION, "b": rule}), definition, {"a": "good", "b": "poor"})
    assert (found.is_failed, set(found.failing)) == (True, {"b"})
    assert (found.percent, found.sections) == (Decimal("10.00"), {"s": Decimal("100.00"), "t": Decimal("0.00")})


def test_a_cap_of_a_hundred_is_an_alert_and_takes_nothing_away() -> None:
    rule = msgspec.structs.replace(QUESTION, fails=("fair",), cap_percent=100)
    found = score(Scoring(items={"a": rule}), asked(single("a")), {"a": "fair"})
    assert (found.is_failed, found.percent) == (True, Decimal("50.00"))


def test_a_comment_is_asked_for_below_the_top_only() -> None:
    rule = msgspec.structs.replace(QUESTION, comment_below_top=True)
    definition = asked(single("a"), single("b"), single("c"))
    answers = {"a": "good", "b": "fair", "c": "na"}
    assert score(Scoring(items=dict.fromkeys("abc", rule)), definition, answers).comments == {"b"}


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        (60, 200, 140),
        ("12:05", "12:09", 240),
        ("23:58", "00:03", 300),
        ("12:05", "12:03", 0),
        ("12:05:30", "12:06", 30),
        ("noon", "12:03", None),
        (None, 5, None),
    ],
)
def test_a_wait_is_read_from_seconds_and_from_times_of_the_day(start: object, end: object, seconds: int | None) -> None:
    assert seconds_between(start, end) == seconds


def test_a_timing_pair_earns_all_within_its_limit_and_nothing_after() -> None:
    definition = asked(Item("in", Kind.NUMBER, "In"), Item("out", Kind.NUMBER, "Out"))
    scoring = Scoring(items={"out": ItemScore(points=5)}, timings=(("in", "out", 120),))
    assert score(scoring, definition, {"in": 0, "out": 120}).percent == Decimal("100.00")
    late = score(scoring, definition, {"in": 0, "out": 121})
    assert (late.percent, late.waits) == (Decimal("0.00"), {"out": 121})
    assert score(scoring, definition, {"in": 0}).percent is None


TIMED = asked(Item("in", Kind.TIME, "In"), Item("out", Kind.TIME, "Out"))


@pytest.mark.parametrize(
    ("start", "end", "percent"),
    [("12:05", "12:07", 100), ("12:05", "12:08", 0), ("23:59", "00:01", 100), ("23:59", "00:02", 0)],
)
def test_two_times_of_the_day_make_a_pair_also_across_midnight(start: str, end: str, percent: int) -> None:
    scoring = Scoring(items={"out": ItemScore(points=5)}, timings=(("in", "out", 120),))
    found = score(scoring, TIMED, {"in": start, "out": end})
    assert found.percent == percent
    assert crossed(scoring, {"in": start, "out": end}) == []


@pytest.mark.parametrize(("start", "end"), [("12:05", "12:03"), (90, 60)])
def test_an_end_before_its_start_is_a_slip_that_is_pointed_out(start: object, end: object) -> None:
    scoring = Scoring(timings=(("in", "out", 120),))
    assert crossed(scoring, {"in": start, "out": end}) == [("in", "out")]
    assert crossed(scoring, {"in": start}) == []


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.MONEY, Kind.TIME, Kind.DATE, Kind.TEXT])
def test_what_is_measured_told_or_timed_earns_nothing_by_itself_and_costs_nothing(kind: Kind) -> None:
    scoring = Scoring(items={"a": QUESTION, "b": ItemScore(points=9)})
    found = score(scoring, asked(single("a"), Item("b", kind, "B")), {"a": "good", "b": 12})
    assert (found.percent, list(found.points)) == (Decimal("100.00"), ["a"])


def test_a_general_rule_asks_for_a_comment_wherever_something_was_missed() -> None:
    bonus = msgspec.structs.replace(QUESTION, is_bonus=True)
    scoring = Scoring(items={"a": QUESTION, "b": bonus, "c": QUESTION}, is_comment_asked=True, comment_words=5)
    found = score(scoring, asked(*map(single, "abcd")), dict.fromkeys("abd", "fair") | {"c": "good"})
    assert found.comments == {"a"}


@pytest.mark.parametrize(
    ("own", "general", "words"),
    [(0, 0, 1), (8, 0, 8), (0, 5, 5), (8, 5, 8)],
)
def test_a_comment_has_the_larger_of_the_words_asked_for(own: int, general: int, words: int) -> None:
    rule = msgspec.structs.replace(QUESTION, comment_below_top=True, min_words=own)
    assert comment_words(Scoring(items={"a": rule}, comment_words=general), single("a")) == words


def test_words_ask_for_words_and_for_no_comment() -> None:
    story = Item("story", Kind.LONG_TEXT, "What happened?")
    scoring = Scoring(items={"story": ItemScore(points=0, min_words=30)}, is_comment_asked=True)
    assert (answer_words(scoring, story), comment_words(scoring, story)) == (30, None)
    assert answer_words(scoring, single("a")) == 0


@pytest.mark.parametrize(("passes", "percent"), [(False, "100.00"), (True, "150.00")])
def test_bonus_goes_over_a_hundred_only_where_that_is_allowed(passes: bool, percent: str) -> None:
    bonus = msgspec.structs.replace(QUESTION, points=2, points_by={"good": 2}, is_bonus=True)
    scoring = Scoring(items={"a": QUESTION, "b": bonus}, is_over_hundred=passes)
    found = score(scoring, asked(single("a"), single("b")), {"a": "good", "b": "good"})
    assert (found.percent, found.sections) == (Decimal(percent), {"s": Decimal(percent)})


def test_nobody_loses_who_lacks_a_bonus() -> None:
    bonus = msgspec.structs.replace(QUESTION, is_bonus=True)
    scoring = Scoring(items={"a": QUESTION, "b": bonus}, is_over_hundred=True)
    assert score(scoring, asked(single("a"), single("b")), {"a": "good", "b": "poor"}).percent == Decimal("100.00")
    assert score(scoring, asked(single("a"), single("b")), {"a": "na", "b": "good"}).percent is None


def test_however_much_bonus_a_score_ends_at_two_hundred() -> None:
    bonus = ItemScore(points=100, points_by={"good": 100}, is_bonus=True)
    scoring = Scoring(items={"a": QUESTION, "b": bonus}, is_over_hundred=True)
    assert score(scoring, asked(single("a"), single("b")), {"a": "good", "b": "good"}).percent == Decimal("200.00")


def test_a_section_may_fail_alone() -> None:
    definition = Definition(
        "V", sections=(Section("s", "S", items=(single("a"),)), Section("t", "T", items=(single("b"), single("c"))))
    )
    rule = msgspec.structs.replace(QUESTION, fails=("poor",), cap_percent=25, is_section_cap=True)
    scoring = Scoring(items={"a": QUESTION, "b": rule, "c": QUESTION})
    found = score(scoring, definition, {"a": "good", "b": "poor", "c": "good"})
    # 4 of 4 and, held at a quarter of 8, 2 of 8.
    assert (found.percent, found.sections) == (Decimal("50.00"), {"s": Decimal("100.00"), "t": Decimal("25.00")})
    assert found.is_failed


def test_a_scale_earns_in_proportion_and_a_matrix_the_mean_of_its_rows() -> None:
    scale = Item("a", Kind.SCALE, "A", minimum=1, maximum=5)
    rows = tuple(Row(code, code) for code in "xyz")
    matrix = Item("b", Kind.MATRIX, "B", choices=CHOICES, rows=rows)
    scoring = Scoring(items={"a": ItemScore(points=4), "b": QUESTION})
    found = score(scoring, asked(scale, matrix), {"a": 2, "b": {"x": "good", "y": "fair", "z": "na"}})
    assert found.points == {"a": (Decimal("1.00"), Decimal("4.00")), "b": (Decimal("3.00"), Decimal("4.00"))}


def test_several_answers_add_up_to_the_most_and_no_further() -> None:
    item = Item("a", Kind.MULTIPLE, "A", choices=CHOICES)
    found = score(Scoring(items={"a": QUESTION}), asked(item), {"a": ["good", "fair"]})
    assert found.points["a"] == (Decimal("4.00"), Decimal("4.00"))


def test_what_is_stored_comes_back_as_it_was() -> None:
    scoring = Scoring({"s": 2}, {"a": QUESTION}, (("a", "b", 90),))
    assert msgspec.json.decode(msgspec.json.encode(scoring), type=Scoring) == scoring
    assert msgspec.convert({}, Scoring) == Scoring()


weights = st.integers(0, 5)
sheets = st.lists(
    st.tuples(st.integers(0, 2), weights, st.sampled_from([*CODES, None]), st.booleans()), min_size=1, max_size=12
)


@given(sheets, st.lists(weights, min_size=MOST, max_size=MOST), st.integers(0, 100))
def test_the_score_is_the_share_of_points_counted_one_by_one(
    sheet: list[tuple[int, int, str | None, bool]], by_section: list[int], cap: int
) -> None:
    definition, scoring, coded = _report(sheet, by_section, cap)
    found = score(scoring, definition, coded)
    # The second way: lay down a token for every weighted point, of which some are won.
    won, all_of_them, is_failed = 0, 0, False
    for section, weight, answer, can_fail in sheet:
        if answer in BY_CODE:
            won += sum(1 for _ in range(weight * by_section[section] * BY_CODE[answer]))
            all_of_them += sum(1 for _ in range(weight * by_section[section] * 4))
            is_failed = is_failed or (can_fail and answer == "poor")
    assert found.is_failed == is_failed
    if all_of_them == 0:
        assert found.percent is None
        return
    exact = Decimal(100) * won / all_of_them
    expected = min(exact, Decimal(cap)) if is_failed else exact
    assert found.percent is not None
    assert abs(found.percent - expected) <= Decimal("0.005")


rules = st.tuples(
    st.integers(0, MOST - 1),  # its section
    weights,
    st.sampled_from([*CODES, None]),
    st.booleans(),  # bonus
    st.sampled_from(["", "section", "visit"]),  # what it fails with "poor"
    st.integers(0, 120).map(lambda cap: min(cap, 100)),
)


@given(st.lists(rules, min_size=1, max_size=10), st.lists(weights, min_size=MOST, max_size=MOST), st.booleans())
def test_bonus_caps_and_weights_agree_with_a_ledger_kept_by_hand(
    sheet: list[tuple[int, int, str | None, bool, str, int]], by_section: list[int], is_over: bool
) -> None:
    definition, _, coded = _report([(*line[:3], False) for line in sheet], by_section, 0)
    items = {
        f"q{at}": ItemScore(
            4, weight, ("na",), ("poor",) if fails else (), cap, points_by=BY_CODE, is_bonus=bonus,
            is_section_cap=fails == "section",
        )
        for at, (_, weight, _, bonus, fails, cap) in enumerate(sheet)
    }  # fmt: skip
    scoring = Scoring({f"s{n}": w for n, w in enumerate(by_section)}, items, is_over_hundred=is_over)
    found = score(scoring, definition, coded)
    ledger = [_section_by_hand(sheet, number, by_section[number]) for number in range(MOST)]
    ceiling = 200.0 if is_over else 100.0
    for number, (won, possible, caps) in enumerate(ledger):
        shown = found.sections.get(f"s{number}")
        assert (shown is None) == (possible == 0)
        if shown is not None:
            assert abs(float(shown) - min([100 * won / possible, ceiling, *caps])) <= 0.0051
    whole = [cap for _, _, answer, _, fails, cap in sheet if fails == "visit" and answer == "poor"]
    possible = sum(each[1] for each in ledger)
    assert (found.percent is None) == (possible == 0)
    if found.percent is not None:
        assert abs(float(found.percent) - min([100 * sum(e[0] for e in ledger) / possible, ceiling, *whole])) <= 0.0051


@given(st.lists(rules, min_size=1, max_size=10), st.lists(weights, min_size=MOST, max_size=MOST), st.booleans())
def test_the_total_is_each_sections_score_times_its_share(
    sheet: list[tuple[int, int, str | None, bool, str, int]], by_section: list[int], has_shares: bool
) -> None:
    # What fails a whole visit caps the total besides; a cap of a section's own is in the section's score.
    lines = [(*line[:4], "section" if has_shares and line[4] else "", line[5]) for line in sheet]
    definition, _, coded = _report([(*line[:3], False) for line in lines], by_section, 0)
    items = {
        f"q{at}": ItemScore(
            4, weight, ("na",), ("poor",) if fails else (), cap, points_by=BY_CODE, is_bonus=bonus and has_shares,
            is_section_cap=True,
        )
        for at, (_, weight, _, bonus, fails, cap) in enumerate(lines)
    }  # fmt: skip
    weighed = {f"s{number}": weight for number, weight in enumerate(by_section)}
    found = score(Scoring(weighed, items, has_shares=has_shares), definition, coded)
    assert (found.percent is None) == (not found.shares)
    if found.percent is not None:
        told = sum(
            (share * found.sections.get(name, Decimal(0)) / 100 for name, share in found.shares.items()), Decimal(0)
        )
        assert abs(sum(found.shares.values(), Decimal(0)) - 100) <= Decimal("0.02")
        assert abs(told - found.percent) <= Decimal("0.04")


SHARES = {"s": 15, "t": 35, "u": 50}
THREE = Definition("V", sections=tuple(
    Section(name, name, items=tuple(single(f"{name}{at}") for at in range(count)))
    for name, count in (("s", 1), ("t", 5), ("u", 2))
))  # fmt: skip
ALL_OF_THREE = {item.id: QUESTION for item in THREE.items()}


def test_a_sections_share_does_not_grow_with_its_points() -> None:
    shared = Scoring(SHARES, ALL_OF_THREE, has_shares=True)
    assert full_shares(shared, THREE) == {"s": Decimal(15), "t": Decimal(35), "u": Decimal(50)}
    multiplied = full_shares(Scoring(SHARES, ALL_OF_THREE), THREE)
    assert multiplied == {"s": Decimal("5.17"), "t": Decimal("60.34"), "u": Decimal("34.48")}
    coded = {item.id: "good" if item.id.startswith("s") else "poor" for item in THREE.items()}
    assert score(shared, THREE, coded).percent == Decimal("15.00")


def test_a_section_without_anything_that_applies_leaves_its_share_to_the_others() -> None:
    coded = {item.id: "na" if item.id.startswith("u") else "good" for item in THREE.items()} | {"s0": "poor"}
    found = score(Scoring(SHARES, ALL_OF_THREE, has_shares=True), THREE, coded)
    assert found.shares == {"s": Decimal(30), "t": Decimal(70)}
    assert (found.percent, found.sections) == (Decimal("70.00"), {"s": Decimal(0), "t": Decimal(100)})


def test_a_bonus_counts_in_its_own_section_where_sections_have_shares() -> None:
    bonus = msgspec.structs.replace(QUESTION, is_bonus=True)
    scoring = Scoring(SHARES, ALL_OF_THREE | {"t0": bonus}, has_shares=True)
    coded = {item.id: "good" for item in THREE.items()} | {"s0": "poor", "t1": "poor"}
    found = score(scoring, THREE, coded)
    assert (found.sections["t"], found.percent) == (Decimal(100), Decimal(85))


def test_what_was_stored_before_there_was_a_choice_scores_as_it_did() -> None:
    assert not msgspec.convert({"sections": SHARES, "items": {}}, Scoring).has_shares


def _section_by_hand(
    sheet: list[tuple[int, int, str | None, bool, str, int]], number: int, times: int
) -> tuple[float, float, list[float]]:
    """What a section won, what it could have won, and what caps hold it, as somebody with a pencil would note it."""
    won, possible, caps = 0.0, 0.0, []
    for section, weight, answer, is_bonus, fails, cap in sheet:
        if section == number and answer in BY_CODE:
            won += weight * times * BY_CODE[answer]
            possible += 0 if is_bonus else weight * times * 4
            if fails and answer == "poor":
                caps.append((fails, float(cap)))
    for fails, most in caps:
        if fails == "section":
            won = min(won, most * possible / 100)
    return won, possible, [most for _, most in caps]


@given(sheets, st.lists(weights, min_size=MOST, max_size=MOST))
def test_a_better_answer_never_lowers_a_score(
    sheet: list[tuple[int, int, str | None, bool]], by_section: list[int]
) -> None:
    definition, scoring, coded = _report(sheet, by_section, 0)
    before = score(scoring, definition, coded).percent
    for item_id in [item_id for item_id, answer in coded.items() if answer in ("fair", "poor")]:
        after = score(scoring, definition, coded | {item_id: "good"}).percent
        assert before is None or (after is not None and after >= before)


def _report(
    sheet: list[tuple[int, int, str | None, bool]], by_section: list[int], cap: int
) -> tuple[Definition, Scoring, dict[str, object]]:
    """A questionnaire of three sections, its scoring and the answers. sheet: section, weight, answer, may fail."""
    sections = []
    for number in range(MOST):
        own = [single(f"q{place}") for place, line in enumerate(sheet) if line[0] == number]
        sections.append(Section(f"s{number}", "S", items=tuple(own)))
    items = {
        f"q{place}": ItemScore(4, weight, ("na",), ("poor",) if can_fail else (), cap, points_by=BY_CODE)
        for place, (_, weight, _, can_fail) in enumerate(sheet)
    }
    coded: dict[str, object] = {f"q{place}": line[2] for place, line in enumerate(sheet) if line[2] is not None}
    return (
        Definition("V", sections=tuple(sections)),
        Scoring({f"s{number}": weight for number, weight in enumerate(by_section)}, items),
        coded,
    )
