"""The machine's table: what it allows, to whom, and where it can lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.shops.visits.domain import (
    APPLICATIONS,
    ASSIGNMENTS,
    CLIENT_VISIBLE,
    LINES,
    MACHINE,
    MARKS,
    PAYABLE,
    TERMINAL,
    TIMERS,
    Actor,
    ApplicationState,
    Event,
    MarkEvent,
    MarkState,
    State,
    WrongActor,
    WrongState,
    drawing,
    transition,
)

REFUSED = [(state, event) for state in State for event in Event if (state, event) not in LINES]


@pytest.mark.parametrize(("state", "event"), REFUSED)
def test_what_the_table_does_not_name_cannot_happen(state: State, event: Event) -> None:
    for actor in Actor:
        with pytest.raises(WrongState):
            transition(state, event, actor)


@pytest.mark.parametrize("line", MACHINE, ids=lambda line: f"{line.source}-{line.event}")
def test_only_those_whom_a_line_names_may_cause_it(line) -> None:  # type: ignore[no-untyped-def]
    for actor in Actor:
        if actor in line.actors:
            assert transition(line.source, line.event, actor).target is line.target
        else:
            with pytest.raises(WrongActor):
                transition(line.source, line.event, actor)


def test_no_line_stands_twice() -> None:
    assert len(LINES) == len(MACHINE)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, waiting = {State.DRAFT}, [State.DRAFT]
    while waiting:
        here = waiting.pop()
        onward = {line.target for line in MACHINE if line.source is here} - reached
        reached |= onward
        waiting += onward
    assert reached == set(State)


def test_nothing_leads_out_of_the_end() -> None:
    assert {line.source for line in MACHINE} & TERMINAL == set()


def test_every_state_but_the_ends_has_a_way_out() -> None:
    assert {line.source for line in MACHINE} == set(State) - TERMINAL


@given(st.lists(st.sampled_from(list(Event)), max_size=60))
def test_no_path_shows_a_client_anything_before_it_is_released(events: list[Event]) -> None:
    state, is_released = State.DRAFT, False
    for event in events:
        line = LINES.get((state, event))
        if line is None:
            continue
        state = line.target
        is_released = is_released or event is Event.RELEASE
        assert is_released or state not in CLIENT_VISIBLE


@given(st.data())
def test_walking_only_possible_ways_a_client_sees_a_shop_only_after_an_editor_released_it(data: st.DataObject) -> None:
    state, walked = State.DRAFT, [Event.PUBLISH]
    while state not in TERMINAL and len(walked) < 80:
        line = data.draw(st.sampled_from([line for line in MACHINE if line.source is state]))
        state = line.target
        walked.append(line.event)
        if state in CLIENT_VISIBLE:
            assert Event.RELEASE in walked
            last_withdrawn = max((i for i, e in enumerate(walked) if e in {Event.RECALL, Event.EXCLUDE}), default=-1)
            assert max(i for i, e in enumerate(walked) if e is Event.RELEASE) > last_withdrawn


def test_only_an_editor_lets_a_client_see_something() -> None:
    ways = [line for line in MACHINE if line.target in CLIENT_VISIBLE and line.source not in CLIENT_VISIBLE]
    assert [(way.event, set(way.actors)) for way in ways] == [(Event.RELEASE, {Actor.EDITOR})]


def test_a_clock_never_rejects_nor_makes_anybody_payable() -> None:
    by_clock = {line.target for line in MACHINE if Actor.TIMER in line.actors and line.source not in PAYABLE}
    assert by_clock & (PAYABLE | {State.REJECTED}) == set()


def test_every_timer_of_a_state_is_a_line_that_the_clock_may_cause() -> None:
    for state, events in TIMERS.items():
        for event in events:
            assert Actor.TIMER in LINES[state, event].actors


def test_every_line_of_the_clock_has_its_timer() -> None:
    timed = {(line.source, line.event) for line in MACHINE if Actor.TIMER in line.actors}
    assert timed == {(state, event) for state, events in TIMERS.items() for event in events}


def test_no_event_by_itself_counts_against_anybody() -> None:
    assert "flaked" not in {state.value for state in ASSIGNMENTS.values()}


def test_an_application_ends_once() -> None:
    assert {state for state, _ in APPLICATIONS} == {ApplicationState.SUBMITTED}


def test_a_mark_counts_only_after_somebody_confirmed_it() -> None:
    confirming = {event for (_, event), target in MARKS.items() if target in {MarkState.CONFIRMED, MarkState.UPHELD}}
    assert confirming == {MarkEvent.CONFIRM}


def test_the_picture_has_every_state_and_every_line_once() -> None:
    picture = drawing()
    assert [box.state for box in picture.boxes] == list(State)
    drawn = [(arc.source, event, arc.target) for arc in picture.arcs for event in arc.events]
    assert sorted(drawn) == sorted((line.source, line.event, line.target) for line in MACHINE)


def test_the_picture_follows_the_table() -> None:
    shorter = drawing(MACHINE[:3])
    assert sum(len(arc.events) for arc in shorter.arcs) == 3
