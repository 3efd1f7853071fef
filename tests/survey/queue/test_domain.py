"""What the queue takes and what it refuses, and how long it waits."""

from datetime import timedelta
from uuid import uuid4

import pytest

from survey.queue.domain import BadJob, Payload, decoded, encoded, require_name, wait_after


@pytest.mark.parametrize("value", ["ann@example.test", "Ann Smith", "x" * 81, 1.5, ["a"]])
def test_arguments_that_could_be_about_a_person_are_refused(value: object) -> None:
    with pytest.raises(BadJob) as refusal:
        encoded({"who": value})  # type: ignore[dict-item]
    assert str(value) not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "import", "Contacts.import", "contacts.import;drop", "a.b.c"])
def test_a_name_says_the_area_and_what_is_done(name: str) -> None:
    with pytest.raises(BadJob):
        require_name(name)


def test_ids_and_codes_come_back_as_they_were() -> None:
    payload: Payload = {"study_id": uuid4(), "position": 3, "is_final": True, "format": "xlsx", "nothing": None}
    assert decoded(encoded(payload)) == payload


def test_a_job_without_arguments_has_none() -> None:
    assert decoded(None) == {}


def test_waiting_grows_fourfold_and_ends_at_an_hour() -> None:
    waits = [wait_after(starts).total_seconds() for starts in range(1, 8)]
    assert waits == [10, 40, 160, 640, 2560, 3600, 3600]
    assert wait_after(2, first_seconds=0.5) == timedelta(seconds=2)
