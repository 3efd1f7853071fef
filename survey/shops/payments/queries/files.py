"""The file of a batch that is the current one."""

from uuid import UUID

from survey.db import Scope, connection

from ..domain import TakenFile

_FILE = """
SELECT b.file_number, b.file_digest, b.file_at
  FROM identity.pay_batch b
 WHERE b.affiliate_id = $1
   AND b.id = $2
"""

_PUT_FILE = """
UPDATE identity.pay_batch
   SET file_number = $3, file_digest = $4, file_at = $5
 WHERE affiliate_id = $1
   AND id = $2
"""


async def file_of(scope: Scope, batch_id: UUID) -> TakenFile:
    """The last file that was taken of a batch; number 0 where none was."""
    row = await connection().fetchrow(_FILE, scope.affiliate_id, batch_id)
    return TakenFile(*row) if row else TakenFile()


async def put_file(scope: Scope, batch_id: UUID, file: TakenFile) -> None:
    """Let a file be the current one of its batch."""
    await connection().execute(_PUT_FILE, scope.affiliate_id, batch_id, file.number, file.digest, file.made_at)
