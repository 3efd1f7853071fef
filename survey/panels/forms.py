"""From what was typed to panels and profiles, with messages that say what to do."""

import re
from collections.abc import Mapping

from email_validator import EmailNotValidError, validate_email

from survey.panels.domain import AGE_BANDS, GENDERS, LANGUAGES, REGIONS, PanelDraft, Profile
from survey.web import Form

PURPOSES = {
    "request": "This member has asked us something",
    "complaint": "To answer a complaint",
    "delivery": "To find out why mail did not arrive",
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_CHARACTERS = 60
NAME_CHARACTERS = 120
TEXT_CHARACTERS = 4000
FIRST_NAME_CHARACTERS = 60


def purpose_in(form: Form) -> str:
    """Why somebody wants to see a member; a message where nothing is chosen."""
    if form["purpose"] not in PURPOSES:
        form.refuse("purpose", "Choose why you need to see this member")
    return form["purpose"]


def panel_draft(form: Form, slug: str = "") -> PanelDraft:
    """A panel as typed. slug: given where the address can no longer change."""
    draft = PanelDraft(form["name"], slug or form["slug"].lower(), form["about"], form["wording"], "is_open" in form)
    if not draft.name or len(draft.name) > NAME_CHARACTERS:
        form.refuse("name", "Enter the panel's name")
    if not _SLUG.fullmatch(draft.slug) or len(draft.slug) > SLUG_CHARACTERS:
        form.refuse("slug", "Use small letters, digits and single hyphens, like coffee-panel")
    if not draft.about or len(draft.about) > TEXT_CHARACTERS:
        form.refuse("about", "Say what the panel is for")
    if not draft.wording or len(draft.wording) > TEXT_CHARACTERS:
        form.refuse("wording", "Write down what members agree to")
    return draft


def joining(form: Form) -> tuple[tuple[str, str], Profile]:
    """Address and first name, and the profile of somebody who asks to join."""
    address = form["email"]
    try:
        address = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        form.refuse("email", "Enter an e-mail address, like name@example.com")
    if form["consent"] != "yes":
        form.refuse("consent", "Tick this if you agree; without it you cannot join")
    return (address, first_name(form)), profile(form)


def version_read(form: Form) -> int:
    """Which version of the wording the confirmation page showed; 0 where the form does not say."""
    text = form["wording"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def first_name(form: Form) -> str:
    """A first name, or nothing."""
    name = form["first_name"]
    if len(name) > FIRST_NAME_CHARACTERS or not name.isprintable():
        form.refuse("first_name", f"Use at most {FIRST_NAME_CHARACTERS} letters")
    return name


def profile(form: Form) -> Profile:
    """The bands somebody chose; what is not on offer counts as not told."""
    return Profile(
        language=_chosen(form["language"], LANGUAGES) or "en",
        age_band=_chosen(form["age_band"], AGE_BANDS),
        gender=_chosen(form["gender"], GENDERS),
        region=_chosen(form["region"], REGIONS),
    )


def _chosen(value: str, offered: Mapping[str, str]) -> str:
    return value if value in offered else ""
