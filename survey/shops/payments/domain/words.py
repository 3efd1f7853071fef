"""What states and reasons are called, for staff and for the shopper."""

import re
from collections.abc import Mapping

from .batches import BatchState
from .machine import State

STATE_WORDS: Mapping[State, str] = {
    State.PROSPECTIVE: "In review",
    State.PAYABLE: "Owed",
    State.PENDING: "In a batch",
    State.PAID: "Paid",
    State.VOID: "Not owed",
    State.REVERSED: "Came back",
}
OWN_WORDS: Mapping[State, str] = {
    State.PROSPECTIVE: "We are reading your report",
    State.PAYABLE: "Owed to you: will be paid",
    State.PENDING: "On its way to your account",
    State.PAID: "Paid",
    State.VOID: "Will not be paid",
    State.REVERSED: "Your bank sent it back",
}
BATCH_WORDS: Mapping[BatchState, str] = {
    BatchState.DRAFT: "Put together",
    BatchState.EXPORTED: "File taken",
    BatchState.PAID: "Paid",
    BatchState.CANCELLED: "Cancelled",
}
# What payroll may choose; an editor's reasons for a rejection come from the reviews.
VOID_REASONS: Mapping[str, str] = {
    "paid_elsewhere": "It was paid in another way",
    "shopper_waived": "The shopper does not want it",
    "entered_twice": "The same visit was entered twice",
    "visit_not_made": "The visit was not made",
}
REVERSE_REASONS: Mapping[str, str] = {
    "account_closed": "The account is closed",
    "wrong_account": "The account number is wrong",
    "bank_refused": "The bank refused it",
}
FAIL_REASON = "bank_refused"
PAID_KIND = "shop-paid"  # the mail that says so
NOTHING_TO_PAY = "nothing_to_pay"
_OTHERS: Mapping[str, str] = {
    NOTHING_TO_PAY: "There was nothing to pay",
    "rejected": "The report was not accepted",
    "fraud": "The report was not accepted",
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class NotACode(ValueError):
    """A reason is a code of ours: words about a person have no place in a ledger."""


def checked_reason(reason: str) -> str:
    """The reason, which is a code. Raises NotACode."""
    if not _CODE.fullmatch(reason):
        raise NotACode("a reason is a short code")
    return reason


def reason_words(reason: str) -> str:
    """A reason for people; a code of another area reads as what it is, without underscores. Empty for none."""
    known = {**VOID_REASONS, **REVERSE_REASONS, **_OTHERS}
    return known.get(reason, reason.replace("_", " ").capitalize())
