"""Erasing a shopper: at once, from what is declared of every column, so that no table can be forgotten.

What stays is what a declaration keeps, with its reason: who was paid what, the tax number to its own date, and what was
seen of a place. The company's reports stay without the person; their words go.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_many
from privacy.vault import create_subject, shred, shred_many
from survey.affiliates import service as affiliates
from survey.affiliates.service import Brand
from survey.db import Role, Scope, connection, savepoint, transaction
from survey.mail import service as mail
from survey.media import Media, media_of
from survey.queue import enqueue
from survey.rights import queries
from survey.rights.domain import Kept
from survey.settings import Settings
from survey.shoppers import service as shoppers
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, OnHold, State, WrongState
from survey.shops.visits.domain import Event as ShopEvent

from .erasure_plan import PLAN, PROFILE

IDLE_DAYS = 730
WARNED_DAYS = 30
BATCH = 100
# How a shop is left that somebody has; a report that was sent back goes back to its editor by its own clock.
LEAVING = {State.OFFERED: None, State.ASSIGNED: ShopEvent.SHOPPER_CANCEL, State.IN_PROGRESS: ShopEvent.SHOPPER_CANCEL}


async def kept_of(scope: Scope) -> Kept:
    """What would stay of a shopper who asks to be erased, and what is still owed to them. Role.SHOPPER."""
    return await queries.kept_of(scope)


async def ask_erasure(scope: Scope, now: datetime) -> None:
    """Have a profile erased, in a moment. Twice is once. Role.SHOPPER."""
    shopper_id = scope.shopper_id
    event = Event(
        scope.affiliate_id, "subject", shopper_id, "shopper.ask_erasure", "shopper", shopper_id, subject_id=shopper_id
    )
    await record(connection(), event, now)
    payload = {"affiliate_id": scope.affiliate_id, "shopper_id": shopper_id}
    await enqueue(connection(), "rights.erase_shopper", payload, unique=str(shopper_id))


async def warn_idle(settings: Settings, now: datetime) -> int:
    """Write to those whose profiles go in a month; how many were warned. Twice is once.

    Whoever has stopped all mail gets none, as the outbox sees to; the month runs all the same.
    """
    count = 0
    while True:
        async with transaction(Role.WORKER) as here:
            found = await queries.unwarned_shoppers(now, (IDLE_DAYS - WARNED_DAYS, IDLE_DAYS), BATCH)
            addresses = await shoppers.addresses_of(here, settings, [row["id"] for row in found])
            people = [(row["affiliate_id"], row["id"]) for row in found]
            for ids in people:
                if address := addresses.get(ids[1]):
                    await shoppers.ask_for_mail(settings, shoppers.IDLE_KIND, ids, address, now, WARNED_DAYS)
            if people:
                events = [_of_profile(ids, "system", None, "shopper.warn_idle") for ids in people]
                await record_many(here, events, now)
        count += len(found)
        if len(found) < BATCH:
            return count


async def keep(shopper_id: UUID, now: datetime) -> bool:
    """Whoever holds the warning wants the profile kept; False where it is gone. Does nothing else. Role.GATE."""
    affiliate_id = await queries.affiliate_of_kept(shopper_id)
    if affiliate_id is None:
        return False
    await record(connection(), _of_profile((affiliate_id, shopper_id), "subject", shopper_id, "shopper.keep"), now)
    return True


async def brand_of_kept(shopper_id: UUID) -> Brand | None:
    """Of whose the profile is, as its pages show it; None where there is nothing to keep any more. Role.GATE."""
    affiliate_id = await queries.affiliate_of_kept(shopper_id)
    return await affiliates.find_brand(affiliate_id) if affiliate_id else None


def _of_profile(ids: tuple[UUID, UUID], actor_kind: str, actor_id: UUID | None, action: str) -> Event:
    affiliate_id, shopper_id = ids
    return Event(affiliate_id, actor_kind, actor_id, action, "shopper", shopper_id, subject_id=shopper_id)


async def forget_idle(settings: Settings, now: datetime) -> int:
    """Erase profiles of two years of silence whose owners were warned a month ago, or could not be; how many."""
    count = 0
    while True:
        async with transaction(Role.WORKER):
            found = await queries.idle_shoppers(now, (IDLE_DAYS, WARNED_DAYS), BATCH)
        for row in found:
            await erase_shopper(settings, row["affiliate_id"], row["id"], now, "system")
        count += len(found)
        if len(found) < BATCH:
            return count


async def erase_shopper(
    settings: Settings, affiliate_id: UUID, shopper_id: UUID, now: datetime, actor_kind: str = "subject"
) -> None:
    """Erase a profile: shops are left, rows, keys and files go. Twice is once. Opens its own transaction."""
    async with transaction(Role.WORKER) as here:
        if not await queries.lock_shopper(affiliate_id, shopper_id):
            return
        await _leave_shops(affiliate_id, shopper_id, now)
        drafts, found = await queries.drafts_of(shopper_id), await queries.reports_of(shopper_id)
        reports = [report_id for report_id, is_held in found if not is_held]
        held = [report_id for report_id, is_held in found if is_held]
        await _remove_files(media_of(settings), [*drafts, *reports])
        await _remove_copies(media_of(settings), shopper_id)
        await shoppers.forgetting.forget_shown(here, media_of(settings), [shopper_id])
        await queries.delete_drafts(drafts)
        await queries.follow(PLAN, shopper_id, reports)
        await mail.forget_written_to(here, [shopper_id])
        await queries.put_off(affiliate_id, held, now)
        await _renew_keys(settings, affiliate_id, drafts, reports)
        await shred(here, shopper_id)
        await _end_sign_in(affiliate_id, shopper_id, now)
        event = Event(
            affiliate_id, actor_kind, None, "shopper.erase", "shopper", shopper_id, subject_id=shopper_id,
            detail={"reports": len(reports), "drafts": len(drafts)} | ({"held": len(held)} if held else {}),
        )  # fmt: skip
        await record(here, event, now)


async def finish_erasures(settings: Settings, now: datetime) -> int:
    """Let go what is left of erased shoppers in reports that the law holds no more; how many. Twice is once."""
    count = 0
    while True:
        async with transaction(Role.WORKER) as here:
            rows = await queries.reports_let_go(BATCH)
            if not rows:
                return count
            reports = [row["report_id"] for row in rows]
            await _remove_files(media_of(settings), reports)
            await queries.follow(PLAN, None, reports)
            for row in rows:
                await _renew_keys(settings, row["affiliate_id"], [], [row["report_id"]])
                event = Event(row["affiliate_id"], "system", None, "report.erase", "report", row["report_id"])
                await record(here, event, now)
            await queries.settle_erasures(reports)
        count += len(rows)


async def _leave_shops(affiliate_id: UUID, shopper_id: UUID, now: datetime) -> None:
    scope = Scope(affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)
    for shop_id, state in await queries.shops_held_by(shopper_id):
        if State(state) not in LEAVING:
            continue
        try:
            async with savepoint():
                event = LEAVING[State(state)]
                if event is None:
                    await visits.decline(scope, shop_id, now)
                else:
                    await visits.give_back(scope, shop_id, event, Actor.SHOPPER, now, "erased")
        except (OnHold, WrongState):
            # Staff have it in hand; it names a code that leads to nobody.
            continue


async def _remove_files(media: Media, report_ids: Iterable[UUID]) -> None:
    # Before the rows that name them: a file whose row is gone would never be found again.
    for file in await queries.files_of(list(report_ids)):
        await media.delete(file)


async def _remove_copies(media: Media, shopper_id: UUID) -> None:
    for file in await queries.copies.files_of_copies(shopper_id):
        await media.delete(file)


async def _renew_keys(
    settings: Settings, affiliate_id: UUID, drafts: list[UUID], reports: list[UUID]
) -> None:  # fmt: skip
    """What was sealed with a report goes with its key; what the company writes about it later has a new one."""
    await queries.forget_mentions(reports)
    await shred_many(connection(), [*drafts, *reports])
    for report_id in reports:
        await create_subject(connection(), settings.keyring, affiliate_id, report_id)


async def _end_sign_in(affiliate_id: UUID, shopper_id: UUID, now: datetime) -> None:
    """Cut the tie to the sign-in, and let that go as well where it leads to no other profile."""
    account_id = await queries.part_from_account(PROFILE, shopper_id)
    gone = await queries.delete_lonely_account(account_id) if account_id else None
    if gone:
        await shred(connection(), gone["id"])
        await mail.forget_written_to(connection(), [gone["id"]])
        event = Event(gone["affiliate_id"], "system", None, "account.erase", "account", gone["id"], gone["id"])
        await record(connection(), event, now)
