"""A map without tiles: where points come to lie, and which are merged."""

from itertools import combinations
from math import asin, cos, hypot, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.clients.domain import Point, box_of, inside, projected
from survey.clients.domain.maps import CELL, HEIGHT, WIDTH

LEEDS = Point(53.7997, -1.5492, "Leeds", "/leeds")
YORK = Point(53.9591, -1.0815, "York", "/york")
HULL = Point(53.7457, -0.3367, "Hull", "/hull")
points = st.lists(
    st.builds(Point, st.floats(-85, 85), st.floats(-180, 180), st.just("x"), st.just("/x")), min_size=1, max_size=60
)


def kilometres(one: Point, other: Point) -> float:
    """Along a great circle: the haversine formula, with the mean radius of the earth."""
    height = radians(other.latitude - one.latitude)
    width = radians(other.longitude - one.longitude)
    arc = sin(height / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(width / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(arc))


def test_nothing_is_no_map() -> None:
    assert projected([]) is None


def test_north_is_up_and_east_is_to_the_right() -> None:
    chart = projected([LEEDS, YORK, HULL])
    assert chart
    at = {mark.label: mark for mark in chart.marks}
    assert at["York"].y < at["Leeds"].y < at["Hull"].y
    assert at["Leeds"].x < at["York"].x < at["Hull"].x
    assert [at[name].url for name in ("Leeds", "York", "Hull")] == ["/leeds", "/york", "/hull"]


def test_distances_on_the_drawing_are_those_on_the_ground() -> None:
    chart = projected([LEEDS, YORK, HULL])
    assert chart
    at = {mark.label: mark for mark in chart.marks}
    km = chart.scale_km / chart.scale_length
    for one, other in combinations((LEEDS, YORK, HULL), 2):
        a, b = at[one.label], at[other.label]
        assert hypot(a.x - b.x, a.y - b.y) * km == pytest.approx(kilometres(one, other), rel=0.01)


def test_one_point_lies_in_the_middle() -> None:
    chart = projected([LEEDS])
    assert chart
    assert [(mark.x, mark.y) for mark in chart.marks] == [(WIDTH / 2, HEIGHT / 2)]


def test_the_180th_meridian_tears_nothing_apart() -> None:
    suva, taveuni = Point(-18.12, 178.45, "Suva"), Point(-16.9, -179.9, "Taveuni")
    chart = projected([suva, taveuni])
    assert chart
    assert [mark.label for mark in sorted(chart.marks, key=lambda mark: mark.x)] == ["Suva", "Taveuni"]
    assert chart.scale_km < 200


def test_places_that_would_cover_each_other_are_one_mark_with_their_number() -> None:
    near = [Point(53.8 + step / 10_000, -1.55, f"Store {step}", f"/{step}") for step in range(5)]
    chart = projected([*near, HULL])
    assert chart
    many = next(mark for mark in chart.marks if mark.count > 1)
    assert (many.count, many.url, many.label) == (5, "", "Store 0, Store 1, Store 2 and 2 more")
    box = box_of(many.box_text)
    assert box
    assert [inside(box, point.latitude, point.longitude) for point in (*near, HULL)] == [True] * 5 + [False]


def test_a_store_at_the_edge_of_a_crowd_joins_it() -> None:
    crowd = [Point(53.80, -1.55, "In town")] * 9
    chart = projected([*crowd, Point(53.85, -1.55, "At its edge"), Point(55.0, -1.55, "Far")])
    assert chart
    assert sorted(mark.count for mark in chart.marks) == [1, 10]


def test_marks_of_one_kind_keep_it_and_mixed_ones_do_not() -> None:
    shut = Point(53.8, -1.55, "Shut", kind="attention")
    pair = projected([shut, Point(53.8, -1.55, "Other", kind="attention")])
    mixed = projected([shut, LEEDS, HULL])
    assert pair
    assert mixed
    assert pair.marks[0].kind == "attention"
    assert {mark.kind for mark in mixed.marks} == {""}


@given(points)
def test_every_point_is_on_the_drawing_once(given_points: list[Point]) -> None:
    chart = projected(given_points)
    assert chart
    assert chart.count == len(given_points)
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT for mark in chart.marks)
    assert 0 < chart.scale_length <= WIDTH * 0.31
    assert len(chart.marks) <= (WIDTH // CELL + 1) * (HEIGHT // CELL + 1)


@given(points)
def test_a_marks_box_holds_its_points(given_points: list[Point]) -> None:
    chart = projected(given_points)
    assert chart
    held = 0
    for mark in chart.marks:
        box = box_of(mark.box_text)
        assert box
        held += mark.count
        assert sum(inside(box, point.latitude, point.longitude) for point in given_points) >= mark.count
    assert held == len(given_points)


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "2,0,1,0", "0,0,95,0", "nan,0,1,0", "0,0,1,181"])
def test_an_address_that_is_no_box_is_none(text: str) -> None:
    assert box_of(text) is None
