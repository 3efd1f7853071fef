"""Our style sheets, scripts and pictures: read at the start, served from memory under names that hold their hash."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from litestar.types import HTTPScope, Receive, Send

from privacy.crypto import sha256
from survey.settings import Environment, Settings

from .page import TEXT, Page

FOLDER = Path(__file__).resolve().parents[2] / "static"
PREFIX = "/static/"
HASH_DIGITS = 12
MEDIA = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".woff2": b"font/woff2",
    ".png": b"image/png",
    ".jpg": b"image/jpeg",
    ".webp": b"image/webp",
    ".ico": b"image/x-icon",
    ".txt": b"text/plain; charset=utf-8",
    ".webmanifest": b"application/manifest+json",
}
# A worker keeps its plain name, so that a browser finds its next version; each may act for one part of the site.
WORKERS = {"/static/js/visit-worker.js": b"/shopper/shops/"}
IMMUTABLE = b"public, max-age=31536000, immutable"
UNCACHED = b"no-cache"

_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
_IMPORT = re.compile(r"""@import\s+(["'])([^"']+)\1""")


class MissingAsset(LookupError):
    """A template or a style sheet names a file that is not there."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    url: str
    body: bytes
    media: bytes
    etag: bytes


class Assets:
    """Everything below static/. is_live (development): files are read again when they are asked for."""

    def __init__(self, folder: Path = FOLDER, *, is_live: bool = False) -> None:
        self.folder = folder
        self.is_live = is_live
        self._by_name: dict[str, Asset] = {}
        self._by_url: dict[str, Asset] = {}
        self._build()

    def url(self, name: str) -> str:
        """The hashed address of `css/candour.css`. Raises MissingAsset."""
        self._renew()
        try:
            return self._by_name[name].url
        except KeyError:
            raise MissingAsset(f"static/{name} does not exist") from None

    def found(self, path: str) -> Asset | None:
        """The file at an address, under its hashed or its plain name."""
        self._renew()
        return self._by_url.get(path) or self._by_name.get(path.removeprefix(PREFIX))

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Serve one file."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: HTTPScope) -> Page:
        if scope["method"] not in ("GET", "HEAD"):
            return Page(b"", 405, TEXT, [(b"allow", b"GET, HEAD"), (b"cache-control", b"no-store")])
        path = scope["path"]
        asset = self.found(path)
        if asset is None:
            return Page(b"There is no such file.", 404, TEXT, [(b"cache-control", b"no-store")])
        headers = [(b"etag", asset.etag), (b"cache-control", IMMUTABLE if path == asset.url else UNCACHED)]
        if scope_of_worker := WORKERS.get(path):
            headers.append((b"service-worker-allowed", scope_of_worker))
        if _has(scope, asset.etag):
            return NotModified(headers)
        return Page(asset.body, 200, asset.media, headers)

    def _renew(self) -> None:
        if self.is_live and self._files() != self._built_from:
            self._build()

    def _files(self) -> list[tuple[Path, int]]:
        """Every file that may be served, with the time of its last change."""
        paths = sorted(path for path in self.folder.rglob("*") if path.suffix in MEDIA and path.is_file())
        return [(path, path.stat().st_mtime_ns) for path in paths]

    def _build(self) -> None:
        self._built_from = self._files()
        found = {path.relative_to(self.folder).as_posix(): path for path, _ in self._built_from}
        self._by_name = {}
        for name, path in found.items():
            if path.suffix != ".css":
                self._add(name, path.read_bytes())
        pending = {name: path.read_text("utf-8") for name, path in found.items() if path.suffix == ".css"}
        for name in list(pending):
            self._add_style(name, pending)
        self._by_url = {asset.url: asset for asset in self._by_name.values()}

    def _add_style(self, name: str, pending: dict[str, str]) -> None:
        """Write hashed names into a style sheet, those it imports first: their hashes are part of its own."""
        text = pending.pop(name, None)
        if text is None:
            return

        def hashed(reference: str) -> str:
            if reference.startswith(("data:", "#", "http:", "https:", "//")):
                return reference
            target, mark, fragment = reference.partition("#")
            wanted = _resolved(name, target)
            self._add_style(wanted, pending)
            if wanted not in self._by_name:
                raise MissingAsset(f"static/{name} names {reference}, which does not exist")
            return self._by_name[wanted].url + mark + fragment

        text = _URL.sub(lambda match: f'url("{hashed(match[2].strip())}")', text)
        text = _IMPORT.sub(lambda match: f'@import "{hashed(match[2])}"', text)
        self._add(name, text.encode())

    def _add(self, name: str, body: bytes) -> None:
        digest = sha256(body).hex()[:HASH_DIGITS]
        path = PurePosixPath(name)
        url = f"{PREFIX}{path.with_name(f'{path.stem}.{digest}{path.suffix}')}"
        self._by_name[name] = Asset(url, body, MEDIA[path.suffix], f'"{digest}"'.encode("ascii"))


class NotModified(Page):
    """304: the browser has it already."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__(b"", 304, TEXT)
        self.headers = headers


def _has(scope: HTTPScope, etag: bytes) -> bool:
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return any(known.strip().removeprefix(b"W/") in (etag, b"*") for known in value.split(b","))
    return False


def _resolved(name: str, reference: str) -> str:
    """`../fonts/x.woff2` as seen from `css/candour.css` is `fonts/x.woff2`."""
    if reference.startswith(PREFIX):
        return reference.removeprefix(PREFIX)
    parts: list[str] = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(reference).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def assets_for(settings: Settings) -> Assets:
    """What this deployment serves; in development files are read again when they change."""
    return Assets(is_live=settings.environment is Environment.DEVELOPMENT)
