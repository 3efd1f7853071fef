"""From a template and a context to a page. Templates are compiled once; a page names every variable it uses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from privacy.crypto import sha256
from survey.settings import Environment, Settings

from .brands import sheet_url
from .csrf import field_for
from .guards import Plane
from .page import HTML, Page
from .visit import Request, Visit, visit_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OWNER_DIGITS = 16
DAY_AND_TIME = "%-d %b %H:%M %Z"
NO_FLASHES: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One area in the navigation, for the roles that may open it. also: where else its pages are."""

    label: str
    url: str
    icon: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this area."""
        return any(path == url or path.startswith(url + "/") for url in (self.url, *self.also))


def by_clock(moment: datetime, time_zone: str, form: str = DAY_AND_TIME) -> str:
    """A moment by the clock of a zone, in words that name the zone as people there do; form: as strftime takes it."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime(form)


class Renderer:
    """The templates of one application, with what every page can use."""

    def __init__(
        self,
        settings: Settings,
        static: Callable[[str], str],
        navigation: Sequence[Entry] = (),
        folders: Sequence[Path] = (TEMPLATES,),
    ) -> None:
        self.token_keys = settings.token_keys
        self.navigation = tuple(navigation)
        self.templates = Templates(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=settings.environment is Environment.DEVELOPMENT,
            cache_size=-1,
        )
        self.templates.globals["static"] = static
        self.templates.globals["brand_sheet"] = lambda accent: sheet_url(settings.index_key, accent)
        self.templates.filters["by_clock"] = by_clock
        self.templates.globals["is_demo"] = settings.environment is Environment.DEMO

    def compile_all(self) -> None:
        """Compile every template, so that no visitor waits for it and a broken one stops the start."""
        for name in self.templates.list_templates(filter_func=lambda name: not name.startswith("emails/")):
            self.templates.get_template(name)

    def text(self, name: str, context: Mapping[str, Any]) -> str:
        """A template as text."""
        return self.templates.get_template(name).render(context)

    def page(self, visit: Visit, path: str, name: str, context: dict[str, Any]) -> bytes:
        """A page's bytes. Adds csrf_field, path, flashes and, on pages of staff, the navigation."""
        context["csrf_field"] = lambda: Markup(field_for(visit, self.token_keys))  # noqa: S704 - made of base64
        context["path"] = path
        context.setdefault("flashes", NO_FLASHES)
        context.setdefault("branding", visit.brand)
        if visit.session is not None:
            self._add_session(visit, path, name, context)
        return self.templates.get_template(name).render(context).encode()

    def _add_session(self, visit: Visit, path: str, name: str, context: dict[str, Any]) -> None:
        session = visit.session
        if session is None:
            return
        is_fragment = name.rpartition("/")[2].startswith("_")
        if session.flashes and not is_fragment:
            context["flashes"] = session.flashes
            visit.is_flash_shown = True
        context.setdefault("role", session.role)
        if visit.access.plane is Plane.SHOPPER:
            # By this mark a browser tells one person from the next on the same device.
            context.setdefault("owner", sha256(session.account_id.bytes).hex()[:OWNER_DIGITS])
        if visit.access.plane is not Plane.VIEWER:
            context.setdefault("nav", self.entries(session.role, path))

    def entries(self, role: str, path: str) -> list[dict[str, object]]:
        """What this role can open, with the present place marked."""
        return [
            {
                "label": entry.label,
                "url": entry.url,
                "icon": entry.icon,
                "current": entry.holds(path),
            }
            for entry in self.navigation
            if role in entry.roles
        ]


def renderer_of(request: Request) -> Renderer:
    """The application's renderer."""
    found: Renderer = request.app.state.renderer
    return found


def render(request: Request, name: str, status: int = 200, /, **context: Any) -> Page:
    """The page made of a template. A status of 400 or more undoes what the request has written."""
    body = renderer_of(request).page(visit_of(request), request.scope["path"], name, context)
    return Page(body, status, HTML)
