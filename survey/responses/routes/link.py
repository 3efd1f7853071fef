"""What the answering pages share: whose link it is, where its study stands, and the cookie on its own path."""

from privacy.tokens import Purpose
from survey.responses import service
from survey.responses.domain import COOKIE, Door, DoorState, SurveyGone
from survey.web import Gone, Request, bearer, link_of, now_of
from survey.web.cookies import cookie_in

WHY = "the person who was invited holds the link"
LINK = bearer(WHY, purpose=Purpose.SURVEY)
# Looking, starting and keeping a page are single statements that need no transaction around them.
EACH_ALONE = bearer(WHY, purpose=Purpose.SURVEY, role=None)
NO_CSRF = "the address itself is the secret"
CLOSED = (
    "This survey has closed",
    "It no longer takes answers. We have removed the link between the invitations and the answers, so we cannot tell "
    "who held this one. If you answered in time, your answers have arrived. Thank you.",
)


async def door_of(request: Request) -> tuple[Door, service.Study]:
    """The door behind the request's link, and its study."""
    try:
        door = await service.door_in(link_of(request))
    except SurveyGone:
        raise Gone(*CLOSED) from None
    return door, await service.study_behind(door)


async def door_to_write(request: Request) -> tuple[Door, service.Study]:
    """The same for keeping a page; the door may be remembered."""
    try:
        door = await service.door_to_write(link_of(request), now_of(request))
    except SurveyGone:
        raise Gone(*CLOSED) from None
    return door, await service.study_behind(door)


def is_answering(request: Request, door: Door) -> bool:
    """Whether answers can be kept now."""
    return door.state(now_of(request)) is DoorState.STARTED


def secret_of(request: Request) -> str:
    """What this browser's cookie holds, or an empty text."""
    return cookie_in(request.scope["headers"], COOKIE)
