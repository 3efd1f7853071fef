"""What is known of shoppers beside their profile: for eligibility, and to compare those who could make a shop."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from survey.db import Scope, connection

_CONFLICTS = """
SELECT shopper_id, client_id
  FROM identity.conflict
 WHERE affiliate_id = $1
   AND client_id IS NOT NULL
   AND ($2::uuid[] IS NULL OR shopper_id = ANY($2))
   AND ($3::uuid IS NULL OR client_id = $3)
"""

_CERTIFIED = """
SELECT shopper_id, guideline_id
  FROM identity.certification
 WHERE affiliate_id = $1
   AND ($2::uuid[] IS NULL OR shopper_id = ANY($2))
   AND ($3::uuid IS NULL OR guideline_id = $3)
"""


async def conflicts_of(
    scope: Scope, shopper_ids: Collection[UUID] | None, client_id: UUID | None = None
) -> dict[UUID, set[UUID]]:
    """Clients of which each of the shoppers (None: all) may not make shops."""
    return await _sets(_CONFLICTS, scope, shopper_ids, client_id)


async def certified_of(
    scope: Scope, shopper_ids: Collection[UUID] | None, guideline_id: UUID | None = None
) -> dict[UUID, set[UUID]]:
    """Guidelines whose quiz each of the shoppers (None: all) has passed."""
    return await _sets(_CERTIFIED, scope, shopper_ids, guideline_id)


async def _sets(
    statement: str, scope: Scope, shopper_ids: Collection[UUID] | None, one: UUID | None
) -> dict[UUID, set[UUID]]:
    chosen = None if shopper_ids is None else list(shopper_ids)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for shopper_id, value in await connection().fetch(statement, scope.affiliate_id, chosen, one):
        found[shopper_id].add(value)
    return found
