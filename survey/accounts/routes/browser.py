"""What is known of the visitor's browser: its words for the list of sessions, and the cookie it is known by.

The cookie goes to the sign-in pages alone; the rest of the site never sees it.
"""

from survey.settings import Settings
from survey.web import Form, Page, Request, now_of
from survey.web.cookies import cookie_in
from survey.web.sessions import with_session

from ..domain import DeviceCookie, device_words, next_path, read_device_cookie
from ..domain.devices import COOKIE_DAYS
from ..service import Attempt, Opened

PATH = "/sign-in"
DAY_SECONDS = 86_400
NEXT_STEPS = {"password": "/sign-in/second-factor", "enrol": "/account/second-factor"}


def settings_of(request: Request) -> Settings:
    """The settings of this process."""
    found: Settings = request.app.state.settings
    return found


def device_of(request: Request) -> str:
    """ "Firefox on Windows"."""
    agent = next((value for name, value in request.scope["headers"] if name == b"user-agent"), b"")
    return device_words(agent.decode("latin-1"))


def browser_of(request: Request) -> DeviceCookie:
    """The browser as its cookie names it."""
    return read_device_cookie(cookie_in(request.scope["headers"], _name(settings_of(request))))


def remembered(request: Request, page: Page, browser: DeviceCookie) -> Page:
    """The page, and the browser is known the next time."""
    settings = settings_of(request)
    secure = "" if settings.plain_http_cookies else " Secure;"
    cookie = (
        f"{_name(settings)}={browser.value}; Path={PATH}; Max-Age={COOKIE_DAYS * DAY_SECONDS};{secure}"
        " HttpOnly; SameSite=Lax"
    )
    return page.with_cookie(cookie.encode("ascii"))


def attempt_of(request: Request, form: Form) -> Attempt:
    """Somebody tries to sign in."""
    return Attempt(
        settings=settings_of(request),
        address=form["email"],
        password=form.exact("password"),
        device=device_of(request),
        browser=browser_of(request),
        now=now_of(request),
    )


def entered(request: Request, opened: Opened, page: Page) -> Page:
    """The page, with the session's cookie and, once somebody is all the way in, the browser's."""
    page = with_session(request, page, opened.token)
    return page if opened.stage == "password" else remembered(request, page, opened.browser)


def way_in(opened: Opened, wanted: str) -> str:
    """Where a session that was just begun goes on."""
    goal = next_path(wanted, opened.role)
    if opened.stage == "full":
        return goal
    step = NEXT_STEPS[opened.stage]
    return f"{step}?next={goal}" if opened.stage == "password" else step


def _name(settings: Settings) -> str:
    # `__Secure-` obliges the browser to Secure, and unlike `__Host-` allows a path of its own.
    return "candour-browser" if settings.plain_http_cookies else "__Secure-candour-browser"
