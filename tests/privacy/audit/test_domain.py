"""The chain shows every change to what was written."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.audit.domain import (
    BEGINNING,
    LONGEST_DELAY,
    Event,
    Head,
    Link,
    StoredEvent,
    Walk,
    canonical,
    chained,
    next_hash,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OTHER = UUID(int=999)


def event(number: int, recorded_at: datetime = AT) -> StoredEvent:
    """An event that differs from the others in its id."""
    return StoredEvent(
        UUID(int=number), recorded_at, AT, UUID(int=1), "staff", None, "contact.read", "contact", UUID(int=2),
        UUID(int=3), "answer a question", '{"rows": 3, "kind": "csv"}',
    )  # fmt: skip


@pytest.mark.parametrize(("subject_id", "purpose"), [(None, "answer a question"), (OTHER, None), (OTHER, "")])
def test_a_look_at_a_person_without_person_or_purpose_cannot_be_written_down(
    subject_id: UUID | None, purpose: str | None
) -> None:
    with pytest.raises(ValueError, match="the person and the purpose"):
        Event(OTHER, "staff", OTHER, "contact.read", "contact", OTHER, subject_id, purpose)


EVENTS = [event(number) for number in range(5)]
LINKS = chained(BEGINNING, EVENTS)
CHANGES: list[dict[str, object]] = [
    {"id": OTHER},
    {"recorded_at": AT + timedelta(microseconds=1)},
    {"at": AT + timedelta(microseconds=1)},
    {"affiliate_id": OTHER},
    {"actor_kind": "system"},
    {"actor_id": OTHER},
    {"action": "contact.erased"},
    {"object_kind": "panelist"},
    {"object_id": None},
    {"subject_id": OTHER},
    {"purpose": None},
    {"detail": '{"rows": 4, "kind": "csv"}'},
]


def length_walked(links: list[Link], events: list[StoredEvent]) -> int:
    """How many links hold before the first that does not."""
    walk = Walk()
    for link, stored in zip(links, events, strict=True):
        if not walk.accepts(link, stored):
            break
    return walk.head.seq


@given(st.sampled_from(CHANGES), st.integers(0, 4))
def test_an_edited_event_breaks_the_chain_where_it_stands(change: dict[str, object], at: int) -> None:
    edited = [*EVENTS]
    edited[at] = edited[at]._replace(**change)  # type: ignore[arg-type]
    assert length_walked(LINKS, edited) == at


def test_every_field_of_an_event_is_in_the_hash() -> None:
    assert {name for change in CHANGES for name in change} == set(StoredEvent._fields)


@given(st.integers(0, 3))
def test_a_removed_event_breaks_the_chain_where_it_stood(at: int) -> None:
    assert length_walked(LINKS[:at] + LINKS[at + 1 :], EVENTS[:at] + EVENTS[at + 1 :]) == at
    assert not Walk().accepts(LINKS[0], None)


@given(st.integers(0, 4), st.integers(0, 4))
def test_events_that_change_places_break_the_chain(one: int, other: int) -> None:
    swapped = [*EVENTS]
    swapped[one], swapped[other] = EVENTS[other], EVENTS[one]
    assert length_walked(LINKS, swapped) == (5 if one == other else min(one, other))


def test_an_event_that_joins_the_chain_too_late_breaks_it() -> None:
    events = [*EVENTS, event(6, AT - LONGEST_DELAY - timedelta(microseconds=1))]
    assert length_walked(chained(BEGINNING, events), events) == 5


def test_an_event_that_its_transaction_held_back_does_not_break_it() -> None:
    events = [*EVENTS, event(6, AT - LONGEST_DELAY)]
    assert length_walked(chained(BEGINNING, events), events) == 6


@given(st.integers(0, 5))
def test_a_chain_laid_in_two_parts_is_the_chain_laid_in_one(at: int) -> None:
    first = chained(BEGINNING, EVENTS[:at])
    head = Head(first[-1].seq, first[-1].hash) if first else BEGINNING
    assert first + chained(head, EVENTS[at:]) == LINKS


def test_an_untouched_chain_holds() -> None:
    assert length_walked(LINKS, EVENTS) == 5
    assert [link.seq for link in LINKS] == [1, 2, 3, 4, 5]


def test_the_order_of_the_details_does_not_matter_and_their_values_do() -> None:
    turned = EVENTS[0]._replace(detail='{"kind": "csv", "rows": 3}')
    assert canonical(turned) == canonical(EVENTS[0])
    longer = [EVENTS[0]._replace(detail=detail) for detail in ('{"rows": 0.1}', '{"rows": 0.10000000000000000001}')]
    assert canonical(longer[0]) != canonical(longer[1])


def test_the_hash_hangs_on_everything_before() -> None:
    assert next_hash(LINKS[0].hash, EVENTS[1]) == LINKS[1].hash
    assert next_hash(LINKS[1].hash, EVENTS[1]) != LINKS[1].hash
