"""The opt-out page and the one-click address, at the same URL (RFC 8058).

GET shows a page and changes nothing: mail scanners follow links. POST acts: from a mail program for everything, with
a plain 200 and nothing else; from the page for what its buttons say.
"""

from litestar.params import FromPath

from privacy.optouts import Source
from privacy.tokens import Purpose
from survey.db import Role
from survey.rights import service
from survey.rights.domain import Wish
from survey.web import (
    Page,
    Request,
    bearer,
    form_of,
    get_page,
    link_of,
    now_of,
    post_form,
    redirect,
    render,
    settings_of,
)

LINK = bearer("whoever holds the message may stop it, without a sign-in", purpose=Purpose.OPT_OUT, role=Role.DESK)
ONE_CLICK = "List-Unsubscribe"
TEXT = b"text/plain; charset=utf-8"


@get_page("/o/{token:str}", LINK)
async def opt_out_page(request: Request, token: FromPath[str]) -> Page:
    """How the mail to this address stands, and buttons to change it."""
    done = request.query_params.get("done", "")
    state = await service.opt_out_behind(settings_of(request), link_of(request), done)
    return render(request, "rights/opt_out.html", state=state, branding=state.brand, done=done, token=token)


@post_form("/o/{token:str}", LINK, without_csrf="mail programs post here with no context at all (RFC 8058)")
async def opt_out(request: Request, token: FromPath[str]) -> Page:
    """Stop or resume. A mail program's one click stops everything and must not be redirected."""
    form = await form_of(request)
    if ONE_CLICK in form:
        await service.wish(link_of(request), Wish.EVERYTHING, Source.ONE_CLICK, now_of(request))
        return Page(b"You will get no more e-mail from Candour.\n", 200, TEXT)
    wanted = Wish(form["wish"]) if form["wish"] in set(Wish) else Wish.EVERYTHING
    await service.wish(link_of(request), wanted, Source.PAGE, now_of(request))
    return redirect(f"/o/{token}?done={wanted}")
