"""Every statement about the codes of messages."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Connection, Record

from ..domain import Issued

# A message is written anew at every attempt, with the code it had. Where nobody knows whether the first copy arrived,
# its day stays, and the second one's stands beside it.
_ISSUE = """
INSERT INTO ops.mail_code AS known
       (affiliate_id, code_index, about, sender, written_on, recipient_index, again_on)
SELECT affiliate_id, code_index, about, sender, written_on, recipient_index,
       CASE WHEN is_again THEN written_on END
  FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::date[], $6::bytea[], $7::boolean[])
       AS given (affiliate_id, code_index, about, sender, written_on, recipient_index, is_again)
    ON CONFLICT (code_index) DO UPDATE
   SET about = EXCLUDED.about,
       sender = EXCLUDED.sender,
       written_on = CASE WHEN EXCLUDED.again_on IS NULL THEN EXCLUDED.written_on ELSE known.written_on END,
       recipient_index = EXCLUDED.recipient_index,
       again_on = EXCLUDED.again_on
"""

_FIND = """
SELECT about, sender, written_on, again_on, recipient_index
  FROM ops.mail_code
 WHERE code_index = $1
   AND written_on >= $2
"""

_FORGET = """
UPDATE ops.mail_code AS known
   SET recipient_index = NULL
  FROM unnest($1::uuid[], $2::bytea[]) AS gone (affiliate_id, recipient_index)
 WHERE known.affiliate_id = gone.affiliate_id
   AND known.recipient_index = gone.recipient_index
"""

# Whom mail was asked for is known by the deliveries, each with the address that counted then.
_FORGET_WRITTEN_TO = """
UPDATE ops.mail_code AS known
   SET recipient_index = NULL
  FROM (SELECT affiliate_id, suppression_key FROM ops.delivery WHERE recipient_id = ANY($1::uuid[]) AND NOT is_bulk
         UNION
        SELECT affiliate_id, suppression_key FROM ops.delivery
         WHERE recipient_id = ANY($1::uuid[]) AND is_bulk AND client_id IS NULL) AS written
 WHERE known.affiliate_id = written.affiliate_id
   AND known.recipient_index = written.suppression_key
"""


async def issue(connection: Connection, codes: Sequence[Issued]) -> None:
    """Keep what messages are known by, or what they are known by now. Role.WORKER."""
    rows = [
        (c.affiliate_id, c.code_index, c.about, c.sender, c.written_on, c.recipient_index, c.is_again) for c in codes
    ]
    if rows:
        await connection.execute(_ISSUE, *zip(*rows, strict=True))


async def find(connection: Connection, code_index: bytes, since: date) -> Record | None:
    """What is known of a code that was issued on that day or later."""
    return await connection.fetchrow(_FIND, code_index, since)


async def forget(connection: Connection, people: Sequence[tuple[UUID, bytes]]) -> None:
    """Let no message of an affiliate say any more that it went to an address. people: affiliates and addresses."""
    if people:
        await connection.execute(_FORGET, *zip(*people, strict=True))


async def forget_written_to(connection: Connection, recipient_ids: Sequence[UUID]) -> None:
    """The same for every address at which profiles or accounts were ever written to. Role.WORKER."""
    await connection.execute(_FORGET_WRITTEN_TO, list(recipient_ids))
