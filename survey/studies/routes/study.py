"""A study's own page: what a draft still needs, how it fares in the field, and all that can be done to it."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    is_partial,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import BadChange, NotDraft, Study, gaps
from .listing import MANAGERS
from .views import tasks_of, times_of


@get_page("/studies/{study_id:uuid}", staff(*MANAGERS))
async def study_page(request: Request, study_id: FromPath[UUID]) -> Page:
    """Everything about a study."""
    study = await queries.study_in(scope_of(request), study_id)
    if study.is_draft:
        return await _draft_page(request, study)
    return await _field_page(request, study, forms.closing(study))


@post_form("/studies/{study_id:uuid}/pause", staff(*MANAGERS))
async def pause(request: Request, study_id: FromPath[UUID]) -> Page:
    """Hold the mail that has not gone out."""
    try:
        await service.pause(scope_of(request), study_id, now_of(request))
        flash(request, "good", "Paused: no mail goes out. Whoever has a link can still answer.")
    except BadChange as error:
        flash(request, "danger", str(error))
    return redirect(f"/studies/{study_id}")


@post_form("/studies/{study_id:uuid}/resume", staff(*MANAGERS))
async def resume(request: Request, study_id: FromPath[UUID]) -> Page:
    """Go on sending."""
    try:
        await service.resume(scope_of(request), study_id, now_of(request))
        flash(request, "good", "Mail goes out again.")
    except BadChange as error:
        flash(request, "danger", str(error))
    return redirect(f"/studies/{study_id}")


@post_form("/studies/{study_id:uuid}/extend", staff(*MANAGERS))
async def extend(request: Request, study_id: FromPath[UUID]) -> Page:
    """Keep it open for longer."""
    study, form = await queries.study_in(scope_of(request), study_id), await form_of(request)
    closes_at = forms.moment(form, "closes", study.time_zone, "the closing")
    if form.is_valid:
        try:
            await service.extend(scope_of(request), study_id, closes_at, now_of(request))
        except BadChange as error:
            form.refuse("closes_on", str(error))
        else:
            flash(request, "good", "The study stays open for longer.")
            return redirect(f"/studies/{study_id}")
    return await _field_page(request, study, form, 422)


@post_form("/studies/{study_id:uuid}/copy", staff(*MANAGERS))
async def copy(request: Request, study_id: FromPath[UUID]) -> Page:
    """A new draft with the same audience and words."""
    copied = await service.copy(scope_of(request), study_id, now_of(request))
    flash(request, "good", "This is the copy, with new dates. Look through it before you launch it.")
    return redirect(f"/studies/{copied}")


@post_form("/studies/{study_id:uuid}/discard", staff(*MANAGERS))
async def discard(request: Request, study_id: FromPath[UUID]) -> Page:
    """Throw a draft away."""
    try:
        await service.discard(scope_of(request), study_id, now_of(request))
    except NotDraft:
        flash(request, "danger", "The study has been launched already. Pause it or close it instead.")
        return redirect(f"/studies/{study_id}")
    flash(request, "good", "The draft is gone. Nobody was asked anything.")
    return redirect("/studies")


async def _draft_page(request: Request, study: Study) -> Page:
    now = now_of(request)
    facts = await service.facts_of(scope_of(request), study, now)
    missing = gaps(study, facts, now)
    return render(
        request,
        "studies/draft.html",
        study=study,
        tasks=tasks_of(study, facts, missing),
        missing=missing,
        reach=facts.reach,
        times=times_of(study),
        is_waiting=study.opens_at > now,
    )


async def _field_page(request: Request, study: Study, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    return render(
        request,
        "studies/_progress.html" if is_partial(request) else "studies/field.html",
        status,
        study=study,
        progress=await queries.progress_of(scope, study.id),
        stores=await queries.stores_with_answers(scope, study.id),
        fewest=queries.FEWEST_SHOWN,
        times=times_of(study),
        form=form,
        errors=form.errors,
    )
