"""Letting one shop's report leave for its client, and taking it back.

It runs as staff, in one transaction with the move of the shop: whoever releases has read the words in review anyway,
and no role that builds releases has to be given people's keys for it. See README, Decisions.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from privacy import audit, disclosures
from privacy.crypto import random_bytes, random_id, sha256
from privacy.inventory import Category
from privacy.vault import DataKey, Place, data_key, data_keys, unseal_text
from survey.accounts.domain import EMAIL as ACCOUNT_EMAIL
from survey.accounts.service import ask_for_mail
from survey.db import NotFound, Role, Scope, connection, transaction
from survey.media import Media
from survey.releases import queries
from survey.releases.domain import (
    Employee,
    Revealing,
    Snapshot,
    Visited,
    appeal_until,
    digest_of,
    snapshot_of,
    words_in,
)
from survey.releases.domain.parts import SALT_BYTES, Parts, Picture
from survey.releases.domain.signing import Kind, Subject
from survey.releases.queries import Leaving, PictureRow, Standing
from survey.settings import Settings
from survey.shops.fieldwork.service import place as text_place
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import Undecided
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, OnHold, State, WrongState, planned

from .looking import look_through
from .signing import sign_report

ALERT_KIND = "releases.shop_alert"
MEDIA_KIND = "released"
LIMIT_BYTES = 20_000_000
Copies = list[tuple[UUID, str, PictureRow]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would leave of a shop now, looked through already."""

    visited: Visited
    snapshot: Snapshot = field(repr=False)
    pictures: list[PictureRow] = field(repr=False)


async def prepared(
    scope: Scope, settings: Settings, shop_id: UUID, now: datetime, before: Standing | None = None
) -> Prepared:
    """Build what would leave of a shop, and look through it. Raises NotFound, Revealing, Undecided.

    Opening the shopper's name and contact for the look is recorded; nobody is shown them. before: what the client
    reads now, where this would take its place.
    """
    visited = await queries.visited_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, visited.report_id)
    sealed = await queries.sealed_texts(scope, visited.report_id)
    texts = {name: unseal_text(key, text_place(visited.report_id, name), each) for name, each in sealed.items()}
    snapshot = snapshot_of(visited, texts, await _employees(scope, key, visited.report_id))
    pictures = await queries.pictures_of(scope, visited.report_id, _kinds(visited))
    await look_through(scope, settings, (visited, snapshot, pictures), now)
    await reviews.require_decided(scope, settings, shop_id, words_in(before.snapshot) if before else ())
    return Prepared(visited, snapshot, pictures)


async def release_shop(
    scope: Scope, settings: Settings, media: Media, shop_id: UUID, now: datetime, *, is_timed: bool = False
) -> UUID:
    """Let an approved report leave, and return its reference; twice is once. is_timed: the clock, on the scope's word.

    Raises NotFound, OwnShop, OnHold, WrongState, Revealing, Undecided: then nothing has left and nothing has moved.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    standing = await queries.find_standing(scope, shop_id)
    if shop.state is State.RELEASED and standing is not None:
        return standing.report_ref
    await reviews.require_other(scope, settings, shop_id)
    await visits.move_locked(scope, shop, Move(Event.RELEASE, Actor.EDITOR, now, detail={"is_timed": is_timed}))
    ready = await prepared(scope, settings, shop_id, now)
    report_ref = random_id()
    await _write(scope, (settings, media), ready, (report_ref, 1, None), now)
    await _alert(scope, settings, ready, report_ref, now)
    return report_ref


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a report. why: in words that end "stays: …", empty where it would leave."""

    shop_id: UUID
    public_ref: str
    why: str
    score: Decimal | None = None
    time_shown: str = ""
    is_failed: bool = False


async def rehearsed(scope: Scope, settings: Settings, shop_ids: Sequence[UUID], now: datetime) -> list[Rehearsed]:
    """What releasing each of these would come to; nothing is written but the last looks. Raises NotFound."""
    return [await _rehearsed(scope, settings, shop_id, now) for shop_id in shop_ids]


