"""The machine of a pay item and its arithmetic: nobody is paid beyond what was agreed, and no cent is lost or made."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.shops.payments.domain import (
    LINES,
    MACHINE,
    Actor,
    Amounts,
    Candidate,
    Due,
    Earned,
    Event,
    Kind,
    NotACode,
    Skip,
    State,
    Terms,
    WrongActor,
    WrongState,
    added,
    amounts_of,
    checked_reason,
    dry_run,
    due_of,
    promised_on,
    reason_words,
    sources_of,
    span_of,
    target_of,
    transition,
    year_sums,
)
from survey.shops.visits.domain import by_currency, decimal

TODAY = date(2026, 11, 22)
cents = st.integers(0, 10_000_000)
terms = st.builds(Terms, cents, cents, cents, cents, st.none() | cents)
amounts = st.builds(Amounts, cents, cents, cents)
earned = st.builds(Earned, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["USD", "GBP"]), amounts)
paths = st.lists(st.tuples(st.sampled_from(Event), st.sampled_from(Actor)), max_size=30)


def test_no_event_of_the_machine_belongs_to_a_client_or_to_an_appeal() -> None:
    assert {actor.value for line in MACHINE for actor in line.actors} == {"editor", "payroll"}
    assert not any("appeal" in event.value for event in Event)


def test_what_is_in_a_batch_can_neither_be_voided_nor_approved_again() -> None:
    for event in (Event.VOID, Event.APPROVE, Event.BATCH):
        with pytest.raises(WrongState):
            transition(State.PENDING, event, Actor.PAYROLL)


def test_what_was_paid_is_never_voided() -> None:
    assert [line.event for line in MACHINE if line.source is State.PAID] == [Event.REVERSE]


def test_an_editor_pays_nobody() -> None:
    for event in (Event.BATCH, Event.PAY, Event.REVERSE, Event.PAY_AGAIN, Event.TAKE_OUT):
        with pytest.raises(WrongActor):
            transition(sources_of(event, Actor.PAYROLL)[0], event, Actor.EDITOR)


def test_payroll_approves_no_report() -> None:
    with pytest.raises(WrongActor):
        transition(State.PROSPECTIVE, Event.APPROVE, Actor.PAYROLL)


def test_the_common_way_ends_in_paid() -> None:
    state = State.PROSPECTIVE
    for event, actor in ((Event.APPROVE, Actor.EDITOR), (Event.BATCH, Actor.PAYROLL), (Event.PAY, Actor.PAYROLL)):
        state = transition(state, event, actor)
    assert state is State.PAID


def test_every_state_can_be_reached() -> None:
    reached = {State.PROSPECTIVE}
    for _ in State:
        reached |= {line.target for line in MACHINE if line.source in reached}
    assert reached == set(State)


def test_each_event_has_one_line_for_a_state_and_one_target() -> None:
    assert len(LINES) == len(MACHINE)
    for event in Event:
        assert {line.target for line in MACHINE if line.event is event} == {target_of(event)}


@settings(deadline=None)
@given(amounts, paths)
def test_over_any_path_money_is_neither_lost_nor_made(promised: Amounts, path: list[tuple[Event, Actor]]) -> None:
    # A bank account of the affiliate's, kept by hand beside the machine.
    state, sent = State.PROSPECTIVE, 0
    for event, actor in path:
        try:
            state = transition(state, event, actor)
        except (WrongState, WrongActor):
            continue
        sent += {Event.PAY: 1, Event.REVERSE: -1}.get(event, 0) * promised.total_cents
    assert sent == (promised.total_cents if state is State.PAID else 0)


@settings(deadline=None)
@given(terms, st.sampled_from(Kind))
def test_a_receipt_is_never_paid_beyond_the_cap(given_terms: Terms, kind: Kind) -> None:
    paid = amounts_of(given_terms, kind)
    assert 0 <= paid.reimbursement_cents <= given_terms.reimbursement_cap_cents
    assert paid.reimbursement_cents <= (given_terms.receipt_cents or 0)


@settings(deadline=None)
@given(terms)
def test_a_visit_pays_fee_and_bonus_whole_and_an_attempt_its_own_fee_alone(given_terms: Terms) -> None:
    full, attempt = amounts_of(given_terms, Kind.FULL), amounts_of(given_terms, Kind.ATTEMPT)
    assert (full.fee_cents, full.bonus_cents) == (given_terms.fee_cents, given_terms.bonus_cents)
    assert full.total_cents == full.fee_cents + full.bonus_cents + full.reimbursement_cents
    assert attempt.total_cents == attempt.fee_cents == given_terms.attempt_fee_cents


@pytest.mark.parametrize(("is_repaid", "spent"), [(False, 0), (True, 800)])
def test_what_an_attempt_cost_is_paid_back_up_to_the_cap_where_the_campaign_says_so(
    is_repaid: bool, spent: int
) -> None:
    terms = Terms(1200, 400, 800, 300, 950, is_attempt_repaid=is_repaid)
    assert amounts_of(terms, Kind.ATTEMPT) == Amounts(300, spent, 0)


def test_without_a_receipt_nothing_is_paid_back() -> None:
    assert amounts_of(Terms(1200, 400, 800, 300, None), Kind.FULL) == Amounts(1200, 0, 400)


@settings(deadline=None)
@given(st.lists(earned, max_size=40))
def test_the_years_add_up_to_what_was_paid(items: list[Earned]) -> None:
    sums = year_sums(items)
    by_hand: Counter[str] = Counter()
    for item in items:
        by_hand[item.currency] += item.amounts.total_cents
    assert by_currency((each.currency, each.amounts.total_cents) for each in sums) == dict(by_hand)
    assert sum(each.items for each in sums) == len(items)
    assert [each.year for each in sums] == sorted((each.year for each in sums), reverse=True)


@settings(deadline=None)
@given(st.lists(amounts))
def test_adding_amounts_adds_each_part(many: list[Amounts]) -> None:
    assert added(many).total_cents == sum(each.total_cents for each in many)


def test_a_payment_counts_in_the_year_in_which_it_was_made() -> None:
    new_year = Earned(date(2027, 1, 1), "USD", Amounts(100, 0, 0))
    assert [each.year for each in year_sums([new_year])] == [2027]


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 90))
def test_the_promised_day_is_so_many_days_after_the_visit(visited_on: date, pay_days: int) -> None:
    assert (promised_on(visited_on, pay_days) - visited_on).days == pay_days


@settings(deadline=None)
@given(st.integers(-60, 60))
def test_each_promised_day_is_in_one_bucket_and_the_span_of_the_bucket_holds_it(days: int) -> None:
    promised = TODAY + timedelta(days=days)
    holding = [due for due in Due if span_of(due, TODAY)[0] <= promised <= span_of(due, TODAY)[1]]
    assert holding == [due_of(promised, TODAY)]


@pytest.mark.parametrize(("amount", "text"), [(0, "0.00"), (5, "0.05"), (1200, "12.00"), (-705, "-7.05")])
def test_cents_are_written_with_two_decimals(amount: int, text: str) -> None:
    assert decimal(amount) == text


def test_words_about_a_person_are_no_reason() -> None:
    with pytest.raises(NotACode):
        checked_reason("Robin lied to us")
    assert reason_words(checked_reason("visit_not_made")) == "The visit was not made"


def candidate(shopper_id: UUID | None = None, cents: int = 1000, **facts: object) -> Candidate:
    """Something owed that can be paid, unless a fact says otherwise."""
    usual = {"is_on_hold": False, "has_payout": True, "has_tax_number": True, "earned_cents": 0, **facts}
    return Candidate(uuid4(), shopper_id or uuid4(), "S-1", "T-1", TODAY, Amounts(cents, 0, 0), **usual)  # type: ignore[arg-type]


def test_nobody_is_paid_who_has_not_said_where_to() -> None:
    assert [each.reason for each in dry_run([candidate(has_payout=False)], None).skipped] == [Skip.NO_PAYOUT]


def test_a_shop_on_hold_is_not_paid() -> None:
    assert [each.reason for each in dry_run([candidate(is_on_hold=True)], None).skipped] == [Skip.ON_HOLD]


def test_a_tax_number_is_needed_from_the_amount_on_and_not_before() -> None:
    below = candidate(cents=999, has_tax_number=False, earned_cents=59_000)
    at = candidate(cents=1000, has_tax_number=False, earned_cents=59_000)
    result = dry_run([below, at], 60_000)
    assert result.included == [below]
    assert [(each.candidate, each.reason) for each in result.skipped] == [(at, Skip.NO_TAX_NUMBER)]


def test_where_no_tax_number_is_asked_for_none_is_needed() -> None:
    assert dry_run([candidate(cents=9_000_000, has_tax_number=False)], None).skipped == []


def test_what_is_paid_back_of_a_purchase_does_not_count_towards_the_tax_number() -> None:
    spent = replace(candidate(has_tax_number=False), amounts=Amounts(500, 9000, 100))
    assert dry_run([spent], 601).skipped == []
    assert [each.reason for each in dry_run([spent], 600).skipped] == [Skip.NO_TAX_NUMBER]


def test_two_items_of_one_shopper_count_together_towards_the_tax_number() -> None:
    shopper_id = uuid4()
    both = [candidate(shopper_id, 400, has_tax_number=False), candidate(shopper_id, 600, has_tax_number=False)]
    assert len(dry_run(both, 1000).skipped) == 2


@settings(deadline=None)
@given(st.lists(st.tuples(cents, st.booleans(), st.booleans(), st.booleans(), cents), max_size=30))
def test_a_dry_run_leaves_nothing_out_of_its_account(facts: list[tuple[int, bool, bool, bool, int]]) -> None:
    owed = [
        candidate(cents=each[0], is_on_hold=each[1], has_payout=each[2], has_tax_number=each[3], earned_cents=each[4])
        for each in facts
    ]
    result = dry_run(owed, 100_000)
    left_out = sum(each.candidate.amounts.total_cents for each in result.skipped)
    assert result.total_cents + left_out == sum(each.amounts.total_cents for each in owed)
    assert sum(result.reasons.values()) + len(result.included) == len(owed)
