"""What a composer has to know of the people it writes to, and what it writes down when an address does not exist."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

from asyncpg import Connection


class Invited(NamedTuple):
    """One invitation on its way: whom it is for, the door, and what may be said. entry_id None: the tie was cut."""

    id: UUID
    study_id: UUID
    contact_id: UUID | None
    panelist_id: UUID | None
    entry_id: UUID | None
    entry_state: str | None
    store: str | None
    visited_on: date | None
    since: date | None
    status: str | None

    @property
    def person_id(self) -> UUID:
        """The contact or panelist."""
        return cast("UUID", self.contact_id or self.panelist_id)


_INVITED = """
SELECT i.id,
       i.study_id,
       i.contact_id,
       i.panelist_id,
       e.id AS entry_id,
       e.state AS entry_state,
       l.name AS store,
       c.visited_on,
       coalesce(c.created_on, p.joined_at::date) AS since,
       coalesce(c.status, p.status) AS status
  FROM identity.invitation i
  LEFT JOIN identity.response_link t ON t.invitation_id = i.id
  LEFT JOIN field.entry e ON e.id = t.entry_id
  LEFT JOIN identity.contact c ON c.id = i.contact_id
  LEFT JOIN identity.panelist p ON p.id = i.panelist_id
  LEFT JOIN field.location l ON l.id = c.location_id AND l.level = 'store'
 WHERE i.id = ANY($1::uuid[])
"""

_BOUNCED_CONTACTS = """
UPDATE identity.contact c
   SET status = 'bounced'
  FROM identity.invitation i
 WHERE i.id = ANY($1::uuid[])
   AND c.id = i.contact_id
   AND c.status = 'active'
"""
_BOUNCED_PANELISTS = """
UPDATE identity.panelist p
   SET status = 'bounced'
  FROM identity.invitation i
 WHERE i.id = ANY($1::uuid[])
   AND p.id = i.panelist_id
   AND p.status = 'active'
"""


async def invited(here: Connection, invitation_ids: Sequence[UUID]) -> dict[UUID, Invited]:
    """Invitations by id. Who was erased is not among them."""
    rows = await here.fetch(_INVITED, list(invitation_ids))
    return {row["id"]: Invited(*row) for row in rows}


async def mark_bounced(here: Connection, invitation_ids: Sequence[UUID]) -> None:
    """The addresses behind these invitations do not exist: nothing is sent there again."""
    await here.execute(_BOUNCED_CONTACTS, list(invitation_ids))
    await here.execute(_BOUNCED_PANELISTS, list(invitation_ids))
