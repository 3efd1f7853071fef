"""A search for one shopper by what they say of themselves. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BY: Mapping[str, str] = {"email": "E-mail address", "phone": "Telephone number", "family": "Family name"}


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, by what, and why. The words stand in no address and in no record.

    finds_restricted: whether it is a purpose for which also those are found who have processing restricted.
    """

    by: str
    words: str = field(repr=False)
    purpose: str
    finds_restricted: bool
