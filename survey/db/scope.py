"""On whose behalf something is asked: the first argument of every query."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenant, and within it the person or process that acts. Ids only, never a name or an address."""

    affiliate_id: UUID
    account_id: UUID | None = None
    role: str = ""
    actor_kind: str = "staff"
    client_id: UUID | None = None
    node_path: str | None = None
    shopper_id: UUID | None = None
    # For whom this person works; None: for every client.
    clients: tuple[UUID, ...] | None = None

    @property
    def seen_as(self) -> dict[str, str | int | bool | None]:
        """For the detail of a look at a person: in what role it is, which the person reads. Empty for a process."""
        return {"actor_role": self.role} if self.role else {}
