"""One visit twice: as the company’s staff read it, and as its client does."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import Page, Request, get_page, now_of, render, scope_of, settings_of, staff

from ..service import twins
from .proof import PROOF, READERS


@get_page(f"{PROOF}/twin/{{shop_id:uuid}}", staff(*READERS), writes="a look at a report is recorded")
async def twin_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Both views side by side, with what is left out and why."""
    found = await twins.twin(scope_of(request), settings_of(request), shop_id, now_of(request))
    return render(request, "promises/twin.html", twin=found)
