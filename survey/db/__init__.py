"""The kernel's way to PostgreSQL: roles, pools, transactions, migrations, pages. No area is known here."""

import os

from .alone import fetch_alone, write_alone
from .database import Database, active
from .errors import Conflict, DatabaseUnavailable, NotFound
from .paging import Keyset, Paged, paged
from .roles import Role
from .scope import Scope
from .transaction import Transaction, connection, current, is_open, savepoint, transaction

# Piccolo looks for its configuration by this name when a table is first used.
os.environ.setdefault("PICCOLO_CONF", "survey.db.piccolo_conf")

__all__ = [
    "Conflict",
    "Database",
    "DatabaseUnavailable",
    "Keyset",
    "NotFound",
    "Paged",
    "Role",
    "Scope",
    "Transaction",
    "active",
    "connection",
    "current",
    "fetch_alone",
    "is_open",
    "paged",
    "savepoint",
    "transaction",
    "write_alone",
]
