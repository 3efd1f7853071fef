"""Campaigns with their guidelines, scenarios and waves, where no person is; who has read and passed what."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_PROFILE = Retention(
    "shopper profiles", days=730, counted_from="the last shop or sign-in", sweep="rights.forget_idle"
)
PREPARED = ("send only shoppers who know what a visit asks of them",)


def _of_shopper(column: C) -> C:
    return personal(
        column,
        Category.EMPLOYMENT,
        subject="shopper_id",
        purposes=PREPARED,
        retention=WITH_THE_PROFILE,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


class Campaign(Table, schema="field", tablename="campaign"):
    """What a client buys: one questionnaire, one set of rules, any number of waves."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client that buys it")
    name = plain(Text(default=None), "a campaign's name")
    kind = plain(Text(default=None), "in person, phone, web, audit, compliance or competitor")
    version_id = plain(UUID(null=True, default=None), "the questionnaire version of its reports")
    scoring = plain(JSONB(default="{}"), "weights, failing answers and comment rules")
    guideline_id = plain(UUID(null=True, default=None), "the current guideline")
    is_certified = plain(Boolean(default=False), "whether the guideline's quiz must be passed first")
    rotation = plain(JSONB(default="{}"), "rules of who may go where again, and when")
    requirements = plain(JSONB(default="{}"), "what is asked of a shopper: bands, least grade, radius")
    is_self_assign = plain(Boolean(default=False), "whether a shopper may take a shop without asking")
    offers_again = plain(Boolean(default=False), "whether what somebody lets go is offered again by itself")
    employee_id_mode = plain(Text(default="none"), "what a report may say of who was met")
    staff_notice_id = plain(UUID(null=True, default=None), "the recorded notice to the client's staff")
    time_precision = plain(Text(default="daypart"), "how exactly the client learns when a visit was")
    demographics_mode = plain(Text(default="none"), "whether bands of shoppers are counted")
    recording_mode = plain(Text(default="none"), "whether sound or film is asked for")
    picture_mode = plain(Text(default="redacted"), "what of the pictures the client sees")
    receipt_mode = plain(Text(default="amount"), "what of a receipt the client sees")
    is_narrative_shown = plain(Boolean(default=True), "whether the client reads the approved words")
    currency = plain(Text(default="USD"), "ISO 4217 code")
    fee_cents = plain(Integer(default=0), "what a shop pays")
    reimbursement_cap_cents = plain(Integer(default=0), "the most that is paid back of a purchase")
    attempt_fee_cents = plain(Integer(default=0), "what is paid when a visit could not be made")
    bonus_ladder = plain(JSONB(default="[]"), "bonus by days left in the window")
    report_due_hours = plain(Integer(default=24), "hours from the visit to its report")
    grace_hours = plain(Integer(default=24), "hours after that before the shop goes back to the board")
    offer_hours = plain(Integer(default=24), "hours to accept an offer")
    return_hours = plain(Integer(default=24), "hours to mend a report that was sent back")
    appeal_days = plain(Integer(default=14), "days in which the client may appeal")
    pay_days = plain(Integer(default=30), "days from the visit to its payment")
    release_hours = plain(Integer(null=True, default=None), "hours from approval to release; null: a person releases")
    status = plain(Text(default="draft"), "draft, live or closed")
    revision = plain(Integer(default=1), "counts its changes")
    created_at = plain(Timestamptz(default=None), "when it was begun")
    is_attempt_repaid = plain(Boolean(default=False), "whether what an attempt cost is paid back up to the cap")


class Guideline(Table, schema="field", tablename="guideline"):
    """What shoppers must know before a visit; a change is a new number."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    campaign_id = plain(UUID(default=None), "the campaign")
    number = plain(Integer(default=None), "counts from 1")
    body = plain(Text(default=None), "markdown of the affiliate")
    quiz = plain(JSONB(default="[]"), "questions with their right answers")
    pass_percent = plain(Integer(default=80), "how much of the quiz must be right")
    most_tries = plain(Integer(null=True, default=None), "how often a shopper may try the quiz")
    wait_hours = plain(Integer(default=0), "how long to wait after a try")
    created_at = plain(Timestamptz(default=None), "when it was written")


class Scenario(Table, schema="field", tablename="scenario"):
    """A part that a shopper plays."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    campaign_id = plain(UUID(default=None), "the campaign")
    name = plain(Text(default=None), "a scenario's name")
    body = plain(Text(default=""), "instructions of the affiliate")


