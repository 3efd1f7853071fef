"""Where a report stands, why it is rejected or excluded, and what was found in it: codes in words."""

from collections.abc import Mapping

from privacy.redaction import Kind
from survey.shops.visits.domain import State

STATE_WORDS: Mapping[str, str] = {
    State.SUBMITTED: "Waiting",
    State.IN_REVIEW: "In review",
    State.RETURNED: "With the shopper",
    State.APPROVED: "Approved",
    State.RELEASED: "Released",
    State.REJECTED: "Rejected",
    State.EXCLUDED: "Excluded, paid",
    State.CLOSED: "Closed",
}
REJECT_REASONS: Mapping[str, str] = {
    "wrong_place": "Another place was visited",
    "wrong_time": "The visit was outside what was agreed",
    "no_proof": "There is no proof of the visit",
    "scenario_not_played": "The scenario was not played",
    "incomplete": "Too much is missing to use the report",
    "fraud": "The report does not tell of a real visit",
}
FRAUD = "fraud"
EXCLUDE_REASONS: Mapping[str, str] = {
    "place_changed": "The place had closed or changed",
    "guideline_unclear": "Our guideline was unclear",
    "our_mistake": "We made a mistake",
    "partly_usable": "The visit was made, but the report cannot be used",
}
REOPEN_REASONS: Mapping[str, str] = {
    "overlooked": "Something in it was overlooked",
    "question": "A question about the visit has come up",
    "grade_in_doubt": "The grade may be wrong",
    "person_in_it": "Somebody may be named or described in it",
    "our_mistake": "We made a mistake",
}
REASON_WORDS: Mapping[str, str] = {**REJECT_REASONS, **EXCLUDE_REASONS, **REOPEN_REASONS}  # of every decision
FINDING_WORDS: Mapping[Kind, str] = {
    Kind.CARD: "card number",
    Kind.SOCIAL_SECURITY: "social security number",
    Kind.BANK_ACCOUNT: "bank account number",
    Kind.EMAIL: "e-mail address",
    Kind.TELEPHONE: "telephone number",
    Kind.ENDING: "the end of a card or account number",
    Kind.PLATE: "number plate",
    Kind.HANDLE: "name on a social network",
    Kind.AUTHOR: "the shopper’s own name",
    Kind.NAME: "a person’s name",
    Kind.TIME: "time of day",
    Kind.PERHAPS: "might be a name",
}
