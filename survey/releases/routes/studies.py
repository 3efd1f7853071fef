"""Staff close a study and see what of it will leave, is leaving, or has left."""

from uuid import UUID

from litestar.params import FromPath

from survey.releases import queries, service
from survey.releases.domain import Step, contents, sentences, step_of
from survey.web import Page, Request, flash, get_page, is_partial, now_of, post_form, redirect, render, scope_of, staff

MANAGERS = ("affiliate_admin", "manager")


@get_page("/studies/{study_id:uuid}/release", staff(*MANAGERS))
async def release_page(request: Request, study_id: FromPath[UUID]) -> Page:
    """What closing would show and hide; or how far the release is; or what has left."""
    scope = scope_of(request)
    study = await queries.study_in(scope, study_id)
    release = await queries.find_release(scope, study_id)
    step = step_of(study, release, now_of(request).date())
    expected = sentences(await service.outlook_in(scope, study)) if step is Step.IN_FIELD else []
    left = contents(release.manifest) if release else []
    name = "releases/_step.html" if is_partial(request) else "releases/study.html"
    return render(request, name, study=study, release=release, step=step, expected=expected, left=left)


@post_form("/studies/{study_id:uuid}/release", staff(*MANAGERS))
async def close_and_release(request: Request, study_id: FromPath[UUID]) -> Page:
    """Close the study for good and ask for its release."""
    await service.close_study(scope_of(request), study_id, now_of(request))
    flash(request, "good", "The study is closed. Nothing ties its answers to people any more.")
    return redirect(f"/studies/{study_id}/release")
