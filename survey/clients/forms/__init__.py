"""From what was typed or uploaded to clients, permissions and locations, with messages that say what to do."""

from .lists import COLUMNS, LIST_ROWS, NotAList, decoded, location_list
from .typed import authorisation, client_name, is_time_zone, location_draft, parent_id

__all__ = [
    "COLUMNS",
    "LIST_ROWS",
    "NotAList",
    "authorisation",
    "client_name",
    "decoded",
    "is_time_zone",
    "location_draft",
    "location_list",
    "parent_id",
]
