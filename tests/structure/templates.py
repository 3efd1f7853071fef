"""The templates as the tests of the house's shape read them."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey.web.rendering import by_clock

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
NOT_PAGES = ("layout/", "components/", "emails/")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
EXTENDS = re.compile(r"\{%-?\s*extends\s+\"([^\"]+)\"")

ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
)
ENVIRONMENT.filters["by_clock"] = by_clock


@cache
def source_of(name: str) -> str:
    """A template as it was written, comments included."""
    return (FOLDER / name).read_text("utf-8")


def code_of(name: str) -> str:
    """A template without its comments, which may show what the code must not do."""
    return COMMENT.sub("", source_of(name))


def every_html() -> list[str]:
    """The names of all HTML templates."""
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


def is_fragment(name: str) -> bool:
    """Whether the name says that it is a piece of a page."""
    return Path(name).name.startswith("_")


def pages() -> list[str]:
    """Whole pages: what a visitor can open, and not the frames that an area puts around its own."""
    whole = [name for name in every_html() if not name.startswith(NOT_PAGES) and not is_fragment(name)]
    frames = {parent_of(name) for name in whole}
    return [name for name in whole if name not in frames]


def parent_of(name: str) -> str:
    """What a template extends, as far as it says; empty where it stands alone."""
    found = EXTENDS.search(source_of(name))
    return found.group(1) if found else ""
