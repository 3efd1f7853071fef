"""Who made the visits of a wave, as the worker: read where people are, written where clients read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from survey.db import connection

from ..domain.makeup import BandsAsked, MakeupLine, WaveDue

# Settled: nothing that is still to come could add somebody, or take somebody away.
_DUE = """
SELECT w.id AS wave_id, w.affiliate_id, c.client_id, l.path AS node_path
  FROM field.wave w
  JOIN field.campaign c ON c.id = w.campaign_id AND c.demographics_mode = 'bands'
  JOIN field.location l ON l.client_id = c.client_id AND l.parent_id IS NULL
 WHERE w.makeup_at IS NULL
   AND w.published_at IS NOT NULL
   AND w.ends_on < $1
   AND NOT EXISTS (SELECT FROM field.shop s
                    WHERE s.wave_id = w.id
                      AND (s.is_on_hold
                           OR s.state NOT IN ('CLOSED', 'REJECTED', 'EXCLUDED', 'CANCELLED', 'EXPIRED')))
 ORDER BY w.ends_on, w.id
 LIMIT $2
"""

_PEOPLE = """
SELECT p.id, p.bands
  FROM identity.shopper p
 WHERE p.affiliate_id = $1
   AND p.id IN (SELECT a.shopper_id
                  FROM identity.assignment a
                  JOIN field.shop s ON s.id = a.shop_id AND s.wave_id = $2 AND s.state = 'CLOSED'
                 WHERE a.affiliate_id = $1
                   AND a.state = 'done')
"""

_INSERT = """
INSERT INTO release.wave_makeup (wave_id, position, affiliate_id, client_id, node_path, question, band, people, told_on)
SELECT $1, given.position, $2, $3, $4, given.question, given.band, given.people, $5
  FROM unnest($6::text[], $7::text[], $8::integer[]) WITH ORDINALITY AS given (question, band, people, position)
"""


async def makeups_due(today: date, limit: int) -> list[WaveDue]:
    """Waves of which nobody has counted who made them, and may."""
    return [WaveDue(**row) for row in await connection().fetch(_DUE, today, limit)]


async def claim_makeup(due: WaveDue, now: datetime) -> bool:
    """Note that a wave is counted now; False where it was before."""
    claimed: bool | None = await connection().fetchval(
        "UPDATE field.wave SET makeup_at = $3 WHERE affiliate_id = $1 AND id = $2 AND makeup_at IS NULL RETURNING true",
        due.affiliate_id,
        due.wave_id,
        now,
    )
    return claimed is True


async def makers_bands(due: WaveDue) -> list[Mapping[str, str]]:
    """The bands of each person who made visits of the wave that the client reads of."""
    rows = await connection().fetch(_PEOPLE, due.affiliate_id, due.wave_id)
    return [row["bands"] or {} for row in rows]


async def bands_asked(affiliate_id: UUID) -> list[BandsAsked]:
    """What the affiliate asks its shoppers about themselves."""
    rows = await connection().fetch(
        "SELECT code, label, bands FROM field.band_question WHERE affiliate_id = $1 AND is_asked"
        " ORDER BY created_at, id LIMIT 200",
        affiliate_id,
    )
    return [BandsAsked(row["code"], row["label"], dict(row["bands"])) for row in rows]


async def insert_makeup(due: WaveDue, lines: Sequence[MakeupLine], today: date) -> None:
    """Put the counts where the client reads."""
    await connection().execute(
        _INSERT,
        due.wave_id,
        due.affiliate_id,
        due.client_id,
        due.node_path,
        today,
        [line.question for line in lines],
        [line.band for line in lines],
        [line.people for line in lines],
    )
