"""The people of an affiliate, for its administrators."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.db import Role, savepoint, transaction
from survey.web import (
    Form,
    Page,
    Refused,
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
from ..domain import INVITED_ROLES, ROLE_WORDS, AccountProblem, AccountRole, Invitee, Person, TakenAddress
from .browser import settings_of

ADMINISTRATORS = staff("affiliate_admin")
# What ends sessions runs as the gate, which alone may; it stays fenced to the administrator's affiliate.
GATED = replace(ADMINISTRATORS, role=Role.GATE)
SEEN = "that people were seen is recorded"
INVITED_ANEW = "A new invitation is on its way. Its link works for seven days."
ROLE_CHANGED = "The role has been changed. Whoever it is was signed out and signs in anew."
LIMIT_ENDED = " The limit to certain clients has ended: going back to the old role does not bring it back."
ROLE_HINTS = {
    AccountRole.MANAGER: "Runs studies, imports lists, writes questionnaires.",
    AccountRole.SCHEDULER: "Plans mystery shops and finds shoppers for them.",
    AccountRole.EDITOR: "Checks shop reports and releases them.",
    AccountRole.PAYROLL: "Pays shoppers; sees no reports.",
    AccountRole.AFFILIATE_ADMIN: "All that, and people and settings.",
    AccountRole.CLIENT_VIEWER: "Works for a client and reads its reports, nothing else.",
}
ROLE_CHOICES = [{"value": role.value, "label": ROLE_WORDS[role], "hint": ROLE_HINTS[role]} for role in INVITED_ROLES]


@get_page("/users", ADMINISTRATORS, writes=SEEN)
async def people_list(request: Request) -> Page:
    """The list, as its URL says."""
    settings, asked = settings_of(request), dict(request.query_params)
    wanted = forms.filter_of(asked, settings.index_key)
    page = await service.people(scope_of(request), settings, wanted, keyset_of(request), now_of(request))
    return render(
        request,
        "accounts/people.html",
        rows=page.rows,
        next_cursor=page.next_cursor,
        wanted=wanted,
        address=asked.get("q", "").strip(),
        is_first_page="after" not in asked,
        own_id=scope_of(request).account_id,
        roles=[(role.value, ROLE_WORDS[role]) for role in INVITED_ROLES],
    )


@get_page("/users/invite", ADMINISTRATORS)
async def invite_page(request: Request) -> Page:
    """Invite somebody."""
    return await _invite_page(request, form_with({"role": "manager", "works_for": "all"}))


@post_form("/users/invite", replace(ADMINISTRATORS, role=None))
async def invite(request: Request) -> Page:
    """Send the invitation. Done as staff; the gate alone says for which clients."""
    form, scope = await form_of(request), scope_of(request)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        invitee, wanted = await forms.invitee_of(form, scope)
        account_id = await _invited(request, form, invitee)
        if account_id is None or invitee is None:
            return await _invite_page(request, form, wanted.choices)
    if invitee.clients is not None:
        async with transaction(Role.GATE, affiliate=scope.affiliate_id):
            await service.limit(scope, account_id, invitee.clients, now_of(request))
    flash(request, "good", "The invitation is on its way. Its link works for seven days, and once.")
    return redirect("/users")


@get_page("/users/{account_id:uuid}", ADMINISTRATORS, writes=SEEN)
async def person_page(request: Request, account_id: FromPath[UUID]) -> Page:
    """One person."""
    return await _person_page(request, account_id)


@post_form("/users/{account_id:uuid}/role", replace(ADMINISTRATORS, role=None))
async def save_role(request: Request, account_id: FromPath[UUID]) -> Page:
    """Another role or place. Looked up as staff, changed as the gate."""
    form, scope = await form_of(request), scope_of(request)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        wanted = await forms.role_of(form, scope)
    is_freed = False
    try:
        if form.is_valid and wanted.role is not None:
            async with transaction(Role.GATE, affiliate=scope.affiliate_id):
                is_freed = await service.change_role(scope, account_id, wanted.role, wanted.place, now_of(request))
    except AccountProblem as problem:
        form.refuse("role", problem.text)
    if form.is_valid:
        flash(request, "attention" if is_freed else "good", ROLE_CHANGED + (LIMIT_ENDED if is_freed else ""))
        return redirect(f"/users/{account_id}")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await _person_page(request, account_id, form, wanted.choices)


@post_form("/users/{account_id:uuid}/clients", replace(ADMINISTRATORS, role=None))
async def save_limit(request: Request, account_id: FromPath[UUID]) -> Page:
    """Which clients they work for. Changed as the gate, and shown again as staff."""
    form, scope = await form_of(request), scope_of(request)
    chosen = forms.limit_of(form)
    if form.is_valid:
        if chosen is not None:
            async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
                chosen += await service.beyond_choices(scope, account_id)
        try:
            async with transaction(Role.GATE, affiliate=scope.affiliate_id):
                await service.limit(scope, account_id, chosen, now_of(request))
        except AccountProblem as problem:
            raise Refused(problem.text) from None
        flash(request, "good", "Saved. It holds from now on, in open sessions too.")
        return redirect(f"/users/{account_id}")
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await _person_page(request, account_id, limit=form)


@post_form("/users/{account_id:uuid}/disable", GATED)
async def disable(request: Request, account_id: FromPath[UUID]) -> Page:
    """Nobody signs in with this account any more."""
    try:
        await service.disable(scope_of(request), account_id, now_of(request))
    except AccountProblem as problem:
        raise Refused(problem.text) from None
    flash(request, "attention", "Done. Nobody signs in with this account any more, and open sessions have ended.")
    return redirect(f"/users/{account_id}")


@post_form("/users/{account_id:uuid}/enable", GATED)
async def enable(request: Request, account_id: FromPath[UUID]) -> Page:
    """The account works again."""
    is_ready = await service.enable(scope_of(request), settings_of(request), account_id, now_of(request))
    flash(request, "good", "The account works again, with the password it had." if is_ready else INVITED_ANEW)
    return redirect(f"/users/{account_id}")


@post_form("/users/{account_id:uuid}/invite", GATED)
async def invite_again(request: Request, account_id: FromPath[UUID]) -> Page:
    """Send the invitation once more."""
    await service.invite_again(scope_of(request), settings_of(request), account_id, now_of(request))
    flash(request, "good", INVITED_ANEW)
    return redirect(f"/users/{account_id}")


@post_form("/users/{account_id:uuid}/factor-off", GATED)
async def free_of_factor(request: Request, account_id: FromPath[UUID]) -> Page:
    """Take the second factor off somebody who has lost it."""
    try:
        await service.free_of_factor(scope_of(request), settings_of(request), account_id, now_of(request))
    except AccountProblem as problem:
        raise Refused(problem.text) from None
    flash(request, "attention", "The second factor is off. We have told the person by mail.")
    return redirect(f"/users/{account_id}")


async def _invited(request: Request, form: Form, invitee: Invitee | None) -> UUID | None:
    """The new account; None, with a message, where there is none."""
    if invitee is None:
        return None
    scope, settings = scope_of(request), settings_of(request)
    try:
        async with savepoint():
            await service.require_clients(scope, invitee.clients)
            return await service.invite(scope, settings, scope.affiliate_id, invitee, now_of(request))
    except TakenAddress as taken:
        form.refuse("email", taken.text)
        return None


async def _invite_page(request: Request, form: Form, places: tuple[tuple[str, str], ...] = ()) -> Page:
    context = await _role_fields(request, form, places)
    context["choices"] = await service.limit_choices(scope_of(request))
    return render(request, "accounts/invite.html", 422 if form.errors else 200, **context)


async def _person_page(
    request: Request,
    account_id: UUID,
    form: Form | None = None,
    places: tuple[tuple[str, str], ...] = (),
    limit: Form | None = None,
) -> Page:
    scope = scope_of(request)
    person = await service.person(scope, settings_of(request), account_id, now_of(request))
    shown = form or form_with({"role": person.row.role, "client": str(person.row.client_id or "")})
    context = await _role_fields(request, shown, places)
    context |= {"person": person, "is_own": account_id == scope.account_id}
    context["is_unreachable"] = await service.is_unreachable(scope, person.row)
    context["choices"] = await service.limit_choices(scope, account_id) if person.may_be_limited else []
    context["beyond"] = len(await service.beyond_choices(scope, account_id)) if person.may_be_limited else 0
    context["limit"] = limit or await _limit_form(person)
    context["errors"] = shown.errors | context["limit"].errors
    return render(request, "accounts/person.html", 422 if context["errors"] else 200, **context)


async def _limit_form(person: Person) -> Form:
    ticked = [str(each) for each in await service.limited_to(person.row.id)]
    return form_with({"works_for": "some" if person.row.is_limited else "all", "clients": ticked})


async def _role_fields(request: Request, form: Form, places: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """What the role's fields need: roles, clients, and places to choose from where several fit."""
    clients = await service.clients(scope_of(request))
    return {"form": form, "errors": form.errors, "roles": ROLE_CHOICES, "clients": clients, "places": places}
