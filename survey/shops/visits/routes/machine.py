"""The machine as a page: the same table that moves shops, drawn."""

from survey.web import Page, Request, get_page, render, staff

from ..domain import MACHINE, drawing

SPOKEN = {"timer": "The clock"}


@get_page("/shops/machine", staff("affiliate_admin", "manager", "scheduler", "editor"))
async def machine_page(request: Request) -> Page:
    """The states of a shop, what leads from one to another, and who may do it."""
    return render(request, "visits/machine.html", picture=drawing(), lines=MACHINE, words=words)


def words(code: str) -> str:
    """A state, an event or an actor as people write it."""
    return SPOKEN.get(code, code.replace("_", " ").capitalize())
