"""People who work for the client: what a campaign lets a report say of them, and the tokens that stand for them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

KEPT_DAYS = 180
MOST_MENTIONS = 99
TOKEN = re.compile(r"\[(E[1-9][0-9]?)\]")
NOBODY = "[staff member]"
ROLES: Mapping[str, str] = {
    "server": "Server",
    "barista": "Barista",
    "cashier": "Cashier",
    "host": "Host",
    "sales": "Sales assistant",
    "adviser": "Adviser",
    "agent": "Telephone agent",
    "manager": "Manager",
    "security": "Security",
    "other": "Member of staff",
}


class NotAllowed(ValueError):
    """The campaign does not let a report say this of anybody; `name` is the field."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class MentionDraft:
    """Somebody as an editor enters them. token: of somebody who is in the report already, or empty."""

    role: str
    name: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    token: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is in the report. name and description: opened, empty where there is none, or none any more."""

    id: UUID
    token: str
    role: str
    name: str = field(repr=False)
    description: str = field(repr=False)
    purge_after: date

    @property
    def role_words(self) -> str:
        """The role as people say it."""
        return ROLES.get(self.role, ROLES["other"])


def allowed(draft: MentionDraft, mode: str) -> MentionDraft:
    """The draft, if a campaign of this employee_id_mode holds as much. Raises NotAllowed."""
    if mode == "none":
        raise NotAllowed("role", "This campaign says nothing of people: replace the words by “staff member”")
    if draft.role not in ROLES:
        raise NotAllowed("role", "Choose what the person does there")
    if draft.name and mode != "name":
        raise NotAllowed("name", "This campaign keeps no names")
    if draft.description and mode not in ("description", "name"):
        raise NotAllowed("description", "This campaign keeps no descriptions")
    return draft


def next_token(taken: Collection[str]) -> str:
    """The first of E1 … E99 that is free. Raises NotAllowed where there are too many people."""
    for number in range(1, MOST_MENTIONS + 1):
        if f"E{number}" not in taken:
            return f"E{number}"
    raise NotAllowed("role", "There are too many people in this report")


def purge_day(today: date) -> date:
    """When name and description go."""
    return today + timedelta(days=KEPT_DAYS)
