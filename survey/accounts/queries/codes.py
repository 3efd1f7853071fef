"""Recovery codes. Role.GATE."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.db import connection


async def replace_codes(affiliate_id: UUID, account_id: UUID, hashes: Sequence[bytes]) -> None:
    """New codes; the old ones are worth nothing any more."""
    await connection().execute("DELETE FROM identity.recovery_code WHERE account_id = $1", account_id)
    await connection().execute(
        "INSERT INTO identity.recovery_code (affiliate_id, account_id, code_hash)"
        " SELECT $1, $2, fresh.hash FROM unnest($3::bytea[]) AS fresh (hash)",
        affiliate_id,
        account_id,
        hashes,
    )


async def use_code(account_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use up a code; False when there is none such, or it was used."""
    used = await connection().fetchval(
        "UPDATE identity.recovery_code SET used_at = $3"
        " WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING id",
        account_id,
        code_hash,
        now,
    )
    return used is not None


async def codes_known(account_id: UUID, hashes: Sequence[bytes]) -> int:
    """How many of these are unused codes of the account."""
    known: int = await connection().fetchval(
        "SELECT count(*) FROM identity.recovery_code"
        " WHERE account_id = $1 AND used_at IS NULL AND code_hash = ANY($2::bytea[])",
        account_id,
        list(hashes),
    )
    return known
