"""A shopper of whom nothing was heard for long keeps the profile by the link of the warning, without a sign-in."""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import Role
from survey.rights.service import erasing
from survey.web import Page, Request, bearer, get_page, link_of, now_of, post_form, render

LINK = bearer(
    "the link came to the shopper's own address, and does nothing but keep a profile",
    purpose=Purpose.SHOPPER_KEEP, role=Role.GATE, is_timed=True,
)  # fmt: skip


@get_page("/keep/{token:str}", LINK)
async def keep_page(request: Request, token: FromPath[str]) -> Page:
    """The button; looking keeps nothing, for mail scanners follow links."""
    brand = await erasing.brand_of_kept(link_of(request))
    state = "open" if brand else "gone"
    return render(request, "rights/keep_profile.html", token=token, state=state, branding=brand)


@post_form("/keep/{token:str}", LINK)
async def keep_profile(request: Request, token: FromPath[str]) -> Page:
    """Keep it for two more years. Twice is once."""
    brand = await erasing.brand_of_kept(link_of(request))
    state = "kept" if await erasing.keep(link_of(request), now_of(request)) else "gone"
    return render(request, "rights/keep_profile.html", token=token, state=state, branding=brand)
