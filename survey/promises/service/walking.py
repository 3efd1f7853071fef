"""Walking the site with one pair of eyes: every route with true ids, and wherever the answers lead. GET alone."""

import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from time import monotonic
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from survey.web.front import Front
from survey.web.guards import Plane

from ..domain.proof import Eye, Hit, Kind, Tally
from ..domain.spelling import Needles
from ..domain.unpacking import everything_in, is_packed, is_picture
from .eyes import Looker
from .looking_for import Target

MOST_ANSWERS = 240
MOST_ALIKE = 60
MOST_BUNDLES = 3  # what is in one is asked for singly besides: a few show that nothing else is
NOTED_EVERY = 20
SEEDS: Mapping[Plane, Sequence[str]] = {
    Plane.PUBLIC: ("/", "/promises", "/sign-in", "/no-such-page"),
    Plane.VIEWER: ("/portal/shops", "/portal/shops/overview", "/portal/plans", "/portal/overview",
                   "/portal/shops/files/csv", "/portal/shops/files/xlsx", "/portal/shops/overview/files/csv",
                   "/portal/shops/overview/files/xlsx", "/no-such-page"),
    Plane.STAFF: ("/reviews", "/releases", "/releases?state=released", "/appeals"),
}  # fmt: skip
REPORT = ("/portal/shops/{}", "/portal/shops/{}/files/csv", "/portal/shops/{}/files/xlsx")
# The demo's own pages open invented mail to everybody: they are no part of the product, and not asked.
NOT_ASKED = ("/static/", "/demo", "/dev/")
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
LEADS = re.compile(r'(?:href|src|action|hx-get)="([^"#]+)')
TAG = re.compile(rb"<[^<>]*>")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+")
FILE_KINDS = ("csv", "xlsx", "pdf")
BUNDLE = ".zip"
REFUSED_FROM = 300
FAULT_FROM = 500

