"""Use cases of shoppers, by who acts. Other areas call what stands here; this area's pages call the modules."""

from . import (
    addresses,
    choosing,
    documents,
    fields,
    forgetting,
    money,
    own,
    portraits,
    qualifications,
    registering,
    rules,
    staff,
    starting,
)
from .letters import address_of, people_of
from .money import open_payouts, open_tax_numbers, tax_number_needed
from .notes import (
    ADDRESS_KIND,
    CONFIRM_KIND,
    DEACTIVATED_KIND,
    DOCUMENT_KIND,
    IDLE_KIND,
    REACTIVATED_KIND,
    UPHELD_KIND,
    ask_for_mail,
)
from .staff import open_shoppers
from .telling import addresses_of, ask_for_bulk, suppression_keys_of

__all__ = [
    "ADDRESS_KIND",
    "CONFIRM_KIND",
    "DEACTIVATED_KIND",
    "DOCUMENT_KIND",
    "IDLE_KIND",
    "REACTIVATED_KIND",
    "UPHELD_KIND",
    "address_of",
    "addresses",
    "addresses_of",
    "ask_for_bulk",
    "ask_for_mail",
    "choosing",
    "documents",
    "fields",
    "forgetting",
    "money",
    "open_payouts",
    "open_shoppers",
    "open_tax_numbers",
    "own",
    "people_of",
    "portraits",
    "qualifications",
    "registering",
    "rules",
    "staff",
    "starting",
    "suppression_keys_of",
    "tax_number_needed",
]
