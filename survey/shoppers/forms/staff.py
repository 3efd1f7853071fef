"""What staff type about shoppers, and what the list's address asks for."""

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from privacy.crypto import random_id
from survey.web import Form, form_with

from ..domain import (
    BY,
    LEAST_AGE,
    LIST_STATES,
    PURPOSES,
    SORTS,
    BandQuestion,
    DeactivationCode,
    ListFilter,
    QualificationStatus,
    Recorded,
    Search,
    Verdict,
    family_name,
    pair_named,
    phone_in,
)
from ..domain.restricting import may_be_opened_for
from .own import words
from .shown import last_day

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SHOPPER_CODE = re.compile(r"S-[0-9A-Z]{0,8}")
_GRADE = re.compile(r"(?:10|[1-9])(?:\.[0-9])?")
MOST_YEARS = 99
MOST_HELD = 100
LONGEST_LABEL = 200
LONGEST_AGREEMENT = 50_000
LEAST_BANDS, MOST_BANDS = 2, 20
# The last shop, as the list's address names it.
SEEN_DAYS = {"30": 30, "90": 90, "365": 365}
IDLE_DAYS = {"not90": 90, "not365": 365}
SEEN_WORDS = {
    "30": "In the last 30 days", "90": "In the last 90 days", "365": "In the last year",
    "not90": "Not for 90 days", "not365": "Not for a year",
}  # fmt: skip
RECORDED = {"hand": "By hand", "document": "A document was seen", "quiz": "A quiz was passed"}


def list_filter(asked: Mapping[str, str]) -> ListFilter:
    """What the list's URL asks for. Made-up values ask for nothing."""
    status, code, grade = asked.get("status", ""), asked.get("code", "").strip().upper(), asked.get("grade", "")
    return ListFilter(
        status=status if status in LIST_STATES else "",
        code=code if _SHOPPER_CODE.fullmatch(code) else f"S-{code}" if _SHOPPER_CODE.fullmatch(f"S-{code}") else "",
        least_grade_tenths=round(float(grade) * 10) if _GRADE.fullmatch(grade) else None,
        region=asked.get("region", "").strip()[:LONGEST_LABEL],
        qualification=asked.get("qualification", "") if CODE.fullmatch(asked.get("qualification", "")) else "",
        is_contested=asked.get("contested", "") == "yes",
        seen_days=SEEN_DAYS.get(asked.get("seen", "")),
        idle_days=IDLE_DAYS.get(asked.get("seen", "")),
        sort=asked.get("sort", "") if asked.get("sort", "") in SORTS else "",
    )


def search(form: Form) -> Search:
    """By what somebody is looked for, and why. Leaves messages."""
    by, words = form["by"], " ".join(form["words"].split())
    if by not in BY:
        form.refuse("by", "Choose what you know of the shopper")
    elif message := _search_fault(by, words):
        form.refuse("words", message)
    return Search(by, words, purpose(form), may_be_opened_for(form["purpose"]))


def _search_fault(by: str, words: str) -> str:
    if len(words) > LONGEST_LABEL:
        return f"Use at most {LONGEST_LABEL} characters"
    if by == "email" and "@" not in words:
        return "Enter the whole address"
    if by == "phone" and not phone_in(words, ""):
        return "Enter the whole number, with its area code"
    return "" if by != "family" or family_name(words) else "Enter the family name"


def pair(form: Form) -> tuple[UUID, UUID] | None:
    """The two profiles that a form is about; None where it names none."""
    return pair_named(form["pair"])


def verdict(form: Form) -> tuple[Verdict, UUID | None] | None:
    """What was decided of two, and which to close where they are one person; None for anything made up."""
    act, _, which = form["verdict"].partition(":")
    about = pair_named(form["pair"])
    if about is None or act not in set(Verdict):
        return None
    if act != Verdict.SAME:
        return Verdict(act), None
    closed = next((one for one in about if str(one) == which), None)
    return (Verdict.SAME, closed) if closed else None


def way_back(form: Form, otherwise: str) -> str:
    """The page of the shopper from which a decision was sent, or the list."""
    at = pair_named(form["pair"]) or ()
    return next((f"/shoppers/{one}" for one in at if str(one) == form["back"]), otherwise)


