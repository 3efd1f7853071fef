"""Documents for qualifications: sent by the shopper, looked at and decided by staff, gone soon after.

What stays is the qualification, and that somebody decided; the paper goes `KEPT_DAYS` after the decision.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from privacy.crypto import random_id
from privacy.vault import DataKey, Place, data_key, seal, unseal_text
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.media import media_of
from survey.media.pictures import check_size, in_a_thread, picture_from
from survey.settings import Settings

from .. import queries
from ..domain import (
    KEPT_DAYS,
    LONGEST_WAIT_DAYS,
    MOST_A_DAY,
    BadDocument,
    Document,
    DocumentState,
    Format,
    QualificationKind,
    QualificationStatus,
    Recorded,
    Sent,
    WrongStatus,
    check_pdf,
    is_pdf,
)
from ..domain.people import CHECK
from . import files, qualifications, restricting
from .notes import DOCUMENT_KIND, note, note_look, own_id, tell

REASON = "identity.document.reason"
LOOK = "check a document that was sent for a qualification"


async def kind_to_send(scope: Scope, kind_id: UUID) -> QualificationKind:
    """A qualification for which a document may be sent. Role.SHOPPER. Raises NotFound."""
    kind = await queries.rules.kind_in(scope, kind_id)
    if not kind.takes_documents or kind.is_retired:
        raise NotFound("qualification")
    return kind


async def own_documents(scope: Scope, settings: Settings) -> list[Document]:
    """One's own documents, the latest first, with what was said about them. Role.SHOPPER."""
    rows = await queries.documents.own_documents(scope)
    if not rows:
        return []
    key = await data_key(connection(), settings.keyring, own_id(scope))
    return [Document(**dict(row) | {"reason": _opened_reason(key, row["id"], row["reason"])}) for row in rows]


async def own_file(scope: Scope, settings: Settings, document_id: UUID) -> tuple[bytes, Format]:
    """The file of one's own document, as it is kept. Role.SHOPPER. Raises NotFound once it is gone."""
    row = await queries.documents.file_of_own(scope, document_id)
    key = await data_key(connection(), settings.keyring, own_id(scope))
    content = await files.opened(media_of(settings), key, files.DOCUMENT, document_id, row["media_key"])
    return content, Format(row["format"])


async def send(
    scope: Scope, settings: Settings, kind_id: UUID, sent: tuple[Path, int, date | None], now: datetime
) -> None:
    """Send a document; it takes the place of one that waits. Role.SHOPPER.

    sent: the file, its size in bytes, the last day that the paper names. Raises NotFound, BadPicture, BadDocument.
    """
    kind = await kind_to_send(scope, kind_id)
    path, size_bytes, valid_until = sent
    check_size(size_bytes)
    made = await in_a_thread(lambda: _made(path.read_bytes()))
    await queries.own.lock(scope)
    if await queries.documents.count_since(scope, now - timedelta(days=1)) >= MOST_A_DAY:
        raise BadDocument(f"You have sent {MOST_A_DAY} documents within a day. Send the next one tomorrow")
    await _take_back(scope, kind_id=kind_id)
    await _stored(scope, settings, kind, (*made, valid_until), now)
    await queries.standing.ask_qualification(scope, kind.code, now)


async def withdraw(scope: Scope, document_id: UUID, now: datetime) -> None:
    """Take back a document that waits; its file goes at once. Twice is once. Role.SHOPPER. Raises NotFound."""
    await queries.documents.require_own(scope, document_id)
    if await _take_back(scope, document_id=document_id):
        await note(scope, "document.withdraw", own_id(scope), now, document_id=str(document_id))


async def waiting(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Sent]:
    """One page of what waits and may be looked at, the oldest first. Role.STAFF."""
    return await queries.documents.waiting(scope, now, keyset)


async def count_waiting(scope: Scope, now: datetime) -> int:
    """How many documents wait and may be looked at. Role.STAFF."""
    return await queries.documents.count_waiting(scope, now)


async def document_in(scope: Scope, document_id: UUID) -> Sent:
    """A document by its sender's code; its file is not opened. Role.STAFF. Raises NotFound."""
    return await queries.documents.document_in(scope, document_id)


