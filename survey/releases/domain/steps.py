"""Where a study stands on its way to the client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Step(StrEnum):
    """What the release page of a study shows."""

    NOT_STARTED = "not_started"
    IN_FIELD = "in_field"
    BUILDING = "building"
    RELEASED = "released"


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


def step_of(study: Closable, release: Published | None) -> Step:
    """Where the study stands."""
    if release:
        return Step.RELEASED
    if study.status == "draft":
        return Step.NOT_STARTED
    return Step.IN_FIELD if study.status in ("live", "paused") else Step.BUILDING
