"""Merge fields, letters and the checklist: the rules, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from survey.mail.domain import Paragraph, Sender
from survey.mail.domain.letters import filled
from survey.studies.domain import (
    SAMPLE,
    AudienceKind,
    Edition,
    Facts,
    IdentityMode,
    Message,
    Narrowing,
    Part,
    Reach,
    Recipient,
    Status,
    Study,
    composition,
    gaps,
    in_utc,
    last_day,
    problem_with,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ID = UUID("11111111-1111-4111-8111-111111111111")
URL = "https://candour.test/s/token"
READY = Facts(Reach(10, 1, 1, 2), 0, is_client_active=True)


def edition(subject: str, body: str) -> Edition:
    """A study's message with these words."""
    return Edition(
        study_id=ID,
        client_id=ID,
        client_name="Brightwater & Sons",
        panel_id=None,
        panel_name=None,
        title="Your last visit",
        is_identified=False,
        closes_at=NOW + timedelta(days=10),
        time_zone="Europe/London",
        language="en",
        questions=9,
        minutes=3,
        invitation=(subject, body),
        reminder=("Still time", "Tell us."),
        sender=Sender("Kestrel", "1 High Street", "office@kestrel.test"),
    )


def study(**changes: object) -> Study:
    """A study that may be launched."""
    ready = Study(
        id=ID, client_id=ID, client_name="Brightwater", version_id=ID, questionnaire_id=ID, questionnaire_name="Visits",
        version_number=1, name="November", title="Your last visit", audience_kind=AudienceKind.CONTACTS, panel_id=None,
        panel_name=None, narrowing=Narrowing(), identity_mode=IdentityMode.CONFIDENTIAL, authorisation_id=None,
        authorised_until=None, opens_at=NOW, closes_at=NOW + timedelta(days=10), time_zone="UTC",
        invitation_subject="From {{client}}", invitation_body="Tell us.", reminder_subject="", reminder_body="",
        reminder_days=(), confirmed=frozenset({"purpose"}), status=Status.DRAFT, revision=1, created_at=NOW,
        launched_at=None, closed_at=None,
    )  # fmt: skip
    return replace(ready, **changes)  # type: ignore[arg-type]


def read(made_for: Edition, to: Recipient) -> str:
    """Subject and paragraphs as one person reads them."""
    made = composition(made_for, Message.INVITATION)
    values = made.values(to, URL)
    words = [made.letter.subject, *(block.text for block in made.letter.blocks if isinstance(block, Paragraph))]
    return " / ".join(filled(text, values) for text in words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{surname}}", "There is no field called surname."),
        ("Hello {{ first_name.__class__ }}", "There is no field called that."),
        ("Hello {{first_name", "A field is not closed."),
        ("Hello first_name}}", "A field is not closed."),
        ("Hello {{{{first_name}}}}", "A field is not closed."),
    ],
)
def test_a_field_that_is_not_on_the_list_is_refused(text: str, said: str) -> None:
    assert problem_with(text).startswith(said)


def test_every_field_on_the_list_is_taken() -> None:
    assert problem_with("{{first_name|there}} {{client}} {{store}} {{visit_date}} {{minutes}} {{closes_on}}") == ""


def test_fields_are_filled_with_what_is_known() -> None:
    words = "{{first_name|there}}, {{client}}, {{store}}, {{visit_date}}, {{minutes}}, {{closes_on}}"
    said = read(edition("Hi {{first_name}}", words), SAMPLE)
    assert said.startswith("Hi Sam / Sam, Brightwater & Sons, High Street, 2 October 2026, 3 minutes, 2 December 2026")


def test_the_same_field_may_have_two_fallbacks() -> None:
    nobody = Recipient("", "", None, date(2026, 10, 5))
    said = read(edition("{{first_name|Guest}}", "{{first_name|there}}, {{store}}, {{visit_date|lately}}"), nobody)
    assert said.startswith("Guest / there, our store, lately / ")


@pytest.mark.parametrize("name", ["http://evil.test", "www.evil.test", "x" * 41, "Ann2", "a@b", "<b>"])
def test_what_is_no_name_does_not_stand_in_a_letter(name: str) -> None:
    said = read(edition("Hi {{first_name|there}}", "Hello."), SAMPLE._replace(first_name=name))
    assert said.startswith("Hi there / ")


def test_a_line_break_in_a_name_never_reaches_the_subject() -> None:
    said = read(edition("Hi {{first_name}}", "Hello."), SAMPLE._replace(first_name="Ann\r\nBcc: all"))
    assert said.startswith("Hi there / ")
    assert "\n" not in said


def test_a_clients_name_that_looks_like_a_field_stays_as_it_is() -> None:
    odd = replace(edition("From {{client}}", "Hello."), client_name="{{first_name}} Ltd")
    assert read(odd, SAMPLE).startswith("From {{first_name}} Ltd / ")


def test_every_message_says_who_will_see_the_answers() -> None:
    assert "never who said what" in read(edition("Hi", "Hello."), SAMPLE)
    named = replace(edition("Hi", "Hello."), is_identified=True)
    assert "with your name" in read(named, SAMPLE)


def test_a_closing_time_is_said_in_the_studys_own_zone() -> None:
    assert last_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Europe/Berlin") == "2 July 2026, 01:30"


def test_a_local_time_is_kept_in_utc() -> None:
    at = datetime(2026, 7, 1, 9, 0, tzinfo=UTC).time()
    assert in_utc(date(2026, 7, 1), at, "America/New_York") == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)


def test_a_complete_study_lacks_nothing() -> None:
    assert gaps(study(), READY, NOW) == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"confirmed": frozenset()}, Part.CHECKS),
        ({"invitation_body": ""}, Part.INVITATION),
        ({"invitation_subject": "Hello"}, Part.INVITATION),
        ({"opens_at": NOW - timedelta(days=9), "closes_at": NOW - timedelta(days=1)}, Part.DATES),
        ({"closes_at": NOW + timedelta(days=91)}, Part.DATES),
        ({"identity_mode": IdentityMode.IDENTIFIED}, Part.IDENTITY),
        (
            {"identity_mode": IdentityMode.IDENTIFIED, "authorised_until": date(2026, 11, 25)},
            Part.IDENTITY,
        ),
        ({"reminder_days": (3,)}, Part.REMINDERS),
        ({"reminder_days": (3, 12), "reminder_subject": "x", "reminder_body": "x"}, Part.REMINDERS),
    ],
)
def test_each_thing_that_is_missing_is_named(changes: dict[str, object], part: Part) -> None:
    assert [gap.part for gap in gaps(study(**changes), READY, NOW)] == [part]


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        (replace(READY, reach=Reach(0, 0, 0, 0)), Part.AUDIENCE),
        (replace(READY, reach=Reach(4, 2, 1, 1)), Part.AUDIENCE),
        (replace(READY, questionnaire_problems=2), Part.BASICS),
        (replace(READY, is_client_active=False), Part.BASICS),
    ],
)
def test_what_a_study_rests_on_is_looked_at_too(facts: Facts, part: Part) -> None:
    assert [gap.part for gap in gaps(study(), facts, NOW)] == [part]
