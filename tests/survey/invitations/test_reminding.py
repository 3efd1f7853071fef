"""Reminders: to those who have not answered, and never twice."""

import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from survey.db import Role, transaction
from survey.invitations import service
from survey.mail.domain import Outgoing, Withheld
from survey.studies import service as studies
from survey.studies.domain import AudienceKind, Study
from tests.conftest import NOW

from .fieldwork import DAY, Fieldwork, text_of

DUE = NOW + 3 * DAY


@pytest.fixture
async def sent(fieldwork: Fieldwork) -> Study:
    """A study with two reminders whose three invitations went out today."""
    for name in ("ann", "bob", "cyd"):
        await fieldwork.contact(f"{name}.remind@example.test", name.title())
    study = await fieldwork.study(opens_at=NOW, reminder_days=[3, 6])
    await fieldwork.launch(study)
    await fieldwork.mark_sent(study, NOW)
    return study


async def reminders(fieldwork: Fieldwork, study: Study) -> list[tuple[str, str, str]]:
    """What the log says of reminders."""
    return [line for line in await fieldwork.log(study) if line[0] != "invitation"]


async def test_nobody_is_reminded_before_the_day(fieldwork: Fieldwork, sent: Study) -> None:
    await service.plan_reminders(DUE - DAY / 24)
    assert await reminders(fieldwork, sent) == []


async def test_whoever_answered_declined_or_opted_out_is_not_reminded(fieldwork: Fieldwork, sent: Study) -> None:
    for state in ("finished", "declined"):
        await fieldwork.set_door(sent, state)
    key = suppression_key(fieldwork.settings.index_key, "stopped.remind@example.test")
    await fieldwork.owner.execute(
        "UPDATE ops.delivery SET suppression_key = $2 WHERE campaign_id = $1 AND recipient_id = $3",
        sent.id, key, await fieldwork.waiting_invitation(sent),
    )  # fmt: skip
    async with transaction(Role.DESK) as here:
        await stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    await service.plan_reminders(DUE)
    # Of the two who answered or declined there is no line: the log does not tell who they are.
    assert await reminders(fieldwork, sent) == [("reminder-1", "skipped", "opted out")]
    assert await fieldwork.composed(sent, DUE) == []


async def test_an_address_that_bounced_is_not_reminded(fieldwork: Fieldwork, sent: Study) -> None:
    await fieldwork.owner.execute("UPDATE identity.contact SET status = 'bounced' WHERE client_id = $1", sent.client_id)
    await service.plan_reminders(DUE)
    await service.plan_reminders(DUE)
    assert await reminders(fieldwork, sent) == [("reminder-1", "skipped", "mail came back before")] * 3
    assert await fieldwork.composed(sent, DUE) == []


async def test_whoever_has_left_the_panel_is_not_reminded(fieldwork: Fieldwork) -> None:
    panel_id, member = await fieldwork.panel_with("pam.remind@example.test")
    study = await fieldwork.study(opens_at=NOW, reminder_days=[3], audience_kind=AudienceKind.PANEL, panel_id=panel_id)
    await fieldwork.launch(study)
    await fieldwork.mark_sent(study, NOW)
    await fieldwork.owner.execute("UPDATE identity.panelist SET status = 'left' WHERE id = $1", member)
    await service.plan_reminders(DUE)
    assert await reminders(fieldwork, study) == [("reminder-1", "skipped", "has left the panel")]


async def test_an_invitation_that_never_went_out_is_not_followed_by_a_reminder(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.remind@example.test")
    study = await fieldwork.study(opens_at=NOW, reminder_days=[3])
    await fieldwork.launch(study)
    await service.plan_reminders(DUE)
    assert await reminders(fieldwork, study) == []


async def test_those_who_have_not_answered_are_reminded_once(fieldwork: Fieldwork, sent: Study) -> None:
    await fieldwork.set_door(sent, "finished")
    await service.plan_reminders(DUE)
    await service.plan_reminders(DUE)
    assert await reminders(fieldwork, sent) == [("reminder-1", "queued", "")] * 2
    written = await fieldwork.composed(sent, DUE)
    texts = [text_of(each, fieldwork) for each in written if isinstance(each, Outgoing)]
    assert len(texts) == 2
    assert all("We wrote to you" in text or "we wrote to you" in text for text in texts)


async def test_a_reminder_is_withheld_from_whoever_answers_before_it_leaves(fieldwork: Fieldwork, sent: Study) -> None:
    await service.plan_reminders(DUE)
    await fieldwork.set_door(sent, "finished")
    written = await fieldwork.composed(sent, DUE)
    assert [each.reason for each in written if isinstance(each, Withheld)] == ["has answered or declined"]


async def test_after_a_pause_two_reminders_do_not_come_at_once(fieldwork: Fieldwork, sent: Study) -> None:
    await service.plan_reminders(NOW + 8 * DAY)
    assert {kind for kind, _, _ in await reminders(fieldwork, sent)} == {"reminder-1"}
    await fieldwork.mark_sent(sent, NOW + 8 * DAY)
    await service.plan_reminders(NOW + 9 * DAY)
    assert {kind for kind, _, _ in await reminders(fieldwork, sent)} == {"reminder-1"}
    await service.plan_reminders(NOW + 12 * DAY)
    assert {kind for kind, _, _ in await reminders(fieldwork, sent)} == {"reminder-1", "reminder-2"}


async def test_a_paused_study_reminds_nobody(fieldwork: Fieldwork, sent: Study) -> None:
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        await studies.pause(fieldwork.scope, sent.id, NOW)
    await service.plan_reminders(DUE)
    assert await reminders(fieldwork, sent) == []


async def test_planning_is_audited_in_counts(fieldwork: Fieldwork, sent: Study) -> None:
    await service.plan_reminders(DUE)
    detail = await fieldwork.owner.fetchval(
        "SELECT detail::text FROM ledger.event WHERE object_id = $1 AND action = 'study.remind'", sent.id
    )
    assert detail == '{"people": 3, "reminder": 1, "passed_over": 0}'
