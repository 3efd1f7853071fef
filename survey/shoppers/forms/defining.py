"""What administrators define for all shoppers: qualifications, and fields of their own."""

import re
from datetime import datetime

from privacy.crypto import random_id
from privacy.redaction.wordings import NEVER, SPECIAL, first_of
from survey.web import Form, form_with

from ..domain import FieldKind, ProfileField, QualificationKind
from .own import words
from .staff import CODE, label

LEAST_CHOICES, MOST_CHOICES = 2, 12
CHOICE_CHARACTERS = 100
MOST_MONTHS = 120
_MONTHS = re.compile(r"[0-9]{1,3}")


def kind(form: Form, now: datetime, old: QualificationKind | None = None) -> QualificationKind:
    """Something that can be recorded of a shopper, and whether a document is wanted for it."""
    code = old.code if old else form["code"]
    if not CODE.fullmatch(code):
        form.refuse("code", "Use small letters, digits and underscores, like own_car")
    takes = form["takes_documents"] == "yes"
    return QualificationKind(
        id=old.id if old else random_id(),
        code=code,
        label=label(form, "label", "Say what it is"),
        created_at=old.created_at if old else now,
        takes_documents=takes,
        instructions=words(form, "instructions", "Say what to send: the shopper reads it") if takes else "",
        valid_months=_months(form) if takes else None,
    )


def shown_kind(one: QualificationKind) -> Form:
    """What the form begins with."""
    return form_with(
        {
            "label": one.label,
            "takes_documents": "yes" if one.takes_documents else "",
            "instructions": one.instructions,
            "valid_months": str(one.valid_months or ""),
        }
    )


def profile_field(form: Form, old: ProfileField | None = None) -> ProfileField:
    """A field of the affiliate's own. What must never be asked, and what the law calls special, is refused."""
    kind = old.kind if old else FieldKind(form["kind"]) if form["kind"] in set(FieldKind) else None
    if kind is None:
        form.refuse("kind", "Choose how it is answered")
    asked = label(form, "label", "Write down the question")
    choices = _choices(form) if kind is FieldKind.CHOICE else ()
    forbidden = first_of((*NEVER, *SPECIAL), " ".join([asked, *choices]))
    if forbidden:
        form.refuse("label", f"This asks for {forbidden}, which has no place in a shopper’s profile")
    return ProfileField(
        id=old.id if old else random_id(),
        label=asked,
        kind=kind or FieldKind.TEXT,
        choices=choices,
        is_required=form["is_required"] == "yes",
        reason=label(form, "reason", "Say why you ask: the shopper reads it beside the question"),
        is_asked=old is None or form["is_asked"] == "yes",
    )


def shown_field(one: ProfileField) -> Form:
    """What the form begins with."""
    return form_with(
        {
            "label": one.label,
            "kind": one.kind.value,
            "choices": "\n".join(one.choices),
            "reason": one.reason,
            "is_required": "yes" if one.is_required else "",
            "is_asked": "yes" if one.is_asked else "",
        }
    )


def _months(form: Form) -> int | None:
    text = form["valid_months"]
    months = int(text) if _MONTHS.fullmatch(text) else 0
    if text and not 1 <= months <= MOST_MONTHS:
        form.refuse("valid_months", f"Enter a number of months from 1 to {MOST_MONTHS}, or leave it empty")
    return months or None


def _choices(form: Form) -> tuple[str, ...]:
    choices = tuple(" ".join(line.split()) for line in form["choices"].splitlines() if line.strip())
    if not LEAST_CHOICES <= len(choices) <= MOST_CHOICES or len(set(choices)) < len(choices):
        form.refuse("choices", f"Offer {LEAST_CHOICES} to {MOST_CHOICES} different answers, one a line")
    elif any(len(choice) > CHOICE_CHARACTERS for choice in choices):
        form.refuse("choices", f"Use at most {CHOICE_CHARACTERS} characters for an answer")
    return choices
