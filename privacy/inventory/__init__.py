"""What each column is: declared beside the column, and from there the data map; nothing unclassified may exist."""

from .columns import MappedColumn, check, data_map, declaration_of, personal, plain
from .domain import CALIFORNIA, Category, Declaration, Erase, Personal, Plain, Release, Retention

__all__ = [
    "CALIFORNIA",
    "Category",
    "Declaration",
    "Erase",
    "MappedColumn",
    "Personal",
    "Plain",
    "Release",
    "Retention",
    "check",
    "data_map",
    "declaration_of",
    "personal",
    "plain",
]
