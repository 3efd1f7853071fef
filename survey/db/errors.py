"""What can go wrong between the product and its database, in plain words and without a person's data."""


class NotFound(Exception):
    """No such row within the asker's scope. Another tenant's row is not found either."""

    def __init__(self, what: str = "row") -> None:
        super().__init__(f"{what} not found")
        self.what = what


class Conflict(Exception):
    """The row has changed, or exists already; the asker should look again."""

    def __init__(self, reason: str = "somebody else changed this in the meantime") -> None:
        super().__init__(reason)
        self.reason = reason


class DatabaseUnavailable(Exception):
    """The database cannot be reached, or every connection of the role has been busy for too long."""


class OutsideTransaction(RuntimeError):
    """A statement was asked for where no transaction is open."""


class NestedTransaction(RuntimeError):
    """A transaction was begun inside another one: two roles or two tenants would mix."""


class NotCommitted(RuntimeError):
    """COMMIT was answered by a roll-back: an error inside the transaction had been swallowed."""


class EmbeddedDatabaseError(Exception):
    """The embedded development database cannot be started; the message says why and what to do."""


class UnsafeRole(Exception):
    """A login role could step over row-level security."""


class RoleRefused(RuntimeError):
    """This process was not started to act as that role."""

    def __init__(self, login: str) -> None:
        super().__init__(f"this process may not act as {login}")
        self.login = login


class BadCursor(ValueError):
    """A page cursor that this list did not hand out."""
