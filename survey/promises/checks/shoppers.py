"""Promises to mystery shoppers: companies apart, tax numbers apart, bare pictures, nothing early."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from privacy.errors import SealBroken
from privacy.vault import DataKey, Place, data_keys, unseal
from survey.db import NotFound, Role, Scope, connection, savepoint, transaction
from survey.media import Media, media_of
from survey.shops.board.domain import Filter
from survey.shops.board.service import listing

from .. import queries
from ..domain import Found
from .deployment import Deployment
from .pictures import beside_pixels

SAMPLE = 50
GRACE = timedelta(days=2)
PICTURE_BYTES = 20_000_000
TAX_TABLE = "identity.tax_identity"
TAX_NUMBER = f"{TAX_TABLE}.number"
# Roles that have nothing to do with pay.
NOT_FOR_TAX = ("candour_respondent", "candour_client", "candour_releaser", "candour_desk", "candour_gate",
               "candour_provider")  # fmt: skip
# What hangs on a shopper, and so must be of the shopper's own company.
OF_A_SHOPPER = ("identity.assignment", "identity.application", "identity.pay_item", "identity.thread", "identity.mark",
                "identity.conflict", "identity.payout", "identity.tax_identity", "identity.draft")  # fmt: skip
SEEN_BY_A_SHOPPER = ("field.shop", "field.campaign", "field.report", "identity.shopper", "identity.assignment",
                     "identity.application", "identity.pay_item", "identity.thread")  # fmt: skip


class _Undone(Exception):
    """Ends a trial without leaving anything of it."""


async def profiles_apart(deployment: Deployment) -> Found:
    """No two companies hold anything by which they could find that two profiles are one person, nor the sign-in."""
    async with transaction(Role.WORKER) as here:
        alike = await queries.shoppers.profiles_alike(here)
        mixed = [name for name in OF_A_SHOPPER if await queries.shoppers.rows_of_others(here, name)]
        profiles = await queries.count(here, "identity.shopper")
        is_open = await queries.shoppers.may_read(here, "candour_staff", "identity.shopper", "account_id")
    faults = [f"{alike} profiles at different companies share something that both companies hold"] if alike else []
    faults += [f"rows of {name} hang on a shopper of another company" for name in mixed]
    faults += ["companies can read which sign-in is behind a profile"] if is_open else []
    return Found(f"{profiles:,} profiles, no two of which have anything in common", tuple(faults))


async def shops_of_one_company(deployment: Deployment) -> Found:
    """Look as shoppers do, at one company each: whatever decides what they are offered lies there alone."""
    async with transaction(Role.WORKER) as here:
        sample = await queries.shoppers.some_shoppers(here, SAMPLE)
    faults: set[str] = set()
    for shopper_id, affiliate_id in sample:
        async with transaction(Role.SHOPPER, affiliate=affiliate_id, shopper=shopper_id) as here:
            for relation in SEEN_BY_A_SHOPPER:
                if await queries.count(here, relation, f"affiliate_id <> '{affiliate_id}'"):
                    faults.add(f"a shopper at one company sees rows of another in {relation}")
    looked = f"looked as {len(sample)} shoppers; none sees anything of another company"
    return Found(looked, tuple(sorted(faults)))


async def tax_numbers_apart(deployment: Deployment) -> Found:
    """Each tax number has a key of its own, opens with no other, and none has outlived its date."""
    async with transaction(Role.WORKER) as here:
        rows = await queries.shoppers.tax_numbers(here, SAMPLE)
        subjects = [row[name] for row in rows for name in ("id", "who")]
        keys = await data_keys(here, deployment.settings.keyring, subjects)
        late = await queries.shoppers.late_tax_numbers(here, (datetime.now(UTC) - GRACE).date())
        readers = [each for each in NOT_FOR_TAX if await queries.shoppers.may_read_any(here, each, TAX_TABLE)]
    shut = sum(1 for row in rows if not _opens(keys.get(row["id"]), row["id"], row["number"]))
    loose = sum(1 for row in rows if _opens(keys.get(row["who"]), row["id"], row["number"]))
    faults = [f"{shut} tax numbers have no key of their own"] if shut else []
    faults += [f"{loose} tax numbers open with the profile’s key"] if loose else []
    faults += [f"{late} tax numbers have outlived their date"] if late else []
    faults += [f"{role} may read tax numbers" for role in readers]
    return Found(f"opened {len(rows)} tax numbers with their own keys, and with no other", tuple(faults))


async def pictures_bare(deployment: Deployment) -> Found:
    """Read pictures as they are kept and as clients get them: nothing may stand beside what is to be seen."""
    async with transaction(Role.WORKER) as here:
        files = await queries.shoppers.some_pictures(here, SAMPLE)
    media, faults, looked = media_of(deployment.settings), set(), 0
    for file in files:
        content = await _content(media, file)
        looked += content is not None
        faults |= {f"a picture still holds {kind}" for kind in beside_pixels(content or b"")}
    return Found(f"read {looked} pictures, none of which says who took it, where or when", tuple(sorted(faults)))


async def released_by_a_person(deployment: Deployment) -> Found:
    """Whatever a business can read of a visit was let go by a person, and only while the visit is where it may be."""
    async with transaction(Role.WORKER) as here:
        early = await queries.shoppers.shown_too_early(here)
        alone = await queries.shoppers.released_by_nobody(here)
        shown = await queries.shoppers.count_shown(here)
    faults = [f"{early} reports can be read though their visits are not released"] if early else []
    faults += [f"{alone} reports can be read that no person released"] if alone else []
    return Found(f"{shown:,} reports can be read, each released by a person", tuple(faults))


async def mail_changes_no_offer(deployment: Deployment) -> Found:
    """Ask the board as shoppers with and without news by mail: it must be the same. It cannot read who stopped mail."""
    async with transaction(Role.WORKER) as here:
        sample = await queries.shoppers.some_shoppers(here, SAMPLE)
        is_open = await queries.shoppers.may_read_any(here, "candour_shopper", "ledger.opt_out")
    differing = 0
    for shopper_id, affiliate_id in sample:
        async with transaction(Role.SHOPPER, affiliate=affiliate_id, shopper=shopper_id):
            wishing, silent = [await _board_of(affiliate_id, shopper_id, wants_news=each) for each in (True, False)]
        differing += wishing != silent
    faults = [f"{differing} shoppers are offered something else once they want no mail"] if differing else []
    faults += ["what is offered could depend on who has stopped mail"] if is_open else []
    return Found(f"asked the board as {len(sample)} shoppers, with and without mail: no difference", tuple(faults))


def _opens(key: DataKey | None, tax_id: UUID, sealed: bytes) -> bool:
    if key is None:
        return False
    # Under whose key it lies is part of the seal: one that lay under the profile's would name the profile.
    places = (Place(TAX_NUMBER, tax_id, key.subject_id), Place(TAX_NUMBER, key.subject_id, key.subject_id))
    return any(_unseals(key, place, sealed) for place in places)


def _unseals(key: DataKey, place: Place, sealed: bytes) -> bool:
    try:
        unseal(key, place, sealed)
    except SealBroken:
        return False
    return True


async def _content(media: Media, file: str) -> bytes | None:
    try:
        return await media.read(file, limit_bytes=PICTURE_BYTES)
    except NotFound:
        return None


async def _board_of(affiliate_id: UUID, shopper_id: UUID, *, wants_news: bool) -> object:
    """What the board shows and leaves out, as if the shopper had chosen so about mail; nothing of it stays."""
    scope, now = Scope(affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id), datetime.now(UTC)
    shown: object = None
    try:
        async with savepoint():
            await queries.shoppers.choose_news(connection(), shopper_id, wants_news=wants_news)
            found, _ = await listing.board(scope, Filter(shows_all=True), None, now)
            shown = [(row.card.id, row.reasons) for row in found.rows], found.left_out
            raise _Undone
    except _Undone:
        return shown