async def _rehearsed(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> Rehearsed:
    shop = await visits.shop_in(scope, shop_id)
    try:
        planned(shop, Move(Event.RELEASE, Actor.EDITOR, now))
        ready = await prepared(scope, settings, shop_id, now)
    except OnHold:
        return Rehearsed(shop_id, shop.public_ref, "it is on hold")
    except WrongState:
        return Rehearsed(shop_id, shop.public_ref, f"it is {shop.state.lower().replace('_', ' ')}")
    except Revealing as refusal:
        return Rehearsed(shop_id, shop.public_ref, f"it would tell who made the visit ({', '.join(refusal.kinds)})")
    except Undecided:
        return Rehearsed(shop_id, shop.public_ref, "its texts hold what nobody has decided about")
    snapshot = ready.snapshot
    return Rehearsed(shop_id, shop.public_ref, "", snapshot.score, snapshot.time_shown, snapshot.is_failed)


async def release_again(scope: Scope, settings: Settings, media: Media, shop_id: UUID, now: datetime) -> Standing:
    """After an appeal has changed answers: the next version; the one before is kept and no longer read.

    Returns what stood before. The shopper's grade stays as it is. Raises NotFound, OnHold, WrongState,
    Revealing, Undecided.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    before = await queries.find_standing(scope, shop_id)
    if before is None:
        raise WrongState(shop.state, Event.APPEAL_CHANGED)
    ready = await prepared(scope, settings, shop_id, now, before)
    # First: the new window is the new version's, and the one before keeps the moment that its client was told.
    await queries.supersede(scope, before.id)
    move = Move(Event.APPEAL_CHANGED, Actor.EDITOR, now, {"score_percent": ready.snapshot.score})
    await visits.move_locked(scope, shop, move)
    await queries.write_report_score(scope, ready.visited.report_id, ready.snapshot.score)
    await _write(scope, (settings, media), ready, (before.report_ref, before.version + 1, before), now)
    if not before.is_failed:
        await _alert(scope, settings, ready, before.report_ref, now)
    return before


async def recall_shop(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> None:
    """Take a released report back: what the client read goes with the shop's move. Twice is once.

    reason: a code. Raises NotFound, OnHold, WrongState.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    if shop.state is State.APPROVED and await queries.versions_of(scope, shop_id):
        return
    move = Move(Event.RECALL, Actor.EDITOR, now, {"is_appeal_open": False}, {"reason": reason})
    await visits.move_locked(scope, shop, move)


async def purge_employees(now: datetime) -> int:
    """Names and descriptions of employees go from what was released when their time is over, as in the field plane."""
    async with transaction(Role.WORKER) as here:
        gone = await queries.purge_employees(now.date())
        await audit.record_many(here, [_purged(*each) for each in Counter(gone).items()], now)
    return len(gone)


def _purged(affiliate_id: UUID, count: int) -> audit.Event:
    return audit.Event(
        affiliate_id, "system", None, "retention.sweep", "retention", None, detail={"what": "employees", "n": count}
    )


async def _write(
    scope: Scope,
    here: tuple[Settings, Media],
    ready: Prepared,
    as_version: tuple[UUID, int, Standing | None],
    now: datetime,
) -> None:
    visited, (report_ref, version, before) = ready.visited, as_version
    settings, media = here
    copies, digests = await _copied(media, ready.pictures)
    try:
        digest = digest_of(ready.snapshot, digests)
        until = appeal_until(visited, now)
        leaving = Leaving(random_id(), report_ref, version, before.score if before else None, digest, until)
        await queries.insert_report(visited, ready.snapshot, leaving, now)
        await queries.insert_pictures(leaving.id, visited.affiliate_id, copies)
        staff = ready.snapshot.employees
        await queries.insert_employees(
            leaving.id, visited.affiliate_id, staff, [random_bytes(SALT_BYTES) for _ in staff]
        )
        parts = Parts(_signed_pictures(copies, digests))
        subject = Subject(Kind.SHOP_REPORT, leaving.id, visited.client_id, digest, parts=parts)
        await sign_report(settings, visited.affiliate_id, subject, now)
        await _account(scope, visited, leaving, now)
    except BaseException:
        for _, key, _ in copies:
            await media.delete(key)
        raise


async def _copied(media: Media, pictures: list[PictureRow]) -> tuple[Copies, list[bytes]]:
    """Files of their own: what has left does not change when somebody redacts the picture again."""
    contents = await asyncio.gather(*(media.read(each.client_key, limit_bytes=LIMIT_BYTES) for each in pictures))
    keys = [await media.put(MEDIA_KIND, content, limit_bytes=LIMIT_BYTES) for content in contents]
    copies = [(random_id(), key, picture) for key, picture in zip(keys, pictures, strict=True)]
    return copies, [sha256(content) for content in contents]


def _signed_pictures(copies: Copies, digests: Sequence[bytes]) -> list[Picture]:
    rows = zip(copies, digests, strict=True)
    return [Picture(id_, at, row.kind, digest.hex()) for at, ((id_, _, row), digest) in enumerate(rows)]


async def _account(scope: Scope, visited: Visited, leaving: Leaving, now: datetime) -> None:
    """Write down what left for whom."""
    categories = (Category.ANSWERS, Category.FREE_TEXT, Category.AUDIO_VISUAL)
    left = disclosures.Disclosure(
        visited.affiliate_id, visited.client_id, "shop_report", leaving.id, categories, leaving.digest
    )
    await disclosures.record(connection(), left, now)
    event = audit.Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "shop_report.released", "shop", visited.shop_id,
        detail={"release": str(leaving.id), "version": leaving.version},
    )  # fmt: skip
    await audit.record(connection(), event, now)


