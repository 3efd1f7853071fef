"""The button."""

from uuid import UUID

from litestar.params import FromPath

from survey.studies.service import StaleDraft
from survey.web import Page, Request, flash, form_of, now_of, post_form, redirect, scope_of, staff

from .. import service
from ..domain import Launched, NotReady

MANAGERS = ("affiliate_admin", "manager")


@post_form("/studies/{study_id:uuid}/launch", staff(*MANAGERS))
async def launch(request: Request, study_id: FromPath[UUID]) -> Page:
    """Invite everybody of the audience. Pressed twice, it is pressed once."""
    revision = (await form_of(request))["revision"]
    shown = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 8 else 0
    try:
        flash(request, "good", _words(await service.launch(scope_of(request), study_id, shown, now_of(request))))
    except NotReady as error:
        flash(request, "danger", f"Nothing has been sent. {error.gaps[0].text}")
    except StaleDraft:
        flash(request, "attention", "Nothing has been sent: somebody changed the study. Look through it, then launch.")
    return redirect(f"/studies/{study_id}")


def _words(launched: Launched) -> str:
    if not launched.is_new:
        return "The study has been launched already. Nothing was sent twice."
    asked = "1 invitation is" if launched.queued == 1 else f"{launched.queued:,} invitations are"
    passed = f" {launched.passed_over:,} people were passed over; the log says why." if launched.passed_over else ""
    return f"{asked} on the way.{passed}"
