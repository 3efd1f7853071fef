"""Forms about a whole questionnaire and about one section."""

from dataclasses import dataclass

from msgspec.structs import replace

from survey.web import Form

from ..domain import Definition, Section, store_visit
from .rule import Sources, rule_from

LANGUAGES = (("en", "English"), ("es", "Español"))
MOST_NAME_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class NewQuestionnaire:
    """What a new questionnaire begins with."""

    name: str
    definition: Definition


def new_questionnaire(form: Form) -> NewQuestionnaire:
    """Name and first questions. Leaves messages."""
    name = _name(form)
    started = store_visit() if form["start"] == "store_visit" else Definition(title=name, language=_language(form))
    return NewQuestionnaire(name, started)


def settings_from(form: Form, definition: Definition) -> tuple[str, Definition]:
    """Name in the list, and the definition with the title and language respondents meet. Leaves messages."""
    title = form["title"]
    if not title:
        form.refuse("title", "Enter the title that respondents read first")
    return _name(form), replace(definition, title=title[:300], language=_language(form))


def _name(form: Form) -> str:
    name = form["name"]
    if not name:
        form.refuse("name", "Enter a name, so that you find it in the list")
    elif len(name) > MOST_NAME_CHARACTERS:
        form.refuse("name", f"Shorten the name to {MOST_NAME_CHARACTERS} characters")
    return name


def _language(form: Form) -> str:
    return form["language"] if form["language"] in dict(LANGUAGES) else LANGUAGES[0][0]


def section_from(form: Form, base: Section, sources: Sources) -> Section:
    """Title, introduction and rule of a section. Leaves messages."""
    if not form["title"] and form["act"] == "save":
        form.refuse("title", "Enter a title for this section")
    return replace(base, title=form["title"], intro=form["intro"], show_if=rule_from(form, sources))