async def _alert(scope: Scope, settings: Settings, ready: Prepared, report_ref: UUID, now: datetime) -> None:
    """Where a visit failed: a mail to whoever may read the report. It says where to look, and nothing else."""
    if not ready.snapshot.is_failed:
        return
    viewers = await queries.viewers_of(scope, ready.visited.client_id, ready.visited.node_path)
    keys = await data_keys(connection(), settings.keyring, [account_id for account_id, _ in viewers])
    for account_id, email in viewers:
        if account_id in keys:
            address = unseal_text(keys[account_id], Place(ACCOUNT_EMAIL, account_id, account_id), email)
            await ask_for_mail(
                settings, kind=ALERT_KIND, affiliate_id=scope.affiliate_id, account_id=account_id, address=address,
                now=now, context={"report": str(report_ref)},
            )  # fmt: skip


async def _employees(scope: Scope, key: DataKey, report_id: UUID) -> list[Employee]:
    def words(row_id: UUID, column: str, sealed: bytes | None) -> str | None:
        place = Place(f"field.employee_mention.{column}", row_id, report_id)
        return unseal_text(key, place, sealed) if sealed is not None else None

    return [
        Employee(
            row["token"], row["role"], row["purge_after"], words(row["id"], "name", row["name"]),
            words(row["id"], "description", row["description"]),
        )
        for row in await queries.mentions_of(scope, report_id)
    ]  # fmt: skip


def _kinds(visited: Visited) -> list[str]:
    """Kinds of pictures that the campaign lets a client see."""
    pictures = ["photo", "card"] if visited.picture_mode == "redacted" else []
    return pictures + (["receipt"] if visited.receipt_mode == "redacted" else [])


async def standing_in(scope: Scope, shop_id: UUID) -> Standing:
    """What the client reads of a shop now. Raises NotFound."""
    found = await queries.find_standing(scope, shop_id)
    if found is None:
        raise NotFound("released report")
    return found
