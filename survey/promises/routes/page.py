"""The page on which everybody can read what we promise, and when each promise was last found to hold."""

from survey.db import Role
from survey.web import Page, Request, get_page, public, render

from .. import service


@get_page("/promises", public("promises are made to everybody", role=Role.GATE))
async def promises_page(request: Request) -> Page:
    """Each promise in words, how it is checked, and how it stands."""
    return render(request, "promises/page.html", standings=await service.standings())
