"""How often a quiz may be tried, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from survey.shops.campaigns.domain import Tries, TryRule

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (TryRule(), "You may try as often as you like."),
        (TryRule(1, 24), "You may try once."),
        (TryRule(3), "You may try 3 times."),
        (TryRule(3, 1), "You may try 3 times, and wait an hour after each try."),
        (TryRule(None, 48), "You may try as often as you like, and wait 48 hours after each try."),
    ],
)
def test_a_rule_reads_like_a_sentence(rule: TryRule, words: str) -> None:
    assert rule.words == words


def test_without_a_rule_there_is_nothing_to_count_and_nothing_to_say() -> None:
    tries = Tries(40, NOW)
    assert tries.may_try(TryRule(), NOW)
    assert tries.words(TryRule(), NOW, "UTC") == ""


def test_tries_run_out_and_a_given_one_is_one_more() -> None:
    rule = TryRule(2)
    assert Tries(1, NOW).left(rule) == 1
    assert not Tries(2, NOW).may_try(rule, NOW)
    assert Tries(2, NOW, granted=1, granted_after=2).may_try(rule, NOW)
    assert not Tries(3, NOW, granted=1, granted_after=2).may_try(rule, NOW)


def test_waiting_ends_to_the_minute_or_when_a_try_is_given() -> None:
    rule, later = TryRule(None, 24), NOW + timedelta(hours=24)
    assert not Tries(1, NOW).may_try(rule, later - timedelta(seconds=1))
    assert Tries(1, NOW).may_try(rule, later)
    assert Tries(1, NOW, granted=1, granted_after=1).may_try(rule, NOW)
    assert not Tries(2, NOW, granted=1, granted_after=1).may_try(rule, NOW)


def test_when_there_is_no_limit_only_the_waiting_is_told() -> None:
    assert Tries(1, NOW).words(TryRule(None, 2), NOW, "Europe/Berlin") == (
        "You may try again from Sunday 22 November, 12:30 on."
    )
