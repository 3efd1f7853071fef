"""What of a questionnaire leaves, in which options, and with which scores."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from privacy.anonymity.publication import Exact, Rounded
from survey.questionnaires.domain import (
    PREFER_NOT,
    Choice,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
    Row,
    Section,
    ShowIf,
)
from survey.releases.domain import Release, Reply, TableId, Unreleasable, build, outlook, sentences
from survey.releases.domain.asked import Choice as Option
from survey.releases.domain.scores import scores
from tests.survey.releases.fieldwork import chain, fieldwork, named, place, replies

YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
PLACES = chain({"north": ["leeds", "york"], "south": ["bath"]})
BY_CODE = {known.code: known for known in PLACES}


def asking(*items: Item) -> Definition:
    return Definition("Visit", sections=(Section("one", "One", items=items),))


def said(code: str, *answers: Mapping[str, Any], times: int = 1, **demographics: str) -> list[Reply]:
    return [
        Reply(named(f"{code}{answers}{n}"), named(code), answer, demographics)
        for answer in answers
        for n in range(times)
    ]


def released(definition: Definition, *answered: Reply) -> Release:
    unlike = [
        Reply(UUID(int=n), reply.location_id, reply.coded, reply.demographics) for n, reply in enumerate(answered)
    ]
    return build(fieldwork(PLACES, definition), unlike)


def cells(release: Release, code: str, item: str, table: TableId = TableId.ANSWERS) -> dict[str, Decimal | None]:
    at = BY_CODE[code].id
    found = [cell for cell in release.cells if (cell.node_id, cell.item, cell.table_id) == (at, item, table)]
    return {cell.category: cell.value for cell in found}


def test_free_text_dates_and_times_never_leave() -> None:
    definition = asking(
        Item("day", Kind.DATE, "When?"), Item("at", Kind.TIME, "At what time?"), Item("words", Kind.TEXT, "What?"),
        Item("q", Kind.SINGLE, "?", choices=YES_NO),
    )  # fmt: skip
    given = {"day": "2026-10-03", "at": "07:52", "words": "canary", "q": "yes"}
    release = released(definition, *said("leeds", given, times=12))
    assert [row.question_id for row in release.questions] == ["q"]
    assert "canary" not in repr(release)
    assert "2026-10-03" not in repr(release)
    assert "07:52" not in repr(release)


def test_a_question_that_is_not_reported_does_not_leave() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO, is_reported=False))
    release = released(definition, *said("leeds", {"q": "yes"}, times=12))
    assert release.questions == ()
    assert release.cells == ()


def test_an_answer_to_a_question_that_was_not_shown_does_not_count() -> None:
    hidden = Item(
        "why", Kind.SINGLE, "?", choices=YES_NO, show_if=ShowIf(conditions=(Condition("q", Operator.IS, "yes"),))
    )
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO), hidden)
    release = released(
        definition,
        *said("leeds", {"q": "no", "why": "yes"}, times=12),
        *said("leeds", {"q": "yes", "why": "no"}, times=12),
    )
    assert cells(release, "leeds", "why") == {"total": 12, "yes": 0, "no": 12}


def test_a_place_with_nine_people_has_no_numbers_at_all() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO))
    release = released(definition, *said("leeds", {"q": "yes"}, times=30), *said("bath", {"q": "yes"}, times=9))
    assert {row.code: row.people for row in release.nodes} == {
        "hq": 39,
        "north": None,
        "leeds": None,
        "york": None,
        "south": None,
        "bath": None,
    }
    assert {cell.node_id for cell in release.cells} == {BY_CODE["hq"].id}


def test_preferring_not_to_say_is_not_an_answer() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO, is_sensitive=True))
    release = released(definition, *said("leeds", {"q": "yes"}, times=30), *said("leeds", {"q": PREFER_NOT}, times=20))
    assert cells(release, "leeds", "q") == {"total": 30, "yes": 30, "no": 0}


def test_where_few_preferred_not_to_say_shares_are_rounded_and_counts_are_not_told() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO, is_sensitive=True))
    release = released(
        definition, *said("leeds", {"q": "yes"}, {"q": "no"}, times=100), *said("leeds", {"q": PREFER_NOT}, times=3)
    )
    assert cells(release, "leeds", "q") == {"total": None}
    assert cells(release, "leeds", "q", TableId.SHARES) == {"yes": 50, "no": 50}


def test_each_row_of_a_matrix_is_a_question() -> None:
    rows = (Row("staff", "The staff"), Row("till", "The till"))
    definition = asking(Item("m", Kind.MATRIX, "How good?", rows=rows, choices=YES_NO))
    release = released(definition, *said("leeds", {"m": {"staff": "yes", "till": "no"}}, times=12))
    assert [(row.question_id, row.title, row.part) for row in release.questions] == [
        ("m.staff", "How good?", "The staff"),
        ("m.till", "How good?", "The till"),
    ]
    assert cells(release, "leeds", "m.till") == {"total": 12, "yes": 0, "no": 12}


def test_a_number_leaves_in_bands_with_an_average_of_their_typical_values() -> None:
    definition = asking(Item("wait", Kind.NUMBER, "How long?", unit="minutes"))
    release = released(
        definition, *said("leeds", {"wait": 3}, times=20), *said("leeds", {"wait": 12}, {"wait": 900}, times=10)
    )
    (question,) = release.questions
    labels = [choice["label"] for choice in question.choices]
    assert labels == ["Under 4 minutes", "4 to 14 minutes", "15 minutes or more"]
    assert cells(release, "leeds", "wait", TableId.SCORES) == {"mean": Decimal("229.50")}


def test_money_leaves_in_bands_of_its_currency_with_an_average() -> None:
    definition = asking(Item("paid", Kind.MONEY, "How much?", unit="EUR"))
    answers = (*said("leeds", {"paid": 300}, times=20), *said("leeds", {"paid": 1250}, {"paid": 1250}, times=10))
    (question,) = (release := released(definition, *answers)).questions
    assert all("EUR" in str(choice["label"]) for choice in question.choices)
    assert all("300" not in str(choice["label"]) for choice in question.choices)
    mean = cells(release, "leeds", "paid", TableId.SCORES)["mean"]
    assert mean is not None
    assert Decimal(1) < mean < Decimal(20)


def test_a_scale_has_its_mean_and_ends_have_words() -> None:
    definition = asking(Item("clean", Kind.SCALE, "How clean?", least_label="Dirty", most_label="Spotless"))
    release = released(definition, *said("leeds", {"clean": 5}, {"clean": 2}, times=10))
    assert cells(release, "leeds", "clean", TableId.SCORES) == {"mean": Decimal("3.50")}
    assert [choice["label"] for choice in release.questions[0].choices] == ["1 – Dirty", "2", "3", "4", "5 – Spotless"]


def test_the_recommendation_score_is_promoters_less_detractors() -> None:
    counts = {str(point): 0 for point in range(11)} | {"10": 6, "9": 4, "8": 5, "3": 5}
    assert scores(Kind.NPS, [], Exact(20, counts)) == {
        "nps": Decimal("25.0"),
        "promoters": Decimal("50.0"),
        "passives": Decimal("25.0"),
        "detractors": Decimal("25.0"),
    }


def test_a_score_of_rounded_shares_is_told_coarsely() -> None:
    options = [Option(str(point), "", Decimal(point)) for point in (1, 2, 3)]
    assert scores(Kind.SCALE, options, Rounded(5, {"1": 35, "2": 35, "3": 35})) == {"mean": Decimal("2.0")}


def test_shares_rounded_to_nothing_have_no_score() -> None:
    assert scores(Kind.SCALE, [Option("1", "", Decimal(1))], Rounded(20, {"1": 0})) == {}


def test_demographics_stand_at_the_head_office_alone_and_are_rounded() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO))
    young = said("leeds", {"q": "yes"}, times=23, age_band="18-29")
    old = said("bath", {"q": "yes"}, times=31, age_band="60+")
    release = released(definition, *young, *old)
    assert cells(release, "hq", "age_band", TableId.DEMOGRAPHICS) == {"total": 55, "18-29": 25, "60+": 30}
    assert cells(release, "leeds", "age_band", TableId.DEMOGRAPHICS) == {}


def test_a_variable_that_is_not_on_the_list_does_not_leave() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO))
    assert "shoe_size" not in repr(released(definition, *said("leeds", {"q": "yes"}, times=30, shoe_size="44")))


def test_somebody_of_no_location_counts_at_the_head_office() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=YES_NO))
    nowhere = [Reply(UUID(int=n), None, {"q": "yes"}, {}) for n in range(12)]
    assert {row.code: row.people for row in released(definition, *nowhere).nodes}["hq"] == 12


def test_a_choice_called_total_does_not_take_the_totals_place() -> None:
    definition = asking(Item("q", Kind.SINGLE, "?", choices=(Choice("total", "Total failure"), Choice("no", "No"))))
    release = released(definition, *said("leeds", {"q": "total"}, times=12), *said("leeds", {"q": "no"}, times=3))
    assert cells(release, "leeds", "q") == {"total": 15, "total_": 12, "no": 3}


def test_locations_without_one_head_office_cannot_be_released() -> None:
    with pytest.raises(Unreleasable):
        build(fieldwork([place("hq"), place("other")]), [])


def test_the_order_of_answers_and_places_changes_no_byte() -> None:
    drawn = replies({"leeds": 40, "york": 3, "bath": 25})
    one = build(fieldwork(PLACES), drawn)
    other = build(fieldwork(tuple(reversed(PLACES))), list(reversed(drawn)))
    assert one.digest == other.digest
    assert set(one.cells) == set(other.cells)


def test_another_answer_gives_another_digest() -> None:
    drawn = replies({"leeds": 40, "york": 30, "bath": 25})
    assert build(fieldwork(PLACES), drawn).digest != build(fieldwork(PLACES), drawn[:-1]).digest


def test_a_hidden_table_is_one_row_without_a_number() -> None:
    definition = asking(Item("clean", Kind.SCALE, "How clean?"))
    release = released(definition, *said("leeds", {"clean": 5}, times=4), *said("leeds", {}, times=20))
    assert cells(release, "leeds", "clean") == {"total": None}
    assert cells(release, "leeds", "clean", TableId.SCORES) == {"mean": None}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"leeds": 4}, ["Fewer than 10 people have sent answers. The release would show no numbers at all."]),
        (
            {"leeds": 40, "york": 30, "bath": 20},
            ["90 people have sent answers.", "All 2 regions will be shown.", "All 3 stores will be shown."],
        ),
        (
            {"leeds": 40, "york": 4, "bath": 20},
            [
                "64 people have sent answers.",
                "All 2 regions will be shown.",
                "1 of 3 stores has fewer than 10 respondents and will be shown within the region only.",
                "1 more is hidden too, so that a small group cannot be worked out by subtraction.",
            ],
        ),
    ],
)
def test_what_closing_would_hide_is_said_before(counts: dict[str, int], expected: list[str]) -> None:
    finished: dict[UUID | None, int] = {BY_CODE[code].id: count for code, count in counts.items()}
    assert sentences(outlook(PLACES, finished)) == expected
