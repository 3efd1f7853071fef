"""Walking a site as somebody: every route with the ids of one affiliate, and every link that the pages lead to."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from uuid import UUID
from zipfile import ZipFile

import httpx

from survey.promises.domain.unpacking import words_of
from tests.web_client import BASE_URL, Browser

from .addresses import Route
from .canary import marks_in
from .papers import beside_pixels, pictures_within

LEADS = re.compile(r'(?:href|src|action|hx-get)="([^"#]+)')
MANNERS: Sequence[Mapping[str, str]] = (
    {},
    {"hx-request": "true"},
    {"accept": "application/json"},
)
# Other addresses of the same page: what is behind them differs in order, not in kind.
MOST_OF_A_PAGE = 5


async def crawl(
    browser: Browser,
    routes: Sequence[Route],
    ids: Mapping[str, UUID],
    look: Callable[[bytes], set[str]] = marks_in,
    also: Sequence[str] = (),
) -> dict[str, set[str]]:
    """Every address that was opened, with what was looked for and found there. also: where to begin besides."""
    found: dict[str, set[str]] = {}
    waiting = ["/no-such-page", *also, *(url for route in routes if route.method == "GET" for url in route.urls(ids))]
    seen_of: dict[str, int] = {}
    while waiting:
        url = waiting.pop()
        page = urlsplit(url).path
        if url in found or (seen_of.get(page, 0) >= MOST_OF_A_PAGE):
            continue
        seen_of[page] = seen_of.get(page, 0) + 1
        found[url] = set()
        for manner in MANNERS:
            answer = await browser.get(url, headers=manner)
            assert answer.status_code < 500, (url, manner)
            found[url] |= look(everything_in(answer))
            waiting += _leads(url, answer)
    return found


def everything_in(answer: httpx.Response) -> bytes:
    """Headers and body; of a workbook or a ZIP every file in it, and of those in turn; of a PDF its words, of a
    picture what is beside its pixels.
    """
    headers = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
    if answer.content.startswith(b"%PDF-"):
        return headers + words_of(answer.content)
    if answer.headers.get("content-type", "").startswith(("image/jpeg", "image/png")):
        return headers + answer.content + beside_pixels(answer.content)
    if not answer.content.startswith(b"PK\x03\x04"):
        return headers + answer.content + pictures_within(answer.content)
    return b"\n".join([headers, *parts_of(answer.content)])


def parts_of(archive: bytes) -> Iterator[bytes]:
    """Every file in an archive, however deep; of a PDF in it, its words."""
    with ZipFile(BytesIO(archive)) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            if part.startswith(b"PK\x03\x04"):
                yield from parts_of(part)
            else:
                yield words_of(part) if part.startswith(b"%PDF-") else part


def _leads(url: str, answer: httpx.Response) -> Iterator[str]:
    """Where the answer leads on this site; files of ours hold nobody."""
    given = [answer.headers["location"]] if "location" in answer.headers else []
    if "html" in answer.headers.get("content-type", ""):
        given += [unescape(lead) for lead in LEADS.findall(answer.text)]
    for lead in given:
        absolute = urljoin(BASE_URL + url, lead)
        if absolute.startswith(BASE_URL + "/") and not absolute.startswith(BASE_URL + "/static/"):
            yield absolute.removeprefix(BASE_URL)
