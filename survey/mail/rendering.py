"""From a letter and its frame to the two texts of a message, with the slots still open; done once for a campaign."""

import re
from functools import lru_cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from .domain import Facts, Frame, Letter
from .envelope import Footer

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_EMPTY_LINES = re.compile(r"\n{3,}")
_INDENTED = re.compile(r"\n\s+")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # The dark rules live in a media query and cannot be inlined; they stay in the head.
    return CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def html_of(letter: Letter, frame: Frame, footer: Footer) -> str:
    """The HTML part, styles inlined."""
    page = _environment().get_template("emails/_frame.html").render(_context(letter, frame, footer))
    inlined: str = _inliner().inline(page)
    return _INDENTED.sub("\n", inlined).strip() + "\n"


def text_of(letter: Letter, frame: Frame, footer: Footer) -> str:
    """The text part: the same blocks in the same order."""
    text = _environment().get_template("emails/_frame.txt").render(_context(letter, frame, footer))
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def _context(letter: Letter, frame: Frame, footer: Footer) -> dict[str, object]:
    return {
        "brand": "Candour",
        "sender": frame.from_name,
        "accent": frame.sender.accent,
        "lang": letter.language,
        "letter": _readable(letter),
        "envelope_lines": footer.lines,
        "envelope_links": footer.links,
        "envelope_check": {"words": footer.check, "code": footer.code},
    }


def _readable(letter: Letter) -> dict[str, object]:
    """The letter in the shape that the templates read."""
    blocks = [
        {"kind": block.kind, "rows": [{"key": key, "value": value} for key, value in block.rows]}
        if isinstance(block, Facts)
        else block
        for block in letter.blocks
    ]
    return {"subject": letter.subject, "preview": letter.preview, "blocks": blocks}
