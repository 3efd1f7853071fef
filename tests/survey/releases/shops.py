"""An approved shop with everything in it that must never leave, and what may."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from privacy.vault import Place, create_subject, data_key, seal
from survey.accounts.domain import EMAIL as ACCOUNT_EMAIL
from survey.media import media_of
from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.releases import service
from survey.shoppers.domain import email_index
from survey.shops.fieldwork.service import place
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld, insert

NAME, EMAIL, STREET = "Quillfeather Ashgrove", "quill.ashgrove@shopper.test", "9 Mill Lane"
PHONE = "+44 113 496 0000"
STORY = "[E1] greeted me within ten seconds and knew the menu."
COMMENT = "The tables by the window were sticky."
VISIT = Definition(
    title="Barista Welcome",
    sections=(
        Section(
            "arrival",
            "Arrival",
            items=(
                Item("greeted", Kind.SINGLE, "Were you greeted?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
                Item("story", Kind.LONG_TEXT, "Tell what happened"),
            ),
        ),
        Section(
            "store",
            "Store",
            items=(
                Item("clean", Kind.SCALE, "How clean was it?", minimum=1, maximum=5),
                Item("allergen", Kind.SINGLE, "Allergens named?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
                Item(
                    "mood", Kind.SINGLE, "How did you feel?", is_sensitive=True, choices=(Choice("a", "Secret mood"),)
                ),
            ),
        ),
    ),
)
SCORING = {
    "sections": {"arrival": 1, "store": 3},
    "items": {
        "greeted": {"points": 10, "points_by": {"yes": 10}},
        "clean": {"points": 10},
        "allergen": {"points": 10, "points_by": {"yes": 10}, "fails": ["no"], "cap_percent": 0},
    },
}
GOOD = {"greeted": "yes", "clean": 3, "allergen": "yes", "mood": "a"}
BAD = GOOD | {"allergen": "no"}


@dataclass(frozen=True, slots=True)
class Approved:
    """A shop of the world with its report, and who made it."""

    there: ShopWorld
    shop_id: UUID
    report_id: UUID
    shopper: Shopper
    public_ref: str
    code: str
    picture_id: UUID
    media_key: str
    secret: bytes

    @property
    def telltales(self) -> list[str]:
        """What no client may ever see of it."""
        ids = (self.shop_id, self.report_id, self.shopper.id, self.shopper.account_id, self.picture_id)
        return [
            NAME, NAME.split()[0], EMAIL, STREET, PHONE, "4960000", self.public_ref, self.code, self.media_key,
            *(str(each) for each in ids), *(each.hex for each in ids),
        ]  # fmt: skip


def picture(shade: int, marked: bytes = b"") -> bytes:
    """A small JPEG; marked: bytes that its original carries as a comment."""
    written = BytesIO()
    Image.new("L", (8, 8), shade).save(written, "JPEG", comment=marked)
    return written.getvalue()


async def seal_text(there: ShopWorld, report_id: UUID, name: str, text: str) -> None:
    """Put words into a report."""
    key = await data_key(there.owner, there.settings.keyring, report_id)
    values = {
        "report_id": report_id, "question_id": name, "affiliate_id": there.affiliate_id,
        "sealed": seal(key, place(report_id, name), text),
    }  # fmt: skip
    await insert(there.owner, "field.report_text", values)


async def approved(
    there: ShopWorld, state: str = "APPROVED", coded: dict[str, object] | None = None, **columns: Any
) -> Approved:
    """A shop in a state with a whole report: words, somebody met, a receipt, a picture with its redacted copy."""
    shopper = await there.shopper(NAME, f"{uuid4().hex[:6]}.{EMAIL}")
    shop_id = await there.shop(state, shopper, score_percent=80, **columns)
    given = coded or GOOD
    report_id = await there.report(shop_id, dict(given), time_in=NOW, receipt_cents=695)
    await seal_text(there, report_id, "story", STORY)
    await seal_text(there, report_id, "clean-comment", COMMENT)
    await met(there, report_id)
    picture_id, media_key, secret = await photographed(there, report_id)
    code = await there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    public_ref = (await there.row(shop_id))["public_ref"]
    return Approved(there, shop_id, report_id, shopper, public_ref, code, picture_id, media_key, secret)


async def same_person(one: Approved, account_id: UUID, address: str = "quill@both.test") -> None:
    """Let an account of the staff have the address that the shopper gave."""
    there = one.there
    key = await create_subject(there.owner, there.settings.keyring, there.affiliate_id, account_id)
    sealed = seal(key, Place(ACCOUNT_EMAIL, account_id, account_id), address)
    name = seal(key, Place("identity.account.name", account_id, account_id), "Nell")
    await there.owner.execute(
        "UPDATE identity.account SET email = $2, name = $3 WHERE id = $1", account_id, sealed, name
    )
    index = email_index(there.settings.index_key, there.affiliate_id, address)
    await there.owner.execute("UPDATE identity.shopper SET email_index = $2 WHERE id = $1", one.shopper.id, index)


async def release(one: Approved) -> UUID:
    """Let it leave, as an editor does."""
    there = one.there
    async with there.transaction():
        media = media_of(there.settings)
        return await service.release_shop(there.scope, there.settings, media, one.shop_id, NOW)


async def tell(there: ShopWorld, **columns: object) -> None:
    """Set up the campaign for the questionnaire of these tests; columns: its settings."""
    await there.configure(scoring=SCORING, employee_id_mode="role", **columns)


async def snapshot(one: Approved) -> dict[str, object]:
    """What stands, as it is stored."""
    row = await one.there.owner.fetchrow(
        "SELECT * FROM release.shop_report WHERE shop_id = $1 AND NOT is_superseded AND withdrawn_at IS NULL",
        one.shop_id,
    )
    found = dict(row)
    return found | {
        "snapshot": json.loads(found["snapshot"]) if isinstance(found["snapshot"], str) else found["snapshot"]
    }


async def met(there: ShopWorld, report_id: UUID) -> None:
    """Let the report tell of somebody who works there."""
    mention_id = uuid4()
    key = await data_key(there.owner, there.settings.keyring, report_id)
    values = {
        "id": mention_id, "affiliate_id": there.affiliate_id, "report_id": report_id, "token": "E1", "role": "barista",
        "name": seal(key, Place("field.employee_mention.name", mention_id, report_id), "Tamsin Vale"),
        "description": seal(key, Place("field.employee_mention.description", mention_id, report_id), "red apron"),
        "purge_after": NOW.date() + 180 * DAY, "created_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.employee_mention", values)


async def photographed(there: ShopWorld, report_id: UUID) -> tuple[UUID, str, bytes]:
    """A picture with its redacted copy: its id, the original's key, and bytes that only the original carries."""
    media, secret = media_of(there.settings), uuid4().hex.encode()
    original = await media.put("evidence", picture(10, secret), limit_bytes=100_000)
    copy = await media.put("redacted", picture(200), limit_bytes=100_000)
    picture_id = uuid4()
    values = {
        "id": picture_id, "affiliate_id": there.affiliate_id, "report_id": report_id, "kind": "photo",
        "media_key": original, "client_key": copy, "digest": b"x", "size_bytes": 1, "width": 8, "height": 8,
        "created_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.evidence", values)
    review = {
        "evidence_id": picture_id, "affiliate_id": there.affiliate_id, "state": "redacted", "by_id": uuid4(),
        "reviewed_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.picture_review", review)
    return picture_id, original, secret
