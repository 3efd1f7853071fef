"""What an affiliate is, what it may be called, and what it decides for itself."""

from .names import is_phone, key_of, trouble_in_line, trouble_in_lines, trouble_in_name
from .tenants import (
    ACTIVE,
    BOUNDS,
    LONGEST_SESSION_MINUTES,
    PROVIDER_NAME,
    SHORTEST_SESSION_MINUTES,
    SUSPENDED,
    Appearance,
    Draft,
    Listed,
    ShopTerms,
    TakenName,
    TakenSlug,
    TenantSettings,
    changes,
)

__all__ = [
    "ACTIVE",
    "BOUNDS",
    "LONGEST_SESSION_MINUTES",
    "PROVIDER_NAME",
    "SHORTEST_SESSION_MINUTES",
    "SUSPENDED",
    "Appearance",
    "Draft",
    "Listed",
    "ShopTerms",
    "TakenName",
    "TakenSlug",
    "TenantSettings",
    "changes",
    "is_phone",
    "key_of",
    "trouble_in_line",
    "trouble_in_lines",
    "trouble_in_name",
]
