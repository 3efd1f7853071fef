"""The privacy notice and the list of cookies."""

from survey.rights import service
from survey.rights.domain import COOKIES
from survey.web import Page, Request, get_page, public, render

EVERYBODY = public("a notice is for everybody")


@get_page("/privacy", EVERYBODY)
async def privacy_page(request: Request) -> Page:
    """What is held, what for, and what one can do; derived from the declarations beside the columns."""
    return render(request, "rights/privacy.html", held=service.held())


@get_page("/cookies", EVERYBODY)
async def cookies_page(request: Request) -> Page:
    """Every cookie the product sets."""
    return render(request, "rights/cookies.html", cookies=COOKIES)
