"""What a copy of one's own data is made of: its kinds, what is held back and why, and where a copy stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

KEPT = timedelta(days=7)
# A worker that was killed is tried again for minutes; after this long somebody may ask anew.
PATIENCE = timedelta(hours=1)
BYTES_A_MEGABYTE = 1_000_000


class NothingToTake(Exception):
    """There is no copy that could be fetched: none was asked for, it is not ready, its time is over, or it is lost."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: a part of the page and a file of the copy.

    name: the file's; source: where it comes from; shown_to: who sees it besides the person; tables: `schema.table`.
    """

    name: str
    title: str
    words: str
    source: str
    shown_to: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of one profile that is being made or waits."""

    id: UUID
    state: str
    parts_done: int
    media_key: str
    size_bytes: int | None
    asked_at: datetime
    made_at: datetime | None
    taken_at: datetime | None

    def is_ready(self, now: datetime) -> bool:
        """Whether it can be fetched."""
        return self.made_at is not None and now < self.goes_at

    def is_coming(self, now: datetime) -> bool:
        """Whether it is being made, and not for so long that something must have gone wrong."""
        return self.made_at is None and now < self.asked_at + PATIENCE

    @property
    def goes_at(self) -> datetime:
        """When it is removed."""
        return (self.made_at or self.asked_at) + KEPT

    @property
    def size(self) -> str:
        """As people read it."""
        size = self.size_bytes or 0
        if size < BYTES_A_MEGABYTE:
            return f"{max(1, size // 1000)} kB"
        return f"{size / BYTES_A_MEGABYTE:,.1f} MB"


STAFF = "Staff of this company, by your code; under your name only when they say why"
ITS_STAFF = "Staff of this company"
NOBODY = "Nobody but you"
YOU = "You"
YOU_AND_STAFF = "You, and staff of this company"
PROGRAM = "Our program, as things happen"

KINDS = (
    Kind(
        "profile", "Your profile", "Name, addresses, telephone, where you start from, the bands you told, your grade.",
        "You; the grade is the mean of the grades of your last ten reports, reckoned by our program", STAFF,
        ("identity.shopper", "identity.email_change"),
    ),
    Kind(
        "told", "What you told in the company’s own fields", "Your answers to questions that only this company asks.",
        YOU, ITS_STAFF, ("identity.profile_answer",),
    ),
    Kind("photo", "Your photo", "The photo of your profile, if you gave one.", YOU, ITS_STAFF, ("identity.portrait",)),
    Kind(
        "standing", "Conflicts, qualifications and quizzes",
        "Companies you know too well, what you are qualified for, documents that are still kept, guidelines you read,"
        " and quizzes you took.",
        YOU_AND_STAFF, ITS_STAFF,
        ("identity.conflict", "identity.qualification", "identity.document", "identity.guideline_reading",
         "identity.certification", "identity.quiz_try", "identity.quiz_grant"),
    ),
    Kind(
        "agreements", "What you agreed to", "Each version of the agreement that you accepted, word for word.", YOU,
        ITS_STAFF, ("ledger.consent",),
    ),
    Kind(
        "applications", "Shops you asked for", "Each with your note to the scheduler.", YOU, ITS_STAFF,
        ("identity.application",),
    ),
    Kind(
        "news", "Shops we told you of", "Which new shops a mail of ours counted, and when.", PROGRAM, NOBODY,
        ("identity.shop_told",),
    ),
    Kind(
        "shops", "Shops you had", "Which you took, made, gave back or lost, and wishes for another day.",
        YOU_AND_STAFF, "Staff of this company. A business reads of a visit, never whose it was",
        ("identity.assignment", "identity.extension"),
    ),
    Kind(
        "reports", "Your reports", "What you ticked and wrote, drafts too, and each report as you handed it in.", YOU,
        "Staff of this company; the business that paid for the visit reads what an editor released, without you",
        ("field.report", "field.report_text", "field.report_submission", "identity.draft"),
    ),
    Kind(
        "proofs", "Pictures, recordings and check-ins",
        "Each file as we made it anew when you sent it (a camera’s notes were cut away), pictures also as blacked out"
        " for the business, and where you checked in.",
        YOU, "Staff of this company; the business sees pictures that an editor released, blacked out",
        ("field.evidence", "field.recording", "field.check_in"),
    ),
    Kind(
        "edits", "What was changed in your reports", "Changes after you handed a report in, and notes sent to you.",
        YOU_AND_STAFF, ITS_STAFF, ("field.report_edit", "field.report_note"),
    ),
    Kind(
        "grades", "Grades, coaching and questions",
        "What an editor decided, what made them look twice (but for what compares your report with others), how your"
        " grade came about, advice to you, what you contested, and questions about your reports.",
        YOU_AND_STAFF, ITS_STAFF,
        ("field.review", "field.review_decision", "field.rejection_contest", "field.appeal_question"),
    ),
    Kind(
        "marks", "Marks and decisions about you",
        "Shops that were not done, why a profile was shut, and what you said to it.",
        "Staff of this company, and you; a mark is proposed by our program and decided by a person", ITS_STAFF,
        ("identity.mark", "identity.deactivation"),
    ),
    Kind(
        "messages", "Messages", "Both sides of what you and the company wrote to each other.", YOU_AND_STAFF, ITS_STAFF,
        ("identity.thread", "identity.message"),
    ),
    Kind(
        "pay", "Pay", "What each visit pays, where your money goes, and your tax number.", YOU_AND_STAFF,
        "Staff who pay you, the bank that pays, and the tax office",
        ("identity.pay_item", "identity.payout", "identity.tax_identity"),
    ),
    Kind(
        "looks", "Who looked at you, and why", "Each time somebody opened your name, reports, pictures or messages.",
        PROGRAM, "Staff of this company who answer for data protection", ("ledger.event",),
    ),
    Kind(
        "mail", "Mail we sent you", "Which message and when. What it said follows from its kind and the rest of this.",
        PROGRAM, "The mail service that delivers it", ("ops.delivery",),
    ),
    Kind(
        "calendar", "Your calendar address", "That you have one, since when, and when it was switched off.", YOU,
        NOBODY, ("ops.calendar_feed",),
    ),
    Kind(
        "restrictions", "Restrictions you asked for", "Why you asked, what you wrote, and what the company answered.",
        YOU_AND_STAFF, "Staff of this company who answer for data protection", ("identity.restriction",),
    ),
    Kind("copies", "Your copies", "That you asked for this copy.", YOU, NOBODY, ("identity.data_copy",)),
)  # fmt: skip

