"""Use cases of contacts."""

from ..queries import Fragment, import_in
from .audiences import audience_count, audience_sql
from .forgetting import forget_unnamed
from .people import (
    OpenedContact,
    ask_erasure,
    erase_contact,
    exported,
    find_by_address,
    note_export,
    open_contact,
    people_of,
)
from .running import check_import, fail_import, run_import
from .safe import Safe, email_index, safe_of
from .tidying import clear_import, report_of, sweep_imports
from .uploads import FirstRows, Upload, first_rows, guessed_again, receive
from .wizard import BEFORE_IMPORT, AnotherList, OutOfDate, attest, begin_import, cancel, choose_columns

__all__ = [
    "BEFORE_IMPORT",
    "AnotherList",
    "FirstRows",
    "Fragment",
    "OpenedContact",
    "OutOfDate",
    "Safe",
    "Upload",
    "ask_erasure",
    "attest",
    "audience_count",
    "audience_sql",
    "begin_import",
    "cancel",
    "check_import",
    "choose_columns",
    "clear_import",
    "email_index",
    "erase_contact",
    "exported",
    "fail_import",
    "find_by_address",
    "first_rows",
    "forget_unnamed",
    "guessed_again",
    "import_in",
    "note_export",
    "open_contact",
    "people_of",
    "receive",
    "report_of",
    "run_import",
    "safe_of",
    "sweep_imports",
]
