"""What staff see of panels: counts and bands; a person only by an audited look."""

from uuid import UUID

from litestar.params import FromPath

from survey.panels import forms, queries, service
from survey.panels.domain import AGE_BANDS, GENDERS, REGIONS, Panel
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

MANAGERS = ("affiliate_admin", "manager")
STATES = ("", "active", "pending", "left", "bounced")


@get_page("/panels", staff(*MANAGERS))
async def panel_list(request: Request) -> Page:
    """Panels by name."""
    page = await queries.panels_of(scope_of(request), keyset_of(request))
    return render(request, "panels/list.html", rows=page.rows, next_cursor=page.next_cursor)


@get_page("/panels/new", staff(*MANAGERS))
async def new_page(request: Request) -> Page:
    """Make a panel."""
    return _form_page(request, form_with({"is_open": "yes"}))


@post_form("/panels/new", staff(*MANAGERS))
async def create(request: Request) -> Page:
    """Make a panel."""
    form = await form_of(request)
    draft = forms.panel_draft(form)
    if form.is_valid:
        try:
            panel_id = await service.create_panel(scope_of(request), draft, now_of(request))
        except service.AddressTaken:
            form.refuse("slug", "Another panel has this address. Choose a different one.")
        else:
            flash(request, "good", "The panel has been made. Its sign-up page is open.")
            return redirect(f"/panels/{panel_id}")
    return _form_page(request, form, status=422)


@get_page("/panels/{panel_id:uuid}", staff(*MANAGERS))
async def members_page(request: Request, panel_id: FromPath[UUID]) -> Page:
    """A panel and its members in bands."""
    scope = scope_of(request)
    panel = await queries.panel_in(scope, panel_id)
    status = request.query_params.get("state", "")
    status = status if status in STATES else ""
    page = await queries.members_of(scope, panel_id, status, keyset_of(request))
    context = {"panel": panel, "rows": page.rows, "next_cursor": page.next_cursor, "status": status}
    return render(request, "panels/members.html", join_url=_join_url(request, panel), **context, **_labels())


@get_page("/panels/{panel_id:uuid}/edit", staff(*MANAGERS))
async def edit_page(request: Request, panel_id: FromPath[UUID]) -> Page:
    """Change a panel."""
    panel = await queries.panel_in(scope_of(request), panel_id)
    values: dict[str, str | list[str]] = {"name": panel.name, "slug": panel.slug, "about": panel.about}
    values |= {"wording": panel.wording} | ({"is_open": "yes"} if panel.is_open else {})
    return _form_page(request, form_with(values), panel)


@post_form("/panels/{panel_id:uuid}/edit", staff(*MANAGERS))
async def change(request: Request, panel_id: FromPath[UUID]) -> Page:
    """Change a panel; its public address stays."""
    panel = await queries.panel_in(scope_of(request), panel_id)
    form = await form_of(request)
    draft = forms.panel_draft(form, panel.slug)
    if not form.is_valid:
        return _form_page(request, form, panel, status=422)
    await service.change_panel(scope_of(request), panel_id, draft, now_of(request))
    flash(request, "good", "The panel has been changed. Members keep what they agreed to when they joined.")
    return redirect(f"/panels/{panel_id}")


@get_page("/panels/{panel_id:uuid}/members/{member_id:uuid}", staff(*MANAGERS))
async def member_page(request: Request, panel_id: FromPath[UUID], member_id: FromPath[UUID]) -> Page:
    """What is known of a member without opening name and address."""
    return await _member(request, panel_id, member_id, form_with({}))


@post_form("/panels/{panel_id:uuid}/members/{member_id:uuid}", staff(*MANAGERS))
async def open_member(request: Request, panel_id: FromPath[UUID], member_id: FromPath[UUID]) -> Page:
    """The same with name and address, once a purpose is given; the look is recorded."""
    return await _member(request, panel_id, member_id, await form_of(request))


async def _member(request: Request, panel_id: UUID, member_id: UUID, form: Form) -> Page:
    scope, ring = scope_of(request), request.app.state.settings.keyring
    panel = await queries.panel_in(scope, panel_id)
    member = await queries.member_in(scope, member_id)
    purpose = forms.purpose_in(form) if request.method == "POST" else ""
    is_opened = bool(purpose) and form.is_valid
    person = await service.open_member(scope, ring, member_id, purpose, now_of(request)) if is_opened else None
    return render(
        request, "panels/member.html", 200 if form.is_valid else 422, panel=panel, member=member, person=person,
        form=form, errors=form.errors, purpose=forms.PURPOSES.get(purpose, ""), purposes=list(forms.PURPOSES.items()),
        **_labels(),
    )  # fmt: skip


def _form_page(request: Request, form: Form, panel: Panel | None = None, *, status: int = 200) -> Page:
    return render(request, "panels/form.html", status, panel=panel, form=form, errors=form.errors)


def _join_url(request: Request, panel: Panel) -> str:
    return f"{request.app.state.settings.base_url}/join/{panel.slug}"


def _labels() -> dict[str, object]:
    return {"age_bands": AGE_BANDS, "genders": GENDERS, "regions": REGIONS}
