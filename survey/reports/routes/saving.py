"""A page of the portal as a file to be saved."""

from survey.db import NotFound
from survey.web import Page, Request, brand_of, download, now_of, settings_of

from ..domain import Desk, FileKind, Saved, written


def saved(request: Request, kind: str, page: Saved) -> Page:
    """The page as a file. kind: as the address names it. Raises NotFound for one that there is not."""
    if kind not in list(FileKind):
        raise NotFound("file")
    wanted = FileKind(kind)
    return download(written(wanted, page, _desk_of(request)), f"{page.name}.{wanted}", wanted.media)


def _desk_of(request: Request) -> Desk:
    settings, worn = settings_of(request), brand_of(request)
    return Desk(settings.base_url, worn.name if worn else "", settings.token_keys, now_of(request))
