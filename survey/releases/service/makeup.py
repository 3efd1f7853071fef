"""Telling a client who made the visits of a wave: once, in counts of ten people or more."""

from datetime import datetime

from privacy import audit, disclosures
from privacy.inventory import Category
from survey.db import Role, connection, transaction
from survey.settings import Settings

from .. import queries
from ..domain.makeup import WaveDue, digest_of, makeup_lines
from ..domain.signing import Kind, Subject
from .signing import sign_leaving

AT_ONCE = 100


async def tell_makeups(settings: Settings, now: datetime) -> int:
    """Count for each wave that is settled, in a transaction each; how many there were. Twice is once."""
    async with transaction(Role.WORKER):
        due = await queries.makeups_due(now.date(), AT_ONCE)
    for wave in due:
        async with transaction(Role.WORKER, affiliate=wave.affiliate_id):
            await _tell(settings, wave, now)
    return len(due)


async def _tell(settings: Settings, due: WaveDue, now: datetime) -> None:
    if not await queries.claim_makeup(due, now):
        return
    lines = makeup_lines(await queries.bands_asked(due.affiliate_id), await queries.makers_bands(due))
    if lines:
        await queries.insert_makeup(due, lines, now.date())
        digest = digest_of(lines)
        left = disclosures.Disclosure(
            due.affiliate_id, due.client_id, "wave_makeup", due.wave_id, (Category.DEMOGRAPHICS,), digest
        )
        await disclosures.record(connection(), left, now)
        subject = Subject(Kind.MAKEUP, due.wave_id, due.client_id, digest)
        await sign_leaving(settings, due.affiliate_id, subject, now)
    event = audit.Event(
        due.affiliate_id, "system", None, "wave.makeup", "wave", due.wave_id, detail={"lines": len(lines)}
    )
    await audit.record(connection(), event, now)