def purpose(form: Form) -> str:
    """Why somebody wants to see who a shopper is: the words that the shopper will read."""
    if form["purpose"] not in PURPOSES:
        form.refuse("purpose", "Say why you need to see who it is")
        return ""
    return PURPOSES[form["purpose"]].lower()


def deactivation(form: Form) -> tuple[DeactivationCode, str]:
    """Why, as a code and in words for the shopper."""
    code = DeactivationCode(form["code"]) if form["code"] in set(DeactivationCode) else None
    if code is None:
        form.refuse("code", "Choose the reason")
    return code or DeactivationCode.OTHER, words(form, "reason", "Tell the shopper why, in words they can answer")


def qualification(form: Form, now: datetime) -> Recorded:
    """What is recorded, and why."""
    if not CODE.fullmatch(form["qualification"]):
        form.refuse("qualification", "Choose the qualification")
    if form["source"] not in RECORDED:
        form.refuse("source", "Say what you have seen")
    status = QualificationStatus.REFUSED if form["decision"] == "refuse" else QualificationStatus.HELD
    reason = words(form, "qualification_reason", "Say how you know, or why not: the shopper reads it")
    return Recorded(form["qualification"], form["source"], status, last_day(form, now), reason)


def held_limit(form: Form) -> int:
    """How many shops somebody may hold at a time."""
    text = form["limit"]
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1
    if not 0 <= limit <= MOST_HELD:
        form.refuse("limit", f"Enter a number from 0 to {MOST_HELD}")
    return limit


def least_age(form: Form) -> int:
    """From which age on people can register."""
    text = form["least_age"]
    years = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
    if not LEAST_AGE <= years <= MOST_YEARS:
        form.refuse("least_age", f"Enter an age from {LEAST_AGE} on: nobody younger makes shops on this platform")
    return years


def agreement(form: Form) -> str:
    """The words of an agreement."""
    body = form["body"]
    if not body:
        form.refuse("body", "Write down what shoppers agree to")
    elif len(body) > LONGEST_AGREEMENT:
        form.refuse("body", f"Use at most {LONGEST_AGREEMENT:,} characters")
    return body


def question(form: Form, old: BandQuestion | None = None) -> BandQuestion:
    """A question with its answers, one a line: a code, a space, the words."""
    code = old.code if old else form["code"]
    if not CODE.fullmatch(code):
        form.refuse("code", "Use small letters, digits and underscores, like age_band")
    return BandQuestion(
        id=old.id if old else random_id(),
        code=code,
        label=label(form, "label", "Write down the question"),
        bands=_bands(form),
        is_required=form["is_required"] == "yes",
        reason=label(form, "reason", "Say why you ask: the shopper reads it beside the question"),
        is_asked=old is None or form["is_asked"] == "yes",
    )


def shown_question(one: BandQuestion) -> Form:
    """What the form begins with."""
    return form_with(
        {
            "label": one.label,
            "reason": one.reason,
            "bands": "\n".join(f"{code} {text}" for code, text in one.bands),
            "is_required": "yes" if one.is_required else "",
            "is_asked": "yes" if one.is_asked else "",
        }
    )


def client_in(form: Form) -> UUID | None:
    """The client that a button names."""
    try:
        return UUID(form["client"])
    except ValueError:
        return None


def label(form: Form, field: str, message: str) -> str:
    text = " ".join(form[field].split())
    if not text:
        form.refuse(field, message)
    elif len(text) > LONGEST_LABEL:
        form.refuse(field, f"Use at most {LONGEST_LABEL} characters")
    return text


def _bands(form: Form) -> tuple[tuple[str, str], ...]:
    pairs = [line.strip().partition(" ") for line in form["bands"].splitlines() if line.strip()]
    bands = tuple((code, text.strip()) for code, _, text in pairs)
    codes = [code for code, _ in bands]
    if not LEAST_BANDS <= len(bands) <= MOST_BANDS:
        form.refuse("bands", f"Offer {LEAST_BANDS} to {MOST_BANDS} answers, one a line")
    elif len(set(codes)) < len(codes) or not all(text and CODE.fullmatch(code) for code, text in bands):
        form.refuse("bands", "Begin each line with a code of its own, then a space and the words: under_25 Under 25")
    return bands
