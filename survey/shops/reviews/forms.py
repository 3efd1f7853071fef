"""From fields of forms and addresses to what reviews understand."""

from collections.abc import Mapping
from uuid import UUID

from survey.shops.visits.domain import State
from survey.web import Form

from .domain import FLAG_WORDS, LONGEST_CONTEST, MOST_BOXES, RUBRIC, Box, MentionDraft, QueueFilter
from .service import Approval, Judged

WAITING = "waiting"
STATES: Mapping[str, tuple[str, ...]] = {
    WAITING: (State.SUBMITTED, State.IN_REVIEW),
    **{
        state.value: (state.value,)
        for state in (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED, State.REJECTED, State.EXCLUDED)
    },
}
LONGEST_NAME, LONGEST_DESCRIPTION = 100, 300


def queue_filter(asked: Mapping[str, str], account_id: UUID | None) -> QueueFilter:
    """What the address asks for; what it spells wrong is not asked for."""
    flag = asked.get("flag", "")
    return QueueFilter(
        states=STATES.get(asked.get("state", ""), STATES[WAITING]),
        client_id=_id(asked.get("client", "")),
        campaign_id=_id(asked.get("campaign", "")),
        flag=flag if flag in FLAG_WORDS else "",
        held_by=account_id if asked.get("mine") else None,
    )


def boxes_in(form: Form) -> list[Box]:
    """Rectangles from rows of four numbers; an empty row is none."""
    boxes = []
    for number in range(1, MOST_BOXES + 1):
        typed = [form[f"{side}-{number}"] for side in ("x", "y", "width", "height")]
        if not any(typed):
            continue
        try:
            boxes.append(Box(*(int(float(value)) for value in typed)))
        except (ValueError, OverflowError):
            form.refuse(f"x-{number}", f"Enter four whole numbers for box {number}")
    return boxes


def approval_in(form: Form) -> Approval | None:
    """Points by part, and the word to the shopper; None, with messages, where a part has no points."""
    breakdown = {}
    for part in RUBRIC:
        typed = form[part.code]
        if typed.isascii() and typed.isdigit() and int(typed) in part.steps:
            breakdown[part.code] = int(typed)
        else:
            form.refuse(part.code, f"Choose how many points for “{part.title}”")
    return Approval(breakdown, form["coaching"]) if form.is_valid else None


def judged_in(form: Form) -> Judged:
    """What is decided of a contest, and the answer; messages where there is no decision, or no answer to read."""
    if form["decision"] not in ("uphold", "decline"):
        form.refuse("decision", "Choose whether the rejection stands")
    elif form["decision"] == "decline" and not form["answer"]:
        form.refuse("answer", "Say why the rejection stands: the shopper reads it")
    if len(form["answer"]) > LONGEST_CONTEST:
        form.refuse("answer", f"Enter at most {LONGEST_CONTEST:,} characters")
    return Judged(form["decision"] == "uphold", form["answer"])


def mention_in(form: Form) -> MentionDraft:
    """Somebody who works for the client, as an editor enters them."""
    name, description = form["name"][:LONGEST_NAME], form["description"][:LONGEST_DESCRIPTION]
    return MentionDraft(form["role"], name, description, form["token"])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
