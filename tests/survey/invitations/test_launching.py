"""The launch, from a draft to mail in the outbox."""

import asyncio
from contextvars import Context
from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from survey.clients import service as clients
from survey.db import Conflict, NotFound, Role, transaction
from survey.invitations import service
from survey.invitations.domain import NotReady
from survey.mail.domain import Outgoing, Withheld
from survey.questionnaires import service as questionnaires
from survey.studies import service as studies
from survey.studies.domain import AudienceKind, IdentityMode, Part
from tests.conftest import NOW, World, unheard_of, until_somebody_waits

from .fieldwork import DAY, Fieldwork, text_of

PEOPLE = "SELECT count(*) FROM identity.invitation WHERE study_id = $1"
DOORS = "SELECT count(*) FROM field.entry WHERE study_id = $1"
TIES = "SELECT count(*) FROM identity.response_link WHERE study_id = $1"


async def counts(fieldwork: Fieldwork, study_id: object) -> tuple[int, int, int]:
    """Invitations, doors and ties of a study."""
    found = [await fieldwork.owner.fetchval(query, study_id) for query in (PEOPLE, DOORS, TIES)]
    return found[0], found[1], found[2]


async def test_another_affiliates_study_cannot_be_launched(fieldwork: Fieldwork, world: World) -> None:
    study = await fieldwork.study()
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.launch(world.charlies, study.id, study.revision, NOW)


async def test_a_study_without_people_or_confirmation_is_not_launched(fieldwork: Fieldwork) -> None:
    study = await fieldwork.study(confirmed=[])
    with pytest.raises(NotReady) as refusal:
        await fieldwork.launch(study)
    assert [gap.part for gap in refusal.value.gaps] == [Part.AUDIENCE, Part.CHECKS]
    assert await counts(fieldwork, study.id) == (0, 0, 0)


