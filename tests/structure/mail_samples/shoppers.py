"""Mail to people who register as shoppers, and to those about whom something was decided."""

from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID, uuid4

from survey.db import Role, Scope, transaction
from survey.rights.service import copying, erasing, making
from survey.shoppers import service
from survey.shoppers.domain import (
    Address,
    DeactivationCode,
    Ground,
    QualificationKind,
    Registration,
    RestrictionAnswer,
)
from tests.conftest import NOW

from .stage import Stage

HOME = Address("12 Wrenfield Street", "Larkhollow", "Ohio", "43004", "US")


async def _registering(stage: Stage) -> UUID:
    await stage.superuser.execute(
        "INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at)"
        " SELECT 'provider', 'Lanternworks', 'lanternworks', '2 Mill Lane', 'office@provider.test', $1"
        "  WHERE NOT EXISTS (SELECT FROM field.affiliate WHERE kind = 'provider')",
        NOW,
    )
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.rules.publish_agreement(stage.scope, "I keep what I see to myself.", NOW)
        await service.rules.set_entrance(stage.scope, True, 18, NOW)
    async with transaction(Role.GATE):
        door = await service.registering.door_called(f"tenant-{stage.affiliate_id.hex}")
    assert door.agreement is not None
    typed = Registration(f"{uuid4().hex}@example.net", "Ada Quillfeather", "+1 614 555 0134", HOME)
    # The mail is claimed a month later, and its link works for a week.
    later = NOW + timedelta(days=29)
    await service.registering.register(stage.settings, door, door.agreement, typed, later)
    found: UUID = await stage.superuser.fetchval(
        "SELECT id FROM identity.shopper WHERE affiliate_id = $1", stage.affiliate_id
    )
    return found


async def _deactivated(stage: Stage) -> UUID:
    shopper_id = await _registering(stage)
    await stage.superuser.execute("UPDATE identity.shopper SET status = 'active' WHERE id = $1", shopper_id)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        why = (DeactivationCode.NO_SHOWS, "Three shops were not done.")
        await service.staff.deactivate(stage.scope, stage.settings, shopper_id, why, NOW)
    return shopper_id


async def _idle(stage: Stage) -> None:
    shopper_id = await _registering(stage)
    await stage.superuser.execute(
        "UPDATE identity.shopper SET status = 'active', created_at = $2 WHERE id = $1",
        shopper_id, NOW - timedelta(days=701),
    )  # fmt: skip
    # The mail is claimed a month later, when its time is just over.
    await erasing.warn_idle(stage.settings, NOW + timedelta(days=1))


async def _reactivated(stage: Stage) -> None:
    shopper_id = await _deactivated(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.staff.reactivate(stage.scope, stage.settings, shopper_id, NOW)


async def _upheld(stage: Stage) -> None:
    shopper_id = await _deactivated(stage)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.staff.uphold(stage.scope, stage.settings, shopper_id, NOW)


async def _moving(stage: Stage) -> None:
    shopper_id = await _registering(stage)
    own = Scope(stage.affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)
    later = NOW + timedelta(days=30, seconds=-60)
    async with transaction(Role.SHOPPER, affiliate=stage.affiliate_id, shopper=shopper_id):
        await service.addresses.ask_change(own, stage.settings, f"{uuid4().hex}@example.net", later)


async def _checked(stage: Stage) -> None:
    shopper_id = await _registering(stage)
    await stage.superuser.execute("UPDATE identity.shopper SET status = 'active' WHERE id = $1", shopper_id)
    kind = QualificationKind(uuid4(), "forklift", "Forklift licence", NOW, True, "Both sides.")
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.rules.add_qualification_kind(stage.scope, kind, NOW)
    own = Scope(stage.affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)
    with NamedTemporaryFile() as paper:
        Path(paper.name).write_bytes(b"%PDF-1.7\n%%EOF\n")
        async with transaction(Role.SHOPPER, affiliate=stage.affiliate_id, shopper=shopper_id):
            await service.documents.send(own, stage.settings, kind.id, (Path(paper.name), 15, None), NOW)
    document_id = await stage.superuser.fetchval("SELECT id FROM identity.document WHERE shopper_id = $1", shopper_id)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        await service.documents.accept(stage.scope, stage.settings, document_id, None, NOW)


async def _copied(stage: Stage) -> None:
    shopper_id = await _registering(stage)
    await stage.superuser.execute("UPDATE identity.shopper SET status = 'active' WHERE id = $1", shopper_id)
    own = Scope(stage.affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)
    async with transaction(Role.SHOPPER, affiliate=stage.affiliate_id, shopper=shopper_id):
        await copying.ask_copy(own, None, NOW)
        asked = await copying.own_copy(own)
    assert asked is not None
    await making.make(stage.settings, own, asked.id, asked.media_key, NOW)


async def _restricted(stage: Stage) -> None:
    shopper_id = await _registering(stage)
    await stage.superuser.execute("UPDATE identity.shopper SET status = 'active' WHERE id = $1", shopper_id)
    own = Scope(stage.affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)
    async with transaction(Role.SHOPPER, affiliate=stage.affiliate_id, shopper=shopper_id):
        await service.restricting.restrict(own, stage.settings.keyring, (Ground.CLAIMS, "A court asks for it."), NOW)
    async with transaction(Role.STAFF, affiliate=stage.affiliate_id):
        said = (RestrictionAnswer.STANDS, "")
        await service.restricting.answer(stage.scope, stage.settings, shopper_id, said, NOW)


SAMPLES = {
    service.ADDRESS_KIND: _moving,
    service.CONFIRM_KIND: _registering,
    service.COPY_KIND: _copied,
    service.DEACTIVATED_KIND: _deactivated,
    service.DOCUMENT_KIND: _checked,
    service.IDLE_KIND: _idle,
    service.REACTIVATED_KIND: _reactivated,
    service.RESTRICTION_KIND: _restricted,
    service.UPHELD_KIND: _upheld,
}
