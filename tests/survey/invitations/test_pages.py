"""The button and the send log, as staff use them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from privacy.optouts import Source, StopScope, resume, stop, suppression_key
from survey.db import Role, transaction
from survey.invitations.domain import Line
from survey.mail.domain import State
from survey.studies.domain import Message, Study
from tests.conftest import NOW, World, unheard_of
from tests.web_client import Site

from .fieldwork import Fieldwork

READS = "SELECT count(*) FROM ledger.event WHERE action = 'contact.read' AND affiliate_id = $1"


async def launched(fieldwork: Fieldwork, **changes: object) -> Study:
    """A study in the field with three people."""
    for name in ("ann", "bob", "cyd"):
        await fieldwork.contact(f"{name}.log@example.test")
    study = await fieldwork.study(**changes)
    await fieldwork.launch(study)
    return study


async def test_strangers_and_other_affiliates_find_nothing(site: Site, world: World, fieldwork: Fieldwork) -> None:
    study = await launched(fieldwork)
    (line,) = await fieldwork.owner.fetch("SELECT id FROM ops.delivery WHERE campaign_id = $1 LIMIT 1", study.id)
    charlie = await site.signed_in(world.charlies.affiliate_id)
    stranger = await site.visitor()
    for path in ("log", "log.csv", f"log/{line['id']}"):
        assert (await charlie.get(f"/studies/{study.id}/{path}")).status_code == 404
        assert (await stranger.get(f"/studies/{study.id}/{path}")).status_code == 303
    assert (await charlie.post(f"/studies/{study.id}/launch", {"revision": "2"})).status_code == 404


async def test_the_button_says_how_many_and_the_page_after_it_too(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.log@example.test")
    await fieldwork.contact("bob.log@example.test")
    study = await fieldwork.study()
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    assert "Send 2 invitations" in (await alice.get(f"/studies/{study.id}")).text
    sent = await alice.post(f"/studies/{study.id}/launch", {"revision": str(study.revision)})
    assert sent.headers["location"] == f"/studies/{study.id}"
    assert "2 invitations are on the way." in (await alice.get(f"/studies/{study.id}")).text
    await alice.post(f"/studies/{study.id}/launch", {"revision": str(study.revision)})
    assert "Nothing was sent twice." in (await alice.get(f"/studies/{study.id}")).text


async def test_what_is_missing_is_said_instead_of_sending(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    page = (await alice.get(f"/studies/{study.id}")).text
    assert "Nobody fits this audience." in page
    assert "/launch" not in page
    await alice.post(f"/studies/{study.id}/launch", {"revision": str(study.revision)})
    assert "Nothing has been sent." in (await alice.get(f"/studies/{study.id}")).text


async def test_the_log_shows_rows_and_never_an_address(site: Site, fieldwork: Fieldwork) -> None:
    study = await launched(fieldwork)
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    page = (await alice.get(f"/studies/{study.id}/log")).text
    assert page.count("Waiting</span>") == 4
    assert "example.test" not in page
    file = await alice.get(f"/studies/{study.id}/log.csv?state=queued")
    assert file.text.count("Invitation,Waiting") == 3
    assert "example.test" not in file.text
    assert "No message in this state" in (await alice.get(f"/studies/{study.id}/log?state=bounced")).text


async def test_opening_an_address_is_recorded(site: Site, fieldwork: Fieldwork) -> None:
    study = await launched(fieldwork)
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    page = (await alice.get(f"/studies/{study.id}/log")).text
    found = re.search(rf"/studies/{study.id}/log/[0-9a-f-]{{36}}", page)
    assert found is not None
    assert ".log@example.test" in (await alice.get(found[0])).text
    assert await fieldwork.owner.fetchval(READS, fieldwork.scope.affiliate_id) == 1


async def test_reminders_of_a_confidential_study_are_counted_and_not_listed(site: Site, fieldwork: Fieldwork) -> None:
    study = await launched(fieldwork, reminder_days=[3])
    await fieldwork.owner.execute(
        "UPDATE ops.delivery SET kind = 'reminder-1' WHERE id IN"
        " (SELECT id FROM ops.delivery WHERE campaign_id = $1 LIMIT 1)", study.id,
    )  # fmt: skip
    line = await fieldwork.owner.fetchval(
        "SELECT id FROM ops.delivery WHERE kind = 'reminder-1' AND campaign_id = $1", study.id
    )
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    page = (await alice.get(f"/studies/{study.id}/log?kind=reminder-1")).text
    assert "First reminder" in page
    assert str(line) not in page
    assert (await alice.get(f"/studies/{study.id}/log/{line}")).status_code == 404
    assert "reminder" not in (await alice.get(f"/studies/{study.id}/log.csv?kind=reminder-1")).text


async def stopped(fieldwork: Fieldwork, address: str, days: float, *, by: Fieldwork | None = None) -> None:
    """Somebody opted out so many days ago: of everything, or of one client's surveys."""
    key = suppression_key(fieldwork.settings.index_key, address)
    reach = StopScope.CLIENT if by else StopScope.EVERYTHING
    async with transaction(Role.DESK) as here:
        await stop(here, key, reach, by.client_id if by else None, Source.PAGE, NOW - timedelta(days=days))


