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

ALLOWS: Mapping[str, str] = {
    "none": "This campaign says nothing of people.",
    "role": "This campaign allows roles: no name, no description.",
    "description": "This campaign allows roles and descriptions, which are kept apart from the text; no names.",
    "name": "This campaign allows names and descriptions, which are kept apart from the text.",
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


def strangers_in(texts: Collection[str], known: Collection[str]) -> list[str]:
    """Tokens in the texts that stand for nobody of the report, each once: somebody has typed them by hand."""
    found = {token for text in texts for token in TOKEN.findall(text)}
    return sorted(found - set(known), key=lambda token: (len(token), token))


def spellings_of(words: str, text: str) -> list[str]:
    """How words stand in a text, whatever the white space between them; empty where they do not.

    As they are written, or else in any letters: "will" is not meant where "Will" is typed and stands there.
    """
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)"
    return re.findall(pattern, text) or re.findall(pattern, text, re.IGNORECASE)


def places_of(spellings: Collection[str], text: str) -> list[tuple[int, int]]:
    """Where words stand in a text in exactly these letters, as whole words."""
    pattern = "|".join(re.escape(each) for each in sorted(set(spellings), key=len, reverse=True))
    return [found.span() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)] if pattern else []


def next_token(taken: Collection[str]) -> str:
    """The first of E1 … E99 that is free. Raises NotAllowed where there are too many people."""
    for number in range(1, MOST_MENTIONS + 1):
        if f"E{number}" not in taken:
            return f"E{number}"
    raise NotAllowed("role", "There are too many people in this report")


def purge_day(today: date) -> date:
    """When name and description go."""
    return today + timedelta(days=KEPT_DAYS)
