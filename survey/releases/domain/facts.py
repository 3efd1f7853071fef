"""What a release is built from: the study, the client's places, and the finished responses without anybody in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from survey.questionnaires.domain import Definition


class Unreleasable(Exception):
    """The study cannot become a release; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the client's tree. `code` is unique within the client and settles ties, so that ids need not."""

    id: UUID
    parent_id: UUID | None
    level: str
    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One finished response: one person, since an invitation opens one door. The id is random and goes nowhere."""

    id: UUID
    location_id: UUID | None
    coded: Mapping[str, Any]
    demographics: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """The closed study and the frozen questionnaire it asked."""

    study_id: UUID
    affiliate_id: UUID
    client_id: UUID
    client_name: str
    version_id: UUID
    title: str
    opened_on: date
    closed_on: date
    definition: Definition
    places: tuple[Place, ...]
