"""What a sweep asks the database.

Each `due` statement: what is older than $1, $2 at most, as id, affiliate_id and the names of its files.
"""

from typing import NamedTuple


class Statements(NamedTuple):
    """How a sweep finds what is due, and what it does with the ids; has_keys: the ids are those of keys as well."""

    due: str
    acts: tuple[str, ...]
    has_keys: bool = False
