"""What has left is signed as it leaves; whoever changes it in the database, or makes a signature up, is found out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.signing import Signature, public_keys, sign
from survey.db import Role, transaction
from survey.releases import service
from survey.releases.domain.signing import CHANGED, FORGED, WITHOUT, Kept, Kind, Subject, fault_of, statement_of
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world

from .field import SIGNING, Study
from .shops import VISIT, approved, release, tell

KEYS, STRANGE = (bytes([7]) * 32, bytes([8]) * 32), (bytes([9]) * 32,)
SUBJECT = Subject(Kind.SHOP_REPORT, UUID(int=1), UUID(int=2), bytes(32), "ab" * 32)


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """A campaign whose client reads what was seen."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


def kept(subject: Subject = SUBJECT, keys: tuple[bytes, ...] = KEYS) -> Kept:
    """A signature under this."""
    text = statement_of(subject, NOW)
    return Kept(text, sign(keys, text.encode()))


def test_nothing_signed_strange_or_garbled_is_sound() -> None:
    assert fault_of(KEYS, SUBJECT, None) == WITHOUT
    assert fault_of(KEYS, SUBJECT, kept(keys=STRANGE)) == FORGED
    assert fault_of(KEYS, SUBJECT, replace(kept(), signature=Signature(kept().signature.key, b"\0" * 64))) == FORGED
    assert fault_of(KEYS, SUBJECT, replace(kept(), statement=kept().statement + " ")) == FORGED
    for text in ("", "[]", "7", "no JSON", "{}"):
        assert fault_of(KEYS, SUBJECT, Kept(text, sign(KEYS, text.encode()))) == CHANGED


@pytest.mark.parametrize(
    "other",
    [
        {"kind": Kind.RELEASE}, {"id": UUID(int=3)}, {"client_id": UUID(int=3)}, {"digest": b"\1" * 32},
        {"content": "cd" * 32}, {"content": ""},
    ],
)  # fmt: skip
def test_a_signature_holds_for_nothing_but_what_it_was_made_for(other: dict[str, object]) -> None:
    assert fault_of(KEYS, replace(SUBJECT, **other), kept()) == CHANGED  # type: ignore[arg-type]


@given(st.uuids(), st.uuids(), st.binary(min_size=32, max_size=32), st.sampled_from(Kind))
def test_what_is_as_it_was_is_sound_also_when_another_key_has_taken_over(
    subject_id: UUID, client_id: UUID, digest: bytes, kind: Kind
) -> None:
    subject = Subject(kind, subject_id, client_id, digest)
    assert fault_of((STRANGE[0], *KEYS), subject, kept(subject)) == ""


async def unsound(affiliate_id: UUID, settings: Settings = SIGNING) -> list[str]:
    """What the check finds at an affiliate. settings: with the pictures of reports."""
    return (await service.look_at_signatures(settings, affiliate_id, NOW)).faults


async def test_a_number_of_a_release_that_was_changed_with_its_digest_is_found_out(
    study: Study, superuser: asyncpg.Connection
) -> None:
    release_id = await released(study)
    assert await unsound(study.scope.affiliate_id) == []
    # Whoever has the database can change the numbers, the manifest and its digest alike: but not sign them.
    await superuser.execute("UPDATE release.release SET digest = sha256('improved') WHERE id = $1", release_id)
    assert await unsound(study.scope.affiliate_id) == [f"release {release_id}: {CHANGED}"]


@pytest.mark.parametrize(
    "change",
    [
        "score = score + 1", "is_failed = NOT is_failed", "time_shown = 'another day'", "version = version + 1",
        "snapshot = snapshot || '{\"more\": 1}'", "digest = sha256('x')", "report_ref = gen_random_uuid()",
        "score_before = 1", "client_id = gen_random_uuid()", "node_name = 'Elsewhere'", "node_code = 'X'",
        "node_path = '/'", "campaign_name = 'Another'", "is_competitor = true", "section_scores = '{100}'",
        "question_shares = '{1}'", "wave_label = 'Another'", "wave_starts_on = wave_starts_on + 1", "trail = '[]'",
        "client_name = 'Another'", "released_on = released_on - 1",
    ],
)  # fmt: skip
async def test_whatever_of_a_report_was_changed_is_found_out(
    there: ShopWorld, superuser: asyncpg.Connection, change: str
) -> None:
    report_ref = await release(await approved(there))
    assert await unsound(there.affiliate_id, there.settings) == []
    changed = await superuser.fetchval(
        f"UPDATE release.shop_report SET {change} WHERE report_ref = $1 RETURNING id", report_ref
    )
    assert await unsound(there.affiliate_id, there.settings) == [f"report of a visit {changed}: {CHANGED}"]


