"""The pages of studies, as staff use them."""

from datetime import date
from uuid import UUID

import pytest

from survey.accounts import service as accounts
from survey.accounts.domain import AccountRole, Invitee
from survey.accounts.service import NewAccount
from survey.clients import service as clients
from survey.db import Role, transaction
from survey.mail import queries as outbox
from survey.mail.composing import Composing
from survey.mail.domain import Outgoing
from survey.studies import emails
from survey.studies.domain import Part, Study
from tests.conftest import NOW, World
from tests.survey.invitations.fieldwork import DAY, Fieldwork
from tests.web_client import Browser, Site

DELIVERIES = "SELECT state, reason, not_after FROM ops.delivery WHERE campaign_id = $1"
PAGES = ("", "/preview", *(f"/edit/{part.value}" for part in Part))
POSTS = ("pause", "resume", "extend", "copy", "discard", "test-message", "edit/basics")
WORDS = {"subject": "How was {{client}}?", "body": "Hello {{first_name|there}},\n\ntell us, so that we get better."}


async def manager(site: Site, fieldwork: Fieldwork) -> Browser:
    """Somebody who works at alice's."""
    return await site.signed_in(fieldwork.scope.affiliate_id)


async def save(browser: Browser, study: Study, part: str, **fields: object) -> int:
    """Fill in a page as it is opened now; the status of the answer."""
    page = (await browser.get(f"/studies/{study.id}/edit/{part}")).text
    revision = page.partition('name="revision" value="')[2].partition('"')[0]
    answer = await browser.post(f"/studies/{study.id}/edit/{part}", {"revision": revision} | fields)
    return answer.status_code


async def test_strangers_and_other_affiliates_find_nothing(site: Site, world: World, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    charlie = await site.signed_in(world.charlies.affiliate_id)
    stranger = await site.visitor()
    for page in PAGES:
        assert (await charlie.get(f"/studies/{study.id}{page}")).status_code == 404
        assert (await stranger.get(f"/studies/{study.id}{page}")).status_code == 303
    for act in POSTS:
        fields = {"version": str(study.version_id), "name": "x", "title": "x"}
        assert (await charlie.post(f"/studies/{study.id}/{act}", fields)).status_code == 404


async def test_a_study_is_begun_found_and_opened(site: Site, fieldwork: Fieldwork) -> None:
    alice = await manager(site, fieldwork)
    assert (await alice.submit("/studies/new", {"name": ""})).status_code == 422
    fields = {"client": fieldwork.client_id, "version": fieldwork.version_id, "name": "Visits, Nov", "title": "You"}
    begun = await alice.submit("/studies/new", fields)
    assert "Visits, Nov" in (await alice.get(begun.headers["location"])).text
    assert "Visits, Nov" in (await alice.get(f"/studies?q=nov&state=draft&client={fieldwork.client_id}")).text
    assert "Visits, Nov" not in (await alice.get("/studies?state=live")).text


async def test_somebody_elses_client_or_questionnaire_cannot_be_used(
    site: Site, world: World, fieldwork: Fieldwork
) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id)
    fields = {"client": fieldwork.client_id, "version": fieldwork.version_id, "name": "Mine", "title": "Mine"}
    assert (await charlie.post("/studies/new", fields)).status_code == 404


@pytest.mark.parametrize("part", list(Part))
async def test_every_page_of_a_draft_can_be_opened(site: Site, fieldwork: Fieldwork, part: Part) -> None:
    study = await fieldwork.study()
    assert (await (await manager(site, fieldwork)).get(f"/studies/{study.id}/edit/{part.value}")).status_code == 200


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("", "Text", "Write a subject"),
        ("x" * 71, "Text", "Shorten this to 70 characters"),
        ("Hello\nBcc: all@example.test", "Text", "Write the subject on one line"),
        ("Hello {{surname}}", "Text", "There is no field called surname"),
        ("Hello", "{{first_name", "A field is not closed"),
        ("Hello", "x" * 4001, "Shorten this to 4000 characters"),
        ("Hello \ue000url\ue001", "Text", "There is a character in it that mail cannot carry"),
    ],
)
async def test_words_that_no_mail_should_carry_are_refused(
    site: Site, fieldwork: Fieldwork, subject: str, body: str, said: str
) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    answer = await alice.post(f"/studies/{study.id}/edit/invitation", {"subject": subject, "body": body})
    assert answer.status_code == 422
    assert said in answer.text


