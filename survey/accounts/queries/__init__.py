"""Every statement about accounts. Signing in and one's own account run as candour_gate, the list of people as staff."""

from .codes import codes_known, replace_codes, use_code
from .own import (
    confirm_factor,
    drop_factor,
    occasion_of,
    own_account,
    put_name,
    put_password,
    put_secret,
    rehash,
    take_step,
    welcome,
)
from .people import (
    clients_of,
    insert_account,
    locations_like,
    locked_person,
    people_of,
    person_in,
    put_role,
    require_place,
    root_of,
    sealed_addresses,
    set_status,
)
from .signing import addressed_accounts, credentials_in, credentials_of

__all__ = [
    "addressed_accounts",
    "clients_of",
    "codes_known",
    "confirm_factor",
    "credentials_in",
    "credentials_of",
    "drop_factor",
    "insert_account",
    "locations_like",
    "locked_person",
    "occasion_of",
    "own_account",
    "people_of",
    "person_in",
    "put_name",
    "put_password",
    "put_role",
    "put_secret",
    "rehash",
    "replace_codes",
    "require_place",
    "root_of",
    "sealed_addresses",
    "set_status",
    "take_step",
    "use_code",
    "welcome",
]
