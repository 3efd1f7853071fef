"""Where a study stands on its way to the client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from survey.responses.domain import ANSWERS_KEPT_DAYS


class Step(StrEnum):
    """What the release page of a study shows."""

    NOT_STARTED = "not_started"
    IN_FIELD = "in_field"
    BUILDING = "building"
    RELEASED = "released"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Closable:
    """A study as its release page shows it."""

    id: UUID
    client_id: UUID
    client_name: str
    name: str
    title: str
    status: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """A release as staff see it: what is in it, never the numbers."""

    id: UUID
    threshold: int
    manifest: Mapping[str, Any]
    digest: bytes
    released_at: datetime


def are_answers_over(closed_on: date, today: date) -> bool:
    """Whether the answers of a study that closed on that day are gone, or going: nothing is counted from then on."""
    return today >= closed_on + timedelta(days=ANSWERS_KEPT_DAYS)


def step_of(study: Closable, release: Published | None, today: date) -> Step:
    """Where the study stands."""
    if release:
        return Step.RELEASED
    if study.status == "draft":
        return Step.NOT_STARTED
    if study.closed_at and are_answers_over(study.closed_at.date(), today):
        return Step.TOO_LATE
    return Step.IN_FIELD if study.status in ("live", "paused") else Step.BUILDING
