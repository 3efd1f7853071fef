"""Letting things go when their time is over, batch after batch; late or twice does no harm."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from privacy.audit import Event, record_many
from privacy.inventory import Retention
from privacy.vault import shred_many
from survey.accounts import service as accounts
from survey.accounts.tables import WITH_THE_ACCOUNT
from survey.appeals import tables as appeals
from survey.contacts import service as contacts
from survey.contacts.tables import WHILE_CUSTOMER
from survey.db import NotFound, Role, connection, transaction
from survey.invitations import tables as invitations
from survey.mail import tables as mail
from survey.media import Media
from survey.releases import tables as releases
from survey.responses.tables import ANSWERS
from survey.shops.board import tables as board
from survey.shops.fieldwork import tables as fieldwork
from survey.shops.payments import tables as payments
from survey.shops.reviews import tables as reviews
from survey.shops.scheduling import tables as scheduling
from survey.shops.visits import tables as visits

from . import queries
from .domain import Sweep

BATCH = 200


def _sweep(name: str, retentions: tuple[Retention, ...], *tables: str, batches: int = 1) -> Sweep:
    return Sweep(name, retentions, frozenset(tables), batches)


# In this order: what hangs on an assignment goes before it, and messages before the invitations that they carried.
SWEEPS = (
    _sweep("applications", (visits.APPLICATIONS,), "identity.application"),
    _sweep("extensions", (board.EXTENSIONS,), "identity.extension"),
    _sweep("told", (board.TOLD,), "identity.shop_told"),
    _sweep("marks", (visits.MARKS,), "identity.mark"),
    _sweep("visits", (visits.VISITS,), "identity.assignment"),
    _sweep("messages", (scheduling.MESSAGES,), "identity.thread", "identity.message"),
    _sweep("proofs", (fieldwork.EVIDENCE,), "field.evidence", "field.recording", "field.check_in"),
    _sweep(
        "reports", (fieldwork.REPORTS, reviews.WITH_THE_REPORT, appeals.WITH_THE_REPORT),
        "field.report", "field.report_text", "field.report_submission", "field.review", "field.report_edit",
        "field.finding_left", "field.review_decision", "field.rejection_contest", "field.report_note",
        "field.text_fingerprint", "field.appeal_question",
    ),
    _sweep("copies", (releases.PICTURES,), "release.shop_picture"),
    _sweep("unread", (releases.UNREAD,), "release.shop_picture"),
    _sweep("pay", (payments.PAY_RECORDS,), "identity.pay_item"),
    _sweep("calendars", (scheduling.CALENDARS,), "ops.calendar_feed"),
    _sweep("codes", (mail.CODES,), "ops.mail_code"),
    _sweep("sent messages", (mail.SEND_LOG,), "ops.delivery", batches=25),
    _sweep("invitations", (invitations.SEND_LOG,), "identity.invitation", batches=25),
    _sweep("contacts", (WHILE_CUSTOMER,), "identity.contact", batches=25),
    _sweep(
        "accounts", (WITH_THE_ACCOUNT,),
        "identity.account", "identity.recovery_code",
    ),
    _sweep("answers", (ANSWERS,), "field.response", "field.verbatim", batches=25),
)  # fmt: skip

# What goes as its own area erases it: ids, from before when it is, and now.
ERASURES: Mapping[str, Callable[[Sequence[UUID], datetime, datetime], Awaitable[None]]] = {
    "contacts": lambda ids, before, now: contacts.forget_unnamed(ids, before.date(), now),
    "accounts": accounts.forget_disabled,
}


async def run(media: Media, now: datetime) -> dict[str, int]:
    """Let everything go whose time is over, at every affiliate; how much of what. Opens its own transactions."""
    return {sweep.name: await _run(sweep, media, now) for sweep in SWEEPS}


async def overdue(now: datetime, grace: timedelta) -> dict[str, int]:
    """How much should have gone more than `grace` ago and is still there, by sweep. Role.WORKER."""
    return {sweep.name: await queries.count_due(sweep.name, sweep.before(now) - grace) for sweep in SWEEPS}


async def _run(sweep: Sweep, media: Media, now: datetime) -> int:
    count = 0
    while rows := await _batch(sweep, media, now):
        count += len(rows)
    return count


async def _batch(sweep: Sweep, media: Media, now: datetime) -> Sequence[Record]:
    async with transaction(Role.WORKER):
        rows = await queries.due(sweep.name, sweep.before(now), BATCH * sweep.batches)
        if not rows:
            return rows
        # Before the rows that name them: a file whose row is gone would never be found again.
        for file in {file for row in rows for file in row["files"]}:
            with suppress(NotFound):  # what is no name of a file names none
                await media.delete(file)
        ids = [row["id"] for row in rows]
        if sweep.name in ERASURES:
            await ERASURES[sweep.name](ids, sweep.before(now), now)
        await queries.let_go(sweep.name, ids)
        if queries.STATEMENTS[sweep.name].has_keys:
            await shred_many(connection(), ids)
        await _note(sweep, rows, now)
    return rows


async def _note(sweep: Sweep, rows: Sequence[Record], now: datetime) -> None:
    counts = Counter(row["affiliate_id"] for row in rows)
    events = [
        Event(affiliate_id, "system", None, "retention.sweep", "retention", None, detail={"what": sweep.name, "n": n})
        for affiliate_id, n in counts.items()
    ]
    await record_many(connection(), events, now)
