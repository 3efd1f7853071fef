"""The send log is kept for two years; the way out of a message works for ever."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.tokens import Purpose, sign
from survey.contacts import service as contacts
from survey.db import Role, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.settings import Settings
from survey.studies.domain import Study
from survey.sweeps import service
from tests.conftest import NOW, World
from tests.survey.invitations.fieldwork import DAY, Fieldwork
from tests.web_client import Site

HOUR = timedelta(hours=1)
TWO_YEARS = 730 * DAY
MESSAGES = "SELECT count(*) FROM ops.delivery WHERE campaign_id = $1"
INVITATIONS = "SELECT count(*) FROM identity.invitation WHERE study_id = $1"


class Sent:
    """A study that has written to one person, and is over."""

    def __init__(self, fieldwork: Fieldwork, study: Study, contact: tuple[str, UUID]) -> None:
        self.fieldwork, self.study, (self.address, self.contact_id) = fieldwork, study, contact

    async def left(self) -> tuple[int, int]:
        """How many messages, and how many invitations, are still known."""
        owner = self.fieldwork.owner
        return await owner.fetchval(MESSAGES, self.study.id), await owner.fetchval(INVITATIONS, self.study.id)

    async def sweep(self, now: datetime) -> dict[str, int]:
        """The night's work."""
        return await service.run(media_of(self.fieldwork.settings), now)


async def launched(fieldwork: Fieldwork) -> Sent:
    """A study in the field that has written to somebody at this moment."""
    address = f"{uuid4().hex}@example.net"
    contact_id = await fieldwork.contact(address)
    study = await fieldwork.study()
    await fieldwork.launch(study)
    await fieldwork.mark_sent(study, NOW)
    # The outbox asks the database for the day.
    await fieldwork.owner.execute("UPDATE ops.delivery SET created_at = $2 WHERE campaign_id = $1", study.id, NOW)
    return Sent(fieldwork, study, (address, contact_id))


async def close(sent: Sent) -> None:
    """The study is over."""
    scope = sent.fieldwork.scope
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await releases.close_study(scope, sent.study.id, NOW + DAY)


@pytest.fixture
async def sent(world: World, superuser: asyncpg.Connection, settings: Settings) -> Sent:
    """What alice's study has sent today; it closes tomorrow."""
    made = await launched(await Fieldwork.begun(world.alices, superuser, settings))
    await close(made)
    return made


async def test_a_message_is_known_for_two_years_and_then_forgotten_with_its_invitation(sent: Sent) -> None:
    await sent.sweep(NOW + TWO_YEARS)
    assert await sent.left() == (1, 1)
    await sent.sweep(NOW + TWO_YEARS + HOUR)
    assert await sent.left() == (0, 0)


async def test_an_invitation_goes_with_the_last_of_its_messages(sent: Sent) -> None:
    await sent.fieldwork.owner.execute(
        "UPDATE ops.delivery SET created_at = created_at + interval '2 days' WHERE campaign_id = $1", sent.study.id
    )
    await sent.sweep(NOW + TWO_YEARS + DAY)
    assert await sent.left() == (1, 1)
    await sent.sweep(NOW + TWO_YEARS + 3 * DAY)
    assert await sent.left() == (0, 0)


async def test_a_study_in_the_field_keeps_its_log_until_it_closes(
    world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    sent = await launched(await Fieldwork.begun(world.alices, superuser, settings))
    await sent.sweep(NOW + TWO_YEARS + DAY)
    assert await sent.left() == (1, 1)
    await close(sent)
    await sent.sweep(NOW + TWO_YEARS + DAY)
    assert await sent.left() == (0, 0)


@pytest.mark.parametrize("state", ["queued", "sending"])
async def test_what_is_on_its_way_is_left_to_whoever_sends_it(sent: Sent, state: str) -> None:
    await sent.fieldwork.owner.execute(
        "UPDATE ops.delivery SET state = $2 WHERE campaign_id = $1", sent.study.id, state
    )
    await sent.sweep(NOW + TWO_YEARS + DAY)
    assert await sent.left() == (1, 1)


async def test_late_and_twice_is_once_and_the_ledger_says_how_many_and_never_who(sent: Sent) -> None:
    for _ in range(2):
        await sent.sweep(NOW + 2 * TWO_YEARS)
    events = await sent.fieldwork.owner.fetch(
        "SELECT detail, subject_id, object_id FROM ledger.event WHERE affiliate_id = $1 AND action = 'retention.sweep'"
        " ORDER BY detail::text",
        sent.fieldwork.scope.affiliate_id,
    )
    about_mail = [tuple(row) for row in events if "sent messages" in row["detail"] or "invitations" in row["detail"]]
    assert about_mail == [
        ('{"n": 1, "what": "invitations"}', None, None),
        ('{"n": 1, "what": "sent messages"}', None, None),
    ]


async def test_what_another_affiliate_has_sent_since_stays(
    sent: Sent, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    charlies = await launched(await Fieldwork.begun(world.charlies, superuser, settings))
    await close(charlies)
    for table, key in (("ops.delivery", "campaign_id"), ("identity.invitation", "study_id")):
        await superuser.execute(f"UPDATE {table} SET created_at = $2 WHERE {key} = $1", charlies.study.id, NOW + DAY)
    await sent.sweep(NOW + TWO_YEARS + HOUR)
    assert (await sent.left(), await charlies.left()) == ((0, 0), (1, 1))


async def test_a_link_of_three_years_ago_stops_everything_also_for_who_was_erased_and_comes_again(
    sent: Sent, site: Site
) -> None:
    link_id = await sent.fieldwork.owner.fetchval(
        "SELECT opt_out_link_id FROM ops.delivery WHERE campaign_id = $1", sent.study.id
    )
    await contacts.erase_contact(sent.fieldwork.scope, sent.contact_id, NOW + DAY)
    await sent.sweep(NOW + 1095 * DAY)
    visitor = await site.visitor()
    link = f"/o/{sign(site.settings.token_keys, Purpose.OPT_OUT, link_id)}"
    assert "Stop only surveys for Brightwater Coffee" in (await visitor.get(link)).text
    await visitor.client.post(link, data={"wish": "everything"})
    for address in (sent.address, f"{uuid4().hex}@example.net"):
        await sent.fieldwork.contact(address)
    again = await sent.fieldwork.study()
    await sent.fieldwork.launch(again)
    assert await sent.fieldwork.log(again) == [("invitation", "queued", ""), ("invitation", "skipped", "opted out")]


async def test_staff_read_that_the_log_has_gone_and_never_that_nothing_was_sent(sent: Sent, site: Site) -> None:
    await sent.sweep(NOW + TWO_YEARS + DAY)
    manager = await site.signed_in(sent.fieldwork.scope.affiliate_id)
    study = await manager.get(f"/studies/{sent.study.id}")
    log = await manager.get(f"/studies/{sent.study.id}/log")
    assert "What was sent for this study is not counted any more" in study.text
    assert "Nothing is kept any more" in log.text
    assert "Nothing was sent yet" not in log.text


async def test_what_is_overdue_of_the_log_is_counted(sent: Sent) -> None:
    async with transaction(Role.WORKER):
        before = (await service.overdue(NOW + TWO_YEARS, 2 * DAY))["sent messages"]
        assert (await service.overdue(NOW + TWO_YEARS + 3 * DAY, 2 * DAY))["sent messages"] == before + 1
