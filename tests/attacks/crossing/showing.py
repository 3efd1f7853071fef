"""What a shopper shows of themselves: a photo, a document, words in a field of the company's, and where they work."""

from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID, uuid4

import asyncpg
from PIL import Image

from survey.db import Role, Scope, transaction
from survey.shoppers import service as shoppers
from survey.shoppers.domain import ConflictKind, FieldKind, ProfileField, QualificationKind

from .affiliates import Affiliate
from .canary import Visitor
from .reporting import exif_of

TYPED = "SELECT id FROM identity.conflict WHERE shopper_id = $1 AND company IS NOT NULL"
LATEST = "SELECT id FROM identity.document WHERE shopper_id = $1"


async def shown(one: Affiliate, superuser: asyncpg.Connection, who: Visitor) -> dict[str, UUID]:
    """All three; the ids of what was asked for, and of the document."""
    scope, now, settings = one.scope, one.stage.day(2), one.stage.settings
    kind = QualificationKind(uuid4(), "forklift", "Forklift licence", now, True, "Both sides.", 12)
    asked = ProfileField(uuid4(), "Your usual days", FieldKind.TEXT, (), False, "some visits are on market days")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await shoppers.rules.add_qualification_kind(scope, kind, now)
        await shoppers.fields.add(scope, asked, now)
    shopper_id = one.ids["shopper_id"]
    own = Scope(scope.affiliate_id, shopper_id, "shopper", "shopper", shopper_id=shopper_id)
    with NamedTemporaryFile() as photo, NamedTemporaryFile() as paper:
        faced, written = Path(photo.name), Path(paper.name)
        faced.write_bytes(face_of(who))
        written.write_bytes(paper_of(who.paper))
        async with transaction(Role.SHOPPER, affiliate=scope.affiliate_id, shopper=shopper_id):
            await shoppers.portraits.set_portrait(own, settings, (faced, faced.stat().st_size), now)
            await shoppers.documents.send(own, settings, kind.id, (written, written.stat().st_size, None), now)
            await shoppers.conflicts.declare(own, settings.keyring, who.confided, ConflictKind.OTHER, now)
            await shoppers.fields.tell(own, settings.keyring, {asked.id: who.confided}, now)
    document_id = await superuser.fetchval(LATEST, shopper_id)
    conflict_id = await superuser.fetchval(TYPED, shopper_id)
    return {"kind_id": kind.id, "field_id": asked.id, "document_id": document_id, "conflict_id": conflict_id}


def face_of(who: Visitor) -> bytes:
    """A photo in one colour, by which it is known again, with words and a place beside its pixels."""
    written = BytesIO()
    Image.new("RGB", (640, 480), who.face).save(written, "JPEG", exif=exif_of(who.exif), comment=who.exif)
    return written.getvalue()


def paper_of(words: str) -> bytes:
    """A PDF that says so."""
    return f"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% {words}\ntrailer << >>\n%%EOF\n".encode()
