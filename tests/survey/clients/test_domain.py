"""The rules of a client's tree, without a database."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.clients.domain import BadMove, Location, LocationDraft, check_parent, path_below, plan_import
from survey.clients.forms import NotAList, location_list

CLIENT = uuid4()


def place(code: str, level: str, parent: Location | None = None) -> Location:
    """A location below another."""
    own = uuid4()
    above = parent.path if parent else ""
    return Location(own, CLIENT, parent.id if parent else None, level, code, code, path_below(above, own))


ROOT = place("HQ", "hq")
NORTH = place("N", "region", ROOT)
STORE = place("N1", "store", NORTH)
TREE = [ROOT, NORTH, STORE]
BROKEN = 'code,name,level\n"A,Broken,store\n'


def draft(code: str, level: str = "store", parent: str = "", row: int = 2) -> LocationDraft:
    """A row of a list."""
    return LocationDraft(code, code, level, parent, row=row)


def test_a_location_cannot_belong_to_one_of_the_same_or_a_lower_level() -> None:
    with pytest.raises(BadMove, match="A region cannot belong to a store"):
        check_parent("region", STORE)


def test_a_location_cannot_belong_to_its_own_branch() -> None:
    district = place("D", "district", NORTH)
    with pytest.raises(BadMove, match="own branches"):
        check_parent("region", Location(district.id, CLIENT, NORTH.id, "hq", "D", "D", district.path), district)


def test_a_second_headquarters_is_refused() -> None:
    with pytest.raises(BadMove):
        check_parent("hq", ROOT)
    assert plan_import(TREE, [draft("HQ2", "hq")]).problems[0].message.startswith("There is one headquarters")


def test_rows_may_come_before_their_parents() -> None:
    plan = plan_import(TREE, [draft("S9", "store", "S", 2), draft("S", "region", "", 3)])
    assert [added.code for added in plan.added] == ["S", "S9"]
    assert plan.problems == ()


def test_an_unknown_parent_is_named_and_stops_only_what_hangs_on_it() -> None:
    plan = plan_import(
        TREE, [draft("A", "district", "nowhere", 2), draft("B", "store", "A", 3), draft("C", "store", "N", 4)]
    )
    assert [added.code for added in plan.added] == ["C"]
    assert [problem.row for problem in plan.problems] == [2, 3]
    assert "no location with the code nowhere" in plan.problems[0].message


def test_a_circle_is_refused_in_words() -> None:
    plan = plan_import(TREE, [draft("A", "region", "B", 2), draft("B", "district", "A", 3)])
    assert plan.is_empty
    assert any("circle" in problem.message for problem in plan.problems)


def test_a_region_cannot_sink_below_what_hangs_on_it() -> None:
    plan = plan_import(TREE, [draft("N", "store")])
    assert plan.is_empty
    assert "same level or higher" in plan.problems[0].message


def test_a_code_that_stands_twice_is_taken_once() -> None:
    plan = plan_import(TREE, [draft("X", row=2), draft("X", row=3)])
    assert len(plan.added) == 1
    assert plan.problems[0].row == 3


def test_a_column_that_the_list_does_not_have_leaves_known_places_as_they_are() -> None:
    known = [replace(place, street="1 High Street", time_zone="Europe/London") for place in TREE]
    rows, problems = location_list("code,name,level\nN1,North one,store\nX,New one,store\n")
    plan = plan_import(known, rows)
    assert (problems, plan.problems) == ([], ())
    (change,), (added,) = plan.changed, plan.added
    assert (change.name, change.parent_code) == ("North one", "N")
    assert (change.street, change.time_zone) == ("1 High Street", "Europe/London")
    assert (added.street, added.time_zone, added.parent_code) == ("", "", "")


def test_an_empty_cell_of_a_column_that_is_there_empties_the_field() -> None:
    known = [replace(place, street="1 High Street") for place in TREE]
    rows, _ = location_list("code,name,level,parent_code,street\nN1,N1,store,N,\n")
    assert [change.street for change in plan_import(known, rows).changed] == [""]


def test_a_missing_quotation_mark_is_told_in_words() -> None:
    drafts, (problem,) = location_list(BROKEN + "S1,A store,store\n" * 50)
    assert drafts == []
    assert "quotation mark missing" in problem.message
    assert len(problem.code) < 50


def test_a_missing_quotation_mark_in_a_long_list_is_told_too() -> None:
    with pytest.raises(NotAList, match="quotation mark missing"):
        location_list(BROKEN + "S1,A store,store\n" * 20_000)


def test_the_same_list_again_changes_nothing() -> None:
    plan = plan_import(TREE, [draft("N", "region"), draft("N1", "store", "N")])
    assert plan.is_empty
    assert plan.unchanged == 2


@given(st.lists(st.tuples(st.sampled_from("ABCDEFN"), st.sampled_from(["region", "district", "store", "hq"]),
                          st.sampled_from(["", "A", "B", "C", "N", "HQ", "N1"]))))  # fmt: skip
def test_whatever_is_added_has_its_parent_first_and_of_a_higher_level(rows: list[tuple[str, str, str]]) -> None:
    drafts = [draft(code, level, parent, number) for number, (code, level, parent) in enumerate(rows, start=2)]
    plan = plan_import(TREE, drafts)
    levels = {location.code: location.level for location in TREE}
    levels |= {change.code: change.level for change in plan.changed}
    order = ["hq", "region", "district", "store"]
    for added in plan.added:
        assert order.index(levels[added.parent_code or "HQ"]) < order.index(added.level)
        levels[added.code] = added.level
    assert len(plan.added) + len(plan.changed) + plan.unchanged + len(plan.problems) == len(rows)
