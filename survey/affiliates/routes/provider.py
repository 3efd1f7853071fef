"""The provider's pages: companies, never their people."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.db import Role, transaction
from survey.web import (
    Page,
    Request,
    flash,
    get_page,
    keyset_of,
    now_of,
    post_form,
    provider,
    redirect,
    render,
    scope_of,
)
from survey.web.sessions import end_all_of

from .. import service
from ..domain import ACTIVE, SUSPENDED

LONGEST_SEARCH = 100


@get_page("/provider", provider())
async def affiliate_list(request: Request) -> Page:
    """The affiliates, as the URL says."""
    asked = request.query_params
    words = asked.get("q", "").strip()[:LONGEST_SEARCH]
    status = asked.get("status", "") if asked.get("status") in (ACTIVE, SUSPENDED) else ""
    page = await service.affiliates(words, status, keyset_of(request))
    return render(
        request,
        "affiliates/list.html",
        rows=page.rows,
        next_cursor=page.next_cursor,
        words=words,
        status=status,
        is_first_page="after" not in asked,
    )


# Sessions are the gate's, the affiliate is the provider's: two roles, so two transactions. Suspended first, then signed
# out: nobody can come back in between.
@post_form("/provider/{affiliate_id:uuid}/suspend", replace(provider(), role=None))
async def suspend(request: Request, affiliate_id: FromPath[UUID]) -> Page:
    """Nobody of the affiliate works from now on."""
    async with transaction(Role.PROVIDER):
        await service.suspend(scope_of(request), affiliate_id, now_of(request))
    async with transaction(Role.GATE):
        await end_all_of(affiliate_id)
    flash(request, "attention", "The affiliate is suspended. Its people have been signed out; nothing was removed.")
    return redirect("/provider")


@post_form("/provider/{affiliate_id:uuid}/resume", provider())
async def resume(request: Request, affiliate_id: FromPath[UUID]) -> Page:
    """The affiliate works again."""
    await service.resume(scope_of(request), affiliate_id, now_of(request))
    flash(request, "good", "The affiliate can work again.")
    return redirect("/provider")
