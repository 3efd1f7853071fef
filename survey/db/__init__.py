"""The kernel's way to PostgreSQL: roles, pools, transactions, migrations, pages. No area is known here."""

import os

from .alone import fetch_alone, write_alone
from .database import Database, active
from .errors import Conflict, DatabaseUnavailable, NotFound
from .paging import Keyset, Paged, paged, paged_both_ways
from .roles import Role
from .scope import Scope
from .transaction import LOST, Transaction, beyond_clients, connection, current, is_open, savepoint, transaction

# Piccolo looks for its configuration by this name when a table is first used.
os.environ.setdefault("PICCOLO_CONF", "survey.db.piccolo_conf")

__all__ = [
    "LOST",
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
    "beyond_clients",
    "connection",
    "current",
    "fetch_alone",
    "is_open",
    "paged",
    "paged_both_ways",
    "savepoint",
    "transaction",
    "write_alone",
]
