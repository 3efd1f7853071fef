"""What a check is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from survey.db import Database
from survey.settings import Settings

from ..domain import Found


@dataclass(frozen=True, slots=True)
class Deployment:
    """The settings of this deployment and its database, as the roles that processes may take."""

    settings: Settings
    database: Database


Check = Callable[[Deployment], Awaitable[Found]]
