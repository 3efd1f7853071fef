"""From what was typed or uploaded to clients, permissions and locations, with messages that say what to do."""

from .lists import COLUMNS, LIST_ROWS, NotAList, decoded, list_of, location_list, unread_columns
from .typed import authorisation, client_name, ids_in, is_time_zone, location_draft, parent_id

__all__ = [
    "COLUMNS",
    "LIST_ROWS",
    "NotAList",
    "authorisation",
    "client_name",
    "decoded",
    "ids_in",
    "is_time_zone",
    "list_of",
    "location_draft",
    "location_list",
    "parent_id",
    "unread_columns",
]
