"""What the scan finds and an editor leaves in: why, and what nobody may leave. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.redaction import HARD, Kind

# Covered or edited, whatever the reason: a number or an address says who somebody is, and so does the shopper's name.
NEVER_STAYS = HARD | {Kind.EMAIL, Kind.TELEPHONE, Kind.AUTHOR}


class Undecided(Exception):
    """A report does not leave: the scan finds in its texts what nobody has decided about. count: how many words."""

    def __init__(self, count: int) -> None:
        what = "1 finding in its texts is" if count == 1 else f"{count} findings in its texts are"
        super().__init__(f"{what} not decided; recall the report if the client has it, and reopen it in review")
        self.count = count


@dataclass(frozen=True, slots=True)
class Left:
    """That somebody has read a finding and left it in. reason: empty where they only said that it is no name."""

    by_id: UUID
    at: datetime
    reason: str = field(default="", repr=False)


def initials_of(name: str) -> str:
    """R. M. for Ruth Mason; a dash where there is no name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return " ".join(f"{word[0].upper()}." for word in (words[:1] + words[1:][-1:])) or "–"