async def test_two_people_at_one_page_do_not_overwrite_one_another(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    assert await save(alice, study, "invitation", **WORDS) == 303
    late = await alice.post(f"/studies/{study.id}/edit/invitation", WORDS | {"subject": "Mine", "revision": "2"})
    assert late.status_code == 409
    assert 'value="Mine"' in late.text
    assert "How was {{client}}?" in (await alice.get(f"/studies/{study.id}/edit/invitation")).text


async def test_other_words_have_to_be_confirmed_anew(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    same = {"subject": study.invitation_subject, "body": study.invitation_body}
    assert await save(alice, study, "invitation", **same) == 303
    assert "5 of 5 kept" in (await alice.get(f"/studies/{study.id}")).text
    assert await save(alice, study, "invitation", **WORDS) == 303
    assert "Confirm that the invitation says" in (await alice.get(f"/studies/{study.id}")).text
    assert await save(alice, study, "checks", purpose="yes") == 303
    assert "5 of 5 kept" in (await alice.get(f"/studies/{study.id}")).text


async def test_reminders_keep_their_distance(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    assert await save(alice, study, "reminders", day_1="2", **WORDS) == 422
    assert await save(alice, study, "reminders", day_1="3", day_2="5", **WORDS) == 422
    assert await save(alice, study, "reminders", day_1="3", day_2="6", **WORDS) == 303
    assert "After 3 and 6 days" in (await alice.get(f"/studies/{study.id}")).text


async def test_dates_are_typed_in_the_studys_own_zone(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    typed = {"opens_on": "2026-12-01", "opens_time": "09:00", "closes_on": "2026-12-15", "closes_time": "20:00"}
    assert await save(alice, study, "dates", **typed, time_zone="Mars/Olympus") == 422
    assert await save(alice, study, "dates", **typed | {"closes_on": "2026-11-30"}, time_zone="UTC") == 422
    assert await save(alice, study, "dates", **typed, time_zone="America/New_York") == 303
    opens_at = await fieldwork.owner.fetchval("SELECT opens_at FROM field.study WHERE id = $1", study.id)
    assert opens_at.isoformat() == "2026-12-01T14:00:00+00:00"
    assert "1 Dec 2026, 09:00" in (await alice.get(f"/studies/{study.id}")).text


async def test_an_audience_is_narrowed_and_counted(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.narrow@example.test")
    await fieldwork.contact("bob.narrow@example.test", at_store=False)
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    typed = {"source": "contacts", "location": fieldwork.store_id, "rest_days": "30", "visited_from": "2026-11-01"}
    assert await save(alice, study, "audience", **typed | {"visited_until": "2026-10-01"}) == 422
    assert await save(alice, study, "audience", **typed) == 303
    page = (await alice.get(f"/studies/{study.id}")).text
    assert "1 of 1 can be invited" in page
    assert "Send 1 invitation<" in page


async def test_a_location_of_another_client_is_not_found(site: Site, fieldwork: Fieldwork) -> None:
    other = await Fieldwork.begun(fieldwork.scope, fieldwork.owner, fieldwork.settings, "Northwind")
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    typed = {"source": "contacts", "location": other.store_id, "rest_days": "30"}
    assert await save(alice, study, "audience", **typed) == 404


async def test_answers_with_names_are_refused_without_a_permission_in_force(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    assert await save(alice, study, "identity", mode="identified") == 422
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        past = await clients.authorise_identified(
            fieldwork.scope, fieldwork.client_id, "Letter 1", date(2026, 1, 1), NOW
        )
        live = await clients.authorise_identified(
            fieldwork.scope, fieldwork.client_id, "Letter 2", date(2027, 6, 30), NOW
        )
    assert await save(alice, study, "identity", mode="identified", authorisation=past) == 422
    assert await save(alice, study, "identity", mode="identified", authorisation=live) == 303


async def test_a_preview_shows_nobody_real_and_what_every_mail_says(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.preview@example.test", "Ottoline")
    study = await fieldwork.study()
    page = (await (await manager(site, fieldwork)).get(f"/studies/{study.id}/preview")).text
    assert "Hello Sam," in page
    assert "Ottoline" not in page
    assert "Stop these e-mails" in page
    assert "1 High Street, Testford" in page


async def test_a_test_goes_to_ones_own_address_and_is_marked(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    account_id = await account_of(fieldwork, "manager@alices.test")
    alice = await site.with_session(fieldwork.scope.affiliate_id, account_id)
    assert (await alice.post(f"/studies/{study.id}/test-message", {"message": "invitation"})).status_code == 303
    async with transaction(Role.WORKER) as here:
        rows, _ = await outbox.claim(here, NOW, 10_000, NOW + DAY, "candour.test")
    mine = [row for row in rows if row.recipient_id == account_id and row.kind == "study-test"]
    async with transaction(Role.WORKER, affiliate=fieldwork.scope.affiliate_id) as here:
        (written,) = await emails.compose_test(Composing(here, fieldwork.settings, NOW), mine)
    assert isinstance(written, Outgoing)
    assert written.to == "manager@alices.test"
    assert written.letter.subject == "TEST: How was your visit to Brightwater Coffee?"
    assert written.values["survey_url"].endswith(f"/questionnaires/{study.questionnaire_id}/preview")


async def account_of(fieldwork: Fieldwork, address: str) -> UUID:
    """A manager of alice's with an address."""
    new = NewAccount(Invitee(address, "Alex Manager", AccountRole.MANAGER), "correct horse battery staple 42")
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        return await accounts.create_account(fieldwork.scope, fieldwork.settings, new, NOW)


async def test_a_paused_study_holds_its_mail_and_goes_on(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.pause@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    alice = await manager(site, fieldwork)
    await alice.post(f"/studies/{study.id}/pause")
    assert "No mail goes out." in (await alice.get(f"/studies/{study.id}")).text
    assert await fieldwork.composed(study) == []
    await alice.post(f"/studies/{study.id}/resume")
    assert len(await fieldwork.composed(study)) == 1


async def test_a_study_may_stay_open_for_longer_and_never_shorter(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.extend@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    alice = await manager(site, fieldwork)
    early = await alice.post(f"/studies/{study.id}/extend", {"closes_on": "2026-11-25", "closes_time": "09:00"})
    assert early.status_code == 422
    late = await alice.post(f"/studies/{study.id}/extend", {"closes_on": "2026-12-30", "closes_time": "09:00"})
    assert late.status_code == 303
    row = await fieldwork.owner.fetchrow(DELIVERIES, study.id)
    assert row["not_after"].isoformat() == "2026-12-30T09:00:00+00:00"


async def test_what_people_were_told_does_not_change_after_the_launch(site: Site, fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann.fixed@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    alice = await manager(site, fieldwork)
    answer = await alice.post(f"/studies/{study.id}/edit/invitation", WORDS | {"revision": "3"})
    assert answer.headers["location"] == f"/studies/{study.id}"
    assert (await alice.post(f"/studies/{study.id}/discard")).headers["location"] == f"/studies/{study.id}"
    page = (await alice.get(f"/studies/{study.id}")).text
    assert "In the field" in page
    words = await fieldwork.owner.fetchval("SELECT invitation_subject FROM field.study WHERE id = $1", study.id)
    assert words == study.invitation_subject


async def test_a_copy_is_a_draft_that_has_to_be_confirmed_again(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study(reminder_days=[4])
    alice = await manager(site, fieldwork)
    copied = (await alice.post(f"/studies/{study.id}/copy")).headers["location"]
    page = (await alice.get(copied)).text
    assert "November (copy)" in page
    assert "After 4 days" in page
    assert "Confirm that the invitation says what the answers are used for." in page


async def test_a_draft_is_thrown_away(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    assert (await alice.post(f"/studies/{study.id}/discard")).headers["location"] == "/studies"
    assert (await alice.get(f"/studies/{study.id}")).status_code == 404


async def test_each_change_is_audited_by_column_and_never_by_word(site: Site, fieldwork: Fieldwork) -> None:
    study = await fieldwork.study()
    alice = await manager(site, fieldwork)
    await save(alice, study, "invitation", **WORDS)
    rows = await fieldwork.owner.fetch(
        "SELECT action, detail::text FROM ledger.event WHERE object_id = $1 AND actor_id = $2",
        study.id,
        alice.account_id,
    )
    assert [tuple(row) for row in rows] == [
        ("study.change", '{"changed": "confirmed invitation_body invitation_subject"}')
    ]