Site = Front
Note = Callable[[Tally], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. route: the template that answered."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = field(repr=False)
    route: str

    def header(self, name: bytes) -> str:
        """A header's value, or an empty text."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Walk:
    """How to walk. base: the site's own address; cookie: of the session, or empty; until: by the machine's clock."""

    site: Site
    base: str
    cookie: str = field(repr=False)
    needles: Needles = field(repr=False)
    until: float


async def walk(how: Walk, looker: Looker, target: Target, note: Note) -> tuple[Tally, list[Hit]]:
    """Ask for pages until enough were answered or time is up; how many, and what was found on them."""
    ways = _Ways(seeds_of(looker, target), addresses(how.site, target))
    tally, found = Tally(), Counter[tuple[Kind, str]]()
    while tally.searched < MOST_ANSWERS and monotonic() < how.until and (url := ways.next()):
        answer = await ask(how, url)
        for kind in kinds_in(how.needles, url, answer):
            found[kind, answer.route] += 1
        tally = _counted(tally, answer)
        ways.links += leads(how.base, url, answer)
        if tally.searched % NOTED_EVERY == 0:
            await note(tally)
    return tally, [Hit(looker.eye, kind, route, count) for (kind, route), count in sorted(found.items())]


def kinds_in(needles: Needles, url: str, answer: Answer) -> set[Kind]:
    """The kinds of values that an answer tells. What was in the question is no news: it may be sent back."""
    heads = b"\n".join(name + b": " + value for name, value in answer.headers)
    picture = is_picture(answer.body)
    parts = [heads, everything_in(answer.body)]
    if "html" in answer.header(b"content-type"):
        # What a page marks in the middle of a sentence does not hide the sentence.
        parts.append(TAG.sub(b"", answer.body))
    found = needles.found_in(b"\n".join(parts), has_words=not picture)
    return needles.kinds_of(found - needles.found_in(url.encode())) if found else set()


class _Ways:
    """Where to go next: first the beginnings, then by turns where answers lead and where routes are."""

    def __init__(self, seeds: Sequence[str], addresses: Sequence[str]) -> None:
        self.links: deque[str] = deque()
        self._seeds, self._addresses = deque(seeds), deque(addresses)
        self._seen: set[str] = set()
        self._alike: Counter[str] = Counter()
        self._turn = 0

    def next(self) -> str | None:
        """An address that was not asked yet; None where there is none left."""
        while source := self._source():
            url = source.popleft()
            shape = ID.sub("*", urlsplit(url).path)
            most = MOST_BUNDLES if shape.endswith(BUNDLE) else MOST_ALIKE
            if url not in self._seen and self._alike[shape] < most:
                self._seen.add(url)
                self._alike[shape] += 1
                return url
        return None

    def _source(self) -> deque[str] | None:
        self._turn += 1
        by_turns = (self.links, self._addresses) if self._turn % 3 else (self._addresses, self.links)
        return next((each for each in (self._seeds, *by_turns) if each), None)


def seeds_of(looker: Looker, target: Target) -> list[str]:
    """Where these eyes begin: what they are meant to see."""
    if looker.eye is Eye.STRANGER:
        return list(SEEDS[Plane.PUBLIC])
    if looker.eye is Eye.CONTROL:
        both = [f"/{room}/{row['shop_id']}" for row in target.shops for room in ("reviews", "releases")]
        return [*(f"/reviews/{row['shop_id']}" for row in target.waiting), *both, *SEEDS[Plane.STAFF]]
    # Routes with these ids are asked besides: whether what is not their own stays shut.
    own = [row["report_ref"] for row in target.shops if looker.may_read(row)]
    return [*SEEDS[Plane.VIEWER], *(part.format(ref) for ref in own for part in REPORT)]


def addresses(site: Site, target: Target) -> list[str]:
    """Every route that can be filled with the true ids of a visit: one visit after the other, all routes for each."""
    templates = [path for path, _ in site.pages() if not path.startswith(NOT_ASKED) and PARAMETER.search(path)]
    filled = (url for row in target.shops for path in templates for url in _filled(path, dict(row), target))
    bare = (path for path, _ in site.pages() if not path.startswith(NOT_ASKED) and not PARAMETER.search(path))
    return list(dict.fromkeys([*filled, *bare]))


def _filled(path: str, row: Mapping[str, Any], target: Target) -> Iterator[str]:
    pictures = target.pictures.get(row["report_id"], ())
    known = {name: str(value) for name, value in row.items() if value is not None}
    known |= {"picture_id": str(pictures[0])} if pictures else {}
    names = PARAMETER.findall(path)
    for kind in FILE_KINDS[:2] if "kind" in names else ("",):
        values = known | {"kind": kind}
        if all(name in values for name in names):
            yield PARAMETER.sub(lambda found, values=values: values[found[1]], path)  # type: ignore[misc]


def leads(base: str, url: str, answer: Answer) -> list[str]:
    """Where an answer leads on this site."""
    given = [answer.header(b"location")] if answer.header(b"location") else []
    if "html" in answer.header(b"content-type"):
        given += [unescape(lead) for lead in LEADS.findall(answer.body.decode("utf-8", "replace"))]
    absolute = (urljoin(base + url, lead) for lead in given)
    local = (each.removeprefix(base) for each in absolute if each.startswith(base + "/"))
    return [each for each in local if not each.startswith(NOT_ASKED)]


async def ask(how: Walk, url: str) -> Answer:
    """One GET, asked of the site as the server would, without a wire between."""
    parts, base = urlsplit(url), urlsplit(how.base)
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": base.scheme, "path": unquote(parts.path), "raw_path": parts.path.encode("ascii", "replace"),
        "query_string": parts.query.encode("ascii", "replace"), "root_path": "", "client": ("127.0.0.1", 0),
        "server": (base.hostname or "localhost", base.port or 80), "state": {},
        "headers": [(b"host", base.netloc.encode()), *([(b"cookie", how.cookie.encode())] if how.cookie else [])],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await how.site(scope, receive, send)  # type: ignore[arg-type]
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    route = PARAMETER.sub(r"{\1}", str(scope.get("path_template") or "-"))
    return Answer(start["status"], start["headers"], body, route)


def _counted(tally: Tally, answer: Answer) -> Tally:
    is_file = is_packed(answer.body) or "csv" in answer.header(b"content-type")
    return replace(
        tally,
        searched=tally.searched + 1,
        shown=tally.shown + (answer.status < REFUSED_FROM),
        files=tally.files + is_file,
        pictures=tally.pictures + is_picture(answer.body),
        failed=tally.failed + (answer.status >= FAULT_FROM),
    )
