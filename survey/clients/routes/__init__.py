"""The pages of clients and their locations."""

from .clients import (
    archive,
    authorise,
    change_name,
    client_list,
    client_page,
    create,
    new_page,
    rename_page,
    unarchive,
)
from .importing import check_list, import_list, import_page
from .lists import export_list, keep_utc, take_guesses, template_list, zones_page
from .locations import (
    add_page,
    add_place,
    change_place,
    close_place,
    location_list,
    pause_place,
    place_page,
    reopen_place,
)

ROUTES = (
    client_list,
    new_page,
    create,
    client_page,
    rename_page,
    change_name,
    archive,
    unarchive,
    authorise,
    location_list,
    add_page,
    add_place,
    place_page,
    change_place,
    close_place,
    pause_place,
    reopen_place,
    import_page,
    check_list,
    import_list,
    export_list,
    template_list,
    zones_page,
    take_guesses,
    keep_utc,
)
