"""A study's messages as their recipients will see them, filled with nobody's data; and sending one to oneself."""

from uuid import UUID

from litestar.params import FromPath

from survey.mail.domain.letters import CHECK_SLOT, OPT_OUT_SLOT, filled
from survey.mail.envelope import footer_of, opt_out_url
from survey.mail.rendering import text_of
from survey.web import (
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import queries, service
from ..domain import SAMPLE, Composition, Message, Study, composition
from .listing import MANAGERS

SAMPLE_CODE = "····-····-····"
TITLES = {
    Message.INVITATION: "Invitation",
    Message.FIRST_REMINDER: "First reminder",
    Message.SECOND_REMINDER: "Second reminder",
}


@get_page("/studies/{study_id:uuid}/preview", staff(*MANAGERS))
async def preview(request: Request, study_id: FromPath[UUID]) -> Page:
    """One of the messages, as a letter and as text."""
    study = await queries.study_in(scope_of(request), study_id)
    message = _message(request.query_params.get("message", ""), study)
    if not all((await service.edition_of(scope_of(request), study)).texts(message)):
        flash(request, "attention", "Write the text first, then look at it.")
        return redirect(f"/studies/{study_id}/edit/invitation")
    made = composition(await service.edition_of(scope_of(request), study), message)
    tabs = [(each.value, TITLES[each]) for each in study.messages]
    shown = _shown(made, settings_of(request).base_url)
    return render(request, "studies/preview.html", study=study, message=message.value, tabs=tabs, **shown)


@post_form("/studies/{study_id:uuid}/test-message", staff(*MANAGERS))
async def send_test(request: Request, study_id: FromPath[UUID]) -> Page:
    """Send one of the messages to whoever asks."""
    form, scope = await form_of(request), scope_of(request)
    study = await queries.study_in(scope, study_id)
    message = _message(form["message"], study)
    await service.send_test(scope, settings_of(request), study_id, message, now_of(request))
    flash(request, "good", "A test is on its way to your own address.")
    return redirect(f"/studies/{study_id}/preview?message={message.value}")


def _message(name: str, study: Study) -> Message:
    return Message(name) if name in study.messages else Message.INVITATION


def _shown(made: Composition, base_url: str) -> dict[str, object]:
    """The letter with its slots filled, in the parts that the page shows."""
    values = made.values(SAMPLE, f"{base_url}/s/…")
    values |= {OPT_OUT_SLOT: opt_out_url(base_url, "…"), CHECK_SLOT: SAMPLE_CODE}
    footer = footer_of(made.frame, base_url)
    return {
        "subject": filled(made.letter.subject, values),
        "from_name": made.frame.from_name,
        "blocks": [(block.kind, _words(block, values)) for block in made.letter.blocks],
        "footer_lines": [filled(line, values) for line in footer.lines],
        "footer_check": filled(f"{footer.check} {footer.code}", values),
        "footer_links": [link.text for link in footer.links],
        "text": filled(text_of(made.letter, made.frame, footer), values),
    }


def _words(block: object, values: dict[str, str]) -> object:
    rows = getattr(block, "rows", None)
    if rows is not None:
        return [(key, filled(value, values)) for key, value in rows]
    return filled(getattr(block, "text", ""), values)
