"""The public way into a panel: ask, then confirm from one's own mailbox. GET never makes anybody a member."""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import Role, connection
from survey.panels import forms, queries, service
from survey.panels.domain import AGE_BANDS, GENDERS, LANGUAGES, REGIONS, Panel
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    bearer,
    form_of,
    form_with,
    get_page,
    link_of,
    now_of,
    post_form,
    public,
    render,
)

DOOR = public("anybody may ask to join a panel", role=Role.DESK)
CONFIRM = bearer("the link came to the address itself", purpose=Purpose.PANEL_CONFIRM, role=Role.DESK, is_timed=True)
LIMITS = (Limit("join", 20, minutes=60), Limit("join address", 3, minutes=60, by="email"))


@get_page("/join/{slug:str}", DOOR)
async def join_page(request: Request, slug: FromPath[str]) -> Page:
    """What the panel is, and the form."""
    panel = await queries.panel_called(slug)
    return await _page(request, panel, form_with({}))


@post_form("/join/{slug:str}", DOOR, limits=LIMITS)
async def ask(request: Request, slug: FromPath[str]) -> Page:
    """Ask to join; everybody is told the same."""
    panel = await queries.panel_called(slug)
    form = await form_of(request)
    typed, profile = forms.joining(form)
    if not panel.is_open or not form.is_valid:
        return await _page(request, panel, form, 422)
    await service.join(request.app.state.settings, panel, typed, profile, now_of(request))
    return render(request, "panels/asked.html", panel=panel)


@get_page("/join/confirm/{token:str}", CONFIRM)
async def confirm_page(request: Request, token: FromPath[str]) -> Page:
    """The button that makes a member."""
    membership = await service.membership_behind(request.app.state.settings.keyring, link_of(request))
    return render(request, "panels/confirm.html", membership=membership, token=token, is_changed=False)


@post_form("/join/confirm/{token:str}", CONFIRM)
async def confirm(request: Request, token: FromPath[str]) -> Page:
    """Become a member; pressing twice is pressing once."""
    settings, form = request.app.state.settings, await form_of(request)
    try:
        membership = await service.confirm(settings, link_of(request), forms.version_read(form), now_of(request))
    except service.OtherWording as other:
        context = {"membership": other.membership, "token": token, "is_changed": True}
        return render(request, "panels/confirm.html", 409, **context)
    stopped = await service.is_stopped(connection(), settings, membership)
    return render(request, "panels/welcome.html", membership=membership, stopped=stopped)


async def _page(request: Request, panel: Panel, form: Form, status: int = 200) -> Page:
    affiliate = await queries.affiliate_name(panel.affiliate_id)
    choices = {"age_bands": AGE_BANDS, "genders": GENDERS, "regions": REGIONS, "languages": LANGUAGES}
    context = {"panel": panel, "affiliate": affiliate, "form": form, "errors": form.errors}
    return render(request, "panels/join.html", status, **context, **choices)
