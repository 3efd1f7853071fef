"""Sealed values and the keys that open them: one key a subject, so that erasing the key erases the person everywhere.

A `domain` module imports from `privacy.vault.domain`, because this package reaches the database.
"""

from .domain import (
    DataKey,
    KeyRing,
    Place,
    Wrapped,
    blind_index,
    blind_indexes,
    new_data_key,
    new_keys,
    rewrap,
    seal,
    seal_row,
    seal_rows,
    unseal,
    unseal_text,
    unwrap,
)
from .service import copy_keys, create_subject, data_key, data_keys, rotate, shred, shred_many, store_keys

__all__ = [
    "DataKey",
    "KeyRing",
    "Place",
    "Wrapped",
    "blind_index",
    "blind_indexes",
    "copy_keys",
    "create_subject",
    "data_key",
    "data_keys",
    "new_data_key",
    "new_keys",
    "rewrap",
    "rotate",
    "seal",
    "seal_row",
    "seal_rows",
    "shred",
    "shred_many",
    "store_keys",
    "unseal",
    "unseal_text",
    "unwrap",
]
