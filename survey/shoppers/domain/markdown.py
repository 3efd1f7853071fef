"""What affiliates write for their shoppers: markdown as safe HTML. Pure."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

LOWEST_HEADING = 4
DEEPER = "deeper"  # by how many levels headings are let down


def html_of(markdown: str) -> Markup:
    """Markdown as HTML that cannot carry script: HTML in the text is shown as text, pictures from elsewhere are not
    fetched, links lead out without telling where from. Headings begin below the page's own.
    """
    return _rendered(markdown, 1)


def html_below(markdown: str, level: int) -> Markup:
    """The same under a heading of this level: the highest heading of the text comes one level down from it."""
    levels = [int(token.tag[1]) for token in _MARKDOWN.parse(markdown) if token.type == "heading_open"]
    return _rendered(markdown, level + 1 - min(levels, default=1))


def _rendered(markdown: str, deeper: int) -> Markup:
    return Markup(_MARKDOWN.render(markdown, {DEEPER: deeper}))  # noqa: S704 - markdown-it escapes; html, images are off


def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    made.add_render_rule("link_open", _link)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    return made


def _link(self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    tokens[place].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, place, options, env)


def _heading(self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[place]
    token.tag = f"h{min(int(token.tag[1]) + env[DEEPER], LOWEST_HEADING)}"
    return self.renderToken(tokens, place, options, env)


_MARKDOWN = _renderer()