async def reasons_at(site: Site, fieldwork: Fieldwork, study: Study) -> tuple[str, str]:
    """The log of what was not sent, as a page and as a file."""
    alice = await site.signed_in(fieldwork.scope.affiliate_id)
    page = await alice.get(f"/studies/{study.id}/log?state=skipped")
    file = await alice.get(f"/studies/{study.id}/log.csv?state=skipped")
    assert (page.status_code, file.status_code) == (200, 200)
    return page.text, file.text


async def test_of_whoever_opted_out_the_log_says_how_many_days_ago_and_neither_where_nor_when(
    site: Site, fieldwork: Fieldwork, world: World
) -> None:
    other = await Fieldwork.begun(world.charlies, fieldwork.owner, fieldwork.settings, "Northwind")
    address = unheard_of()
    await fieldwork.contact(address)
    await stopped(fieldwork, address, 14.3)
    await stopped(fieldwork, address, 40, by=other)
    study = await launched(fieldwork)
    for told in await reasons_at(site, fieldwork, study):
        assert told.count("suppressed: opted out 14 days ago") == 1
        assert "40 days" not in told
        assert "Northwind" not in told
        assert f"{NOW - timedelta(days=14.3):%Y-%m-%d}" not in told


async def test_a_stop_of_this_client_counts_from_its_own_day(site: Site, fieldwork: Fieldwork) -> None:
    address = unheard_of()
    await fieldwork.contact(address)
    await stopped(fieldwork, address, 3, by=fieldwork)
    await stopped(fieldwork, address, 1)
    study = await launched(fieldwork)
    page, _ = await reasons_at(site, fieldwork, study)
    assert "suppressed: opted out 3 days ago" in page


async def test_a_stop_of_all_mail_of_this_affiliate_counts_from_its_day_and_one_of_another_does_not(
    site: Site, fieldwork: Fieldwork, world: World
) -> None:
    address = unheard_of()
    await fieldwork.contact(address)
    key = suppression_key(fieldwork.settings.index_key, address)
    async with transaction(Role.DESK) as here:
        for affiliate_id, days in ((world.charlies.affiliate_id, 9), (fieldwork.scope.affiliate_id, 5)):
            at = NOW - timedelta(days=days)
            await stop(here, key, StopScope.AFFILIATE, affiliate_id, Source.PAGE, at)
    study = await launched(fieldwork)
    for told in await reasons_at(site, fieldwork, study):
        assert "suppressed: opted out 5 days ago" in told


async def test_nothing_is_said_of_a_stop_that_was_lifted_since(site: Site, fieldwork: Fieldwork) -> None:
    address = unheard_of()
    await fieldwork.contact(address)
    await stopped(fieldwork, address, 14)
    study = await launched(fieldwork)
    key = suppression_key(fieldwork.settings.index_key, address)
    async with transaction(Role.DESK) as here:
        await resume(here, key, StopScope.EVERYTHING, None, NOW)
    page, _ = await reasons_at(site, fieldwork, study)
    assert "suppressed: opted out" in page
    assert "days ago" not in page


@pytest.mark.parametrize(
    ("reason", "days", "words"),
    [("opted out", 0, "suppressed: opted out today"), ("opted out", 1, "suppressed: opted out a day ago"),
     ("opted out", None, "suppressed: opted out"), ("bounced", None, "bounced")],
)  # fmt: skip
def test_why_a_message_was_not_sent_in_words(reason: str, days: int | None, words: str) -> None:
    line = Line(uuid4(), Message.INVITATION, State.SKIPPED, reason, 0, NOW, None, days)
    assert line.reason_words == words
