"""From fields to domain values, with messages for people."""

import re

from survey.mail.addresses import BadAddress, addressed
from survey.web import Form, form_with
from survey.web.colours import darker_until_enough, digits_of, weakest_of

from .domain import (
    BOUNDS,
    LONGEST_SESSION_MINUTES,
    SHORTEST_SESSION_MINUTES,
    Appearance,
    Draft,
    ShopTerms,
    TenantSettings,
    is_phone,
    trouble_in_line,
    trouble_in_lines,
    trouble_in_name,
)

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
    """How an affiliate's people sign in, or messages."""
    return TenantSettings(require_totp=form["require_totp"] == "yes", session_minutes=_session_minutes(form))


def shown(settings: TenantSettings) -> Form:
    """The form that the settings page begins with."""
    return form_with(
        {
            "require_totp": "yes" if settings.require_totp else "",
            "session_minutes": str(settings.session_minutes),
        }
    )


def appearance_of(form: Form) -> Appearance:
    """How an affiliate looks to people outside, or messages."""
    return Appearance(_name(form), _accent(form), _contact_email(form), _phone(form), _postal_address(form))


def shown_appearance(appearance: Appearance) -> Form:
    """The form that the page of the brand begins with."""
    return form_with(
        {
            "name": appearance.name,
            "accent": f"#{appearance.accent}" if appearance.accent else "",
            "contact_email": appearance.contact_email,
            "contact_phone": appearance.contact_phone,
            "postal_address": appearance.postal_address,
        }
    )


def readable_tone(form: Form) -> str | None:
    """The nearest darker tone of a colour that was refused for its contrast, to be offered; None where nothing is."""
    digits = digits_of(form["accent"])
    if digits is None or weakest_of(digits).is_enough:
        return None
    return darker_until_enough(digits)


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
    # Trouble is looked for before spaces are put right: a line break is refused, not mended.
    if trouble := trouble_in_line(form["name"]):
        form.refuse("name", f"Enter a name {trouble}")
    name = " ".join(form["name"].split())
    if not name:
        form.refuse("name", "Enter the company’s name")
    elif len(name) > LONGEST_NAME:
        form.refuse("name", f"Enter a name of at most {LONGEST_NAME} characters")
    elif trouble := trouble_in_name(name):
        form.refuse("name", f"Enter a name {trouble}")
    return name


def _accent(form: Form) -> str | None:
    if not form["accent"]:
        return None
    digits = digits_of(form["accent"])
    if digits is None:
        form.refuse("accent", "Enter a colour as six digits from 0 to f, like #0b5c67")
        return None
    weakest = weakest_of(digits)
    if not weakest.is_enough:
        form.refuse(
            "accent",
            f"#{digits} is too light: {weakest.use} it has a contrast of {_rounded_down(weakest.ratio)} to 1, and"
            f" people with weak eyes need 4.5. The nearest darker tone that has it is #{darker_until_enough(digits)}",
        )
    return digits


def _rounded_down(ratio: float) -> str:
    """One digit after the point; 4.49 is not 4.5."""
    return f"{int(ratio * 10) / 10:.1f}"


def _postal_address(form: Form) -> str:
    address = "\n".join(line.strip() for line in form["postal_address"].splitlines() if line.strip())
    if not address:
        form.refuse("postal_address", "Enter the postal address: the law wants it in every mail")
    elif len(address) > LONGEST_ADDRESS:
        form.refuse("postal_address", f"Enter a postal address of at most {LONGEST_ADDRESS} characters")
    elif trouble := trouble_in_lines(form["postal_address"]):
        form.refuse("postal_address", f"Enter a postal address {trouble}")
    return address


def _contact_email(form: Form) -> str:
    try:
        addressed(form["contact_email"])
    except BadAddress:
        form.refuse("contact_email", "Enter an address that people can reply to, like surveys@company.com")
    return form["contact_email"]


def _phone(form: Form) -> str:
    phone = form["contact_phone"]
    if phone and not is_phone(phone):
        form.refuse("contact_phone", "Enter a telephone number with its country, like +1 555 010 0199")
    return phone


def _session_minutes(form: Form) -> int:
    text = form["session_minutes"]
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    if not SHORTEST_SESSION_MINUTES <= minutes <= LONGEST_SESSION_MINUTES:
        form.refuse(
            "session_minutes", f"Enter minutes between {SHORTEST_SESSION_MINUTES} and {LONGEST_SESSION_MINUTES} (a day)"
        )
    return minutes
