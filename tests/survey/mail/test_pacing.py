"""How fast, and when not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from survey.mail.domain import Breaker, Pacer, is_hopeless, next_try

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MIDDLE = 0.5


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 480), (7, 480), (10, 480)]
)
def test_the_next_try_comes_soon_at_first_and_later_every_eight_hours(attempts: int, minutes: int) -> None:
    assert next_try(attempts, NOW, MIDDLE) == NOW + timedelta(minutes=minutes)


def test_tries_are_spread_by_a_fifth() -> None:
    assert next_try(2, NOW, 0.0) == NOW + timedelta(minutes=4)
    assert next_try(2, NOW, 1.0) == NOW + timedelta(minutes=6)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_greylisting_server_is_left_alone_for_five_minutes_at_least(chance: float) -> None:
    assert next_try(1, NOW, chance, is_greylisted=True) >= NOW + timedelta(minutes=5)


def test_after_two_days_nobody_tries_again() -> None:
    attempts = next(attempts for attempts in range(1, 100) if is_hopeless(attempts))
    waited = sum((next_try(attempt, NOW, MIDDLE) - NOW for attempt in range(1, attempts)), timedelta())
    assert timedelta(hours=40) < waited < timedelta(hours=48)


def test_without_a_limit_nobody_waits() -> None:
    assert [Pacer().wait_seconds(now) for now in (0.0, 0.0, 0.1)] == [0, 0, 0]


def test_a_limit_spreads_messages_evenly_and_saves_none_up() -> None:
    pacer = Pacer(limit_per_minute=60)
    assert [pacer.wait_seconds(0.0) for _ in range(3)] == [0, 1, 2]
    assert pacer.wait_seconds(100.0) == 0
    assert pacer.wait_seconds(100.0) == 1


def test_a_complaint_halves_the_rate_and_patience_brings_it_back() -> None:
    pacer = Pacer(limit_per_minute=60)
    pacer.slow_down(0.0)
    assert pacer.rate_per_minute(0.0) == 30
    assert pacer.rate_per_minute(61.0) == pytest.approx(33)
    assert pacer.rate_per_minute(8 * 60.0) == 60


def test_complaints_about_the_same_haste_count_once() -> None:
    pacer = Pacer(limit_per_minute=60)
    for _ in range(5):
        pacer.slow_down(1.0)
    assert pacer.rate_per_minute(1.0) == 30


def test_a_complaint_slows_even_what_had_no_limit() -> None:
    pacer = Pacer()
    pacer.slow_down(0.0)
    assert pacer.rate_per_minute(0.0) == 300
    assert pacer.rate_per_minute(3600.0) == 0


def test_a_relay_that_does_not_answer_is_asked_less_and_less_often() -> None:
    breaker, now, waits = Breaker(), 0.0, []
    for _ in range(9):
        breaker.trip(now, is_refused=False)
        waits.append(breaker.pause_seconds(now))
        now += waits[-1]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_connections_that_fail_together_count_once() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.trip(0.0, is_refused=False)
    assert breaker.pause_seconds(0.0) == 5


def test_a_relay_that_refuses_us_rests_for_a_quarter_of_an_hour() -> None:
    breaker = Breaker()
    breaker.trip(0.0, is_refused=True)
    assert breaker.pause_seconds(0.0) == 900
    assert breaker.is_probing


def test_a_message_that_goes_through_ends_trouble_once() -> None:
    breaker = Breaker()
    breaker.trip(0.0, is_refused=False)
    assert breaker.close()
    assert not breaker.close()
    assert breaker.pause_seconds(0.0) == 0
