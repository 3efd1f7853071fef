"""Every statement about shoppers, by what it serves; each says as which role it runs."""

from . import (
    addresses,
    choosing,
    documents,
    fields,
    letters,
    money,
    own,
    portraits,
    registering,
    rules,
    staff,
    standing,
    starting,
    telling,
)

__all__ = [
    "addresses",
    "choosing",
    "documents",
    "fields",
    "letters",
    "money",
    "own",
    "portraits",
    "registering",
    "rules",
    "staff",
    "standing",
    "starting",
    "telling",
]
