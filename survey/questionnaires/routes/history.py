"""The versions of a questionnaire: their list, one of them, two of them side by side."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
from survey.web import Page, Request, get_page, render, scope_of, staff

from .. import queries
from ..domain import Difference, Version, differences
from .views import EDITORS, outline_of

FIELD_WORDS = {
    "title": "wording",
    "intro": "introduction",
    "help": "help text",
    "phrase": "words for errors",
    "kind": "type",
    "is_required": "required",
    "is_sensitive": "“Prefer not to say”",
    "is_reported": "reporting",
    "privacy_reason": "reason for asking",
    "show_if": "rule",
    "choices": "choices",
    "rows": "rows",
    "minimum": "smallest",
    "maximum": "largest",
    "least_label": "label of the low end",
    "most_label": "label of the high end",
    "unit": "unit",
    "decimals": "decimals",
    "earliest": "earliest date",
    "latest": "latest date",
    "max_characters": "length",
}


@get_page("/questionnaires/{questionnaire_id:uuid}/versions", staff(*EDITORS))
async def version_list(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Every version, newest first."""
    newest = await queries.latest_version_in(scope_of(request), questionnaire_id)
    lines = await queries.versions_of(scope_of(request), questionnaire_id)
    return render(request, "questionnaires/versions.html", version=newest, lines=lines)


@get_page("/questionnaires/{questionnaire_id:uuid}/versions/{number:int}", staff(*EDITORS))
async def version_page(request: Request, questionnaire_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """One version, to be read."""
    version = await queries.numbered_version_in(scope_of(request), questionnaire_id, _whole(str(number)))
    return render(request, "questionnaires/version.html", **outline_of(version))


@get_page("/questionnaires/{questionnaire_id:uuid}/compare", staff(*EDITORS))
async def comparison_page(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """What changed from one version to another: `?from=1&to=2`."""
    asked = request.query_params
    older = await _numbered(request, questionnaire_id, asked.get("from", ""))
    newer = await _numbered(request, questionnaire_id, asked.get("to", ""))
    found = [(line, _words(line)) for line in differences(older.definition, newer.definition)]
    lines = await queries.versions_of(scope_of(request), questionnaire_id)
    return render(request, "questionnaires/compare.html", older=older, newer=newer, found=found, lines=lines)


async def _numbered(request: Request, questionnaire_id: UUID, number: str) -> Version:
    return await queries.numbered_version_in(scope_of(request), questionnaire_id, _whole(number))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise NotFound("version")
    return int(text)


def _words(difference: Difference) -> str:
    return ", ".join(FIELD_WORDS.get(name, name) for name in difference.fields)
