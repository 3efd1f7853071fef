"""What would stay if a profile were deleted: read before anybody asks for it."""

from survey.shoppers import service as shoppers
from survey.web import Page, Request, get_page, render, scope_of, shopper

from .. import queries


@get_page("/shopper/leaving", shopper())
async def leaving_page(request: Request) -> Page:
    """A preview: what stays without its author, what the tax office wants kept and until when, what goes."""
    scope = scope_of(request)
    return render(
        request, "board/leaving.html", counts=await queries.leaving.leaving_of(scope),
        tax=await shoppers.money.own_tax(scope),
    )  # fmt: skip


ROUTES = (leaving_page,)
