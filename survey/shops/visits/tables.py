"""Shops and their timers in the field plane; who makes one, and who asked to, in the identity plane."""

from typing import TypeVar

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

VISITS = Retention("visits made", days=1460, counted_from="the day of the visit", sweep="sweeps.run")
MARKS = Retention("marks against a shopper", days=730, counted_from="the day the mark was decided", sweep="sweeps.run")
APPLICATIONS = Retention(
    "applications", days=365, counted_from="the day the application was decided", sweep="sweeps.run"
)
SCHEDULE = ("know who makes which visit", "pay for it", "keep to the rotation that a client was promised")
PAY_RECORDS = "tax law asks for the record of what was paid for; without the profile's key it names nobody"


def _of_visit(column: C, category: Category = Category.EMPLOYMENT) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=SCHEDULE,
        retention=VISITS,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=PAY_RECORDS,
    )


def _of_application(column: C, category: Category, on_erase: Erase) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=SCHEDULE,
        retention=APPLICATIONS,
        on_erase=on_erase,
        release=Release.NEVER,
    )


def _of_mark(column: C, category: Category = Category.INFERENCES, on_erase: Erase = Erase.DELETE) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=("see who lets shops down again and again", "let a person decide what that means"),
        retention=MARKS,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class Shop(Table, schema="field", tablename="shop"):
    """One visit to one location. No person is in it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client whose location it is")
    campaign_id = plain(UUID(default=None), "the campaign")
    wave_id = plain(UUID(default=None), "the wave")
    location_id = plain(UUID(default=None), "the location to visit")
    scenario_id = plain(UUID(null=True, default=None), "the scenario to play")
    guideline_id = plain(UUID(null=True, default=None), "the guideline in force")
    version_id = plain(UUID(null=True, default=None), "the questionnaire version of the report")
    public_ref = plain(Text(default=None), "what people call it; random, never sent to a client")
    daypart = plain(Text(default="any"), "when in the day")
    window_start = plain(Timestamptz(default=None), "from when it may be made")
    window_end = plain(Timestamptz(default=None), "until when it may be made")
    last_day = plain(Date(default=None), "the last day of the window, by the place's calendar; a trigger keeps it")
    stretched_from = plain(Timestamptz(null=True, default=None), "the campaign's end, while one shopper has longer")
    planned_on = plain(Date(null=True, default=None), "the day somebody means to go")
    due_at = plain(Timestamptz(null=True, default=None), "when the report is due")
    fee_cents = plain(Integer(default=None), "what it pays")
    bonus_cents = plain(Integer(default=0), "what it pays on top")
    reimbursement_cap_cents = plain(Integer(default=None), "the most that is paid back of a purchase")
    currency = plain(Text(default=None), "ISO 4217 code")
    state = plain(Text(default="DRAFT"), "where the machine stands")
    state_since = plain(Timestamptz(default=None), "since when")
    is_on_hold = plain(Boolean(default=False), "hidden from shopper and client until somebody decides")
    is_appeal_open = plain(Boolean(default=False), "whether the client contests something")
    is_legal_hold = plain(Boolean(default=False), "whether the law forbids to remove it")
    is_flaked = plain(Boolean(default=False), "whether somebody took it and did not do it")
    unassign_count = plain(Integer(default=0), "how often it came back to the board")
    editor_id = plain(UUID(null=True, default=None), "the editor's account while in review; leads to staff")
    score_percent = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score")
    grade = plain(Integer(null=True, default=None), "the grade of the report, 1 to 10")
    is_let_go = plain(Boolean(default=False), "whether the last move was that somebody let it or its offer go")
    revision = plain(Integer(default=0), "counts its changes")
    created_at = plain(Timestamptz(default=None), "when it was made")
    hold_reason = plain(Text(default=""), "why it is on hold, in words chosen from a list")
    hold_since = plain(Timestamptz(null=True, default=None), "since when it is on hold")
    is_attempt = plain(Boolean(default=False), "whether its accepted report says that no visit could be made")


class ShopInterest(Table, schema="field", tablename="shop_interest"):
    """How many shoppers wait for an answer to their application; a trigger of the applications counts."""

    shop_id = plain(UUID(primary_key=True, default=None), "the shop")
    affiliate_id = plain(UUID(default=None), "tenant key")
    waiting = plain(Integer(default=0), "how many applications nobody has decided")


class ShopTimer(Table, schema="field", tablename="shop_timer"):
    """Something that will happen to a shop by itself."""

    shop_id = plain(UUID(primary_key=True, default=None), "the shop")
    kind = plain(Text(default=None), "which event of the machine")
    affiliate_id = plain(UUID(default=None), "tenant key")
    due_at = plain(Timestamptz(default=None), "when")


class HoldSpell(Table, schema="field", tablename="hold_spell"):
    """A hold that is over: what counts from a moment of the shop counts without it."""

    shop_id = plain(UUID(primary_key=True, default=None), "the shop")
    began_at = plain(Timestamptz(default=None), "when it was put on hold")
    affiliate_id = plain(UUID(default=None), "tenant key")
    ended_at = plain(Timestamptz(default=None), "when the hold was lifted")


class Assignment(Table, schema="identity", tablename="assignment"):
    """Who makes a shop, or made it, or gave it back: the one row that ties a person to a visit."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = _of_visit(UUID(default=None))
    shopper_id = plain(UUID(default=None), "leads to the person")
    household_index = personal(
        Bytea(null=True, default=None),
        Category.IDENTIFIERS,
        subject="shopper_id",
        purposes=("keep the same household from visiting a place too often",),
        retention=VISITS,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
    mode = plain(Text(default=None), "how it came about: offer, application, self or manual")
    state = _of_visit(Text(default=None))
    planned_on = _of_visit(Date(null=True, default=None))
    override_reason = plain(Text(default=""), "why staff set rules aside; about the shop, not the person")
    round_id = _of_visit(UUID(null=True, default=None))
    round_place = _of_visit(Integer(null=True, default=None))
    is_override = plain(Boolean(default=False), "whether staff set rules aside; follows from the reason")
    assigned_at = _of_visit(Timestamptz(default=None))
    shown_from = plain(Timestamptz(null=True, default=None), "from when on its shopper sees it; nothing: at once")
    ended_at = _of_visit(Timestamptz(null=True, default=None))


class Application(Table, schema="identity", tablename="application"):
    """Somebody asks to be given a shop."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = _of_application(UUID(default=None), Category.EMPLOYMENT, Erase.DELETE)
    shopper_id = plain(UUID(default=None), "leads to the person")
    proposed_on = _of_application(Date(null=True, default=None), Category.EMPLOYMENT, Erase.DELETE)
    note = _of_application(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)
    state = plain(Text(default="SUBMITTED"), "where the application's machine stands")
    reason = plain(Text(default=""), "why it was declined, in words chosen from a list")
    created_at = _of_application(Timestamptz(default=None), Category.EMPLOYMENT, Erase.DELETE)
    decided_at = plain(Timestamptz(null=True, default=None), "when staff decided")


class Mark(Table, schema="identity", tablename="mark"):
    """What is said against a shopper: proposed by a machine, decided by a person."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "leads to the person")
    shop_id = _of_mark(UUID(default=None), Category.EMPLOYMENT)
    assignment_id = plain(UUID(default=None), "the assignment that it is about")
    kind = _of_mark(Text(default=None))
    state = _of_mark(Text(default="PROPOSED"))
    reason = _of_mark(Text(default=""))
    contest = _of_mark(Text(default=""))
    contest_words = _of_mark(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)
    proposed_at = _of_mark(Timestamptz(default=None), Category.EMPLOYMENT)
    decided_by = plain(UUID(null=True, default=None), "the account that decided; leads to staff")
    decided_at = plain(Timestamptz(null=True, default=None), "when staff decided")
    contested_at = _of_mark(Timestamptz(null=True, default=None), Category.EMPLOYMENT)


class LegalHoldRow(Table, schema="field", tablename="legal_hold"):
    """Why the law forbids to remove what hangs on a shop, and who said so."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = plain(UUID(default=None), "the shop")
    reason = plain(Text(default=None), "why; a code")
    reference = plain(Text(default=None), "the number of a matter; it takes no name")
    placed_by = plain(UUID(default=None), "the account that placed it; leads to staff")
    placed_at = plain(Timestamptz(default=None), "when it was placed")
    lifted_by = plain(UUID(null=True, default=None), "the account that lifted it; leads to staff")
    lifted_at = plain(Timestamptz(null=True, default=None), "when it was lifted")
    lift_reason = plain(Text(default=""), "why it was lifted; a code")


class ErasureDue(Table, schema="field", tablename="erasure_due"):
    """A report whose author was erased while the law held it. It names nobody."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    since = plain(Timestamptz(default=None), "when its author was erased")
