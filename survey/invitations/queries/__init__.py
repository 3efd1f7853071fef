"""Every SQL statement of invitations."""

from .composing import Invited, invited, mark_bounced
from .launching import invite
from .log import Who, counts_of, every_line, lines_of, who_in
from .reminding import due_reminders, remind

__all__ = [
    "Invited",
    "Who",
    "counts_of",
    "due_reminders",
    "every_line",
    "invite",
    "invited",
    "lines_of",
    "mark_bounced",
    "remind",
    "who_in",
]
