"""Whether a message is ours: the code that it carries, what is kept of it, and what whoever types it in is told."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from asyncpg import Connection

from privacy.crypto import DIGEST_BYTES, derive_key, hmac_sha256, is_same
from privacy.optouts import suppression_key
from privacy.optouts.domain import NORMALISATIONS

from . import queries
from .domain import Genuine, Issued, Outgoing
from .domain.codes import read_code, spelled
from .tables import CODES

NOBODY = bytes(DIGEST_BYTES)
NO_CODE = ""


def code_of(index_key: bytes, message_id: str) -> str:
    """The code of a message: the same at every attempt, whatever becomes of the keys that sign links."""
    return spelled(hmac_sha256(derive_key(index_key, "mail code 1"), message_id.encode()))


def code_index(index_key: bytes, code: str) -> bytes:
    """What a code is found by: whoever reads the database cannot put a code of ours into a message of theirs."""
    return hmac_sha256(derive_key(index_key, "mail code index 1"), code.encode())


def issued(outgoing: Outgoing, about: str, index_key: bytes, now: datetime) -> Issued:
    """What is kept of a message. about: what it is, in plain words."""
    row = outgoing.row
    return Issued(
        affiliate_id=row.affiliate_id,
        code_index=code_index(index_key, code_of(index_key, row.message_id)),
        about=about,
        sender=outgoing.frame.sender.name,
        written_on=now.date(),
        recipient_index=suppression_key(index_key, outgoing.to),
        is_again=row.in_doubt > 0,
    )


async def issue(connection: Connection, codes: Sequence[Issued]) -> None:
    """Keep what messages are known by, before the first of them leaves. Role.WORKER."""
    await queries.codes.issue(connection, codes)


async def check(connection: Connection, index_key: bytes, typed: str, address: str, today: date) -> Genuine | None:
    """What is known of the message with the code that somebody has typed; None where it is none of ours, or too old.

    address: where they got it, or an empty text. The work is the same whatever is known. Role.DESK.
    Whoever has a code has read the message; that it went to somebody is confirmed to whoever names the address.
    """
    wanted = code_index(index_key, read_code(typed) or NO_CODE)
    found = await queries.codes.find(connection, wanted, today - timedelta(days=CODES.days or 0))
    kept_index = (found and found["recipient_index"]) or NOBODY
    # An index keeps the normal form of its day; none is left out, so that the work tells nothing.
    versions = [is_same(suppression_key(index_key, address, each), kept_index) for each in NORMALISATIONS]
    if found is None:
        return None
    days = (found["written_on"], found["again_on"])
    return Genuine(found["about"], found["sender"], *days, any(versions) if address.strip() else None)


async def forget(connection: Connection, people: Sequence[tuple[UUID, bytes]]) -> None:
    """Somebody is erased: their messages stay known as ours, and to whom they went is forgotten. Role.DESK or WORKER.

    people: the affiliate and the address's suppression key, of each.
    """
    await queries.codes.forget(connection, people)


async def forget_written_to(connection: Connection, recipient_ids: Sequence[UUID]) -> None:
    """The same for profiles or accounts, at every address at which they were ever written to. Role.WORKER."""
    await queries.codes.forget_written_to(connection, recipient_ids)
