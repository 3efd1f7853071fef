"""Every statement of a person's own rights: the opt-out page, copies, and erasing a shopper."""

from . import copies
from .checking import platform_contact
from .erasing import (
    affiliate_of_kept,
    delete_drafts,
    delete_lonely_account,
    drafts_of,
    files_of,
    follow,
    forget_mentions,
    idle_shoppers,
    kept_of,
    lock_shopper,
    part_from_account,
    put_off,
    reports_let_go,
    reports_of,
    settle_erasures,
    shops_held_by,
    unwarned_shoppers,
)
from .opt_out import affiliate_name, client_name, find_contact, find_panelist, find_shopper

__all__ = [
    "affiliate_name",
    "affiliate_of_kept",
    "client_name",
    "copies",
    "delete_drafts",
    "delete_lonely_account",
    "drafts_of",
    "files_of",
    "find_contact",
    "find_panelist",
    "find_shopper",
    "follow",
    "forget_mentions",
    "idle_shoppers",
    "kept_of",
    "lock_shopper",
    "part_from_account",
    "platform_contact",
    "put_off",
    "reports_let_go",
    "reports_of",
    "settle_erasures",
    "shops_held_by",
    "unwarned_shoppers",
]
