"""Signing in and out, links from mails, one's own account, and the people of an affiliate."""

from .addresses import address_page, ask_address, new_address_page, stop_address, stop_page, take_address
from .factor import begin, confirm, factor_page, save_codes, setting_up, switch_off
from .home import home
from .links import accept, forgot, forgot_page, reset, reset_page, welcome_page
from .opening import new_affiliate, open_affiliate
from .own import account_page, end_others, end_session, renew_codes, save_name, save_password, save_report_mail
from .people import (
    disable,
    enable,
    free_of_factor,
    invite,
    invite_again,
    invite_page,
    people_list,
    person_page,
    save_limit,
    save_role,
)
from .signing import choose, second_factor, second_factor_page, sign_in, sign_in_page, sign_out

ROUTES = (
    home,
    sign_in_page, sign_in, choose, second_factor_page, second_factor, sign_out,
    forgot_page, forgot, reset_page, reset, welcome_page, accept,
    account_page, save_name, save_report_mail, save_password, end_session, end_others, renew_codes,
    address_page, ask_address, new_address_page, take_address, stop_page, stop_address,
    factor_page, begin, setting_up, confirm, save_codes, switch_off,
    people_list, invite_page, invite, person_page, save_limit, save_role, disable, enable, invite_again,
    free_of_factor,
    new_affiliate, open_affiliate,
)  # fmt: skip
