"""From fields to domain values, with messages for people."""

import re

from survey.mail.addresses import BadAddress, addressed
from survey.web import Form, form_with

from .domain import BOUNDS, LONGEST_SESSION_MINUTES, SHORTEST_SESSION_MINUTES, Draft, ShopTerms, TenantSettings

LONGEST_NAME = 120
LONGEST_ADDRESS = 500
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 40


def draft_of(form: Form) -> Draft:
    """A new affiliate as the provider describes it, or messages."""
    slug = form["slug"].lower()
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        form.refuse("slug", "Write the short name with lower-case letters, digits and hyphens")
    return Draft(_name(form), slug, _postal_address(form), _contact_email(form))


def settings_of(form: Form) -> TenantSettings:
    """The settings of an affiliate, or messages."""
    return TenantSettings(
        name=_name(form),
        postal_address=_postal_address(form),
        contact_email=_contact_email(form),
        require_totp=form["require_totp"] == "yes",
        session_minutes=_session_minutes(form),
    )


def shown(settings: TenantSettings) -> Form:
    """The form that the settings page begins with."""
    return form_with(
        {
            "name": settings.name,
            "postal_address": settings.postal_address,
            "contact_email": settings.contact_email,
            "require_totp": "yes" if settings.require_totp else "",
            "session_minutes": str(settings.session_minutes),
        }
    )


def shop_terms_of(form: Form) -> ShopTerms | None:
    """What an affiliate decides for its shops; None, with messages, where a number is missing or cannot be."""
    numbers = {}
    for name, (least, most) in BOUNDS.items():
        text = form[name]
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1
        if least <= number <= most:
            numbers[name] = number
        else:
            form.refuse(name, f"Enter a whole number from {least} to {most}")
    return ShopTerms(**numbers) if form.is_valid else None


def shown_terms(terms: ShopTerms) -> Form:
    """The form that the page begins with."""
    return form_with({name: str(getattr(terms, name)) for name in BOUNDS})


def _name(form: Form) -> str:
    name = " ".join(form["name"].split())
    if not name:
        form.refuse("name", "Enter the company’s name")
    elif len(name) > LONGEST_NAME:
        form.refuse("name", f"Enter a name of at most {LONGEST_NAME} characters")
    return name


def _postal_address(form: Form) -> str:
    address = "\n".join(line.strip() for line in form["postal_address"].splitlines() if line.strip())
    if not address:
        form.refuse("postal_address", "Enter the postal address: the law wants it in every mail")
    elif len(address) > LONGEST_ADDRESS:
        form.refuse("postal_address", f"Enter a postal address of at most {LONGEST_ADDRESS} characters")
    return address


def _contact_email(form: Form) -> str:
    try:
        addressed(form["contact_email"])
    except BadAddress:
        form.refuse("contact_email", "Enter an address that people can reply to, like surveys@company.com")
    return form["contact_email"]


def _session_minutes(form: Form) -> int:
    text = form["session_minutes"]
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    if not SHORTEST_SESSION_MINUTES <= minutes <= LONGEST_SESSION_MINUTES:
        form.refuse(
            "session_minutes", f"Enter minutes between {SHORTEST_SESSION_MINUTES} and {LONGEST_SESSION_MINUTES} (a day)"
        )
    return minutes
