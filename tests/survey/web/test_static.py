"""Static files: hashed names that may be kept forever, and plain ones that may not."""

import base64
import hashlib
import tomllib
from pathlib import Path

import pytest

from survey.web.static import FOLDER, Assets, MissingAsset
from tests.web_client import Site

VENDOR = FOLDER / "vendor"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a style sheet that names others."""
    for name, text in {
        "css/main.css": "@import \"parts.css\";\nbody { background: url('../img/dot.svg#a') }",
        "css/parts.css": "a { background: url(/static/img/dot.svg) } b { background: url(data:image/png;base64,xx) }",
        "img/dot.svg": "<svg/>",
        "secret.env": "KEY=1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_style_sheet_names_others_by_their_hashed_names(folder: Path) -> None:
    assets = Assets(folder)
    main = assets.found(assets.url("css/main.css"))
    assert main is not None
    text = main.body.decode()
    assert f'@import "{assets.url("css/parts.css")}"' in text
    assert f'url("{assets.url("img/dot.svg")}#a")' in text


def test_a_change_below_changes_the_name_above(folder: Path) -> None:
    before = Assets(folder).url("css/main.css")
    (folder / "img/dot.svg").write_text("<svg></svg>")
    assert Assets(folder).url("css/main.css") != before


def test_what_is_named_and_missing_stops_the_start(folder: Path) -> None:
    (folder / "css/main.css").write_text("a { background: url(nothing.png) }")
    with pytest.raises(MissingAsset):
        Assets(folder)


def test_a_template_cannot_name_what_is_not_there(folder: Path) -> None:
    with pytest.raises(MissingAsset):
        Assets(folder).url("css/other.css")


def test_only_known_kinds_of_file_are_served(folder: Path) -> None:
    assert Assets(folder).found("/static/secret.env") is None


def test_in_development_a_change_is_seen_at_once(folder: Path) -> None:
    assets = Assets(folder, is_live=True)
    before = assets.url("img/dot.svg")
    (folder / "img/dot.svg").write_text("<svg>new</svg>")
    assert assets.url("img/dot.svg") != before


async def test_a_hashed_name_is_kept_forever(site: Site) -> None:
    visitor = await site.visitor()
    answer = await visitor.get(site.front.assets.url("css/candour.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_plain_name_is_asked_again(site: Site) -> None:
    answer = await (await site.visitor()).get("/static/css/candour.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_who_has_it_already_is_told_so(site: Site) -> None:
    visitor = await site.visitor()
    etag = (await visitor.get("/static/favicon.svg")).headers["etag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await visitor.get("/static/favicon.svg", headers={"if-none-match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


@pytest.mark.parametrize("url", ["/static/", "/static/../pyproject.toml", "/static/css", "/static/%2e%2e/README.md"])
async def test_nothing_else_is_served(site: Site, url: str) -> None:
    assert (await (await site.visitor()).get(url)).status_code == 404


async def test_static_files_are_only_read(site: Site) -> None:
    assert (await (await site.visitor()).client.post("/static/favicon.svg")).status_code == 405


def vendored() -> list[dict[str, str]]:
    """What VENDOR.toml lists."""
    listed: list[dict[str, str]] = tomllib.loads((VENDOR / "VENDOR.toml").read_text())["file"]
    return listed


@pytest.mark.parametrize("entry", vendored(), ids=lambda entry: entry["name"])
def test_vendored_code_is_what_its_author_published(entry: dict[str, str]) -> None:
    digest = hashlib.sha384((VENDOR / entry["path"]).read_bytes()).digest()
    assert base64.b64encode(digest).decode() == entry["sha384"]
    assert (VENDOR / entry["licence_file"]).stat().st_size > 100
    assert entry["version"]


def test_nothing_is_vendored_without_an_entry() -> None:
    listed = {name for entry in vendored() for name in (entry["path"], entry["licence_file"])}
    assert {path.name for path in VENDOR.iterdir()} == listed | {"VENDOR.toml"}