FINGERPRINT = "a fingerprint that nobody can read, to find or compare things by; what it was made of is in the copy"
LAST_DIGITS = "only the last four characters are in the copy: whoever gets hold of it should not get at your money"
OF_TWO = "it speaks of somebody else's profile as well; what follows from it, such as a closing, is in the copy"
# By column, as `schema.table.column`. A column about a shopper is in the copy, or here with its reason.
HELD_BACK: Mapping[str, str] = MappingProxyType({
    "identity.shopper.email_index": FINGERPRINT,
    "identity.shopper.household_index": FINGERPRINT,
    "identity.email_change.email_index": FINGERPRINT,
    "identity.assignment.household_index": FINGERPRINT,
    "field.text_fingerprint.fingerprint": FINGERPRINT,
    "field.finding_left.reason": "it says of words in your report why nobody is meant by them, and nothing of you",
    "field.evidence.digest": FINGERPRINT,
    "field.evidence.look": FINGERPRINT,
    "field.recording.digest": FINGERPRINT,
    "field.review.proposed_words": "a rejection that nobody has confirmed is nobody’s decision yet",
    "identity.likeness.phone_index": FINGERPRINT,
    "identity.likeness.family_index": FINGERPRINT,
    "identity.likeness.namesake_index": FINGERPRINT,
    "identity.likeness.payout_index": FINGERPRINT,
    "identity.likeness_verdict.signs": OF_TWO,
    "identity.likeness_verdict.verdict": OF_TWO,
    "identity.payout.handle": LAST_DIGITS,
    "identity.tax_identity.number": LAST_DIGITS,
    "identity.data_copy.media_key": "it is the name of this very file",
    "ops.calendar_feed.shopper_id": "it is the number of your profile, where it stands; the address is a secret",
})  # fmt: skip

# By table: rows that are not in the copy, and why.
WITHOUT: Mapping[str, tuple[str, str]] = MappingProxyType({
    "identity.conflict": ("whose client a company is that you typed", "who the clients are is the company’s secret"),
    "field.report_note": ("notes not sent", "what an editor has not sent to you is not finished"),
    "field.report_submission": ("reports as they went back to you", "it is your report with our changes, listed apart"),
    "field.review": ("reviews not decided", "what is not decided yet is nobody’s decision"),
    "field.evidence": ("what was cut away", "what a camera wrote into a picture was never kept"),
    "ledger.event": ("the rest of the record", "what else was done stands in the other parts, each with its time"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that is held and belongs to no profile: what, and where one finds it."""

    what: str
    where: str
    href: str


ELSEWHERE = (
    Elsewhere(
        "Your sign-in: its address, name, password, second factor and sessions",
        "It may serve several companies, so that no company’s copy speaks of it. It stands on a page of its own.",
        "/account",
    ),
    Elsewhere(
        "That you have stopped mail",
        "It is kept for all companies at once, under a fingerprint of your address. The link in every mail shows it.",
        "/privacy",
    ),
)
