"""Addresses as an envelope and a To header need them: ASCII, and nothing that could end a command."""

import re

from email_validator import EmailNotValidError, validate_email

from .domain import BadLetter

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the brackets
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


class BadAddress(BadLetter):
    """An address that no relay could be told. Does not say which."""

    def __init__(self) -> None:
        super().__init__("the address cannot be written to")


def addressed(address: str) -> bytes:
    """The address for RCPT and To. A domain of other letters is sent in its ASCII form. Raises BadAddress."""
    if len(address) <= LONGEST_ADDRESS and _PLAIN.fullmatch(address):
        return address.encode("ascii")
    if address.isascii():
        raise BadAddress
    try:
        ascii_form = validate_email(address, check_deliverability=False, test_environment=True).ascii_email
    except EmailNotValidError:
        raise BadAddress from None
    # Letters beyond ASCII before the @ need SMTPUTF8 on every server of the way; few offer it.
    if ascii_form is None:
        raise BadAddress
    return ascii_form.encode("ascii")