class Wave(Table, schema="field", tablename="wave"):
    """A round of visits between two days."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    campaign_id = plain(UUID(default=None), "the campaign")
    label = plain(Text(default=None), "a wave's name")
    starts_on = plain(Date(default=None), "its first day")
    ends_on = plain(Date(default=None), "its last day")
    quota = plain(JSONB(default="{}"), "how many shops, where and when in the day")
    published_at = plain(Timestamptz(null=True, default=None), "when its shops were made")
    makeup_at = plain(Timestamptz(null=True, default=None), "when who made its visits was counted, once")
    created_at = plain(Timestamptz(default=None), "when it was planned")


class StaffNotice(Table, schema="field", tablename="staff_notice"):
    """That a client's staff were told of mystery visits."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client whose staff were told")
    told_on = plain(Date(default=None), "when they were told")
    body = plain(Text(default=None), "what they were told")
    channel = plain(Text(default=None), "how they were told")
    attested_by = plain(Text(default=None), "the function of who says so at the client")
    jurisdictions = plain(Array(base_column=Text(), default=list), "where it was given")
    recorded_by = plain(UUID(default=None), "account id of who entered it")
    recorded_at = plain(Timestamptz(default=None), "when it was entered")


class GuidelineReading(Table, schema="identity", tablename="guideline_reading"):
    """That a shopper says to have read a guideline."""

    shopper_id = plain(UUID(primary_key=True, default=None), "leads to the person")
    guideline_id = plain(UUID(default=None), "the version that was read")
    affiliate_id = plain(UUID(default=None), "tenant key")
    read_at = _of_shopper(Timestamptz(default=None))


class Certification(Table, schema="identity", tablename="certification"):
    """That a shopper has passed the quiz of a guideline."""

    shopper_id = plain(UUID(primary_key=True, default=None), "leads to the person")
    guideline_id = plain(UUID(default=None), "the version whose quiz it was")
    affiliate_id = plain(UUID(default=None), "tenant key")
    passed_at = _of_shopper(Timestamptz(default=None))
    percent = _of_shopper(Integer(default=None))


class QuizTry(Table, schema="identity", tablename="quiz_try"):
    """A try of a shopper at the quiz of a guideline."""

    shopper_id = plain(UUID(primary_key=True, default=None), "leads to the person")
    guideline_id = plain(UUID(default=None), "the version whose quiz it was")
    number = plain(Integer(default=None), "which try, from 1")
    affiliate_id = plain(UUID(default=None), "tenant key")
    percent = _of_shopper(Integer(default=None))
    tried_at = _of_shopper(Timestamptz(default=None))


class QuizGrant(Table, schema="identity", tablename="quiz_grant"):
    """One more try for a shopper, by a person of the staff."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "leads to the person")
    guideline_id = plain(UUID(default=None), "the version whose quiz it is")
    after_try = _of_shopper(Integer(default=None))
    granted_by = personal(
        UUID(null=True, default=None),
        Category.IDENTIFIERS,
        subject="granted_by",
        purposes=("show who decided about a person",),
        retention=WITH_THE_PROFILE,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
    granted_at = plain(Timestamptz(default=None), "when it was granted")


class Reshoot(Table, schema="field", tablename="reshoot"):
    """A shop in the place of one whose report was rejected or excluded. Staff alone know of it."""

    shop_id = plain(UUID(primary_key=True, default=None), "the shop that is made anew")
    origin_id = plain(UUID(default=None), "the shop in whose place it stands")
    affiliate_id = plain(UUID(default=None), "tenant key")
    is_by_hand = plain(Boolean(default=None), "whether a scheduler opened it, with a window of its own")
    made_at = plain(Timestamptz(default=None), "when it was opened")
