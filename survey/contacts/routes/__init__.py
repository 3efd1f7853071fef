"""The pages of contacts and of the lists they come in by."""

from .imports import (
    begin_import,
    cancel_import,
    change_columns,
    columns_page,
    import_history,
    import_page,
    problems_file,
    source_page,
    state_source,
    take_list,
    upload_page,
)
from .people import (
    contact_list,
    contact_page,
    erase_contact,
    erase_page,
    export_list,
    find_contact,
    open_contact,
)

ROUTES = (
    contact_list,
    find_contact,
    export_list,
    contact_page,
    open_contact,
    erase_page,
    erase_contact,
    import_history,
    upload_page,
    take_list,
    import_page,
    columns_page,
    change_columns,
    source_page,
    state_source,
    begin_import,
    cancel_import,
    problems_file,
)