async def test_a_signature_under_a_key_that_was_stolen_proves_nothing_and_is_told_apart(there: ShopWorld) -> None:
    await release(await approved(there))
    stolen = replace(there.settings, struck_keys=tuple(public_keys(there.settings.token_keys)))
    looked = await service.look_at_signatures(stolen, there.affiliate_id, NOW)
    assert (looked.seen, looked.struck, looked.faults) == (1, 1, [])
    assert (await service.look_at_signatures(there.settings, there.affiliate_id, NOW)).struck == 0


async def test_what_staff_do_with_a_report_later_leaves_its_signature_sound(
    there: ShopWorld, superuser: asyncpg.Connection
) -> None:
    report_ref = await release(await approved(there))
    await superuser.execute(
        "UPDATE release.shop_report SET is_on_hold = true, is_superseded = true, withdrawn_at = $2, appeal_until = $2"
        " WHERE report_ref = $1",
        report_ref,
        NOW,
    )
    assert await unsound(there.affiliate_id, there.settings) == []


async def test_a_signature_that_was_taken_away_is_missed(there: ShopWorld, superuser: asyncpg.Connection) -> None:
    report_ref = await release(await approved(there))
    report_id = await superuser.fetchval(
        "UPDATE release.shop_report SET released_at = now() WHERE report_ref = $1 RETURNING id", report_ref
    )
    await superuser.execute("DELETE FROM release.signature WHERE subject_id = $1", report_id)
    assert await unsound(there.affiliate_id, there.settings) == [f"report of a visit {report_id}: {WITHOUT}"]


async def test_what_was_signed_and_is_gone_is_missed(
    there: ShopWorld, study: Study, superuser: asyncpg.Connection
) -> None:
    report_ref = await release(await approved(there))
    report_id = await superuser.fetchval("SELECT id FROM release.shop_report WHERE report_ref = $1", report_ref)
    for table in ("shop_picture", "shop_employee"):
        await superuser.execute(f"DELETE FROM release.{table} WHERE report_id = $1", report_id)
    await superuser.execute("DELETE FROM release.shop_report WHERE id = $1", report_id)
    release_id = await released(study)
    for table in ("cell", "question", "node"):
        await superuser.execute(f"DELETE FROM release.{table} WHERE release_id = $1", release_id)
    await superuser.execute("DELETE FROM release.release WHERE id = $1", release_id)
    assert set(await unsound(there.affiliate_id, there.settings)) == {
        f"{each}: what was signed is gone" for each in (report_id, release_id)
    }


async def test_what_left_before_anything_was_signed_is_no_fault(
    there: ShopWorld, superuser: asyncpg.Connection
) -> None:
    report_ref = await release(await approved(there))
    report_id = await superuser.fetchval("SELECT id FROM release.shop_report WHERE report_ref = $1", report_ref)
    await superuser.execute("DELETE FROM release.signature WHERE subject_id = $1", report_id)
    await superuser.execute(
        "UPDATE release.shop_report SET released_at = now() - $2::interval WHERE id = $1",
        report_id,
        timedelta(days=400),
    )
    assert await unsound(there.affiliate_id, there.settings) == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.RELEASER, Role.WORKER])
async def test_nobody_who_signs_can_change_or_remove_what_was_signed(there: ShopWorld, role: Role) -> None:
    await release(await approved(there))
    for statement in ("UPDATE release.signature SET statement = ''", "DELETE FROM release.signature"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(role, affiliate=there.affiliate_id) as here:
                await here.execute(statement)


async def test_another_affiliates_staff_sign_nothing_of_ours(there: ShopWorld) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=uuid4()) as here:
            await here.execute(
                "INSERT INTO release.signature VALUES (gen_random_uuid(), $1, $2, '', '', $3, now())",
                there.affiliate_id,
                there.client_id,
                bytes(64),
            )


def test_the_check_itself_would_find_a_forgery(settings: Settings) -> None:
    assert service.is_forgery_found(settings)


async def released(study: Study) -> UUID:
    """The study's release."""
    async with transaction(Role.STAFF, affiliate=study.scope.affiliate_id):
        await service.close_study(study.scope, study.id, NOW)
    found = await service.build_release(SIGNING, study.scope.affiliate_id, study.id, NOW)
    assert found
    return found