async def test_a_study_that_was_changed_since_the_page_was_opened_is_not_launched(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    study = await fieldwork.study()
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        await studies.edit(fieldwork.scope, study.id, study.revision, {"title": "Another title"}, NOW)
    with pytest.raises(Conflict):
        await fieldwork.launch(study)


async def test_a_launch_writes_to_everybody_of_the_audience(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test", "Ann")
    await fieldwork.contact("bob@example.test")
    study = await fieldwork.study()
    launched = await fieldwork.launch(study)
    assert (launched.queued, launched.passed_over) == (2, 0)
    written = await fieldwork.composed(study)
    assert sorted(each.to for each in written if isinstance(each, Outgoing)) == ["ann@example.test", "bob@example.test"]
    ann = next(each for each in written if isinstance(each, Outgoing) and each.to.startswith("ann"))
    text = text_of(ann, fieldwork)
    assert "Hello Ann," in text
    assert "Leeds Station" in text
    assert "Brightwater Coffee gave us your address on 5 November 2026" in text
    assert "never who said what" in text


async def test_what_a_list_does_not_say_has_other_words(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test", "https://spam.test", at_store=False)
    study = await fieldwork.study()
    await fieldwork.launch(study)
    (written,) = await fieldwork.composed(study)
    assert isinstance(written, Outgoing)
    text = text_of(written, fieldwork)
    assert "Hello there," in text
    assert "one of our stores" in text
    assert "spam" not in text


async def test_the_questionnaire_is_frozen_and_the_launch_is_audited(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        assert (await questionnaires.version_in(fieldwork.scope, study.version_id)).is_frozen
    actions = await fieldwork.owner.fetch("SELECT action FROM ledger.event WHERE object_id = $1", study.id)
    assert [row["action"] for row in actions if row["action"] == "study.launch"] == ["study.launch"]


async def test_pressing_the_button_twice_is_pressing_it_once(fieldwork: Fieldwork) -> None:
    for name in ("ann", "bob", "cyd"):
        await fieldwork.contact(f"{name}@example.test")
    study = await fieldwork.study()
    first, second = await asyncio.gather(fieldwork.launch(study), fieldwork.launch(study))
    assert sorted((first.queued, second.queued)) == [0, 3]
    assert sorted((first.is_new, second.is_new)) == [False, True]
    assert await counts(fieldwork, study.id) == (3, 3, 3)
    assert await fieldwork.log(study) == [("invitation", "queued", "")] * 3


LINKS = """
SELECT i.opt_out_link_id, l.suppression_key = i.suppression_key AS is_theirs
  FROM identity.invitation i
  LEFT JOIN ledger.opt_out_link l ON l.id = i.opt_out_link_id
 WHERE i.study_id = ANY($1)
"""


async def test_two_studies_launched_at_once_put_the_same_opt_out_link_into_their_mail(fieldwork: Fieldwork) -> None:
    await fieldwork.contact(unheard_of())
    first, second = await fieldwork.study(), await fieldwork.study(audience={"rest_days": 0})
    affiliate_id = fieldwork.scope.affiliate_id

    async def later() -> None:
        async with transaction(Role.STAFF, affiliate=affiliate_id):
            await service.launch(fieldwork.scope, second.id, second.revision, NOW)

    async with transaction(Role.STAFF, affiliate=affiliate_id):
        await service.launch(fieldwork.scope, first.id, first.revision, NOW)
        # The other one is held up at the link, which it cannot see yet.
        waiting = asyncio.create_task(later(), context=Context())
        await until_somebody_waits(fieldwork.owner)
    await waiting
    made = await fieldwork.owner.fetch(LINKS, [first.id, second.id])
    assert [row["is_theirs"] for row in made] == [True, True]
    assert len({row["opt_out_link_id"] for row in made}) == 1


async def test_a_link_that_was_mailed_before_its_id_could_be_reckoned_is_mailed_again(fieldwork: Fieldwork) -> None:
    await fieldwork.contact(unheard_of())
    study = await fieldwork.study()
    key = await fieldwork.owner.fetchval(
        "SELECT suppression_key FROM identity.contact WHERE client_id = $1", study.client_id
    )
    old = uuid4()
    async with fieldwork.owner.transaction():
        await fieldwork.owner.execute("SET LOCAL session_replication_role = replica")
        await fieldwork.owner.execute(
            "INSERT INTO ledger.opt_out_link (id, suppression_key, affiliate_id, client_id) VALUES ($1, $2, $3, $4)",
            old, key, fieldwork.scope.affiliate_id, study.client_id,
        )  # fmt: skip
    await fieldwork.launch(study)
    (made,) = await fieldwork.owner.fetch(LINKS, [study.id])
    assert tuple(made) == (old, True)


async def test_a_launch_that_dies_half_way_leaves_nothing_and_may_be_done_again(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    study = await fieldwork.study()

    async def killed() -> None:
        async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id) as here:
            await service.launch(fieldwork.scope, study.id, study.revision, NOW)
            await here.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await killed()
    assert await counts(fieldwork, study.id) == (0, 0, 0)
    assert (await fieldwork.launch(study)).queued == 1


async def test_whoever_opted_out_under_one_client_gets_nothing_from_another(fieldwork: Fieldwork, world: World) -> None:
    await fieldwork.contact("dot@example.test")
    key = suppression_key(fieldwork.settings.index_key, "DOT@Example.test ")
    async with transaction(Role.DESK) as here:
        await stop(here, key, StopScope.EVERYTHING, None, Source.ONE_CLICK, NOW)
    other = await Fieldwork.begun(world.charlies, fieldwork.owner, fieldwork.settings, "Northwind")
    await other.contact("dot@example.test")
    await other.contact("eve@example.test")
    study = await other.study()
    launched = await other.launch(study)
    assert (launched.queued, launched.passed_over) == (1, 1)
    assert [each.to for each in await other.composed(study) if isinstance(each, Outgoing)] == ["eve@example.test"]
    assert ("invitation", "skipped", "opted out") in await other.log(study)
    assert await counts(other, study.id) == (2, 1, 1)


async def test_a_stop_for_one_client_holds_for_that_client_alone(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("fay@example.test")
    key = suppression_key(fieldwork.settings.index_key, "fay@example.test")
    other = await Fieldwork.begun(fieldwork.scope, fieldwork.owner, fieldwork.settings, "Northwind")
    await other.contact("fay@example.test")
    async with transaction(Role.DESK) as here:
        await stop(here, key, StopScope.CLIENT, fieldwork.client_id, Source.PAGE, NOW)
    with pytest.raises(NotReady):
        await fieldwork.launch(await fieldwork.study())
    assert (await other.launch(await other.study())).queued == 1


async def test_whoever_was_written_to_a_short_time_ago_is_left_out(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    await fieldwork.launch(await fieldwork.study())
    await fieldwork.contact("bob@example.test")
    second = await fieldwork.study(name="December")
    launched = await fieldwork.launch(second)
    assert (launched.queued, launched.passed_over) == (1, 1)
    assert ("invitation", "skipped", "written to recently") in await fieldwork.log(second)


async def test_nobody_rests_where_the_study_says_so(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    await fieldwork.launch(await fieldwork.study())
    second = await fieldwork.study(audience={"rest_days": 0})
    assert (await fieldwork.launch(second)).queued == 1


async def test_restricted_people_are_no_part_of_an_audience(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("bob@example.test", status="restricted")
    await fieldwork.contact("cyd@example.test")
    study = await fieldwork.study()
    assert (await fieldwork.launch(study)).queued == 1
    assert await counts(fieldwork, study.id) == (1, 1, 1)


async def test_the_log_says_whose_mail_came_back_before(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test", status="bounced")
    await fieldwork.contact("cyd@example.test")
    study = await fieldwork.study()
    launched = await fieldwork.launch(study)
    assert (launched.queued, launched.passed_over) == (1, 1)
    assert ("invitation", "skipped", "mail came back before") in await fieldwork.log(study)
    assert await counts(fieldwork, study.id) == (2, 1, 1)


async def test_a_member_whose_mail_came_back_is_passed_over_with_the_reason(fieldwork: Fieldwork) -> None:
    panel_id, member = await fieldwork.panel_with("pam@example.test")
    study = await fieldwork.study(audience_kind=AudienceKind.PANEL, panel_id=panel_id)
    await fieldwork.owner.execute("UPDATE identity.panelist SET status = 'bounced' WHERE id = $1", member)
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        reach = (await studies.facts_of(fieldwork.scope, study, NOW)).reach
    assert (reach.total, reach.bounced, reach.invitable) == (1, 1, 0)


async def test_answers_with_names_need_a_permission_as_long_as_the_study(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        until = (NOW + 5 * DAY).date()
        given = await clients.authorise_identified(fieldwork.scope, fieldwork.client_id, "Letter 7", until, NOW)
    named = {"identity_mode": IdentityMode.IDENTIFIED, "authorisation_id": given}
    with pytest.raises(NotReady) as refusal:
        await fieldwork.launch(await fieldwork.study(**named))
    assert [gap.part for gap in refusal.value.gaps] == [Part.IDENTITY]
    short = await fieldwork.study(**named, closes_at=NOW + 2 * DAY)
    await fieldwork.launch(short)
    (written,) = await fieldwork.composed(short)
    assert isinstance(written, Outgoing)
    assert "passed on to Brightwater Coffee with your name" in text_of(written, fieldwork)


async def test_a_client_of_somebody_elses_permission_is_refused(fieldwork: Fieldwork) -> None:
    other = await Fieldwork.begun(fieldwork.scope, fieldwork.owner, fieldwork.settings, "Northwind")
    async with transaction(Role.STAFF, affiliate=fieldwork.scope.affiliate_id):
        given = await clients.authorise_identified(other.scope, other.client_id, "Letter 7", date(2027, 1, 1), NOW)
    with pytest.raises(NotFound):
        await fieldwork.study(identity_mode=IdentityMode.IDENTIFIED, authorisation_id=given)


async def test_mail_waits_until_the_study_opens(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test")
    study = await fieldwork.study(opens_at=NOW + 2 * DAY)
    await fieldwork.launch(study)
    assert await fieldwork.composed(study) == []
    assert len(await fieldwork.composed(study, NOW + 2 * DAY + timedelta(minutes=1))) == 1


async def test_whoever_was_erased_after_the_launch_gets_nothing(fieldwork: Fieldwork) -> None:
    contact = await fieldwork.contact("ann@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    await fieldwork.owner.execute("DELETE FROM identity.contact WHERE id = $1", contact)
    (withheld,) = await fieldwork.composed(study)
    assert isinstance(withheld, Withheld)
    assert withheld.reason == "no longer on the list"


@pytest.mark.parametrize(
    ("status", "reason"),
    [("left", "has left the panel"), ("bounced", "mail came back before")],
)
async def test_a_member_who_has_left_before_the_mail_goes_out_gets_nothing(
    fieldwork: Fieldwork, status: str, reason: str
) -> None:
    panel_id, member = await fieldwork.panel_with("pam@example.test")
    study = await fieldwork.study(audience_kind=AudienceKind.PANEL, panel_id=panel_id)
    await fieldwork.launch(study)
    await fieldwork.owner.execute("UPDATE identity.panelist SET status = $2 WHERE id = $1", member, status)
    (withheld,) = await fieldwork.composed(study)
    assert isinstance(withheld, Withheld)
    assert withheld.reason == reason


async def test_a_contact_who_is_restricted_before_the_mail_goes_out_gets_nothing(fieldwork: Fieldwork) -> None:
    contact = await fieldwork.contact("ann@example.test")
    study = await fieldwork.study()
    await fieldwork.launch(study)
    await fieldwork.owner.execute("UPDATE identity.contact SET status = 'restricted' WHERE id = $1", contact)
    (withheld,) = await fieldwork.composed(study)
    assert isinstance(withheld, Withheld)
    assert withheld.reason == "restricted"


async def test_members_of_a_panel_are_invited_with_their_bands(fieldwork: Fieldwork) -> None:
    panel_id, member = await fieldwork.panel_with("pam@example.test", age_band="25_34", region="city")
    study = await fieldwork.study(audience_kind=AudienceKind.PANEL, panel_id=panel_id)
    assert (await fieldwork.launch(study)).queued == 1
    bands = await fieldwork.owner.fetchval("SELECT demographics::text FROM field.entry WHERE study_id = $1", study.id)
    assert bands == '{"region": "city", "age_band": "25_34"}'
    (written,) = await fieldwork.composed(study)
    assert isinstance(written, Outgoing)
    assert written.to == "pam@example.test"
    assert "You joined our panel Leeds people" in text_of(written, fieldwork)
    assert member is not None
