"""What every template owes its reader: a frame, a title, labels, no script of its own, nothing from elsewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import nodes

from tests.structure.templates import (
    ENVIRONMENT,
    FOLDER,
    NOT_PAGES,
    ROOT,
    code_of,
    every_html,
    is_fragment,
    pages,
    parent_of,
    source_of,
)

# Forms that carry no token of ours, and why they need none.
UNSIGNED = {"responses/": "the link is the secret, and the cookie beside it is SameSite=Lax and bound to the same path"}
# A macro has no request: it is handed the field as `token`.
TOKEN = re.compile(r"\{\{\s*(?:csrf_field\(\)|token)\s*\}\}")
UNSIGNED_MARK = re.compile(r"\{# no csrf: \w[^#]{8,}#\}")
TITLE = re.compile(r"\{%-?\s*block title\s*-?%\}(.*?)\{%-?\s*endblock", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
INLINE = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx code in an attribute": re.compile(r"hx-on[:-]|=\s*[\"']js:|hx-trigger=\"[^\"]*\["),
}
ELSEWHERE = re.compile(
    r"\b(?:src|href|srcset|action|formaction|poster|data|hx-\w+)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
)
IMAGE_WITHOUT_ALT = re.compile(r"<img\b(?![^>]*\balt=)", re.IGNORECASE)
CONTROL = re.compile(r"<(?:input|select|textarea)\b((?:[^<>]|\{\{.*?\}\}|\{%.*?%\})*)>", re.DOTALL)
# A field with `hidden` is shown to nobody: it tells a password manager whose password is being set.
NEEDS_NO_LABEL = re.compile(r"type=\"(?:hidden|submit|button|image)\"|aria-label(?:ledby)?=|\bhidden$")
NAVIGATION = re.compile(r"\bEntry\(\s*\"[^\"]+\",\s*\"/[^\"]*\",\s*\"([a-z0-9-]+)\"")
ICONS = re.compile(r"(?:\bicon\(|icon_name=|\"icon\":\s*)\"([a-z0-9-]+)\"")


def test_every_page_stands_in_a_layout() -> None:
    def is_framed(name: str) -> bool:
        parent = parent_of(name)
        return parent.startswith("layout/") or (bool(parent) and is_framed(parent))

    assert [name for name in pages() if not is_framed(name)] == []


def title_of(name: str) -> str:
    """What stands in the title block of a page, or of the frame of its area that it extends; without tags."""
    found = TITLE.search(code_of(name))
    parent = parent_of(name)
    if found is None:
        return title_of(parent) if parent and not parent.startswith("layout/") else ""
    return found.group(1)


def words_in(name: str, title: str) -> str:
    """A title with the blocks filled that the page fills in it."""
    filled = [
        re.search(rf"\{{%-?\s*block {inner}\s*-?%\}}(.*?)\{{%-?\s*endblock", code_of(name), re.DOTALL)
        for inner in re.findall(r"\{%-?\s*block (\w+)", title)
    ]
    texts = [found.group(1) if found else "" for found in filled] or [title]
    return "" if "" in texts else re.sub(r"\{%.*?%\}", "", " ".join(texts))


def test_every_page_has_a_title_with_words() -> None:
    assert [name for name in pages() if not re.search(r"[A-Za-z]{2}", words_in(name, title_of(name)))] == []


def test_what_stands_in_no_layout_is_named_as_a_fragment() -> None:
    loose = [name for name in every_html() if not name.startswith(NOT_PAGES) and not parent_of(name)]
    assert [name for name in loose if not is_fragment(name)] == []


@pytest.mark.parametrize("what", INLINE)
def test_no_template_brings_style_or_script_of_its_own(what: str) -> None:
    # Mail programs fetch no stylesheet of ours: the shell of the mails holds its rules, inlined when one is made.
    ours = [name for name in every_html() if name != "emails/layout.html"]
    assert [name for name in ours if INLINE[what].search(code_of(name))] == []


def test_no_template_asks_another_site_for_anything() -> None:
    assert [name for name in every_html() if ELSEWHERE.search(code_of(name))] == []


def test_every_form_that_writes_carries_our_token_or_says_why_not() -> None:
    naked = [
        name
        for name in every_html()
        for form in FORM.findall(source_of(name))
        if re.search(r"method=\"?post", form, re.IGNORECASE)
        and not TOKEN.search(form)
        and not UNSIGNED_MARK.search(form)
        and not name.startswith(tuple(UNSIGNED))
    ]
    assert naked == []


def test_every_picture_has_words() -> None:
    assert [name for name in every_html() if IMAGE_WITHOUT_ALT.search(code_of(name))] == []


def unlabelled_in(name: str) -> Iterator[str]:
    """Controls outside the macros that no label names: neither around them, nor by id, nor by an attribute."""
    code = code_of(name)
    for found in CONTROL.finditer(code):
        attributes = found.group(1)
        before = code[: found.start()]
        is_wrapped = before.rfind("<label") > before.rfind("</label")
        identity = re.search(r"\bid=\"([^\"]+)\"", attributes)
        is_named = bool(identity) and f'for="{identity.group(1)}"' in code if identity else False
        if not (NEEDS_NO_LABEL.search(attributes) or is_wrapped or is_named):
            yield f"{name}: {found.group(0)[:90]}"


def test_every_control_has_a_label() -> None:
    assert [
        missing for name in every_html() if name != "components/forms.html" for missing in unlabelled_in(name)
    ] == []


def test_the_form_macros_label_what_they_draw() -> None:
    module: Any = ENVIRONMENT.get_template("components/forms.html").make_module({"static": str})
    drawn = [
        module.field(name="x", label="Words"),
        module.textarea(name="x", label="Words"),
        module.select(name="x", label="Words", choices=[("a", "A")]),
        module.file(name="x", label="Words"),
        module.checkbox(name="x", label="Words"),
    ]
    assert all('for="x"' in html and 'id="x"' in html and "Words" in html for html in drawn)


def icons_asked_for() -> set[str]:
    """Icons named in templates, and in the navigation that the areas hand to the renderer."""
    asked = {icon for name in every_html() for icon in ICONS.findall(code_of(name))}
    areas = [path.read_text("utf-8") for path in (ROOT / "survey").rglob("*.py")]
    asked |= {icon for area in areas for icon in NAVIGATION.findall(area)}
    return {icon for icon in asked if not icon.endswith("-")}


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r"<symbol id=\"([a-z0-9-]+)\"", (ROOT / "static/icons.svg").read_text("utf-8")))
    assert icons_asked_for() - drawn == set()


def macros_of(name: str) -> dict[str, set[str]]:
    """The macros of a component and the names of their arguments."""
    tree = ENVIRONMENT.parse(source_of(name))
    return {macro.name: {argument.name for argument in macro.args} for macro in tree.find_all(nodes.Macro)}


def misuses_in(name: str) -> Iterator[str]:
    """Macros imported that do not exist, and arguments given that they do not take."""
    tree = ENVIRONMENT.parse(source_of(name))
    known: dict[str, set[str]] = {}
    for found in tree.find_all(nodes.FromImport):
        if not isinstance(found.template, nodes.Const):
            continue
        offered = macros_of(found.template.value)
        for each in found.names:
            wanted, alias = each if isinstance(each, tuple) else (each, each)
            if wanted not in offered:
                yield f"{name}: no {wanted} in {found.template.value}"
            known[alias] = offered.get(wanted, set())
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in known:
            for argument in call.kwargs:
                if argument.key not in known[call.node.name]:
                    yield f"{name}: {call.node.name} takes no {argument.key}"


def test_macros_are_called_as_they_are_written() -> None:
    assert [misuse for name in every_html() for misuse in misuses_in(name)] == []


def test_the_template_linter_has_nothing_to_say() -> None:
    command = [sys.executable, "-m", "djlint", str(FOLDER), "--lint", "--quiet"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
