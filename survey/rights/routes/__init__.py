"""Pages about one's own data, open to everybody who needs them."""

from .checking import check_message, check_page
from .copying import back_to_data, data_of_session, data_page, fetch_copy, make_copy
from .erasing import erase_page, erase_profile
from .keeping import keep_page, keep_profile
from .notices import cookies_page, privacy_page
from .opt_out import opt_out, opt_out_page
from .restricting import end_restriction, restrict, restrict_page

ROUTES = (
    check_page,
    check_message,
    opt_out_page,
    opt_out,
    privacy_page,
    cookies_page,
    erase_page,
    erase_profile,
    keep_page,
    keep_profile,
    data_of_session,
    data_page,
    make_copy,
    fetch_copy,
    back_to_data,
    restrict_page,
    restrict,
    end_restriction,
)
