"""The decorators that make handlers. A handler cannot be made without saying who it is for."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import route
from litestar.handlers import HTTPRouteHandler

from .guards import Access
from .throttle import Limit

FORM_BYTES = 64 * 1024
TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a route promises and allows; kept in the handler's `opt` and read by the middleware."""

    access: Access
    is_write: bool
    writes_on_get: str = ""
    streams: str = ""
    without_csrf: str = ""
    limit_bytes: int = FORM_BYTES
    takes_files: bool = False
    limits: tuple[Limit, ...] = ()


def get_page(path: str, access: Access, *, writes: str = "", streams: str = "") -> HTTPRouteHandler:
    """A page. Its transaction is READ ONLY.

    writes: the reason why this one may write (audited reads of a person).
    streams: the reason why the transaction stays open while the answer is sent (rows straight from a cursor).
    """
    terms = Terms(access, is_write=bool(writes), writes_on_get=writes, streams=streams)
    return route(path, http_method=["GET", "HEAD"], status_code=200, opt={TERMS: terms}, name=None)


def post_form(
    path: str,
    access: Access,
    *,
    without_csrf: str = "",
    limit_bytes: int = FORM_BYTES,
    takes_files: bool = False,
    limits: Sequence[Limit] = (),
) -> HTTPRouteHandler:
    """What a form is sent to. The body is read and its CSRF token checked before the transaction begins.

    without_csrf: the reason why none is needed. takes_files: uploads are streamed to temporary files.
    limits: how often one visitor may do this, counted before the handler runs.
    """
    terms = Terms(
        access,
        is_write=True,
        without_csrf=without_csrf,
        limit_bytes=limit_bytes,
        takes_files=takes_files,
        limits=tuple(limits),
    )
    return route(path, http_method=["POST"], status_code=200, opt={TERMS: terms})
