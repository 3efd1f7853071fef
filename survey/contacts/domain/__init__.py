"""Reading customer lists and judging what is in them: pure, no I/O, no clock."""

from .addresses import kept_address
from .columns import Field, Mapping, guessed_mapping, refused_positions
from .exports import neutral
from .files import DELIMITERS, EMPTY, ENCODINGS, LARGEST_FILE_BYTES, FileKind, Shape, Unreadable, kind_of
from .languages import DEFAULT_LANGUAGE, is_language, language_of
from .merging import Profile, corrected, filled, profile_of
from .refusals import Refusal, is_refused_column, refusal_of
from .rows import DETAILS, Fault, ListedPerson, Problem, RowReader
from .texts import HEAD_BYTES, Inspection, Record, guessed_shape, preview, records
from .visits import DateOrder, visit_date
from .workbooks import write_as_text

__all__ = [
    "DEFAULT_LANGUAGE",
    "DELIMITERS",
    "DETAILS",
    "EMPTY",
    "ENCODINGS",
    "HEAD_BYTES",
    "LARGEST_FILE_BYTES",
    "DateOrder",
    "Fault",
    "Field",
    "FileKind",
    "Inspection",
    "ListedPerson",
    "Mapping",
    "Problem",
    "Profile",
    "Record",
    "Refusal",
    "RowReader",
    "Shape",
    "Unreadable",
    "corrected",
    "filled",
    "guessed_mapping",
    "guessed_shape",
    "is_language",
    "is_refused_column",
    "kept_address",
    "kind_of",
    "language_of",
    "neutral",
    "preview",
    "profile_of",
    "records",
    "refusal_of",
    "refused_positions",
    "visit_date",
    "write_as_text",
]
