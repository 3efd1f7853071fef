"""What the pages that save have in common: the revision they were opened at, and what they say afterwards."""

from dataclasses import replace

from survey.web import Form, Request, flash, now_of, scope_of

from .. import service
from ..domain import Version


def revision_in(form: Form) -> int:
    """The revision the page was opened at; 0, which none has, where the field is missing or not a number."""
    return int(form["revision"]) if form["revision"].isascii() and form["revision"].isdigit() else 0


async def saved(request: Request, version: Version, form: Form, change: service.Change) -> Version:
    """The version with the change that was typed, unless somebody was faster: then StaleDraft."""
    return await service.edit(scope_of(request), version.questionnaire_id, revision_in(form), change, now_of(request))


def replace_revision(version: Version, revision: int) -> Version:
    """The version as of the revision of the page, so that showing a form again does not hide a conflict."""
    return replace(version, revision=revision)


def tell_saved(request: Request, opened: Version, written: Version) -> None:
    """A message for the next page; a new version is worth a sentence."""
    if written.number > opened.number:
        text = f"Saved. Version {opened.number} is in use and stays as it was; this is version {written.number} now."
        flash(request, "good", text)
    else:
        flash(request, "good", "Saved.")
