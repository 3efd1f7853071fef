"""Every statement of a person's own rights: the opt-out page, and erasing a shopper."""

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
    reports_of,
    shops_held_by,
    unwarned_shoppers,
)
from .opt_out import affiliate_name, client_name, find_contact, find_panelist, find_shopper

__all__ = [
    "affiliate_name",
    "affiliate_of_kept",
    "client_name",
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
    "reports_of",
    "shops_held_by",
    "unwarned_shoppers",
]
