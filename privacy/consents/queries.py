"""Statements on ledger.consent: rows are added and read, never changed."""

from uuid import UUID

from asyncpg import Connection, Record

from .domain import Consent, Wording

INSERT = """
    INSERT INTO ledger.consent
        (affiliate_id, subject_id, purpose, is_given, wording_version, wording, method, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
CONSENTS_OF = """
    SELECT subject_id, purpose, is_given, wording_version, wording, method, at
    FROM ledger.consent
    WHERE subject_id = $1
    ORDER BY at, is_given DESC, id
"""
# Where both were written at one moment, the withdrawal counts.
CURRENT_CONSENTS = """
    SELECT DISTINCT ON (purpose) subject_id, purpose, is_given, wording_version, wording, method, at
    FROM ledger.consent
    WHERE subject_id = $1
    ORDER BY purpose, at DESC, is_given
"""


async def insert_consent(connection: Connection, affiliate_id: UUID, consent: Consent) -> None:
    """Add one entry."""
    shown = consent.wording
    await connection.execute(
        INSERT,
        affiliate_id,
        consent.subject_id,
        consent.purpose,
        consent.is_given,
        shown.version,
        shown.text,
        shown.method,
        consent.at,
    )


async def consents_of(connection: Connection, subject_id: UUID) -> list[Consent]:
    """Every entry about the subject, oldest first."""
    return [_consent(row) for row in await connection.fetch(CONSENTS_OF, subject_id)]


async def current_consents(connection: Connection, subject_id: UUID) -> list[Consent]:
    """The last entry for each purpose."""
    return [_consent(row) for row in await connection.fetch(CURRENT_CONSENTS, subject_id)]


def _consent(row: Record) -> Consent:
    subject_id, purpose, is_given, version, text, method, at = row
    return Consent(subject_id, purpose, is_given, Wording(version, text, method), at)
