"""Which e-mail addresses are accepted, and in which form they are kept."""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

LOCAL_PART_OCTETS = 64
ADDRESS_OCTETS = 254

# Addresses that this pattern matches are valid, and their kept form is themselves with a lower-case domain; a test
# holds that against email-validator for generated addresses. Whatever it does not match goes to email-validator,
# which costs ten times as much: too much for a million rows.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+([A-Za-z]{{2,63}}))")
_RESERVED_ENDINGS = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)
_LOWERED_LOCAL_PARTS = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)


def kept_address(text: str) -> str | None:
    """The form in which an address is kept, or None where it is none that mail can be sent to (RFC 5321, strict)."""
    plain = _PLAIN.fullmatch(text)
    if plain is None or len(text) > ADDRESS_OCTETS:
        return _validated(text)
    local, domain, ending = plain.groups()
    domain = domain.lower()
    if (
        len(local) > LOCAL_PART_OCTETS
        or "--" in domain
        or ending.lower() in _RESERVED_ENDINGS
        or local.lower() in _LOWERED_LOCAL_PARTS
    ):
        return _validated(text)
    return f"{local}@{domain}"


def _validated(text: str) -> str | None:
    # Far more than any address may have: not worth the validator's care.
    if "@" not in text or len(text) > 4 * ADDRESS_OCTETS:
        return None
    try:
        found = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    # The validator counts characters where the standard counts octets.
    return found.normalized if len(found.local_part.encode()) <= LOCAL_PART_OCTETS else None
