"""The public way into a panel: ask, then confirm from one's own mailbox. GET never makes anybody a member."""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.affiliates import service as affiliates
from survey.db import Role, connection
from survey.panels import forms, queries, service
from survey.panels.domain import AGE_BANDS, GENDERS, LANGUAGES, REGIONS, Membership, Panel
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
    branding = await affiliates.brand_in(panel.affiliate_id)
    return render(request, "panels/asked.html", panel=panel, branding=branding)


@get_page("/join/confirm/{token:str}", CONFIRM)
async def confirm_page(request: Request, token: FromPath[str]) -> Page:
    """The button that makes a member."""
    membership = await service.membership_behind(request.app.state.settings.keyring, link_of(request))
    return _confirm_page(request, token, membership)


@post_form("/join/confirm/{token:str}", CONFIRM)
async def confirm(request: Request, token: FromPath[str]) -> Page:
    """Become a member; pressing twice is pressing once."""
    settings, form = request.app.state.settings, await form_of(request)
    try:
        membership = await service.confirm(settings, link_of(request), forms.version_read(form), now_of(request))
    except service.OtherWording as other:
        return _confirm_page(request, token, other.membership, 409)
    stopped = await service.is_stopped(connection(), settings, membership)
    return render(
        request, "panels/welcome.html", membership=membership, branding=membership.brand, stopped=stopped
    )  # fmt: skip


def _confirm_page(request: Request, token: str, membership: Membership, status: int = 200) -> Page:
    """The button; with another status, after words that have changed since the page was opened."""
    return render(
        request, "panels/confirm.html", status, membership=membership, branding=membership.brand, token=token,
        is_changed=status != 200,
    )  # fmt: skip


async def _page(request: Request, panel: Panel, form: Form, status: int = 200) -> Page:
    brand = await affiliates.brand_in(panel.affiliate_id)
    choices = {"age_bands": AGE_BANDS, "genders": GENDERS, "regions": REGIONS, "languages": LANGUAGES}
    context = {"panel": panel, "affiliate": brand.name, "branding": brand, "form": form, "errors": form.errors}
    return render(request, "panels/join.html", status, **context, **choices)
