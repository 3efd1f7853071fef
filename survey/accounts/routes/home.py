"""The front door: what Candour is, or straight to work for somebody who is signed in."""

from survey.web import Page, Request, get_page, public, redirect, render
from survey.web.sessions import presented_session

from ..domain import landing_of


@get_page("/", public("the front page is for everybody"))
async def home(request: Request) -> Page:
    """What Candour is."""
    session = await presented_session(request)
    if session is not None and session.stage == "full":
        return redirect(landing_of(session.role))
    return render(request, "public/home.html")
