"""The library of phrases, and putting one into a form without losing what was typed."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, service
from ..domain import LONGEST_PHRASE, LONGEST_PHRASE_NAME, PHRASE_KINDS, NameTaken, Phrase
from .ways import EDITORS


@get_page("/reviews/phrases", staff(*EDITORS))
async def phrase_list(request: Request) -> Page:
    """Phrases, the most used first."""
    asked = request.query_params
    kind = asked.get("kind", "") if asked.get("kind", "") in PHRASE_KINDS else ""
    words, is_retired = asked.get("q", "").strip()[:LONGEST_PHRASE_NAME], asked.get("state") == "retired"
    page = await service.phrases_of(scope_of(request), (kind, words, is_retired), keyset_of(request))
    return render(
        request, "reviews/phrases.html", rows=page.rows, next_cursor=page.next_cursor, kind=kind, words=words,
        is_retired=is_retired, kinds=PHRASE_KINDS, is_first="after" not in asked,
    )  # fmt: skip


@get_page("/reviews/phrases/new", staff(*EDITORS))
async def new_phrase_page(request: Request) -> Page:
    """A form for a phrase."""
    kind = request.query_params.get("kind", "")
    return _page(request, form_with({"kind": kind if kind in PHRASE_KINDS else ""}), None)


@post_form("/reviews/phrases/new", staff(*EDITORS))
async def add_phrase(request: Request) -> Page:
    """Add it."""
    form = await form_of(request)
    draft = forms.phrase_in(form)
    if draft is not None:
        try:
            await service.add_phrase(scope_of(request), draft, now_of(request))
            return _done(request, "The phrase can be put in from now on.")
        except NameTaken as refusal:
            form.refuse("name", f"{refusal}".capitalize())
    return _page(request, form, None)


@get_page("/reviews/phrases/{phrase_id:uuid}", staff(*EDITORS))
async def phrase_page(request: Request, phrase_id: FromPath[UUID]) -> Page:
    """One phrase, to be changed or retired."""
    phrase = await service.phrase_in(scope_of(request), phrase_id)
    return _page(request, form_with({"kind": phrase.kind, "name": phrase.name, "text": phrase.text}), phrase)


@post_form("/reviews/phrases/{phrase_id:uuid}", staff(*EDITORS))
async def change_phrase(request: Request, phrase_id: FromPath[UUID]) -> Page:
    """Change it."""
    form, scope = await form_of(request), scope_of(request)
    phrase = await service.phrase_in(scope, phrase_id)
    draft = forms.phrase_in(form)
    if draft is not None:
        try:
            await service.change_phrase(scope, phrase_id, draft, now_of(request))
            return _done(request, "The phrase is changed. Notes that it was put into stay as they are.")
        except NameTaken as refusal:
            form.refuse("name", f"{refusal}".capitalize())
    return _page(request, form, phrase)


@post_form("/reviews/phrases/{phrase_id:uuid}/retire", staff(*EDITORS))
async def retire_phrase(request: Request, phrase_id: FromPath[UUID]) -> Page:
    """Let nobody choose it any more."""
    await form_of(request)
    await service.retire_phrase(scope_of(request), phrase_id, now_of(request))
    return _done(request, "The phrase is retired.")


async def with_phrase(request: Request, form: Form, name: str, kind: str) -> Form:
    """The form as it was typed, with the chosen phrase below what stands in the field `name`."""
    text = await service.with_phrase(scope_of(request), form[name], forms.phrase_id_in(form), kind)
    return form_with({**form.values, name: text})


def _page(request: Request, form: Form, phrase: Phrase | None) -> Page:
    return render(
        request, "reviews/phrase.html", 422 if form.errors else 200, phrase=phrase, form=form, errors=form.errors,
        kinds=list(PHRASE_KINDS.items()), longest=LONGEST_PHRASE, longest_name=LONGEST_PHRASE_NAME,
    )  # fmt: skip


def _done(request: Request, words: str) -> Page:
    flash(request, "good", words)
    return redirect("/reviews/phrases")
