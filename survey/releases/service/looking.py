"""The last look at what leaves for a client: who made the visit is opened for it, shown to nobody, and recorded."""

from datetime import datetime
from uuid import UUID

import msgspec

from privacy import audit
from privacy.vault import Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.settings import Settings
from survey.shoppers.domain import ADDRESS, EMAIL, NAME, PHONE
from survey.shops.visits import service as visits

from .. import queries
from ..domain import Maker, Snapshot, Visited, check
from ..queries import PictureRow

PURPOSE = "keep out of a report who made the visit"


async def look_through(
    scope: Scope, settings: Settings, what: tuple[Visited, Snapshot, list[PictureRow]], now: datetime
) -> None:
    """Raises Revealing where what is about to leave tells who made the visit. The opening of their name is recorded."""
    visited, snapshot, pictures = what
    row = await queries.find_maker(scope, visited.shop_id)
    maker = await _opened(scope, settings, row, now) if row else None
    ids: dict[str, UUID | str] = {
        "shop": visited.shop_id, "report": visited.report_id, "reference": visited.public_ref,
    }  # fmt: skip
    ids |= {"assignment": row.assignment_id} if row else {}
    for number, picture in enumerate(pictures):
        ids |= {f"picture {number}": picture.id, f"file {number}": picture.media_key}
    employees = [[one.role, one.name, one.description] for one in snapshot.employees]
    place = [visited.node_code, visited.node_name, visited.campaign_name, visited.wave_label, snapshot.time_shown]
    check([snapshot.content, employees, place], snapshot.words, maker, ids)


async def look_through_words(scope: Scope, settings: Settings, shop_id: UUID, words: str, now: datetime) -> None:
    """The same look at words that staff write to a client about a shop. Raises Revealing."""
    shop, row = await visits.shop_in(scope, shop_id), await queries.find_maker(scope, shop_id)
    maker = await _opened(scope, settings, row, now) if row else None
    ids: dict[str, UUID | str] = {"shop": shop_id, "reference": shop.public_ref}
    report_id = await queries.find_report_id(scope, shop_id)
    ids |= {"report": report_id} if report_id else {}
    ids |= {"assignment": row.assignment_id} if row else {}
    check(words, [words], maker, ids)


async def _opened(scope: Scope, settings: Settings, row: queries.MakerRow, now: datetime) -> Maker | None:
    keys = await data_keys(connection(), settings.keyring, [row.id])
    if row.id not in keys:
        return None

    def words(column: str, sealed: bytes | None) -> str:
        return unseal_text(keys[row.id], Place(column, row.id, row.id), sealed) if sealed is not None else ""

    address = words(ADDRESS, row.address)
    street = str(msgspec.json.decode(address).get("street", "")) if address else ""
    await _note(scope, row.id, now)
    return Maker(
        row.id, row.display_code, words(NAME, row.name), words(EMAIL, row.email), words(PHONE, row.phone), street
    )


async def note_name_look(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Record that a name was opened for a look; once more after a refusal, which takes back what the look recorded."""
    row = await queries.find_maker(scope, shop_id)
    if row is not None:
        await _note(scope, row.id, now)


async def _note(scope: Scope, shopper_id: UUID, now: datetime) -> None:
    event = audit.Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "shopper.read", "shopper", shopper_id,
        subject_id=shopper_id, purpose=PURPOSE, detail=scope.seen_as,
    )  # fmt: skip
    await audit.record(connection(), event, now)