async def look_at(scope: Scope, settings: Settings, document_id: UUID, now: datetime) -> tuple[bytes, Sent]:
    """The file of a document. The look is recorded; the shopper reads it. Role.STAFF. Raises Restricted, and NotFound
    once it is gone.

    A PDF is what somebody has sent: hand it on as a download, never as a page.
    """
    sent = await queries.documents.document_in(scope, document_id)
    media_key = await queries.documents.file_of(scope, document_id)
    await restricting.require_open_for(scope, sent.shopper_id, CHECK, now)
    key = await data_key(connection(), settings.keyring, sent.shopper_id)
    content = await files.opened(media_of(settings), key, files.DOCUMENT, document_id, media_key)
    await note_look(scope, "document.read", sent.shopper_id, LOOK, now)
    return content, sent


async def accept(scope: Scope, settings: Settings, document_id: UUID, expires_on: date | None, now: datetime) -> None:
    """Record the qualification, and let the paper go in some days. Role.STAFF.

    Raises NotFound, Restricted, WrongStatus.
    """
    sent = await _to_decide(scope, document_id, now)
    await _decide(scope, sent, DocumentState.ACCEPTED, None, now)
    one = Recorded(sent.code, "document", QualificationStatus.HELD, expires_on)
    await qualifications.record(scope, settings.keyring, sent.shopper_id, one, now)
    await tell(scope, settings, sent.shopper_id, DOCUMENT_KIND, now)


async def decline(scope: Scope, settings: Settings, document_id: UUID, reason: str, now: datetime) -> None:
    """Do not accept it, for a reason that the shopper reads. Role.STAFF. Raises NotFound, Restricted, WrongStatus.

    A qualification that is held stays: it was recorded for another paper, and runs out by itself.
    """
    sent = await _to_decide(scope, document_id, now)
    key = await data_key(connection(), settings.keyring, sent.shopper_id)
    sealed = seal(key, Place(REASON, document_id, sent.shopper_id), reason)
    await _decide(scope, sent, DocumentState.DECLINED, sealed, now)
    one = Recorded(sent.code, "document", QualificationStatus.REFUSED, None, reason)
    await qualifications.refuse_unless_held(scope, settings.keyring, sent.shopper_id, one, now)
    await tell(scope, settings, sent.shopper_id, DOCUMENT_KIND, now)


def _made(content: bytes) -> tuple[bytes, Format]:
    """What is kept of a file: a PDF as it is, a picture made anew from its pixels. Raises BadPicture, BadDocument."""
    if is_pdf(content):
        check_pdf(content)
        return content, Format.PDF
    return picture_from(content).content, Format.JPEG


async def _stored(
    scope: Scope, settings: Settings, kind: QualificationKind, what: tuple[bytes, Format, date | None], now: datetime
) -> None:
    content, form, valid_until = what
    media, document_id, shopper_id = media_of(settings), random_id(), own_id(scope)
    key = await data_key(connection(), settings.keyring, shopper_id)
    media_key = await files.keep(media, key, files.DOCUMENT, document_id, content)
    when = now, now.date() + timedelta(days=LONGEST_WAIT_DAYS)
    try:
        await queries.documents.insert(scope, document_id, kind.id, (media_key, form, valid_until), when)
        await note(scope, "document.send", shopper_id, now, document_id=str(document_id), code=kind.code, format=form)
    except BaseException:
        await media.delete(media_key)
        raise


async def _take_back(scope: Scope, *, document_id: UUID | None = None, kind_id: UUID | None = None) -> Sequence[UUID]:
    rows = await queries.documents.withdraw(scope, document_id=document_id, kind_id=kind_id)
    for row in rows:  # one at most: of a kind one document waits
        await files.remove_later(connection(), row["media_key"])
    return [row["id"] for row in rows]


async def _to_decide(scope: Scope, document_id: UUID, now: datetime) -> Sent:
    sent = await queries.documents.document_in(scope, document_id)
    await restricting.require_open_for(scope, sent.shopper_id, CHECK, now)
    return sent


async def _decide(scope: Scope, sent: Sent, state: DocumentState, reason: bytes | None, now: datetime) -> None:
    when = now, now.date() + timedelta(days=KEPT_DAYS)
    if not await queries.documents.decide(scope, sent.id, state, reason, when):
        raise WrongStatus
    action = "document.accept" if state is DocumentState.ACCEPTED else "document.decline"
    await note(scope, action, sent.shopper_id, now, document_id=str(sent.id), code=sent.code)


def _opened_reason(key: DataKey, document_id: UUID, sealed: bytes | None) -> str:
    return unseal_text(key, Place(REASON, document_id, key.subject_id), sealed) if sealed else ""
