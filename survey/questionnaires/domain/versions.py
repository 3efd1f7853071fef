"""A questionnaire in the list, one of its versions, and what keeps a version from being used."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .definition import Definition
from .shape import Problem


class Sort(StrEnum):
    """The orders of the list."""

    CHANGED = "changed"
    NAME = "name"
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list shows: words of the name, put away or not, and the order."""

    words: str = ""
    is_archived: bool = False
    sort: Sort = Sort.CHANGED


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: a questionnaire with its newest version."""

    id: UUID
    name: str
    is_archived: bool
    created_at: datetime
    changed_at: datetime
    number: int
    frozen_at: datetime | None
    questions: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version with its questions. Once `frozen_at` is set it never changes."""

    id: UUID
    questionnaire_id: UUID
    name: str
    is_archived: bool
    number: int
    revision: int
    frozen_at: datetime | None
    created_at: datetime
    definition: Definition

    @property
    def is_frozen(self) -> bool:
        """Whether a study has used it."""
        return self.frozen_at is not None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its questions."""

    id: UUID
    number: int
    revision: int
    frozen_at: datetime | None
    created_at: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class Usable:
    """A version a study may choose: the newest of a questionnaire."""

    version_id: UUID
    questionnaire_id: UUID
    name: str
    number: int
    is_frozen: bool
    questions: int


class NotReady(Exception):
    """The questionnaire has problems and cannot be put into use. `problems` says which."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("this questionnaire is not ready to be used")
        self.problems = problems
