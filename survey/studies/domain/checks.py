"""What is still missing before a study may be launched, in the order of its pages.

The last page follows what the research industry promises its respondents (the former CASRO code, now Insights
Association): they are told who asks, what for and how long it takes, and how to stop it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .merging import fields_in
from .study import LONGEST_FIELD, Reach, Study

PURPOSE = "purpose"
CONFIRMATIONS = (PURPOSE,)


class Part(StrEnum):
    """The pages of a draft; the values are the last parts of their addresses."""

    BASICS = "basics"
    AUDIENCE = "audience"
    IDENTITY = "identity"
    DATES = "dates"
    INVITATION = "invitation"
    REMINDERS = "reminders"
    CHECKS = "checks"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stands in the way of a launch, and the page that mends it."""

    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the study itself does not know. questionnaire_problems: how many its questionnaire still has."""

    reach: Reach
    questionnaire_problems: int
    is_client_active: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what respondents are promised."""

    label: str
    how: str
    is_met: bool


def gaps(study: Study, facts: Facts, now: datetime) -> list[Gap]:
    """Everything that is missing, in order; empty where the study may be launched."""
    return [
        *_basics(facts),
        *_audience(facts),
        *_identity(study),
        *_dates(study, now),
        *_words(study),
        *_reminders(study),
        *_confirmations(study),
    ]


def promises(study: Study) -> list[Check]:
    """What respondents must be told, and how this study tells them."""
    named, purposeful = _names_client(study), PURPOSE in study.confirmed
    return [
        Check("Who asks", "The client is named in the invitation, as its sender and below the message.", named),
        Check("What for", "The invitation says in plain words what the answers are used for.", purposeful),
        Check("How long it takes", "Worked out from the questions; it stands in every message.", True),
        Check("How to stop it", "Every message has a link that stops all mail; mail programs show a button.", True),
        Check("Who sees the answers", "Every message and the first page say so in one sentence.", True),
    ]


def _basics(facts: Facts) -> Iterator[Gap]:
    if facts.questionnaire_problems:
        many = facts.questionnaire_problems > 1
        count = f"{facts.questionnaire_problems} problems" if many else "a problem"
        yield Gap(Part.BASICS, f"The questionnaire still has {count}. Mend it, or choose another one.")
    if not facts.is_client_active:
        yield Gap(Part.BASICS, "The client is archived. Bring it back before asking its customers.")


def _audience(facts: Facts) -> Iterator[Gap]:
    if facts.reach.total == 0:
        yield Gap(Part.AUDIENCE, "Nobody fits this audience. Import a list, or widen the choice.")
    elif facts.reach.invitable == 0:
        yield Gap(
            Part.AUDIENCE, "Everybody who fits has opted out, cannot be reached, or was written to a short time ago."
        )


def _identity(study: Study) -> Iterator[Gap]:
    if not study.is_identified:
        return
    if study.authorised_until is None:
        yield Gap(
            Part.IDENTITY, "Answers with names need a permission of the client. Choose one, or stay confidential."
        )
    elif study.authorised_until < study.closes_at.date():
        yield Gap(
            Part.IDENTITY, "The client’s permission ends before the study does. Record a longer one, or close earlier."
        )


def _dates(study: Study, now: datetime) -> Iterator[Gap]:
    if study.closes_at <= max(now, study.opens_at):
        yield Gap(Part.DATES, "The closing date is past. Choose a later one.")
    elif study.closes_at - max(now, study.opens_at) > LONGEST_FIELD:
        yield Gap(Part.DATES, f"A study is open for {LONGEST_FIELD.days} days at most. Close it earlier.")


def _words(study: Study) -> Iterator[Gap]:
    if not study.invitation_subject or not study.invitation_body:
        yield Gap(Part.INVITATION, "Write the invitation.")
    elif not _names_client(study):
        yield Gap(Part.INVITATION, "Say who asks: put {{client}} into the invitation.")


def _reminders(study: Study) -> Iterator[Gap]:
    if not study.reminder_days:
        return
    if not study.reminder_subject or not study.reminder_body:
        yield Gap(Part.REMINDERS, "Write the reminder, or choose not to send any.")
    last = study.opens_at + timedelta(days=study.reminder_days[-1])
    if last >= study.closes_at:
        yield Gap(Part.REMINDERS, "A reminder would come after the study has closed. Send it earlier, or close later.")


def _confirmations(study: Study) -> Iterator[Gap]:
    if PURPOSE not in study.confirmed:
        yield Gap(Part.CHECKS, "Confirm that the invitation says what the answers are used for.")


def _names_client(study: Study) -> bool:
    texts = (study.invitation_subject, study.invitation_body)
    named = any(field.name == "client" for text in texts for field in fields_in(text))
    return named or any(study.client_name in text for text in texts)
