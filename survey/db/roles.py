"""The LOGIN roles of the product: who they are, how they sign in, how much they may ask of the database."""

from dataclasses import dataclass
from enum import StrEnum

from privacy.crypto import derive_key

MILLISECONDS = 1000


class Role(StrEnum):
    """One LOGIN role of PostgreSQL, with a pool of its own."""

    OWNER = "owner"
    GATE = "gate"
    PROVIDER = "provider"
    STAFF = "staff"
    RESPONDENT = "respondent"
    SHOPPER = "shopper"
    CLIENT = "client"
    RELEASER = "releaser"
    DESK = "desk"
    WORKER = "worker"

    @property
    def login(self) -> str:
        """The name PostgreSQL knows."""
        return f"candour_{self.value}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many connections one process keeps for a role, and how long a statement may take (0: as long as it needs)."""

    connections: int
    statement_seconds: int
    idle_seconds: int = 60


ALLOWANCES = {
    Role.OWNER: Allowance(2, 600, 600),
    Role.GATE: Allowance(4, 10),
    Role.PROVIDER: Allowance(2, 30),
    Role.STAFF: Allowance(6, 30),
    Role.RESPONDENT: Allowance(8, 10),
    Role.SHOPPER: Allowance(6, 15),
    Role.CLIENT: Allowance(6, 30),
    Role.RELEASER: Allowance(2, 0, 600),
    Role.DESK: Allowance(4, 10),
    Role.WORKER: Allowance(8, 0, 600),
}

# A migration that waits for a lock makes everybody behind it wait too; it gives up instead.
OWNER_LOCK_SECONDS = 4


def password_of(role: Role, database_secret: bytes) -> str:
    """The role's password, derived so that every process of a deployment knows it from one secret."""
    return derive_key(database_secret, f"postgresql role {role.login}").hex()


def session_settings(role: Role) -> dict[str, str]:
    """What every connection of the role starts with."""
    allowance = ALLOWANCES[role]
    settings = {
        "application_name": role.login,
        "search_path": "ops",
        "timezone": "UTC",
        "statement_timeout": str(allowance.statement_seconds * MILLISECONDS),
        "idle_in_transaction_session_timeout": str(allowance.idle_seconds * MILLISECONDS),
    }
    if role is Role.OWNER:
        settings["lock_timeout"] = str(OWNER_LOCK_SECONDS * MILLISECONDS)
    return settings
