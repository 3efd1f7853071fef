"""Looking through a whole report for what an editor should look at twice."""

from collections.abc import Sequence
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from privacy.vault import data_key
from survey.db import Role, Scope, beyond_clients, connection, transaction
from survey.settings import Settings

from .. import queries
from ..domain import Facts, Report, flags
from ..queries import Around
from .opening import score_of
from .sealing import fingerprints_of, opened_texts

AT_ONCE = 50
EARTH_METRES = 6_371_000


async def flag(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """Look a report through and keep what was found, with fingerprints of its texts. Role.STAFF or WORKER."""
    report = await queries.report_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, report.id)
    texts = opened_texts(key, report.id, await queries.sealed_texts(scope, report.id))
    marks = fingerprints_of(settings.index_key, scope.affiliate_id, texts)
    around = await queries.around(scope, report.id)
    # A copy is one whichever client it was made for; the flag says no more than that.
    async with beyond_clients():
        is_same = (
            bool(await queries.alike(scope, report.id)),
            bool(await queries.heard_before(scope, report.id)),
            await queries.has_same_text(scope, report.id, list(marks.values())),
        )
    raised = flags(_facts(report, list(texts.values()), around, is_same))
    await queries.put_flags(scope, report.id, shop_id, raised, now)
    await queries.put_fingerprints(scope, report.id, marks)


async def flag_waiting(settings: Settings, now: datetime) -> int:
    """Look through what was handed in since; how many. Each report in a transaction of its own."""
    async with transaction(Role.WORKER):
        waiting = await queries.unseen_reports(AT_ONCE)
    for affiliate_id, shop_id in waiting:
        async with transaction(Role.WORKER, affiliate=affiliate_id):
            await flag(Scope(affiliate_id, actor_kind="system"), settings, shop_id, now)
    return len(waiting)


def _facts(report: Report, texts: Sequence[str], around: Around, is_same: tuple[bool, bool, bool]) -> Facts:
    has_same_picture, has_same_recording, has_same_text = is_same
    return Facts(
        window_start=report.window_start,
        window_end=report.window_end,
        daypart=report.daypart,
        time_zone=report.time_zone,
        opening_hours=report.opening_hours,
        time_in=report.time_in,
        time_out=report.time_out,
        # A report that came back was written in two sittings: its speed says nothing.
        started_at=datetime.min.replace(tzinfo=report.started_at.tzinfo) if around.is_resent else report.started_at,
        submitted_at=report.submitted_at,
        answers=len(report.coded),
        texts=texts,
        percent=score_of(report).percent,
        check_in_metres=_metres(around),
        has_same_picture=has_same_picture,
        has_same_recording=has_same_recording,
        has_same_text=has_same_text,
        is_overdue=bool(around.is_overdue),
        has_come_in_vain=around.has_come_in_vain,
        taken_at=around.taken_at,
    )


def _metres(around: Around) -> int | None:
    """From where somebody checked in to the place, less what the telephone itself was unsure of."""
    if around.latitude is None or around.longitude is None:
        return None
    if around.place_latitude is None or around.place_longitude is None:
        return None
    north, east = radians(float(around.latitude)), radians(float(around.longitude))
    other_north, other_east = radians(around.place_latitude), radians(around.place_longitude)
    arc = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return max(round(2 * EARTH_METRES * asin(sqrt(arc))) - (around.accuracy_m or 0), 0)
