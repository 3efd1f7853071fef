"""The age gate's cookie. Both answers look alike in it, live as long and go to this one door alone.

A browser that has answered is not asked again for half a day, so that going back and trying another year is no way in.
Nothing about an answer is kept on our side.
"""

from privacy.errors import BadToken
from privacy.tokens import Purpose, read_timed, sign_until
from survey.settings import Settings
from survey.web import Page, Request, now_of, settings_of
from survey.web.cookies import cookie_in

from ..domain import AGE_HOURS, Door

HOUR_SECONDS = 3600


def is_old_enough(request: Request, door: Door) -> bool | None:
    """What this browser has answered at this door; None where it was not asked yet, or long ago."""
    token = cookie_in(request.scope["headers"], _name(settings_of(request)))
    for purpose, answer in ((Purpose.SHOPPER_OF_AGE, True), (Purpose.SHOPPER_NOT_YET, False)):
        if _is_signed(request, purpose, token, door):
            return answer
    return None


def answered(request: Request, page: Page, door: Door, *, is_of_age: bool) -> Page:
    """The page, and the browser carries the answer in a form that only we can read."""
    settings = settings_of(request)
    purpose = Purpose.SHOPPER_OF_AGE if is_of_age else Purpose.SHOPPER_NOT_YET
    seconds = AGE_HOURS * HOUR_SECONDS
    token = sign_until(settings.token_keys, purpose, door.id, now=now_of(request), seconds=seconds)
    secure = "" if settings.plain_http_cookies else " Secure;"
    cookie = f"{_name(settings)}={token}; Path=/register/{door.slug};{secure} HttpOnly; SameSite=Lax"
    return page.with_cookie(cookie.encode("ascii"))


def _is_signed(request: Request, purpose: Purpose, token: str, door: Door) -> bool:
    try:
        return read_timed(settings_of(request).token_keys, purpose, token, now=now_of(request)) == door.id
    except BadToken:
        return False


def _name(settings: Settings) -> str:
    # `__Secure-` obliges the browser to Secure, and unlike `__Host-` allows a path of its own.
    return "candour-register" if settings.plain_http_cookies else "__Secure-candour-register"
