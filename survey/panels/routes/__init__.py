"""Pages of panels: staff's own, the public way in, and a member's page."""

from .joining import ask, confirm, confirm_page, join_page
from .membership import copy_page, correct, erase, leave, membership_page
from .staff import change, create, edit_page, member_page, members_page, new_page, open_member, panel_list

ROUTES = (
    panel_list,
    new_page,
    create,
    edit_page,
    change,
    members_page,
    member_page,
    open_member,
    join_page,
    ask,
    confirm_page,
    confirm,
    membership_page,
    correct,
    leave,
    erase,
    copy_page,
)
